"""How a problem is put to a checkpoint: the same words in the window, in a batch, in training."""

import hashlib

from kimidesk.records import Message, Problem, Task

STEP_BY_STEP = "Please reason step by step, and put your final answer within \\boxed{}."
STEP_BY_STEP_ZH = "请逐步推理，并把最终答案放在 \\boxed{} 中。"


LETTER = "Please reason step by step, and put the letter of the right option within \\boxed{}."
LETTER_ZH = "请逐步推理，并把正确选项的字母放在 \\boxed{} 中。"
PROGRAM = "Write the whole function, with the imports that it needs, in one block ```python … ```."
ANSWER = "Please reason step by step, and put your final answer within <answer> </answer>."


def instruction_for(text: str, task: Task = Task.MATH) -> str:
    """The usual instruction for a task, in the language of the problem."""
    match task:
        case Task.MATH:
            return STEP_BY_STEP_ZH if is_chinese(text) else STEP_BY_STEP
        case Task.CHOICE:
            return LETTER_ZH if is_chinese(text) else LETTER
        case Task.CODE:
            return PROGRAM
        case Task.GYM:
            return ANSWER


def is_chinese(text: str) -> bool:
    """Whether a tenth or more of the characters are Chinese: formulas and names leave the rest."""
    han = sum("\u4e00" <= character <= "\u9fff" for character in text)
    return han * 10 >= max(len(text), 1)


def messages_for(problem: Problem, instruction: str | None = None) -> tuple[Message, ...]:
    """One user turn; `instruction` None takes the usual one, "" adds none."""
    words = instruction_for(problem.text, problem.task) if instruction is None else instruction
    text = f"{problem.text}\n\n{words}" if words else problem.text
    return (Message("user", text, problem.images),)


def sample_seed(run_seed: int, problem: Problem, repeat: int) -> int:
    """A seed of 63 bits that depends on nothing but these three, so that any order of samples,
    and any number of restarts, draws the same."""
    key = f"{run_seed}/{problem.number}/{problem.id}/{repeat}".encode()
    return int.from_bytes(hashlib.blake2b(key, digest_size=8).digest(), "little") >> 1
