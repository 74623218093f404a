"""Hidden states cross the wall in frames that they fit into."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from kimidesk.engines.protocol import Revealed
from kimidesk.engines.scripted import Scripted
from kimidesk.errors import Refused
from kimidesk.flows import Hidden
from kimidesk.records import Attempt, Given
from kimidesk.wire.frames import encode, event_reader
from kimidesk.wire.messages import OpenCheckpoint, Reveal
from kimidesk.worker import revealing
from kimidesk.worker.revealing import revealed

ATTEMPT = Attempt("t", (), given=Given("abc"))


def idle() -> None:
    """Nobody watches."""


@pytest.fixture
def scripted(tmp_path: Path) -> Scripted:
    path = tmp_path / "script.json"
    path.write_text(json.dumps({"recitations": [{"text": "4"}]}))
    return Scripted(path, OpenCheckpoint(f"scripted:{path}"))


class Glass(Scripted):
    """A recital that shows 1,000 tokens of 3 layers, 64 wide."""

    states = np.random.default_rng(1).normal(size=(3, 1000, 64)).astype(np.float32)

    def reveal(
        self, attempt: Attempt, layers: Sequence[int], alive: Callable[[], object]
    ) -> Revealed:
        by_layer = {layer: self.states[number] for number, layer in enumerate(layers)}
        return Revealed(tuple(range(1000)), 7, by_layer)


@pytest.fixture
def glass(scripted: Scripted, tmp_path: Path) -> Glass:
    path = tmp_path / "script.json"
    return Glass(path, OpenCheckpoint(f"scripted:{path}"))


@pytest.mark.parametrize(("chunk", "frames"), [(1, 1000), (1 << 16, 12), (1 << 30, 1)])
def test_states_come_whole_whatever_a_frame_holds(
    glass: Glass, chunk: int, frames: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(revealing, "CHUNK_BYTES", chunk)
    flow, reader = Hidden(ATTEMPT, (4, 0, 2)), event_reader()
    (asked,) = flow.start()
    assert isinstance(asked, Reveal)

    sent = [encode(event) for event in revealed(glass, asked, idle)]
    for event in reader.feed(b"".join(sent)):
        assert not flow.done
        assert flow.on(event) == []

    assert len(sent) == 1 + frames
    assert flow.done
    assert (flow.layers, flow.prompt, len(flow.ids)) == ((4, 0, 2), 7, 1000)
    np.testing.assert_array_equal(flow.states, Glass.states.transpose(1, 0, 2))


def test_what_float16_does_not_reach_is_refused(glass: Glass, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Glass, "states", Glass.states * 1e6)

    with pytest.raises(Refused, match=r"layer 1 reaches .* float16 ends at 65,504"):
        list(revealed(glass, Reveal(ATTEMPT, (1,), "float16"), idle))


def test_an_engine_without_hidden_states_says_who_has_them(scripted: Scripted):
    with pytest.raises(Refused, match="tells no hidden states") as caught:
        list(revealed(scripted, Reveal(ATTEMPT, (0,)), idle))
    assert "PyTorch" in caught.value.hint
