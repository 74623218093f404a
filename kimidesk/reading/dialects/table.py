"""What no template tells: who thinks all the same, what else ends a thought, how to sample.

Rows are found by the checkpoint's name. Sources: the model cards of the families, as of 2026-11.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from kimidesk.reading.dialects import marks
from kimidesk.reading.dialects.sheet import Sheet, Source, Switch
from kimidesk.records import Sampling


@dataclass(frozen=True, slots=True)
class Row:
    """A family, found by its name, and what is to be added to what was derived."""

    pattern: str
    start: str = ""  # used where the template shows no marks
    end: str = ""
    always: bool = False  # it thinks unless it is told not to, whatever its template does
    also: tuple[str, ...] = ()  # further marks that end a thought
    switch: Switch | None = None
    sampling: Sampling | None = None


_PRECISE = Sampling(temperature=0.6, top_p=0.95)
_FREE = Sampling(temperature=1.0, top_p=0.95)
_THINK = ("<think>", "</think>")
_DETAILED = Switch("text", "system", "detailed thinking on", "detailed thinking off")

TABLE = (
    Row(r"kimi-?vl.*think|kimi-?dev", "◁think▷", "◁/think▷", sampling=Sampling(temperature=0.8)),
    Row(
        r"kimi-?k2.*think|kimi-?k2\.[5-9]",
        also=("<|tool_calls_section_begin|>", "<|tool_call_begin|>"),
        sampling=Sampling(temperature=1.0),
    ),
    Row(r"deepseek-?v(3\.[2-9]|[4-9])", also=("<｜DSML｜function_calls>",), sampling=_FREE),
    Row(r"deepseek-?r1|deepseek-?prover", *_THINK, always=True, sampling=_PRECISE),
    Row(r"qwq", *_THINK, always=True, sampling=replace(_PRECISE, top_k=40)),
    Row(
        r"qwen-?3\.[5-9]|qwen-?3.*thinking",
        *_THINK,
        also=("<tool_call>",),
        sampling=replace(_PRECISE, top_k=20),
    ),
    Row(r"qwen-?3(?!.*(instruct|coder))", sampling=replace(_PRECISE, top_k=20)),
    Row(r"minimax-?m1", *_THINK, sampling=_FREE),
    Row(r"minimax-?m[2-9]", sampling=Sampling(temperature=1.0, top_p=0.95, top_k=40)),
    Row(r"mimo", *_THINK, sampling=_PRECISE),
    Row(r"glm-?4\.1v.*think|glm-?z1", *_THINK, sampling=replace(_PRECISE, top_k=40)),
    Row(r"glm-?(4\.[5-9]|5)", sampling=_FREE),
    Row(r"gpt-?oss", sampling=Sampling(temperature=1.0)),
    Row(r"magistral-(small|medium)-2506", *_THINK, sampling=Sampling(temperature=0.7, top_p=0.95)),
    Row(r"magistral|ministral.*reason", "[THINK]", "[/THINK]", sampling=_FREE),
    Row(r"nemotron.*(super|ultra|nano).*v1(?![._-]?5)", *_THINK, switch=_DETAILED),
    Row(r"nemotron", sampling=_PRECISE),
    Row(r"exaone-?deep", "<thought>", "</thought>", sampling=_PRECISE),
    Row(r"hunyuan-?a13b", "<think>\n", "\n</think>\n<answer>\n"),
    Row(r"phi-?4.*reasoning", *_THINK, sampling=Sampling(temperature=0.8, top_p=0.95, top_k=50)),
    Row(r"olmo-?3.*think|skywork-?or1|intellect-[23]|openreasoning|openthinker", *_THINK),
    Row(r"ernie-?4\.5.*(thinking|vl)", *_THINK),
    Row(r"ling-?3|ring-", *_THINK, also=("<tool_call>",)),
    Row(r"apriel-?1\.6", sampling=Sampling(temperature=0.6)),
    Row(r"smollm3", sampling=_PRECISE),
    Row(r"gemma-?4", sampling=Sampling(temperature=1.0, top_p=0.95, top_k=64)),
    Row(r"granite-?3\.2", "Here is my thought process:", "Here is my response:"),
)
_THINKER = re.compile(r"think|reason|[-_ ]r1\b|[-_ ]o1\b|\bcot\b", re.IGNORECASE)


def complete(sheet: Sheet, name: str, vocabulary: Callable[[], Iterable[str]]) -> Sheet:
    """What was derived, with what the table and the vocabulary add.

    The vocabulary (texts of its tokens) is asked where neither template nor table knows the
    marks of a checkpoint whose name says that it thinks: marks that are tokens of their own.
    """
    row = next((row for row in TABLE if re.search(row.pattern, name, re.IGNORECASE)), None)
    if row is not None:
        sheet = _merged(sheet, row)
    if not sheet.thinks and _THINKER.search(name) and not re.search(r"non-?think", name, re.I):
        pairs = marks.pairs_in(" ".join(vocabulary()))
        sheet = _told(sheet, *(pairs[0] if pairs else _THINK))
    return sheet


def _merged(sheet: Sheet, row: Row) -> Sheet:
    if not sheet.thinks and row.end:
        sheet = replace(_told(sheet, row.start, row.end), switch=row.switch)
    if not sheet.thinks:
        return replace(sheet, sampling=row.sampling)
    if row.switch is not None and sheet.switch is None:
        sheet = replace(sheet, switch=row.switch, source=Source.TABLE)
    if row.always and not sheet.on:
        sheet = replace(sheet, on=True, source=Source.TABLE)
    ends = (*sheet.ends, *(mark for mark in row.also if mark not in sheet.ends))
    return replace(sheet, ends=ends, sampling=row.sampling)


def _told(sheet: Sheet, start: str, end: str) -> Sheet:
    return replace(
        sheet, name=marks.name_of(start), starts=(start,), ends=(end,), on=True, source=Source.TABLE
    )
