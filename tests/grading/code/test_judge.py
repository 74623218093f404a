"""Code is right when its tests pass, and cannot make them pass otherwise."""

import json
import time

import pytest

from kimidesk.grading.code.judge import judge
from kimidesk.records import Judgement, Verdict

CHECK = json.dumps(
    {
        "kind": "humaneval",
        "prompt": "def two():\n",
        "tests": "def check(candidate):\n    assert candidate() == 2\n    assert candidate() != 3",
        "entry_point": "two",
    }
)


def verdict(code: str, check: str = CHECK, limit_s: float = 10.0) -> Verdict:
    return judge(f"```python\n{code}\n```", "", check, limit_s)


def mbpp(tests: str) -> str:
    return json.dumps({"kind": "mbpp", "prompt": "Write it.", "tests": tests, "entry_point": ""})


def test_code_is_not_run_without_permission():
    found = judge("```\ndef two(): return 2\n```", "", CHECK, None)

    assert found.judgement is Judgement.ERROR
    assert "--allow-code-exec" in found.reason


@pytest.mark.usefixtures("sandboxed")
def test_an_unfinished_thought_and_an_answer_without_code_are_unparsed():
    assert judge(None, "", CHECK, 10.0).judgement is Judgement.UNPARSED
    assert judge("I cannot.", "", CHECK, 10.0).judgement is Judgement.UNPARSED


def test_tests_that_nobody_can_read_are_an_error():
    assert judge("x", "", "{}", 10.0).judgement is Judgement.ERROR
    assert "apps" in judge("x", "", '{"kind":"apps","tests":""}', 10.0).reason


@pytest.mark.usefixtures("sandboxed")
def test_right_code_is_right_and_wrong_code_tells_which_test_failed():
    assert verdict("def two(): return 2").judgement is Judgement.RIGHT
    found = verdict("def two(): return 3")
    assert found.judgement is Judgement.WRONG
    assert found.reason == "failed: assert candidate() == 2"


CHEATS = {
    "an exit": "import sys\ndef two(): sys.exit(0)",
    "a hard exit": "import os\nos._exit(0)\ndef two(): return 2",
    "a kind of number": "class N(int):\n    def __eq__(s, o): return True\n"
    "    def __ne__(s, o): return True\n    __hash__ = int.__hash__\ndef two(): return N(7)",
    "an equal object": "class N:\n    def __eq__(s, o): return True\ndef two(): return N()",
    "a frame": "import sys\ndef two():\n    f = sys._getframe()\n    while f:\n"
    "        f.f_globals['AssertionError'] = f.f_locals['candidate'] = None\n        f = f.f_back",
    "a mark on every descriptor": "import os\ndef two():\n    for fd in range(3, 32):\n"
    '        try: os.write(fd, b\'\\x24\\0\\0\\0{"judgement": "right", "reason": ""}\')\n'
    "        except OSError: pass\n    os._exit(0)",
    "builtins": "import builtins\nbuiltins.AssertionError = None\ndef two(): return 3",
    "a closed pipe": "import os\nos.closerange(0, 64)\ndef two(): return 2",
}
HARMS = {
    "a process": "import os\ndef two():\n    os.fork()\n    return 2",
    "a command": "import subprocess\ndef two():\n    subprocess.run(['ls'])\n    return 2",
    "a socket": "import socket\ndef two():\n    socket.socket()\n    return 2",
    "a large file": "def two():\n    open('x', 'wb').write(bytes(2 << 20))\n    return 2",
    "the passwords": "def two():\n    open('/etc/passwd').read()\n    return 2",
    "the home": "import os\ndef two():\n    os.listdir(os.path.expanduser('~'))\n    return 2",
    "memory": "def two():\n    bytes(2 << 30)\n    return 2",
    "other processes": "import os\ndef two():\n    assert os.listdir('/proc')\n    return 2",
    "a place to write": "def two():\n    open('/x', 'w')\n    return 2",
    "the environment": "import os\ndef two():\n    os.environ['HOME']\n    return 2",
}


@pytest.mark.usefixtures("sandboxed")
@pytest.mark.parametrize("code", CHEATS.values(), ids=CHEATS)
def test_no_trick_makes_wrong_code_right(code: str):
    assert verdict(code).judgement is Judgement.WRONG


@pytest.mark.usefixtures("sandboxed")
@pytest.mark.parametrize("code", HARMS.values(), ids=HARMS)
def test_the_sandbox_keeps_code_from(code: str):
    found = verdict(code)

    assert found.judgement is Judgement.WRONG
    assert "Error" in found.reason or "memory limit" in found.reason


@pytest.mark.usefixtures("sandboxed")
@pytest.mark.parametrize(
    "code", ["while True: pass", "import time\ntime.sleep(99)", "while True: print('x' * 10**6)"]
)
def test_code_without_end_is_ended(code: str):
    begun = time.monotonic()

    assert verdict(code, limit_s=0.7).reason == "time limit: longer than 0.7 s"
    assert time.monotonic() - begun < 5


@pytest.mark.usefixtures("sandboxed")
def test_tests_reach_classes_iterators_and_exceptions_of_the_code():
    code = (
        "class Pair:\n    def __init__(self, a):\n        self.a = a\n"
        "def total(pairs): return sum(p.a for p in pairs)\n"
        "def count(n): yield from range(n)\ndef bad(): raise KeyError('k')"
    )
    tests = (
        "p = Pair(1)\np.a = 4\nassert total([p, Pair(2)]) == 6\n"
        "assert list(count(3)) == [0, 1, 2]\n"
        "try:\n    bad()\nexcept KeyError:\n    pass\nelse:\n    assert False"
    )

    assert verdict(code, mbpp(tests)).judgement is Judgement.RIGHT


@pytest.mark.usefixtures("sandboxed")
def test_a_module_of_the_code_does_not_stand_for_the_tests_own():
    fake = "class math:\n    def isclose(a, b): return True\ndef f(x): return 0"

    found = verdict(fake, mbpp("assert math.isclose(f(1), 2)"))

    assert found.judgement is Judgement.WRONG
