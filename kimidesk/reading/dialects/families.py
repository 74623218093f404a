"""Families whose templates do not tell all: found by the checkpoint's name, as of 2026-11.

Each row says who told what it adds, and the numbers of its sampling are its vendor's.
"""

from dataclasses import dataclass, replace

from kimidesk.reading.dialects.sheet import Switch
from kimidesk.records import Sampling

_CARD = "the vendor's model card"
_README = "the vendor's notes on running it with llama.cpp"
_TEMPLATE = "the vendor's chat template, in words that no rendering shows"
_PARSERS = "the parsers of vLLM and VLMEvalKit, which cut its thoughts"
_NOTES = "notes of third parties; not verified"


@dataclass(frozen=True, slots=True)
class Row:
    """A family, found by its name, and what is to be added to what was derived."""

    pattern: str  # looked for where a word of the name begins
    source: str  # who says so
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
    Row(
        r"kimi-?vl.*think|kimi-?dev",
        _PARSERS,
        "◁think▷",
        "◁/think▷",
        sampling=Sampling(temperature=0.8),
    ),
    Row(
        r"kimi-?k2.*think|kimi-?k2\.[5-9]",
        _TEMPLATE,
        also=("<|tool_calls_section_begin|>", "<|tool_call_begin|>"),
        sampling=Sampling(temperature=1.0),
    ),
    Row(r"kimi-?k[3-9]", _CARD, sampling=Sampling(temperature=1.0)),
    Row(
        r"deepseek-?v[4-9]",
        _TEMPLATE,
        also=("<｜DSML｜function_calls>", "<｜DSML｜tool_calls>"),
        sampling=_FREE,
    ),
    Row(r"deepseek-?v3\.[2-9]", _TEMPLATE, also=("<｜DSML｜function_calls>",), sampling=_FREE),
    Row(r"deepseek-?v3\.1", _CARD, sampling=_PRECISE),
    Row(r"deepseek-?r1|deepseek-?prover", _CARD, *_THINK, always=True, sampling=_PRECISE),
    Row(r"qwq", _CARD, *_THINK, always=True, sampling=replace(_PRECISE, top_k=40)),
    Row(r"qvq", _CARD, always=True),  # no marks: the thought runs on into the answer
    Row(
        r"qwen-?3(?![.\d]).*(instruct|coder)",
        _CARD,
        never=True,
        sampling=Sampling(temperature=0.7, top_p=0.8, top_k=20),
    ),
    Row(
        r"qwen-?3\.[5-9]|qwen-?3.*thinking",
        _TEMPLATE,
        *_THINK,
        also=("<tool_call>",),
        sampling=replace(_PRECISE, top_k=20),
    ),
    Row(r"qwen-?3", _CARD, sampling=replace(_PRECISE, top_k=20)),
    Row(r"minimax-?m1", _PARSERS, *_THINK, sampling=_FREE),
    Row(r"minimax-?m[2-9]", _CARD, sampling=replace(_FREE, top_k=40)),
    Row(r"mimo", _CARD, *_THINK, sampling=_PRECISE),
    Row(
        r"glm-?4\.1v.*think",
        _CARD,
        *_THINK,
        answer="<answer>",
        sampling=replace(_PRECISE, top_k=40),
    ),
    Row(r"glm-?z1", _CARD, *_THINK, sampling=replace(_PRECISE, top_k=40)),
    Row(r"glm-?(4\.[5-9]|5)", _CARD, sampling=_FREE),
    Row(r"gpt-?oss", _CARD, sampling=Sampling(temperature=1.0, top_p=1.0)),
    Row(r"magistral-(small|medium)-2506", _CARD, *_THINK, sampling=Sampling(temperature=0.7)),
    Row(r"magistral", _CARD, "[THINK]", "[/THINK]", sampling=Sampling(temperature=0.7)),
    Row(
        r"ministral.*reason|mistral-?large-?3.*reason", _CARD, "[THINK]", "[/THINK]", sampling=_FREE
    ),
    Row(r"nemotron.*(super|ultra|nano).*v1(?![._-]?5)", _TEMPLATE, *_THINK, switch=_DETAILED),
    Row(r"nemotron-?3", _CARD, sampling=Sampling(temperature=1.0, top_p=1.0)),
    Row(r"nemotron", _CARD, sampling=_PRECISE),
    Row(r"exaone-?deep", _README, "<thought>", "</thought>", sampling=_PRECISE),
    Row(r"exaone-?4", _CARD, sampling=_PRECISE),
    Row(
        r"hunyuan-?a13b",
        _PARSERS,
        "<think>\n",
        "\n</think>\n<answer>\n",
        answer="<answer>",
        sampling=Sampling(temperature=0.7, top_p=0.8, top_k=20, repetition_penalty=1.05),
    ),
    Row(
        r"phi-?4.*reasoning",
        _NOTES,
        *_THINK,
        sampling=Sampling(temperature=0.8, top_p=0.95, top_k=50),
    ),
    Row(r"olmo-?3.*think", _NOTES, *_THINK, sampling=_PRECISE),
    Row(
        r"skywork-?or1|intellect-[23]|openreasoning|openthinker|acereason|falcon-?h1r",
        _NOTES,
        *_THINK,
    ),
    Row(r"marco-?o1", _CARD, "<Thought>", "</Thought>"),
    Row(r"ernie-?4\.5.*(thinking|vl)", _PARSERS, *_THINK, answer="<response>"),
    Row(r"ling-?3|ring-", _TEMPLATE, *_THINK, also=("<tool_call>",)),
    Row(r"seed-?oss", _CARD, sampling=Sampling(temperature=1.1, top_p=0.95)),
    Row(r"apertus", _CARD, sampling=Sampling(temperature=0.8, top_p=0.9)),
    Row(r"apriel-?1\.6", _CARD, sampling=Sampling(temperature=0.6)),
    Row(r"smollm3", _CARD, sampling=_PRECISE),
    Row(
        r"gemma-?4",
        _TEMPLATE,
        "<|channel>thought\n",
        "<channel|>",
        sampling=replace(_FREE, top_k=64),
    ),
    Row(r"granite-?3\.3", _TEMPLATE, answer="<response>"),
    Row(r"granite-?3\.2.*vision", _CARD, never=True),
    Row(r"granite-?3\.2", _TEMPLATE, "Here is my thought process:", "Here is my response:"),
    Row(r"deep-?hermes", _CARD, *_THINK, switch=_DEEP, asked=True),
    Row(r"hermes-?4", _CARD, *_THINK, sampling=Sampling(temperature=0.6)),
)
