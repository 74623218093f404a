"""What a checkpoint's, or a chat template's, way of thinking is, without loading weights."""

from pathlib import Path

from kimidesk import settings
from kimidesk.checkpoints import catalog
from kimidesk.checkpoints.folder import texts_of
from kimidesk.checkpoints.gguf import read_texts
from kimidesk.errors import BadCheckpoint
from kimidesk.reading.dialects import Sheet, sheet_of
from kimidesk.reading.template import ChatTemplate

LARGEST = 4 << 20  # bytes of a template; the largest known has 17 kB
SUFFIXES = (".jinja", ".jinja2", ".j2")


def look_up(ref: str) -> Sheet:
    """The dialect of a checkpoint, or of a file that holds a chat template.

    Raises BadCheckpoint, ModelError for a broken template, Refused for one that takes too long.
    """
    if Path(ref).suffix in SUFFIXES:
        return sheet_of(ChatTemplate(_read(Path(ref))), Path(ref).stem, settings.dialects_folder())
    description = catalog.look_up(ref)
    path = catalog.resolve(ref)
    return sheet_of(
        ChatTemplate(description.chat_template),
        f"{description.info.name} {path.stem}",
        settings.dialects_folder(),
        lambda: texts_of(path) if path.is_dir() else read_texts(path, "tokenizer.ggml.tokens"),
    )


def to_json(sheet: Sheet) -> dict[str, object]:
    """The form that `kimidesk models dialect --json` prints."""
    switch = sheet.switch
    return {
        "start": list(sheet.starts),
        "ends": list(sheet.ends),
        "prefilled": sheet.prefilled,
        "switch": None
        if switch is None
        else {switch.kind: switch.name, "on": switch.on, "off": switch.off},
        "default": "on" if sheet.on else "off",
        "source": sheet.source.value,
    }


def _read(path: Path) -> str:
    try:
        raw = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except (OSError, ValueError) as error:  # a NUL in the name is a ValueError
        why = getattr(error, "strerror", None) or error
        raise BadCheckpoint(f"{str(path)[:200]!r} cannot be read: {why}") from error
    if raw is None:
        raise BadCheckpoint(f"{path} is larger than {LARGEST:,} bytes; no chat template is")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadCheckpoint(f"{path} is not UTF-8 text: {error}") from error
