"""Problems from a data file: JSON lines, JSON or CSV, plain or gzipped, fields by common names."""

import csv
import gzip
import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from kimidesk.errors import BadData
from kimidesk.records import Problem, Suite, is_whole
from kimidesk.store.benchmark_rows import Reading, placed, reading_of
from kimidesk.store.row_pictures import pictures_of
from kimidesk.store.tables import parquet_rows

FIELDS = {  # what we call it → what others do, the likeliest first
    "problem": ("problem", "question", "prompt", "input", "query", "instruction", "text"),
    "answer": (
        "answer",
        "gold",
        "expected_answer",
        "golden",
        "target",
        "label",
        "final_answer",
        "ground_truth",
        "solution",
    ),
    "name": ("id", "unique_id", "name", "task_id", "pid", "idx"),
    "image": ("image", "images", "decoded_image"),
}

Row = Mapping[str, object]


def read(path: Path, *, mapping: Mapping[str, str] | None = None, strict: bool = False) -> Suite:
    """All problems of a file that have an answer.

    `mapping` names fields, as in {"problem": "frage", "answer": "antwort"}. A row that cannot be
    read becomes one sentence in `Suite.skipped`, with file and line; with `strict` it raises.

    Raises BadData for a file that cannot be read, that holds no problem, or where no row has an
    answer.
    """
    wanted = _wanted(mapping or {})
    problems: list[Problem] = []
    skipped: list[str] = []
    seen_fields: dict[str, None] = {}
    for number, (place, row) in enumerate(_rows(path)):
        if isinstance(row, str):
            trouble = row
        else:
            seen_fields.update(dict.fromkeys(row))
            found = _problem(row, wanted, number, path.parent.resolve())
            if isinstance(found, Problem):
                problems.append(found)
                continue
            trouble = found
        if strict:
            raise BadData(f"{place}: {trouble}", hint="Mend the line, or leave --strict out.")
        skipped.append(f"{place}: {trouble}")
    if not problems:
        raise _nothing(path, wanted, list(seen_fields), skipped)
    return Suite(path.stem.split(".")[0], tuple(problems), _fingerprint(problems), tuple(skipped))


def parse_mapping(text: str) -> dict[str, str]:
    """ "problem=frage,answer=antwort" as a table; raises BadData."""
    table = {}
    for pair in filter(None, text.split(",")):
        ours, equals, theirs = (part.strip() for part in pair.partition("="))
        ours = {"question": "problem", "gold": "answer", "id": "name"}.get(ours, ours)
        if not equals or not theirs or ours not in FIELDS:
            raise BadData(
                f"cannot read the mapping {pair!r}",
                hint=f"Write FIELD=NAME, with FIELD one of {', '.join(FIELDS)}.",
            )
        table[ours] = theirs
    return table


class _Wanted(dict[str, tuple[str, ...]]):
    """Where each field is looked for; `mapped`: a person told where the problem or answer is."""

    mapped = False


def _wanted(mapping: Mapping[str, str]) -> _Wanted:
    wanted = _Wanted(
        {ours: (mapping[ours],) if ours in mapping else names for ours, names in FIELDS.items()}
    )
    wanted.mapped = bool({"problem", "answer"} & set(mapping))
    return wanted


def _rows(path: Path) -> Iterator[tuple[str, Row | str]]:
    """(place, row or what is wrong with it)."""
    if path.suffix == ".parquet":
        yield from parquet_rows(path)
        return
    text = _text(path)
    kind = path.name.lower().removesuffix(".gz").rpartition(".")[2]
    if kind in ("csv", "tsv"):
        reader = csv.DictReader(io.StringIO(text), delimiter="\t" if kind == "tsv" else ",")
        try:
            for record in reader:
                yield f"{path}:{reader.line_num}", {k: v for k, v in record.items() if k}
        except csv.Error as error:
            raise BadData(f"{path}:{reader.line_num}: not CSV: {error}") from error
        return
    if kind == "json" and text.lstrip().startswith("["):
        yield from _array(path, text)
        return
    for line_number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield f"{path}:{line_number}", _parsed(line)


def _array(path: Path, text: str) -> Iterator[tuple[str, Row | str]]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadData(f"{path} is not JSON: {error}") from error
    for index, row in enumerate(rows):
        good = isinstance(row, dict)
        yield f"{path}[{index}]", row if good else f"{type(row).__name__}, not an object"


def _parsed(line: str) -> Row | str:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        return f"not JSON: {error.msg} at character {error.pos + 1}"
    except RecursionError:
        return "not JSON: nested too deep"
    except ValueError as error:  # a whole number of thousands of digits
        return f"not JSON that can be read: {error}"
    return row if isinstance(row, dict) else f"{type(row).__name__}, not an object"


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
        if path.suffix == ".gz":
            raw = gzip.decompress(raw)
        return raw.decode("utf-8-sig")
    except FileNotFoundError:
        near = get_close_matches(path.name, [file.name for file in _siblings(path)], 1)
        hint = f"Did you mean {path.parent / near[0]}?" if near else ""
        raise BadData(f"there is no file {path}", hint=hint) from None
    except (OSError, EOFError, zlib.error) as error:
        raise BadData(f"{path} cannot be read: {error}") from error
    except UnicodeDecodeError as error:
        raise BadData(
            f"{path} is not UTF-8 text: byte {error.start} is 0x{error.object[error.start]:02x}",
            hint="Save it as UTF-8.",
        ) from error


def _siblings(path: Path) -> list[Path]:
    return sorted(path.parent.iterdir()) if path.parent.is_dir() else []


def _problem(row: Row, wanted: _Wanted, number: int, folder: Path) -> Problem | str:
    known = Reading() if wanted.mapped else reading_of(row) or Reading()
    text = known.text or _plain(_field(row, wanted["problem"]))
    if not text:
        return f"no problem (looked for {', '.join(wanted['problem'])})"
    answer = known.answer or _answer(row, wanted["answer"])
    if not answer and not known.check:
        return f"no answer (looked for {', '.join(wanted['answer'])})"
    name = _plain(_field(row, wanted["name"]))
    try:
        images = pictures_of(row, wanted["image"], folder)
    except BadData as error:
        return error.what
    subject, level = placed(row)
    if not is_whole("".join((text, answer, name, known.check, subject, level, *images))):
        return "half a character (a lone surrogate)"
    return Problem(text, answer, images, name, number, known.task, known.check, subject, level)


def _field(row: Row, names: tuple[str, ...]) -> object:
    lower = {str(name).lower(): value for name, value in row.items()}
    found = (lower.get(name.lower()) for name in names)
    return next((value for value in found if value not in (None, "", [])), None)


def _answer(row: Row, names: tuple[str, ...]) -> str:
    for name in names:
        text = _plain(_field(row, (name,)))
        if "####" in text:
            return text.rpartition("####")[2].strip()
        if name == "solution":
            boxed = re.findall(r"\\boxed\s*\{", text)
            return text if boxed else ""
        if text:
            return text
    return ""


def _plain(value: object) -> str:
    if isinstance(value, list) and len(value) == 1:
        return _plain(value[0])
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str | int | float):
        return str(value).strip()
    return ""


def _nothing(
    path: Path, wanted: Mapping[str, tuple[str, ...]], seen: list[str], skipped: list[str]
) -> BadData:
    if not seen:
        first = f" First: {skipped[0]}" if skipped else ""
        return BadData(f"{path} holds no problems.{first}")
    return BadData(
        f"no row of {path} has both a problem and an answer; its fields are {', '.join(seen)}",
        hint="Name them: --map problem=FIELD,answer=FIELD",
    )


def _fingerprint(problems: list[Problem]) -> str:
    digest = hashlib.blake2b(digest_size=8)
    for problem in problems:
        checked = f"\0{problem.check}" if problem.check else ""
        told = f"{problem.number}\0{problem.id}\0{problem.answer}{checked}\n"
        digest.update(told.encode())
    return digest.hexdigest()
