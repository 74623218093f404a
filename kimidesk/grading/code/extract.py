"""The program in what a checkpoint wrote: fenced, bare, or the body that continues a prompt."""

import ast
import builtins
import re
import sys
import textwrap

import msgspec

_FENCE = re.compile(
    r"^[ \t]*(?P<mark>`{3,}|~{3,})[^\n`]*\n(?P<code>.*?)(?:^[ \t]*(?P=mark)[ \t]*$|(?P<open>\Z))",
    re.DOTALL | re.MULTILINE,
)
_BEGIN = re.compile(r"^(?:(?:def|async|class|import|from)\s|@)", re.MULTILINE)


class Check(msgspec.Struct, frozen=True):
    """`Problem.check` of a code problem."""

    kind: str  # humaneval, mbpp
    tests: str
    prompt: str = ""  # humaneval: the function's beginning
    entry_point: str = ""

    @property
    def beginning(self) -> str:
        """The program's first part, where the prompt is one (MBPP's is a sentence)."""
        return self.prompt if self.kind == "humaneval" else ""

    @property
    def names(self) -> list[str]:
        """What the tests take from the program.

        A name of Python's own is one only where nothing else is tested (MBPP has a `sum`), and a
        module never: code that brings its own `set` or `math` would bring its own truth.
        """
        if self.entry_point:
            return [self.entry_point]
        try:
            tree = ast.parse(self.tests)
        except (SyntaxError, ValueError, RecursionError):
            return []
        used = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name)]
        free = [name for name in used if name not in _bound(tree) | _modules(tree)]
        own = [name for name in free if not hasattr(builtins, name)]
        return list(dict.fromkeys(own or _called(tree)))

    @property
    def before(self) -> str:
        """What the tests need beside them: helpers of the prompt, modules that they name."""
        try:
            tree = ast.parse(self.tests)
        except (SyntaxError, ValueError, RecursionError):
            return ""
        lines = [f"import {name}" for name in sorted(_modules(tree) - _bound(tree))]
        if _parsed(self.beginning) is not None:
            lines.append(self.beginning)
        return "\n".join(lines)


def _bound(tree: ast.Module) -> set[str]:
    """Names that the tests give a value themselves."""
    nodes = list(ast.walk(tree))
    stored = {n.id for n in nodes if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    return stored | {n.arg for n in nodes if isinstance(n, ast.arg)} | _defined(tree)


def _modules(tree: ast.Module) -> set[str]:
    """Modules of the standard library that the tests name, such as `math.isclose`."""
    return {
        node.value.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in sys.stdlib_module_names
    }


def _called(tree: ast.Module) -> list[str]:
    """The function that each `assert f(...) == ...` is about."""
    found = []
    for node in tree.body:
        match node:
            case ast.Assert(test=ast.Compare(left=ast.Call(func=ast.Name(id=name)))):
                found.append(name)
            case ast.Assert(test=ast.Call(func=ast.Name(id=name))):
                found.append(name)
    return found if len(set(found)) == 1 else []


def program(output: str, check: Check) -> str | None:
    """The whole program to test, or None where the output holds no code.

    The last complete fence that defines what is tested; else one that was never closed; else bare
    code; else what continues the prompt.
    """
    output = output.replace("\r\n", "\n")
    fences = [
        (textwrap.dedent(m["code"]), m["open"] is None)
        for m in _FENCE.finditer(output)
        if m["code"].strip()
    ]
    closed = [code for code, whole in fences if whole]
    wanted = set(check.names)
    for code in [*reversed(closed), *(code for code, whole in fences if not whole)]:
        tree = _parsed(code)
        if tree is not None and wanted & _defined(tree):
            return _behind(check.beginning, code)
    if not fences:
        return _bare(output, wanted, check.beginning) or _continued(check.beginning, output)
    last = (closed or [code for code, _ in fences])[-1]
    return _continued(check.beginning, last) or last


def _behind(prompt: str, code: str) -> str:
    """With the imports and helpers of the prompt; a definition that comes later wins."""
    both = f"{prompt}\n\n{code}"
    return both if prompt and _parsed(both) is not None else code


def _bare(text: str, wanted: set[str], prompt: str) -> str | None:
    """From the first line of code to the last with which it still is code."""
    for begin in _BEGIN.finditer(text):
        lines = text[begin.start() :].splitlines()
        for end in range(len(lines), 0, -1):
            code = "\n".join(lines[:end])
            tree = _parsed(code)
            if tree is not None:
                if wanted & _defined(tree):
                    return _behind(prompt, code)
                break
    return None


def _continued(prompt: str, text: str) -> str | None:
    """The prompt and the body behind it; what follows the body, from column 0, is left out."""
    if not prompt or not text.strip():
        return None
    # as it is; without its first blanks, which whoever trims answers takes; and flush left
    for body in (text, textwrap.indent(textwrap.dedent(text), "    "), f"    {text.lstrip()}"):
        lines = body.splitlines()
        inner = next(
            (n for n, line in enumerate(lines) if line.strip() and not line[0].isspace()),
            len(lines),
        )
        for part in (body, "\n".join(lines[:inner])):
            whole = f"{prompt.rstrip()}\n{part}"
            if part.strip() and _compiles(whole):
                return whole
    return None


def _parsed(code: str) -> ast.Module | None:
    try:
        return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _compiles(code: str) -> bool:
    """Stricter than parsing: no `return` outside a function."""
    try:
        compile(code, "<answer>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _defined(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found.add(node.name)
            case ast.Assign():
                found |= {t.id for t in node.targets if isinstance(t, ast.Name)}
            case ast.Import() | ast.ImportFrom():
                found |= {(a.asname or a.name).partition(".")[0] for a in node.names}
    return found
