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
    never: bool = False  # its template is that of others who think
    asked: bool = False  # it thinks only when it is asked to
    also: tuple[str, ...] = ()  # further marks that end a thought
    switch: Switch | None = None
    answer: str = ""  # what stands between the end of the thought and the answer
    sampling: Sampling | None = None


_PRECISE = Sampling(temperature=0.6, top_p=0.95)
_FREE = Sampling(temperature=1.0, top_p=0.95)
_THINK = ("<think>", "</think>")
_DETAILED = Switch("text", "system", "detailed thinking on", "detailed thinking off")

# The vendor's own words, which it was trained on.
_DEEP = Switch(
    "text",
    "system",
    "You are a deep thinking AI, you may use extremely long chains of thought to deeply consider"
    " the problem and deliberate with yourself via systematic reasoning processes to help come to a"
    " correct solution prior to answering. You should enclose your thoughts and internal monologue"
    " inside <think> </think> tags, and then provide your solution or response to the problem.",
    None,
)

TABLE = (
    Row(r"kimi-?vl.*think|kimi-?dev", "◁think▷", "◁/think▷", sampling=Sampling(temperature=0.8)),
    Row(
        r"kimi-?k2.*think|kimi-?k2\.[5-9]",
        also=("<|tool_calls_section_begin|>", "<|tool_call_begin|>"),
        sampling=Sampling(temperature=1.0),
    ),
    Row(r"kimi-?k[3-9]", sampling=Sampling(temperature=1.0)),
    Row(
        r"deepseek-?v[4-9]",
        also=("<｜DSML｜function_calls>", "<｜DSML｜tool_calls>"),
        sampling=_FREE,
    ),
    Row(r"deepseek-?v3\.[2-9]", also=("<｜DSML｜function_calls>",), sampling=_FREE),
    Row(r"deepseek-?v3\.1", sampling=_PRECISE),
    Row(r"deepseek-?r1|deepseek-?prover", *_THINK, always=True, sampling=_PRECISE),
    Row(r"qwq", *_THINK, always=True, sampling=replace(_PRECISE, top_k=40)),
    Row(r"qvq", always=True),  # no marks: the thought runs on into the answer
    Row(
        r"qwen-?3.*(instruct.*2507|coder)|qwen-?3.*(next|vl|omni).*instruct",
        never=True,
        sampling=Sampling(temperature=0.7, top_p=0.8, top_k=20),
    ),
    Row(
        r"qwen-?3\.[5-9]|qwen-?3.*thinking",
        *_THINK,
        also=("<tool_call>",),
        sampling=replace(_PRECISE, top_k=20),
    ),
    Row(r"qwen-?3", sampling=replace(_PRECISE, top_k=20)),
    Row(r"minimax-?m1", *_THINK, sampling=_FREE),
    Row(r"minimax-?m[2-9]", sampling=replace(_FREE, top_k=40)),
    Row(r"mimo", *_THINK, sampling=_PRECISE),
    Row(r"glm-?4\.1v.*think", *_THINK, answer="<answer>", sampling=replace(_PRECISE, top_k=40)),
    Row(r"glm-?z1", *_THINK, sampling=replace(_PRECISE, top_k=40)),
    Row(r"glm-?(4\.[5-9]|5)", sampling=_FREE),
    Row(r"gpt-?oss", sampling=Sampling(temperature=1.0, top_p=1.0)),
    Row(r"magistral-(small|medium)-2506", *_THINK, sampling=Sampling(temperature=0.7)),
    Row(r"magistral", "[THINK]", "[/THINK]", sampling=Sampling(temperature=0.7)),
    Row(r"ministral.*reason|mistral-?large-?3.*reason", "[THINK]", "[/THINK]", sampling=_FREE),
    Row(r"nemotron.*(super|ultra|nano).*v1(?![._-]?5)", *_THINK, switch=_DETAILED),
    Row(r"nemotron-?3", sampling=Sampling(temperature=1.0, top_p=1.0)),
    Row(r"nemotron", sampling=_PRECISE),
    Row(r"exaone-?deep", "<thought>", "</thought>", sampling=_PRECISE),
    Row(r"exaone-?4", sampling=_PRECISE),
    Row(
        r"hunyuan-?a13b",
        "<think>\n",
        "\n</think>\n<answer>\n",
        answer="<answer>",
        sampling=Sampling(temperature=0.7, top_p=0.8, top_k=20, repetition_penalty=1.05),
    ),
    Row(r"phi-?4.*reasoning", *_THINK, sampling=Sampling(temperature=0.8, top_p=0.95, top_k=50)),
    Row(r"olmo-?3.*think", *_THINK, sampling=_PRECISE),
    Row(r"skywork-?or1|intellect-[23]|openreasoning|openthinker|acereason|falcon-?h1r", *_THINK),
    Row(r"marco-?o1", "<Thought>", "</Thought>"),
    Row(r"ernie-?4\.5.*(thinking|vl)", *_THINK, answer="<response>"),
    Row(r"ling-?3|ring-", *_THINK, also=("<tool_call>",)),
    Row(r"seed-?oss", sampling=Sampling(temperature=1.1, top_p=0.95)),
    Row(r"apertus", sampling=Sampling(temperature=0.8, top_p=0.9)),
    Row(r"apriel-?1\.6", sampling=Sampling(temperature=0.6)),
    Row(r"smollm3", sampling=_PRECISE),
    Row(r"gemma-?4", "<|channel>thought\n", "<channel|>", sampling=replace(_FREE, top_k=64)),
    Row(r"granite-?3\.3", answer="<response>"),
    Row(r"granite-?3\.2.*vision", never=True),
    Row(r"granite-?3\.2", "Here is my thought process:", "Here is my response:"),
    Row(r"deep-?hermes", *_THINK, switch=_DEEP, asked=True),
    Row(r"hermes-?4", *_THINK, sampling=Sampling(temperature=0.6)),
)
_THINKER = re.compile(r"think|reason|[-_ ]r1\b|[-_ ]o1\b|\bcot\b", re.IGNORECASE)
_NO_THINKER = re.compile(r"non-?think|no-?think", re.IGNORECASE)
_NO_ROW = Row("")


def row_of(name: str) -> Row:
    """The family that a checkpoint's name tells; an empty row where it tells none."""
    return next((row for row in TABLE if re.search(row.pattern, name, re.IGNORECASE)), _NO_ROW)


def told_of(
    row: Row, name: str, vocabulary: Callable[[], Iterable[str]]
) -> Callable[[bool], tuple[str, str] | None]:
    """Who knows the marks of a checkpoint whose template shows none.

    The row; else, where the name or a switch of the template says that it thinks, the vocabulary
    (texts of its tokens), in which marks are tokens of their own; else what nearly all write.
    """

    def told(switched: bool) -> tuple[str, str] | None:
        if row.end:
            return row.start, row.end
        promised = bool(_THINKER.search(name)) and not _NO_THINKER.search(name)
        if row.never or (row.always and not row.end) or not (promised or switched):
            return None
        pairs = marks.pairs_in(" ".join(vocabulary()))
        return pairs[0] if pairs else _THINK

    return told


def complete(sheet: Sheet, row: Row) -> Sheet:
    """What was derived, with what the row adds."""
    if row.never:
        source = Source.TABLE if sheet.thinks else sheet.source
        return Sheet(source=source, sampling=row.sampling)
    on, switch = sheet.on, sheet.switch
    if switch is None and sheet.thinks:
        switch = row.switch
    if row.always or (row.asked and sheet.switch is None):
        on = row.always
    known = (on, switch) == (sheet.on, sheet.switch)
    ends = (*sheet.ends, *(mark for mark in row.also if mark not in sheet.ends))
    return replace(
        sheet,
        ends=ends if sheet.thinks else (),
        on=on,
        switch=switch,
        source=sheet.source if known else Source.TABLE,
        answer=(sheet.answer or row.answer) if sheet.thinks else "",
        sampling=row.sampling,
    )
