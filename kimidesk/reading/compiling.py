"""How a chat template is compiled: what no hook of Jinja's sandbox sees becomes a bounded call."""

from collections.abc import Callable
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.utils import Namespace


class BoundedCode(CodeGenerator):
    """Compiles what no hook of the sandbox sees (`a ~ b`, literals) to bounded calls."""

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 — Jinja's name
        self.write("environment.joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def visit_List(self, node: nodes.List, frame: Frame) -> None:  # noqa: N802
        self._kept(super().visit_List, node, frame)

    def visit_Dict(self, node: nodes.Dict, frame: Frame) -> None:  # noqa: N802
        self._kept(super().visit_Dict, node, frame)

    def visit_Tuple(self, node: nodes.Tuple, frame: Frame) -> None:  # noqa: N802
        if node.ctx == "load":
            self._kept(super().visit_Tuple, node, frame)
        else:  # the names that are set
            super().visit_Tuple(node, frame)

    def _kept(self, visit: Callable[[Any, Frame], None], node: nodes.Node, frame: Frame) -> None:
        self.write("environment.keep(")
        visit(node, frame)
        self.write(")")


class Generation(Extension):
    """`{% generation %}` marks an answer for training; here its body is simply written."""

    tags = {"generation"}  # noqa: RUF012 — Jinja's class attribute

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class SilentNamespace(Namespace):
    """One that can be written without writing all that it holds."""

    def __repr__(self) -> str:
        return "namespace"
