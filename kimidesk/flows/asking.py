"""How a problem is put to a checkpoint: the same words in the window, in a batch, in training."""

import hashlib

from kimidesk.records import Message, Problem

STEP_BY_STEP = "Please reason step by step, and put your final answer within \\boxed{}."
STEP_BY_STEP_ZH = "请逐步推理，并把最终答案放在 \\boxed{} 中。"


def instruction_for(text: str) -> str:
    """The usual instruction, in the language of the problem."""
    return STEP_BY_STEP_ZH if is_chinese(text) else STEP_BY_STEP


def is_chinese(text: str) -> bool:
    """Whether a tenth or more of the characters are Chinese: formulas and names leave the rest."""
    han = sum("\u4e00" <= character <= "\u9fff" for character in text)
    return han * 10 >= max(len(text), 1)


def messages_for(problem: Problem, instruction: str | None = None) -> tuple[Message, ...]:
    """One user turn; `instruction` None takes the usual one, "" adds none."""
    words = instruction_for(problem.text) if instruction is None else instruction
    text = f"{problem.text}\n\n{words}" if words else problem.text
    return (Message("user", text, problem.images),)


def sample_seed(run_seed: int, problem: Problem, repeat: int) -> int:
    """A seed of 63 bits that depends on nothing but these three, so that any order of samples,
    and any number of restarts, draws the same."""
    key = f"{run_seed}/{problem.number}/{problem.id}/{repeat}".encode()
    return int.from_bytes(hashlib.blake2b(key, digest_size=8).digest(), "little") >> 1
