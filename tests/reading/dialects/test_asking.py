"""Asking a checkpoint to think, or not to."""

import pytest

from kimidesk.reading.dialects import Sheet, Switch, asking, opens_in
from kimidesk.records import Message

ASK = (Message("user", "2+2?"),)
FLAG = Sheet("t", ("<t>",), ("</t>",), switch=Switch("kwarg", "think", True, False), on=True)
EFFORT = Sheet("t", ("<t>",), ("</t>",), switch=Switch("kwarg", "effort", "high", None), on=True)


@pytest.mark.parametrize(
    ("sheet", "thinking", "switches"),
    [
        (FLAG, None, {"think": True}),
        (FLAG, True, {"think": True}),
        (FLAG, False, {"think": False}),
        (EFFORT, None, {}),
        (EFFORT, True, {"effort": "high"}),
        (EFFORT, False, {}),
        (Sheet(), True, {}),
    ],
)
def test_a_switch_is_given_to_the_template(sheet, thinking, switches):
    assert asking(sheet, ASK, thinking) == (ASK, switches)


def test_words_go_into_the_message_that_holds_them():
    system = Sheet(switch=Switch("text", "system", "/on", "/off"))
    user = Sheet(switch=Switch("text", "user", "/on", "/off"))

    assert asking(system, ASK, False)[0] == (Message("system", "/off"), *ASK)
    told = asking(system, (Message("system", "Be brief."), *ASK), True)[0]
    assert told[0].content == "Be brief. /on"
    assert asking(user, ASK, False)[0] == (Message("user", "2+2? /off"),)
    assert asking(user, ASK, None)[0] == ASK


def test_words_that_do_not_exist_are_not_said():
    sheet = Sheet(switch=Switch("text", "system", "Think.", None))

    assert asking(sheet, ASK, False)[0] == ASK


def test_the_prompt_tells_whether_the_thought_is_open():
    assert opens_in("user: hi\nassistant: <t>\n", FLAG)
    assert not opens_in("assistant: <t>\n\n</t>\n\n", FLAG)
    assert not opens_in("say <t> to me\nassistant:", FLAG)
