"""What a chat template asks of whoever renders it, read from its syntax tree."""

import re
from collections.abc import Iterable

from jinja2 import meta, nodes

THOUGHT_FIELDS = ("reasoning_content", "reasoning", "thinking")  # where nearly all look
_OF_THOUGHT = re.compile(
    r"(\w+_)?(cot|think(ing)?|thoughts?|reason(ing)?)(_(content|text|process))?"
)


def asked_of(tree: nodes.Template) -> dict[str, tuple[str, ...]]:
    """The names that it takes from outside, and the texts that it compares each with.

    In the order of the template; what is set from a name counts as the name.
    """
    found: dict[str, list[str]] = {name: [] for name in meta.find_undeclared_variables(tree)}
    meant = _meant(tree, found)
    for parts in _compared(tree):
        texts = [part.value for part in parts if isinstance(part, nodes.Const)]
        for name in {name for part in parts for name in meant.get(_key(part), ())}:
            found[name] += [text for text in texts if isinstance(text, str)]
    return {name: tuple(dict.fromkeys(texts)) for name, texts in sorted(found.items())}


def fields_of(tree: nodes.Template) -> tuple[str, ...]:
    """The fields that it reads of anything: `m.name`, `m['name']` and `m.get('name')`."""
    found = [node.attr for node in tree.find_all(nodes.Getattr)]
    keys = [node.arg for node in tree.find_all(nodes.Getitem)]
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Getattr) and call.node.attr == "get":
            keys += call.args[:1]
    found += [key.value for key in keys if isinstance(key, nodes.Const)]
    return tuple(dict.fromkeys(name for name in found if isinstance(name, str)))


def thought_fields(tree: nodes.Template) -> tuple[str, ...]:
    """The fields of a message in which it may look for its thought, its own names last."""
    own = (name for name in fields_of(tree) if _OF_THOUGHT.fullmatch(name))
    return tuple(dict.fromkeys((*THOUGHT_FIELDS, *own)))


def handled_in(tree: nodes.Template) -> str:
    """The texts that it looks for, cuts at or compares with, one a line: not what it writes."""
    kinds = (nodes.Compare, nodes.Call, nodes.Filter, nodes.Test)
    parts = [part for node in tree.find_all(kinds) for part in node.find_all(nodes.Const)]
    texts = [part.value for part in parts if isinstance(part.value, str)]
    return "\n".join(dict.fromkeys(texts))


def _compared(tree: nodes.Template) -> list[list[nodes.Node]]:
    """Names and constants that stand in one comparison."""
    kinds = (nodes.Name, nodes.Getattr, nodes.Const)
    compared: list[list[nodes.Node]] = [
        [*node.find_all(kinds)] for node in tree.find_all((nodes.Compare, nodes.Test, nodes.Filter))
    ]
    # `effort if effort in known else 'max'`, `effort or 'max'`: a value like the others.
    compared += [[node.expr1, node.expr2] for node in tree.find_all(nodes.CondExpr) if node.expr2]
    return compared + [[node.left, node.right] for node in tree.find_all(nodes.Or)]


def _meant(tree: nodes.Template, outside: Iterable[str]) -> dict[str, set[str]]:
    """The outside names that each name of the template stands for: itself, and what it is set to.

    `set effort = reasoning_effort or 'low'` makes `effort` mean `reasoning_effort`.
    """
    meant = {name: {name} for name in outside}
    for node in tree.find_all(nodes.Assign):  # in their order: a chain of them is followed
        read = [part for part in node.node.find_all(nodes.Name) if part.ctx == "load"]
        names = read if not isinstance(node.node, nodes.Name) else [node.node]
        of_value = {name for part in names for name in meant.get(part.name, ())}
        if of_value and isinstance(node.target, nodes.Name | nodes.NSRef):
            meant.setdefault(_key(node.target), set()).update(of_value)
    return meant


def _key(part: nodes.Node) -> str:
    match part:
        case nodes.Name(name=name):
            return str(name)
        case (
            nodes.NSRef(name=name, attr=attr) | nodes.Getattr(node=nodes.Name(name=name), attr=attr)
        ):
            return f"{name}.{attr}"
    return ""
