"""What `kimidesk models show` tells of a checkpoint, or of a server."""

from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from kimidesk.checkpoints import adapters, catalog, fit, pairing, remote
from kimidesk.checkpoints.describe import Description
from kimidesk.checkpoints.memory import memory_of
from kimidesk.checkpoints.offload import ENDLESS, RESERVE, layers_that_fit, moved_bytes
from kimidesk.cli.terminal import plain
from kimidesk.client import dialect
from kimidesk.errors import ModelError, Refused
from kimidesk.reading.dialects import Sheet
from kimidesk.settings import load

CONTEXT = 4096  # tokens that the estimate of memory is for, where the checkpoint takes as many


def checkpoint(ref: str) -> dict[str, Any]:
    """All that its header and the files beside it tell; raises BadCheckpoint."""
    described = catalog.look_up(ref)
    info, path = described.info, catalog.resolve(ref)
    projector = None if path.is_dir() else pairing.projector_of(path)
    return {
        "name": info.name,
        "file": str(path),
        "format": "gguf" if described.header is not None else "safetensors",
        "architecture": info.architecture,
        "quantization": info.quantization,
        "parameters": info.parameters,
        "size_bytes": info.size_bytes,
        "trained_context": info.trained_context,
        "vocabulary": info.vocabulary,
        "fingerprint": info.fingerprint,
        "dialect": _dialect(ref),
        "memory": _memory(described),
        "projector": None if projector is None else str(projector),
        "adapters": [
            {"file": str(each.path), "kind": each.kind, "base": each.base}
            for each in adapters.adapters_of(path)
        ],
    }


def server(ref: str) -> dict[str, Any]:
    """What it says of itself when it is asked, as the settings say it is to be treated."""
    manners = remote.manners_for(ref, load().servers)
    found = remote.look_up(ref, template=manners.chat_template)
    told = {"make": found.make, "shown": found.shown, "raw": found.raw}
    made: dict[str, Any] = msgspec.to_builtins({**msgspec.to_builtins(found.info), **told})
    return made


def to_line(told: dict[str, Any]) -> str:
    """One line for a program to read."""
    return msgspec.json.encode(told).decode()


def print_checkpoint(told: dict[str, Any]) -> None:
    """As a table for a person."""
    memory = told["memory"]
    rows = [
        ("name", told["name"]),
        ("file", told["file"]),
        ("format", told["format"]),
        ("architecture", told["architecture"]),
        ("quantization", told["quantization"]),
        ("parameters", f"{told['parameters']:,}"),
        ("size", _mb(told["size_bytes"])),
        ("trained context", f"{told['trained_context']:,} tokens"),
        ("vocabulary", f"{told['vocabulary']:,} tokens"),
        ("fingerprint", told["fingerprint"]),
        ("dialect", told["dialect"].get("name", told["dialect"].get("error", ""))),
    ]
    if memory is not None:
        rows += [
            ("memory", f"{_mb(memory['total_bytes'])} for {memory['context']:,} tokens"),
            ("to replay", f"{_mb(memory['replay_bytes'])} more"),
            ("on a card", _on_card(memory["card"])),
            ("it keeps", memory["kind"]),
        ]
    rows.append(("projector", told["projector"] or "none beside it"))
    laid = [f"{each['file']} ({_made(each)})" for each in told["adapters"]]
    rows += [("adapters" if not n else "", one) for n, one in enumerate(laid or ["none beside it"])]
    _print(rows)


def print_server(told: dict[str, Any]) -> None:
    """As a table for a person."""
    context = f"{told['context']:,} tokens" if told["context"] else "not told"
    vocabulary = f"{told['vocabulary']:,} tokens" if told["vocabulary"] else "not told"
    names = {"name": "name", "address": "ref", "server": "engine", "quantization": "quantization"}
    rows = [(title, told[name]) for title, name in names.items()]
    rows += [("context", context), ("vocabulary", vocabulary), ("fingerprint", told["fingerprint"])]
    rows += [("it" if not n else "", one) for n, one in enumerate(told["capabilities"])]
    _print(rows)


def _dialect(ref: str) -> dict[str, Any]:
    try:
        sheet = dialect.look_up(ref)
    except (ModelError, Refused) as error:  # the checkpoint itself can still be described
        return {"error": error.what}
    return {"name": sheet.name, "thinks": sheet.thinks} | dialect_as_json(sheet)


def _memory(described: Description) -> dict[str, Any] | None:
    """Of one trace on llama.cpp; None for a folder, whose engine allots it otherwise."""
    if described.header is None:
        return None
    context = min(CONTEXT, described.info.trained_context or CONTEXT)
    needed, kind = fit.need(described, context), memory_of(described.header)
    return {
        "context": context,
        "total_bytes": needed.total,
        "marks_bytes": needed.marks,
        "replay_bytes": fit.replay_bytes(described),
        "card": _card(described, context),
        "cache_bytes_per_token": fit.cache_bytes_per_token(described.header),
        "kind": kind.value,
        "cuttable": kind.cuttable,
    }


def _card(described: Description, context: int) -> dict[str, Any]:
    """What its layers take of a graphics card; which one is there only a worker can find out."""
    whole = layers_that_fit(described, context, 1, [ENDLESS])
    sizes = moved_bytes(described, context, 1)
    return {
        "layers": whole.layers,  # the output is one
        "total_bytes": sum(whole.bytes) - RESERVE,
        "spared_bytes": RESERVE,  # beside them: left free
        "layer_bytes": max(sizes[:-1], default=0),  # of the largest, with its keys and values
    }


def _made(adapter: dict[str, str]) -> str:
    return adapter["kind"] + (f" for {adapter['base']}" if adapter["base"] else "")


def _on_card(card: dict[str, int]) -> str:
    each = f"each {card['layer_bytes'] / 1e6:,.1f} MB at most"
    return f"{_mb(card['total_bytes'])} for all {card['layers']} layers, {each}"


def _mb(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"


def _print(rows: list[tuple[str, str]]) -> None:
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in rows:
        table.add_row(name, plain(value))
    Console(markup=False, highlight=False).print(table)


def dialect_as_json(sheet: Sheet) -> dict[str, object]:
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
