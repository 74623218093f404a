"""The program is found in what a checkpoint wrote."""

from kimidesk.grading.code.extract import Check, program

ADD = Check(
    "humaneval",
    "def check(candidate):\n    assert candidate(1, 2) == 3",
    'import math\n\ndef add(a, b):\n    """加起来。"""\n',
    "add",
)
MBPP = Check("mbpp", "assert add(1, 2) == 3\nassert math.isclose(add(0.1, 0.2), 0.3)")
DEFINES = "def add(a, b):\n    return a + b"


def added(code: str | None) -> object:
    assert code is not None
    scope: dict[str, object] = {}
    exec(code, scope)
    add = scope["add"]
    assert callable(add)
    return add(1, 2)


def test_the_last_fence_that_defines_the_function_counts():
    wrong = "def add(a, b):\n    return a - b"
    fences = (f"```python\n{code}\n```" for code in (wrong, DEFINES, "add(1, 2)"))
    text = "先试:\n{}\n改:\n{}\n用法:\n{}".format(*fences)

    assert added(program(text, ADD)) == 3
    assert added(program(text, MBPP)) == 3


def test_a_fence_that_was_never_closed_gives_way_to_one_that_was():
    text = f"```python\n{DEFINES}\n```\nor\n```python\ndef add(a, b):\n    return 0"

    assert added(program(text, ADD)) == 3


def test_a_fence_in_a_list_and_one_of_tildes_are_fences():
    assert (
        added(program("1. so:\n   ```py\n   def add(a, b):\n       return a + b\n   ```", ADD)) == 3
    )
    assert added(program(f"~~~\n{DEFINES}\n~~~", ADD)) == 3


def test_bare_code_and_bodies_are_programs_too():
    assert added(program(f"Here it is:\n{DEFINES}\n\nThat is all of it.", ADD)) == 3
    assert added(program("    return a + b\n\nThat is all of it.", ADD)) == 3
    assert added(program("```python\nreturn a + b\n```", ADD)) == 3
    assert added(program("c = a + b\n    return c", ADD)) == 3


def test_prose_is_no_program():
    assert program("I do not know.", ADD) is None
    assert program("", MBPP) is None


def test_the_code_gives_the_tests_its_functions_and_no_modules():
    assert MBPP.names == ["add"]
    assert Check("mbpp", "assert sum(10, 15) == 6").names == ["sum"]
    assert Check("mbpp", "assert set(f(1)) == set([1])").names == ["f"]
