"""A trace, or a part of it, as Markdown: the thought quoted, formulas between dollar signs.

Markdown takes the backslash from `\\(` and `\\[`; readers of Markdown that know formulas know them
by `$` and `$$`. Code stays as it is.
"""

import re

_OPENS = r"(?<!\\)\\"  # and not the `\\\\[` that ends a row of a table of LaTeX
_BODY = rf"(?:(?!{_OPENS}[(\[]).)+?"  # formulas hold none: text is walked over once
_CODE_OR_FORMULA = re.compile(
    r"(?P<code>```.*?(?:```|\Z)|`[^`\n]*`)"
    rf"|{_OPENS}\((?P<inline>{_BODY})\\\)"
    rf"|{_OPENS}\[(?P<display>{_BODY})\\\]",
    re.DOTALL,
)


def to_markdown(thought: str, answer: str) -> str:
    """Both as Markdown; what is empty is left out."""
    quoted = "\n".join(f"> {line}".rstrip() for line in _dollars(thought.strip()).split("\n"))
    parts = [quoted if thought.strip() else "", _dollars(answer.strip())]
    return "\n\n".join(part for part in parts if part)


def _dollars(text: str) -> str:
    return _CODE_OR_FORMULA.sub(_dollar, text)


def _dollar(found: re.Match[str]) -> str:
    if found["inline"] is not None:
        return f"${found['inline'].strip()}$"
    if found["display"] is not None:
        return f"$${found['display'].strip()}$$"
    return found["code"]
