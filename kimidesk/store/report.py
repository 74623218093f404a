"""report.html: a run for people, in one file that opens without a network."""

from collections.abc import Iterator, Sequence
from typing import Any

import jinja2

from kimidesk.records import Sample
from kimidesk.settings import assets_folder


def report(
    title: str,
    facts: Sequence[tuple[str, str]],
    rows: Sequence[tuple[str, str]],
    samples: Sequence[Sample],
) -> Iterator[str]:
    """The page in pieces; `facts` describe the run, `rows` are its table. All text is escaped."""
    loader = jinja2.FileSystemLoader(assets_folder() / "report")
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True)
    values: dict[str, Any] = {"title": title, "facts": facts, "rows": rows, "samples": samples}
    yield from environment.get_template("report.html").generate(values)
