"""The transcript knows where each token ends, also inside characters."""

from hypothesis import given
from hypothesis import strategies as st

from kimidesk.reading import Transcript


def test_a_split_character_belongs_to_the_token_that_completes_it():
    transcript = Transcript()

    transcript.append([0, 1, 2], {0: b"a\xe4\xbd", 1: b"\xa0", 2: b"!"})

    assert transcript.text == "a你!"
    assert [transcript.token_text(i) for i in range(3)] == ["a", "你", "!"]
    assert transcript.upto(1) == "a"


@given(st.text(), st.data())
def test_any_cut_of_the_bytes_gives_the_same_text(text: str, data: st.DataObject):
    raw = text.encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(raw)), max_size=6)))
    pieces = [raw[a:b] for a, b in zip([0, *cuts], [*cuts, len(raw)], strict=True)]
    transcript = Transcript()

    for index, piece in enumerate(pieces):
        transcript.append([index], {index: piece})

    assert transcript.text == text
    assert list(transcript.ends) == sorted(transcript.ends)
    assert "".join(transcript.token_text(i) for i in range(len(pieces))) == text
