"""A trace, or a part of it, as LaTeX: text escaped, formulas as they are, headings and lists.

What comes out stands in a document of one's own that has amsmath; Chinese needs ctex beside it.
"""

import re
from collections.abc import Callable, Iterator

from kimidesk.reading.formulas import Formulas

_SPECIAL = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "{": r"\{", "}": r"\}", "#": r"\#", "$": r"\$", "%": r"\%", "&": r"\&", "_": r"\_",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
}  # fmt: skip
_ESCAPED = str.maketrans(_SPECIAL)
_OWN_MATHS = re.compile(  # environments that begin mathematics themselves
    r"\\begin\{(?:equation|align|alignat|gather|multline|eqnarray)\*?\}"
)
_PARTS = re.compile(
    r"^[ \t]*```[^\n]*\n(?P<block>.*?)(?:^[ \t]*```[ \t]*$|\Z)|`(?P<code>[^`\n]+)`",
    re.MULTILINE | re.DOTALL,
)
_PERCENT = re.compile(r"(?<!\\)%")  # in LaTeX the rest of its line would be a comment
_KEPT = re.compile(r"\ue000(\d+)\ue001")
_STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t#]*$")
_ITEM = re.compile(r"[ \t]*(?:(?P<bullet>[-*•])|(?P<number>\d{1,3})[.)])[ \t]+(?P<text>.*)$")
_SECTIONS = ("section", "subsection", "subsubsection")


def to_latex(thought: str, answer: str) -> str:
    """Both as LaTeX, the thought as a quotation; what is empty is left out."""
    parts = [
        f"\\begin{{quotation}}\n{_body(thought.strip())}\n\\end{{quotation}}"
        if thought.strip()
        else "",
        _body(answer.strip()),
    ]
    return "\n\n".join(part for part in parts if part)


def _body(text: str) -> str:
    # The marks of what is kept are characters of private use; the checkpoint's own are not.
    text = text.replace("\ue000", "\ufffd").replace("\ue001", "\ufffd")
    kept: list[str] = []

    def keep(latex: str) -> str:
        kept.append(latex)
        return f"\ue000{len(kept) - 1}\ue001"

    marked = _PARTS.sub(lambda found: keep(_code(found)), _keep_formulas(text, keep))
    lines = "\n".join(_lines(marked.split("\n")))
    while _KEPT.search(lines):  # code may hold what was taken for a formula
        lines = _KEPT.sub(lambda found: kept[int(found[1])], lines)
    return lines


def _keep_formulas(text: str, keep: Callable[[str], str]) -> str:
    formulas = Formulas()
    formulas.grow(text, len(text), ended=True)
    parts: list[str] = []
    at = 0
    for each in formulas.found:
        inside = _PERCENT.sub(r"\\%", text[each.begin : each.end].strip())
        if _OWN_MATHS.match(inside):
            latex = inside
        else:
            latex = f"\\[\n{inside}\n\\]" if each.display else f"\\({inside}\\)"
        parts += [text[at : each.start], keep(latex)]
        at = each.stop
    return "".join([*parts, text[at:]])


def _code(found: re.Match[str]) -> str:
    if found["block"] is None:
        return f"\\texttt{{{found['code'].translate(_ESCAPED)}}}"
    block = found["block"].rstrip("\n")
    if r"\end{verbatim}" in block:  # would end it
        return "\n\n".join(f"\\texttt{{{line.translate(_ESCAPED)}}}" for line in block.split("\n"))
    return f"\\begin{{verbatim}}\n{block}\n\\end{{verbatim}}"


def _lines(lines: list[str]) -> Iterator[str]:
    """Line by line; a list is what of its items stands together."""
    open_ = ""
    for place, line in enumerate(lines):
        item = _ITEM.match(line)
        kind = "" if item is None else "itemize" if item["bullet"] else "enumerate"
        if not line.strip() and open_ and _goes_on(lines, place, open_):
            continue
        if kind != open_:
            if open_:
                yield f"\\end{{{open_}}}"
            if kind:
                yield f"\\begin{{{kind}}}"
            open_ = kind
        if item is not None:
            label = f"[{item['number']}.]" if item["number"] else ""
            yield f"\\item{label} {_inline(item['text'])}"
        elif heading := _HEADING.match(line):
            level = _SECTIONS[min(len(heading[1]), len(_SECTIONS)) - 1]
            yield f"\\{level}*{{{_inline(heading[2])}}}"
        else:
            yield _inline(line)
    if open_:
        yield f"\\end{{{open_}}}"


def _goes_on(lines: list[str], place: int, kind: str) -> bool:
    """Whether the next line that is not blank is an item of the same kind of list."""
    rest = next((line for line in lines[place + 1 :] if line.strip()), "")
    item = _ITEM.match(rest)
    return item is not None and (kind == "itemize") == bool(item["bullet"])


def _inline(line: str) -> str:
    return _STRONG.sub(r"\\textbf{\1}", line.translate(_ESCAPED))
