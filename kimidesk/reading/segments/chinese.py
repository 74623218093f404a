"""What a Chinese sentence does, by its words and by what stands before it.

No model has learnt this: there is no labelled corpus of Chinese thoughts. The rules were written
with half of some traces in sight that one of us labelled before; how they do on the other half
stands in `benchmarks/RESULTS.md`. They are asked from front to back, so a name stays while a text
grows.
"""

import re
from functools import cache

from kimidesk.records import Kind

WORDS = {
    Kind.ANSWER: r"最终答案|答案(?:是|为|应该)|正确(?:的)?答案|\\boxed",
    Kind.BACKTRACK: "^(?:不过，?|但是?，?)?(?:啊，|哎|等等|等一下，?(?!有没有)|不对)"
    "|(?<!计)算错|矛盾|犯了.{0,4}错|(?:我|之前|前面|上面).{0,10}(?:错了|有误|有问题|搞错)"
    "|另一种(?:方法|思路|做法|方式)|换(?:个|一个|一种)(?:思路|方法|角度|方式)|再想想"
    "|有没有(?:其他|别的|更好)的?(?:方式|方法|思路|办法)|^那?回到"
    "|^或者，?(?:也|还)?(?:可以|是否可以|考虑|能不能)|行不通|不现实",
    Kind.VERIFY: "验证|检验|核对|再(?:仔细)?(?:计?算|看|检查|核)|重新(?:检查|算)|检查一"
    "|检查.{0,6}(?:步骤|思路|计算|过程)|确保(?:没有|我|计算|结果)|没错|^是的|(?<!不)是对的|(?<!不)[是都]正确"
    "|步骤正确|没有问题|这样.{0,2}应该可以|可行。?$|相符|一致|成立",
    Kind.UNCERTAIN: "不确定|好像|似乎|会不会|是不是|奇怪|不太清楚|可能有些|有没有可能"
    "|^(?!.*(?:所以|因为|=)).*[？?]$",
    Kind.RECALL: "记得|我们?知道|众所周知|根据.{0,12}(?:定理|公式|定义|规则)|定义(?:是|为)"
    "|公式(?:是|为)|通常|一般来说|一般情况|传统的|^原来",
    Kind.RESTATE: "题目(?:是(?!否)|说|要|中|里|给|让)|已知|用户(?:问|给|想|要)|题意"
    "|要求(?:我们|的是)|问的是|现在问",
    Kind.EXPLORE: "^(?:不过，?|但，?)?(?:或者)?，?(?:例如|比如|假设|假如|如果|情况[一二三四1-9]"
    r"|试一下|举个例子|当 ?[a-z] ?= ?\d)|^或者.*(?:=|不够|不行|不对|没用)",
    Kind.PLAN: "^(?:那么?|首先|其次|然后|接着|接下来|现在|最后|所以|这时|不过)?，?我们?"
    "(?:还|也|就|先)?(?:需要|得|应该|要|可以|想|打算)|让我|接下来"
    "|^(?:首先|接着|然后|最后|现在)，?先?(?:计算|算|求|看|考虑|处理|确定)|做法(?:应该)?是"
    "|下一步|思路|设.{1,8}为|先.{0,12}再|(?:可能)?需要(?:一步|结合|先|设计)"
    "|步骤(?:如下|可能)|尝试",
    Kind.CONCLUDE: "^(?:因此|综上|总之|总的来说|总结|总体|由此|这样一来|这样，|这样就)|结果是|结论"
    "|^现在，?我?们?(?:有了|知道了|得到了)|^所以，?(?:正确|答案|结果|总共|一共)",
    Kind.DERIVE: "=|所以|代入|化简|计算|由于|因为|得到|等于",
}
_ORDER = (
    Kind.ANSWER, Kind.BACKTRACK, Kind.VERIFY, Kind.EXPLORE, Kind.RESTATE, Kind.UNCERTAIN,
    Kind.RECALL, Kind.CONCLUDE, Kind.PLAN,
)  # fmt: skip
_HAN = re.compile("[\u4e00-\u9fff]")
_WORD = re.compile(r"(?<![\\a-z])[a-z]{2,}")
_SUM = re.compile(r"\d ?= ?|= ?\d")
_ITEM = re.compile(r"[-*•]\s|\d{1,2}[.)、]")
_FAILED = re.compile("不够|不行|不对|没用|超过|太大|太小")
_ANNOUNCED = re.compile("让我|需要|再|[：:]$")  # a check that comes in the next paragraph


def is_chinese(sentence: str, *, after: bool = False) -> bool:
    """Whether a sentence is Chinese: most of it is, or, `after` one that is, no other tongue.

    A formula, or a name with one Chinese character beside it, is of the language around it.
    """
    count = len(_HAN.findall(sentence))
    return count * 3 > len(sentence) or (after and (count > 0 or not _WORD.search(sentence)))


@cache
def _compiled() -> dict[Kind, re.Pattern[str]]:
    return {kind: re.compile(WORDS[kind]) for kind in _ORDER}


def kind_of(sentence: str, before: tuple[str, Kind] | None, *, first: bool) -> Kind:
    """The kind of a sentence (lower case) behind another with its kind; `first` of a paragraph.

    A thought begins with its question. An item of a list does what the list is announced to do, and
    a reckoning in a check or a trial belongs to it.
    """
    own = next((kind for kind, found in _compiled().items() if found.search(sentence)), None)
    if own is Kind.PLAN and _SUM.search(sentence):
        own = None  # what is announced is done in the same breath
    if before is None:
        return Kind.RESTATE if own in (None, Kind.UNCERTAIN, Kind.PLAN) else own
    said, kind = before
    if _ITEM.match(sentence) and (said[-1] in "：:" or _ITEM.match(said)):
        return kind
    if own is None and _goes_on(sentence, said, kind, first=first):
        return kind
    return own or Kind.DERIVE


def _goes_on(sentence: str, said: str, kind: Kind, *, first: bool) -> bool:
    """Whether it belongs to the check or the trial before it."""
    if kind is Kind.VERIFY:
        return not first or bool(_ANNOUNCED.search(said))
    return kind is Kind.EXPLORE and not first and bool(_FAILED.search(sentence))
