"""What llama.cpp asks between two operations, whether to stop."""

from kimidesk.engines.llamacpp.stopping import ASK, NEVER, Flag


def test_c_sees_a_flag_as_it_stands():
    flag = Flag()
    assert not ASK(flag.address)
    assert not flag.raised

    flag.lift()
    assert ASK(flag.address)
    assert flag.raised
    assert not ASK(NEVER.address)

    flag.lower()
    assert not ASK(flag.address)
    assert not flag.raised
