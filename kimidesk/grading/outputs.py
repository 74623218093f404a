"""The answer part of a whole output, whoever wrote it: no dialect is known, only what stands there.

A thought is known by its marks, in any family's spelling: `<think>`, `◁think▷`, `[THINK]`, the
channels of harmony, headings. Marks that only close count too, since many prompts open the thought.
What was cut off inside its thought has no answer, and where no mark tells, a long text that stops
in the middle of a sentence is such a one, unless its answer stands at its end.
"""

import re

LONG = 400  # characters; a shorter text that ends without a full stop is an answer
NEAR = 300  # characters from the end in which a cut off text may still have said its answer

# Stricter than what a template's marks are known by: an output holds brackets of its own.
_NAMED = r"(?:[a-z]+[:_▁])?(?:(?:begin|start|end|close|open)_of_)?(?:\w+_)?"
_NAMED += r"(?:think(?:ing)?|thoughts?|reason(?:ing)?|cot|思考|思考过程|推理)"
_NAMED += r"(?:_?(?:start|end|begin|结束|开始))?"
_MARK = re.compile(
    rf"<[|｜]?/?{_NAMED}[|｜]?>|◁/?{_NAMED}▷|【/?{_NAMED}】|<think_\w+>"
    r"|\[/?(?:THINK|THOUGHT|REASONING)\]",
    re.IGNORECASE,
)
_SHUTS = re.compile(r"/|(?<![a-z])(?:end|close)|(?:end|close)(?![a-z])|结束", re.IGNORECASE)
_CHANNEL = re.compile(
    r"<\|channel\|>\s*(?P<name>\w+)(?:[^<]*<\|constrain\|>\w+)?\s*<\|message\|>"
    r"(?P<text>.*?)(?=<\|(?:end|return|call|start|channel)\|>|\Z)",
    re.DOTALL,
)
# gpt-oss, where the marks were left out in decoding: analysis…assistantfinal…
_BARE_CHANNEL = re.compile(
    r"\Aanalysis(?P<thought>.*?)(?:\Z|assistantfinal(?P<text>.*)\Z)", re.DOTALL
)
_TURNS = re.compile(r"<\|im_start\|>(think|answer)\n")  # s1
_HEADED = (  # (how the thought begins, how the answer does)
    (
        re.compile(r"\A\s*#+\s*(?:Thinking|思考)\s*\n", re.IGNORECASE),
        re.compile(r"^#+\s*(?:Final (?:Response|Answer)|最终(?:回答|答案))\s*\n", re.I | re.M),
    ),
    (
        re.compile(r"\A\s*Here(?:'s| is) my thought process:", re.IGNORECASE),
        re.compile(r"^\s*Here(?:'s| is) my response:", re.IGNORECASE | re.MULTILINE),
    ),
)
_ANSWER = re.compile(
    r"(?:<(?P<tag>answer|output|response|final_answer|solution)>|<\|begin_of_solution\|>)"
    r"(?P<text>.*?)(?P<shut></(?P=tag)>|<\|end_of_solution\|>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_FENCE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]+`", re.DOTALL)  # an output may speak of marks
_OVER = re.compile(  # the turn is over, whatever somebody's program went on to write
    r"<\|(?:im_end|end|return|eot_id|end_of_text|endoftext|user)\|>|<\|im_start\|>(?:user|system)?|</s>"
    r"|<｜end▁of▁sentence｜>|<end_of_turn>|\[EOS\]|\n(?:Human|User):\s"
)
_WHOLE = re.compile(r"[.。!！?？)）\]}」”\"'*`$|>…:：~]\s*$|\\[\])]\s*$|-{3,}\s*$")
_LAST_LINE = re.compile(r"[^\n]*\s*\Z")
_THINKING = re.compile(
    r"\s*(?:okay|ok|alright|hmm+|let me (?:think|see)|first,? (?:i|let me)|so,? (?:i|the|let)|wait|"
    r"i need to|we need to|we are (?:given|asked)|嗯|好的?[，,]|首先[，,]?(?:我|让)|"
    r"我(?:需要|现在|来)|让我)",
    re.IGNORECASE,
)


def answer_part(output: str) -> str | None:
    """What follows the thought; None where the thought never ended."""
    for read in (_of_channels, _of_bare_channels, _of_turns, _of_headings):
        known, answer = read(output)
        if known:
            return answer
    answer = _behind_marks(output)
    return None if answer is None else _inside_tags(_turn(answer))


def cut_off(answer: str) -> bool:
    """Whether a long text stops in the midst of a sentence, so that what it says is not its end."""
    text = answer.rstrip()
    if len(text) < LONG or _WHOLE.search(text):
        return False
    last = _LAST_LINE.search(text)
    line = last[0] if last else ""
    return len(line) > 80 or bool(
        re.search(r"[-+*/=,，、;(\[{\\]$|\b(?:the|a|of|is|to|and)$", line)
    )


def thinks_aloud(answer: str) -> bool:
    """Whether a long text without marks reads like the beginning of a thought."""
    return len(answer) >= LONG and bool(_THINKING.match(answer))


def _turn(text: str) -> str:
    """What was said before the turn was over."""
    return next((part.strip() for part in _OVER.split(text) if part.strip()), "")


Read = tuple[bool, str | None]


def _of_channels(output: str) -> Read:
    channels = list(_CHANNEL.finditer(output))
    if not channels:
        return False, None
    final = [each["text"].strip() for each in channels if each["name"] == "final"]
    return True, final[-1] if final else None


def _of_bare_channels(output: str) -> Read:
    found = _BARE_CHANNEL.match(output.lstrip())
    if not found or not (found["text"] is not None or re.match(r"[A-Z]", found["thought"])):
        return False, None
    return True, None if found["text"] is None else found["text"].strip()


def _of_turns(output: str) -> Read:
    turns = list(_TURNS.finditer(output))
    if not turns:
        return False, None
    answers = [turn for turn in turns if turn[1] == "answer"]
    return True, _turn(output[answers[-1].end() :]) if answers else None


def _of_headings(output: str) -> Read:
    for begins, ends in _HEADED:
        if begins.search(output):
            found = list(ends.finditer(output))
            return True, output[found[-1].end() :].strip() if found else None
    return False, None


def _behind_marks(output: str) -> str | None:
    """After the last thought that was closed; None where one was opened again, or never closed."""
    hidden = _FENCE.sub(lambda found: " " * len(found[0]), output)
    found = [(each, bool(_SHUTS.search(each[0]))) for each in _MARK.finditer(hidden)]
    if not found:
        return output
    last, shut = found[-1]
    if shut:
        return output[last.end() :]
    closed = [each for each, is_shut in found if is_shut]
    lead = output[closed[-1].end() if closed else 0 : last.start()].strip()
    return lead if len(lead) > LONG and closed else None


def _inside_tags(answer: str) -> str:
    """`<answer>…</answer>`: what the last of them holds, where it holds anything."""
    tagged = [each["text"].strip() for each in _ANSWER.finditer(answer)]
    return next((text for text in reversed(tagged) if text), answer)
