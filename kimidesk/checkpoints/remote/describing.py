"""What a server tells about itself and its model, and what one short request shows it can do."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from kimidesk.checkpoints.folder import chat_template_of, is_checkpoint
from kimidesk.checkpoints.remote.address import Address, is_remote, parse
from kimidesk.checkpoints.remote.keys import key_of
from kimidesk.checkpoints.remote.makes import HOSTS, Make
from kimidesk.checkpoints.remote.raw import Raw, try_raw
from kimidesk.checkpoints.remote.stating import stated
from kimidesk.checkpoints.remote.talk import (
    AGAIN,
    CONNECT_S,
    Said,
    ask,
    headers_of,
    refused,
    trusted,
)
from kimidesk.checkpoints.remote.trying import Shown, try_out
from kimidesk.checkpoints.template_file import read_template
from kimidesk.errors import BadCheckpoint
from kimidesk.records import CheckpointInfo
from kimidesk.settings import Manners

PROBE_S = 120.0  # a server may load the model when it is first asked


@dataclass(frozen=True, slots=True)
class Server:
    """One model on one server. The key is not a part of it: nothing of this may hold one."""

    address: Address
    make: Make
    info: CheckpointInfo
    shown: Shown
    chat_template: str = ""  # where the server tells it, or a person does
    raw: Raw = Raw()
    slots: int = 0  # requests that it works on at once, where it tells
    model: str = ""  # fingerprint of the model alone: the same wherever it is served


def manners_for(ref: str, servers: Mapping[str, Manners]) -> Manners:
    """How a person wants a server treated; of no consequence to other checkpoints."""
    return servers.get(parse(ref).host, Manners()) if is_remote(ref) else Manners()


def client_of(address: Address, key: str) -> httpx2.Client:
    """For short requests: TLS verified, proxies of the environment, no redirects.

    Raises BadCheckpoint for a proxy that cannot be used.
    """
    timeout = httpx2.Timeout(PROBE_S, connect=CONNECT_S)
    try:
        return httpx2.Client(
            headers=headers_of(key), timeout=timeout, follow_redirects=False, verify=trusted()
        )
    except (ImportError, ValueError, httpx2.InvalidURL) as error:
        raise BadCheckpoint(
            f"{address.host} cannot be asked through the proxy of the environment: {error}",
            hint="Proxies must be http:// or https://; or name the host in NO_PROXY.",
        ) from error


def look_up(ref: str, *, trial: bool = True, template: str = "") -> Server:
    """Ask a server who it is; with `trial` also what it can do, by requests of a few tokens.

    `template` is a file with the chat template that a person says its model has.
    Raises BadCheckpoint: unreachable, a refused key, no such model, several and none named, and
    for a template that cannot be read.
    """
    address = parse(ref)
    key = key_of(address)
    with client_of(address, key) as client:
        offered = _offered(client, address, key)
        entry = _chosen(address, offered)
        address = replace(address, model=str(entry["id"]))
        make, version, facts = _made(client, address, entry, key)
        source = read_template(Path(template)) if template else _template(entry, facts)
        shown = try_out(client, address, make, key) if trial else Shown()
        raw = try_raw(client, address, make, source, facts) if trial else Raw()
    info = _info(address, make, version, entry, facts)
    if trial:
        told = stated(make, shown, raw, sees=info.vision)
        info = replace(info, capabilities=told)
    slots = _whole(facts, "total_slots")
    return Server(address, make, info, shown, source, raw, slots, _model(info, source))


def _template(entry: dict[str, Any], facts: dict[str, Any]) -> str:
    """The chat template, as the server tells it, or as it lies in the folder that it serves."""
    told = facts.get("chat_template")
    if isinstance(told, str):
        return told
    root = entry.get("root")
    folder = Path(root) if isinstance(root, str) and root else None
    return chat_template_of(folder) if folder and is_checkpoint(folder) else ""


def _offered(client: httpx2.Client, address: Address, key: str) -> list[dict[str, Any]]:
    said = ask(client, "GET", f"{address.base}/models")
    rows = said.table.get("data")
    if said.ok and isinstance(rows, list):
        return [row for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)]
    if said.ok or (said.status == 404 and address.model):
        if said.status == 404:
            return [{"id": address.model}]  # some endpoints have no list
        raise BadCheckpoint(
            f"{address.base}/models does not answer with a list of models; is this an "
            "OpenAI-compatible server?",
            hint="The address usually ends with /v1.",
        )
    raise refused(address, said, key)


def _chosen(address: Address, offered: list[dict[str, Any]]) -> dict[str, Any]:
    ids = [str(row["id"]) for row in offered]
    if address.model:
        for row in offered:
            aliases = row.get("aliases")
            if address.model in (row["id"], *(aliases if isinstance(aliases, list) else ())):
                return row
        what = f"{address.host} does not offer {address.model!r}"
    elif len(offered) == 1:
        return offered[0]
    else:
        what = f"{address.host} offers {len(ids)} models; say which" if ids else ""
    if not ids:
        raise BadCheckpoint(f"{address.host} offers no model")
    listed = ", ".join(ids[:20]) + (f" and {len(ids) - 20} more" if len(ids) > 20 else "")
    raise BadCheckpoint(what, hint=f"It offers {listed}. For example {address.base}#{ids[0]}")


def _made(
    client: httpx2.Client, address: Address, entry: dict[str, Any], key: str
) -> tuple[Make, str, dict[str, Any]]:
    """Make, version, and what llama-server tells beyond the list; {} for others.

    Raises Unreachable for a llama-server that is loading its model still.
    """
    known = HOSTS.get(urlsplit(address.root).hostname or "")
    if known is not None:
        return known, "", {}
    owner = str(entry.get("owned_by", ""))
    if owner == "llamacpp":
        said = ask(client, "GET", f"{address.root}/props")
        if said.status in AGAIN:
            raise refused(address, said, key)
        facts = said.table if said.ok else {}
        return Make.LLAMA, str(facts.get("build_info", "")), facts
    if owner == "vllm":
        version = _extra(client, f"{address.root}/version").table.get("version", "")
        return Make.VLLM, str(version), {}
    if owner == "sglang":
        return Make.SGLANG, "", {}
    if version := _extra(client, f"{address.root}/api/version").table.get("version"):
        return Make.OLLAMA, str(version), {}
    if _extra(client, f"{address.root}/api/v0/models").table.get("object") == "list":
        return Make.LM_STUDIO, "", {}
    return Make.OTHER, "", {}


def _extra(client: httpx2.Client, url: str) -> Said:
    """What only some servers have: a server that does not answer here has none."""
    try:
        said = ask(client, "GET", url)
    except BadCheckpoint:
        return Said(0)
    return said if said.ok else Said(said.status)


def _info(
    address: Address, make: Make, version: str, entry: dict[str, Any], facts: dict[str, Any]
) -> CheckpointInfo:
    meta = entry.get("meta") if isinstance(entry.get("meta"), dict) else {}
    meta = meta or {}
    context = _whole(meta, "n_ctx") or _whole(entry, "max_model_len", "context_length")
    modalities = facts.get("modalities")
    return CheckpointInfo(
        name=address.model.rsplit("/", 1)[-1],
        ref=address.ref,
        fingerprint=_fingerprint(address, make, entry, facts),
        quantization=str(facts.get("model_ftype", meta.get("ftype", "")) or ""),
        parameters=_whole(meta, "n_params"),
        size_bytes=_whole(meta, "size"),
        trained_context=context,
        vocabulary=_whole(meta, "n_vocab"),
        engine=f"{make.value} {version}".strip(),
        device=address.host,
        context=context,
        vision=bool(modalities.get("vision")) if isinstance(modalities, dict) else make in SEES,
    )


SEES = frozenset(Make) - {Make.LLAMA, Make.DEEPSEEK}  # may take pictures; the model decides


def _fingerprint(address: Address, make: Make, entry: dict[str, Any], facts: dict[str, Any]) -> str:
    """Of the address, the model, and what the server says that stays when it starts again."""
    meta = entry.get("meta") if isinstance(entry.get("meta"), dict) else {}
    told = [address.base, address.model, make.value]
    told += [str((meta or {}).get(name)) for name in ("n_vocab", "n_params", "size", "ftype")]
    told += [str(entry.get(name)) for name in ("root", "owned_by")]
    told += [str(facts.get(name)) for name in ("model_path", "chat_template")]
    return hashlib.blake2b("\0".join(told).encode(), digest_size=8).hexdigest()


def _model(info: CheckpointInfo, template: str) -> str:
    """Of what the model is; its name counts where the server tells nothing of its weights."""
    weights = (info.vocabulary, info.parameters, info.size_bytes, info.quantization)
    told = weights if info.parameters else (info.name,)
    return hashlib.blake2b(repr((*told, template)).encode(), digest_size=8).hexdigest()


def _whole(table: dict[str, Any], *names: str) -> int:
    found = (table.get(name) for name in names)
    return next((value for value in found if isinstance(value, int) and 0 < value < 2**53), 0)
