"""Traces as LaTeX."""

import pytest

from kimidesk.reading.latex import to_latex


def test_a_thought_is_a_quotation_and_an_answer_stands_below():
    written = to_latex("\nHm.\n", "\nIt is 4.")

    assert written == "\\begin{quotation}\nHm.\n\\end{quotation}\n\nIt is 4."


def test_what_is_empty_is_left_out():
    assert to_latex("", "4") == "4"
    assert to_latex("", "") == ""


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("50% of A&B_c #1 {x} ~ $5", r"50\% of A\&B\_c \#1 \{x\} \textasciitilde{} \$5"),
        (r"a \ b^2", r"a \textbackslash{} b\textasciicircum{}2"),
        ("so $x_1$ is", r"so \(x_1\) is"),
        ("$$\nx\n$$", "\\[\nx\n\\]"),
        (r"\begin{align} a &= b \end{align}", r"\begin{align} a &= b \end{align}"),
        (r"\[\begin{align} a &= b \end{align}\]", r"\begin{align} a &= b \end{align}"),
        (r"\begin{cases} 1 \end{cases}", "\\[\n\\begin{cases} 1 \\end{cases}\n\\]"),
        (r"it is \boxed{3}.", r"it is \(\boxed{3}\)."),
        (r"\( 50% \)", r"\(50\%\)"),
        ("### Step 1: a_b", r"\subsubsection*{Step 1: a\_b}"),
        ("**Answer** is", r"\textbf{Answer} is"),
        ("use `a_b`", r"use \texttt{a\_b}"),
        ("```python\n$x_1$\n```", "\\begin{verbatim}\n$x_1$\n\\end{verbatim}"),
        ("数学 $x$", r"数学 \(x\)"),
    ],
)
def test_text_is_escaped_and_formulas_are_kept(text: str, latex: str):
    assert to_latex("", text) == latex


def test_items_stand_in_lists_and_keep_their_numbers():
    text = "Then:\n- one\n- two $x$\n\n2. a\n\n3. b\nend"

    assert to_latex("", text).split("\n") == [
        "Then:",
        r"\begin{itemize}",
        r"\item one",
        r"\item two \(x\)",
        r"\end{itemize}",
        "",
        r"\begin{enumerate}",
        r"\item[2.] a",
        r"\item[3.] b",
        r"\end{enumerate}",
        "end",
    ]


def test_code_that_would_end_its_block_is_written_line_by_line():
    written = to_latex("", "```\na\n\\end{verbatim}\n```")

    assert r"\begin{verbatim}" not in written
    assert r"\texttt{\textbackslash{}end\{verbatim\}}" in written
