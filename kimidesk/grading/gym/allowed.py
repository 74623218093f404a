"""The tasks of reasoning-gym that are judged here, by the form of their answers.

Of version 0.1.25 their questions, expected answers and graders were looked at; a few have their
expected answers computed again by tests/store/test_gym.py, the others are trusted.
"""

from difflib import get_close_matches
from enum import StrEnum

from kimidesk.errors import BadData


class Form(StrEnum):
    """What an answer is, and so how it is compared."""

    NUMBER = "number"  # by value
    TEXT = "text"  # character by character, but for blanks at its ends
    CASELESS = "caseless"  # likewise, capitals or not
    TRUTH = "truth"  # True or False
    NUMBERS = "numbers"  # by value, in their order; a grid is read row by row
    WORDS = "words"  # with commas between them, in their order
    LOWEST_TERMS = "lowest terms"  # a fraction that cannot be reduced
    FACTORS = "factors"  # primes, in any order
    EXPRESSION = "expression"  # of given numbers, each of them once, worth a target
    PALINDROME = "palindrome"  # of given letters, all of them


ALLOWED = {
    "base_conversion": Form.CASELESS,
    "basic_arithmetic": Form.NUMBER,
    "binary_alternation": Form.NUMBER,
    "caesar_cipher": Form.CASELESS,
    "chain_sum": Form.NUMBER,
    "color_cube_rotation": Form.CASELESS,
    "count_bits": Form.NUMBER,
    "count_primes": Form.NUMBER,
    "countdown": Form.EXPRESSION,
    "course_schedule": Form.TRUTH,
    "decimal_chain_sum": Form.NUMBER,
    "dice": Form.LOWEST_TERMS,
    "fraction_simplification": Form.LOWEST_TERMS,
    "gcd": Form.NUMBER,
    "isomorphic_strings": Form.TRUTH,
    "largest_island": Form.NUMBER,
    "lcm": Form.NUMBER,
    "leg_counting": Form.NUMBER,
    "letter_counting": Form.NUMBER,
    "maze": Form.NUMBER,
    "needle_haystack": Form.CASELESS,
    "number_filtering": Form.NUMBERS,
    "number_sorting": Form.NUMBERS,
    "palindrome_generation": Form.PALINDROME,
    "prime_factorization": Form.FACTORS,
    "products": Form.NUMBER,
    "ransom_note": Form.TRUTH,
    "rotate_matrix": Form.NUMBERS,
    "rotten_oranges": Form.NUMBER,
    "simple_equations": Form.NUMBER,
    "spell_backward": Form.CASELESS,
    "spiral_matrix": Form.NUMBERS,
    "string_insertion": Form.TEXT,
    "string_manipulation": Form.TEXT,
    "word_sequence_reversal": Form.WORDS,
    "word_sorting": Form.WORDS,
}

_TWO_ANSWERS = "its questions have more than one right answer, and one is expected"
_EVALUATES = "whether an answer is right can be told only by evaluating what a model wrote"
REFUSED = {
    "aiw": _TWO_ANSWERS,
    "family_relationships": "some expected answers name the relation the wrong way round",
    "game_of_life_halting": "its grader is content with any answer",
    "number_sequence": _TWO_ANSWERS,
    "puzzle24": "its grader does not look at which numbers were used",
    "syllogism": "it takes for granted that every kind named has members, and does not say so",
    "intermediate_integration": _EVALUATES,
    "polynomial_multiplication": _EVALUATES,
    "simple_integration": _EVALUATES,
}
NOT_READ = "nobody has checked its expected answers and their grading yet"


def form_of(task: str) -> Form:
    """How answers to a task are compared; raises BadData that lists the allowed ones."""
    if task in ALLOWED:
        return ALLOWED[task]
    near = get_close_matches(task, ALLOWED, 1)
    meant = f"Did you mean {near[0]}? " if near and task not in REFUSED else ""
    raise BadData(
        f"problems of {task!r} are not judged here: {REFUSED.get(task, NOT_READ)}",
        hint=f"{meant}Allowed are {', '.join(ALLOWED)}.",
    )
