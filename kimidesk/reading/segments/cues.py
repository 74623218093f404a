"""Words that tell what a sentence does: the floor of the segmenter, and features of its model.

The English ones are those of the literature (Thought Anchors, Venhoff et al., ReasoningFlow; how
precise each is there stands in the papers) and of what people wrote under traces of QwQ. The
Chinese ones are ours (`chinese.py`).
"""

import re
from functools import cache

from kimidesk.reading.segments import chinese
from kimidesk.records import Kind, Subtype

_ENGLISH = {
    Kind.RESTATE: r"(?:okay|alright|so),? (?:so )?i(?:'ve got| have)|to figure out|this problem"
    r"|the (?:question|problem) (?:is asking|asks|says|states|gives)|i need to find|we are given"
    r"|given that|i'm looking for|the goal is",
    Kind.PLAN: r"now,? (?:i|we) need|need to find|let me (?:try|think|see|consider|start)|^first"
    r"|^next|^i should|i'll |let's (?:try|see|consider|start|think|set|go)|i can (?:try|use)"
    r"|(?:maybe|perhaps) (?:i|we) (?:can|should|could)|another (?:approach|way)|step \d|:$",
    Kind.RECALL: r"i (?:remember|know that|recall)|recall that|is defined as|theorem|formula"
    r"|by definition|known that|is called|identity",
    Kind.DERIVE: r"=|substitut|simplif|multipl|divid|subtract|^so\b|which (?:is|gives|equals)",
    Kind.EXPLORE: r"for (?:example|instance)|\bassum(?:e|ing)\b|suppos(?:e|ing)|^if |\bcase \d"
    r"|\btry(?:ing)? \w+ ?=|what if|let's say",
    Kind.VERIFY: r"that's correct|(?:verify|check|confirm)|double[- ]check|checks? out|make sure"
    r"|plug(?:ging)? (?:it |them )?back|matches|consistent|that seems (?:right|correct)"
    r"|makes sense|looks good|seems? solid",
    Kind.BACKTRACK: r"\bwait\b|i made a mistake|this fails|contradict|alternatively|hold on"
    r"|another thought|that's not|^no,|differently|that's wrong",
    Kind.UNCERTAIN: r"not (?:sure|entirely|certain)|if that's the|confus|^hmm|\?$|\bmight\b"
    r"|\bmaybe\b|\bperhaps\b|i wonder|is that (?:right|always)",
    Kind.CONCLUDE: r"^(?:therefore|thus|hence)|^so,? (?:the|in total|that|it)|in total|overall"
    r"|putting (?:it|this) (?:all )?together|in conclusion|to summarize",
    Kind.ANSWER: r"\\boxed|final answer|answer:|the answer is|correct (?:option|answer|choice)",
}
STRONG_EXPLORE = re.compile(
    r"^(?:now,? |so,? |first,? |then,? )?(?:suppose|assume|let's (?:suppose|assume|say)"
    r"|for example|for instance|case \d|what if"
    r"|let me (?:test|try) (?:with |some )?(?:small|specific|a few|n ?=))"
    r"|^(?:假设|例如|比如|情况[一二三四1-9]|当 ?n ?= ?\d)"
)
ERROR = re.compile(
    r"wait,? (?:no|that)|mistake|that's (?:wrong|not right|not correct)|this fails|contradict"
    r"|incorrect|^no,|不对|算错|矛盾|犯了错|错误的|有问题"
)
SWITCH = re.compile(
    r"alternatively|another (?:way|approach|thought|method|idea)|wait,? another|differently"
    r"|instead|另一种|换个思路|或者可以"
)
DOUBT = re.compile(r"not (?:sure|entirely|certain)|^hmm|\?$|confus|不确定|好像|似乎|[？?]$")


@cache
def _compiled() -> dict[Kind, re.Pattern[str]]:
    return {kind: re.compile(f"{_ENGLISH[kind]}|{chinese.WORDS[kind]}") for kind in Kind}


def cues(sentence: str) -> list[Kind]:
    """The kinds whose words stand in a sentence, which is lower case with plain apostrophes."""
    return [kind for kind, pattern in _compiled().items() if pattern.search(sentence)]


_ORDER = (
    Kind.ANSWER, Kind.BACKTRACK, Kind.VERIFY, Kind.UNCERTAIN, Kind.RECALL, Kind.RESTATE,
    Kind.EXPLORE, Kind.PLAN, Kind.CONCLUDE, Kind.DERIVE,
)  # fmt: skip


def by_rules(sentence: str) -> Kind:
    """The kind by words alone: what is rarer and surer first, `derive` where none speaks."""
    found = cues(sentence)
    return next((kind for kind in _ORDER if kind in found), Kind.DERIVE)


def doubt_of(sentence: str) -> Kind:
    """Whether a sentence that doubts leaves the line of thought, or only doubts."""
    if ERROR.search(sentence) or SWITCH.search(sentence):
        return Kind.BACKTRACK
    if DOUBT.search(sentence):
        return Kind.UNCERTAIN
    return Kind.BACKTRACK if Kind.BACKTRACK in cues(sentence) else Kind.UNCERTAIN


def subtype_of(sentence: str) -> Subtype | None:
    """How a sentence that turns back does so; None where its words do not tell.

    A sentence that admits an error and names another way ("that's wrong, let's try another
    approach") admits an error: the other way follows from it.
    """
    if ERROR.search(sentence):
        return Subtype.ERROR
    return Subtype.SWITCH if SWITCH.search(sentence) else None
