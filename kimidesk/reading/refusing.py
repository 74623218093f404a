"""Whether an answer is a refusal, in words: English and Chinese, conservative."""

import re

SHORT = 600  # characters; a longer answer that begins so goes on to answer
_CANNOT = r"i (?:can(?:no|')?t|am (?:not able|unable)|won't)"
_REFUSES = re.compile(
    rf"\s*(?:i(?:'m| am) (?:very |really )?sorry[,.]?\s*(?:but )?{_CANNOT}"
    rf"|sorry, (?:but )?{_CANNOT}|{_CANNOT} (?:help|assist|answer|comply|provide)"
    r"|(?:很)?(?:抱歉|对不起)[，,。]?\s*(?:但)?我(?:不能|无法|没有办法)|我(?:不能|无法)(?:回答|提供|协助|帮助))",
    re.IGNORECASE,
)


def refuses(answer: str) -> bool:
    """Whether it says that it will not answer, and nothing much besides."""
    return len(answer) <= SHORT and bool(_REFUSES.match(answer)) and "\\boxed" not in answer
