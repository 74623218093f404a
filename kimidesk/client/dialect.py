"""What a checkpoint's, or a chat template's, way of thinking is, without loading weights."""

from pathlib import Path

from kimidesk import settings
from kimidesk.checkpoints import catalog, remote
from kimidesk.checkpoints.folder import texts_of
from kimidesk.checkpoints.gguf import read_texts
from kimidesk.checkpoints.template_file import read_template
from kimidesk.errors import BadCheckpoint
from kimidesk.reading.dialects import Sheet, sheet_of
from kimidesk.reading.template import ChatTemplate

SUFFIXES = (".jinja", ".jinja2", ".j2")
RECITED = Sheet("think", ("<think>",), ("</think>",))  # as the scripted engine has it


def look_up(ref: str) -> Sheet:
    """The dialect of a checkpoint, or of a file that holds a chat template.

    Raises BadCheckpoint, also for a broken template, Refused for one that takes too long.
    """
    if Path(ref).suffix in SUFFIXES:
        return sheet_of(
            ChatTemplate(read_template(Path(ref))), Path(ref).stem, settings.dialects_folder()
        )
    if remote.is_remote(ref):
        return _of_server(ref)
    if catalog.is_scripted(ref):
        return RECITED
    description = catalog.look_up(ref)
    path = catalog.resolve(ref)
    return sheet_of(
        ChatTemplate(description.chat_template),
        f"{description.info.name} {path.stem}",
        settings.dialects_folder(),
        lambda: texts_of(path) if path.is_dir() else read_texts(path, "tokenizer.ggml.tokens"),
    )


def _of_server(ref: str) -> Sheet:
    """By the chat template that a server tells, or that a person named for it."""
    manners = remote.manners_for(ref, settings.load().servers)
    server = remote.look_up(ref, trial=False, template=manners.chat_template)
    if not server.chat_template:
        raise BadCheckpoint(
            f"{server.address.host} does not tell the chat template of {server.info.name}",
            hint="Name the template's file in place of the address, or as chat_template of this "
            "server in the settings.",
        )
    template = ChatTemplate(server.chat_template)
    return sheet_of(template, server.info.name, settings.dialects_folder())
