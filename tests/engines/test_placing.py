"""Where layers go, and what is done where a card refuses them."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimidesk.checkpoints import fit
from kimidesk.checkpoints.describe import describe
from kimidesk.checkpoints.offload import RESERVE, layers_that_fit, moved_bytes
from kimidesk.engines.llamacpp.library import Card, Log
from kimidesk.engines.llamacpp.placing import (
    CardFull,
    Fitting,
    Placing,
    opened,
    refused_by_card,
)
from kimidesk.errors import ModelError, TooLarge
from kimidesk.settings import ALL_LAYERS, AUTO_LAYERS
from kimidesk.wire.messages import OpenCheckpoint
from tests.engines.tiny import write_tiny

pytestmark = pytest.mark.model
LARGE = Card("CUDA0", 64 << 30, own=True)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny(tmp_path_factory.mktemp("placing") / "llama.gguf", "llama")


def place(tiny: Path, found: list[Card], **options: object) -> Placing:
    asked = OpenCheckpoint(str(tiny), context=512, **options)  # type: ignore[arg-type]
    told = describe(tiny)
    fitting = Fitting(told, asked, 512)
    placed = fitting.placed(found)
    fitting.check_machine(placed)
    return placed


@given(st.lists(st.integers(0, 40), min_size=1, max_size=4), st.data())
def test_fewer_layers_are_taken_from_all_cards_alike(shares, data):
    placed = Placing(sum(shares), 200, tuple(shares), draft=(3,), projector=True)
    layers = data.draw(st.integers(0, placed.layers))

    fewer = placed.lessened(layers)

    assert fewer.layers == layers
    assert fewer.refused == placed.layers
    if layers:
        assert sum(fewer.shares) == layers
        assert all(less <= share + 1 for less, share in zip(fewer.shares, shares, strict=True))
    else:
        assert (fewer.shares, fewer.draft, fewer.projector) == ((), (), False)


OPENING = """
import psutil, resource, sys
from pathlib import Path
from kimidesk.engines.llamacpp.context import Context
from kimidesk.engines.llamacpp.placing import CardFull, Placing, opened
from kimidesk.engines.llamacpp.weights import Weights
from kimidesk.errors import TooLarge

weights = Weights(Path(sys.argv[1]), 0)
Context(weights, 256, 1, 1).close()
most = psutil.Process().memory_info().vms + (160 << 20)
resource.setrlimit(resource.RLIMIT_AS, (most, most))
tried = []

def attempt(placed):
    tried.append(placed.layers)
    try:  # 10 MiB of keys and values for each layer that is to be there
        return Context(weights, 256 * 20 * max(placed.layers, 1), 1, 1)
    except TooLarge as error:
        raise CardFull(error.what) from error

context, placed = opened(Placing(32, 33, (32,)), attempt)
print(tried, placed.layers, placed.refused, context.cells == 256 * 20 * placed.layers)
"""


def test_an_eighth_fewer_layers_are_tried_until_memory_suffices(tiny):
    done = subprocess.run(
        [sys.executable, "-c", OPENING, str(tiny)], capture_output=True, text=True, check=False
    )

    assert done.stdout.startswith("[32, 28, "), done.stderr
    tried, rest = done.stdout.split("]")
    layers, refused, whole = rest.split()
    assert tried.endswith(f", {layers}")
    assert 0 < int(layers) < 32
    assert (refused, whole) == ("32", "True")


def test_what_never_fits_is_told_at_last_and_what_was_chosen_at_once():
    tried: list[int] = []

    def attempt(placed: Placing) -> None:
        tried.append(placed.layers)
        raise CardFull("no memory")

    with pytest.raises(CardFull):
        opened(Placing(20, 21, (20,)), attempt)
    assert tried == [20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0]

    tried.clear()
    with pytest.raises(CardFull):
        opened(Placing(20, 21, (20,), chosen=True), attempt)
    assert tried == [20]


def test_other_errors_than_a_full_card_are_not_tried_again():
    def attempt(placed: Placing) -> None:
        raise TooLarge("no memory of the machine")

    with pytest.raises(TooLarge, match="of the machine"):
        opened(Placing(20, 21, (20,)), attempt)


@pytest.mark.parametrize(
    ("line", "full"),
    [
        ("alloc_tensor_range: failed to allocate CUDA0 buffer of size 4096", True),
        ("llama_model_load: error loading model: unable to allocate CUDA0 buffer", True),
        ("alloc_tensor_range: failed to allocate CPU buffer of size 4096", False),
        ("ggml_cuda_host_malloc: failed to allocate 2.00 MiB of pinned memory", False),
    ],
)
def test_a_full_card_is_told_from_a_full_machine(line, full):
    log = Log()
    log.take(1, f"{line}\n")

    assert refused_by_card(log, [LARGE]) is full
    assert not refused_by_card(log, [])


def test_all_none_a_number_or_as_many_as_fit(tiny):
    def layers(asked: int, found: list[Card]) -> int:
        return place(tiny, found, gpu_layers=asked).layers

    assert [layers(asked, [LARGE]) for asked in (AUTO_LAYERS, ALL_LAYERS, 0, 2, 99)] == [
        5,
        5,
        0,
        2,
        5,
    ]
    assert [layers(asked, []) for asked in (AUTO_LAYERS, 0, 2)] == [0, 0, 0]


def test_all_layers_need_a_card_and_room_on_it(tiny):
    with pytest.raises(ModelError, match="finds none") as none:
        place(tiny, [], gpu_layers=ALL_LAYERS)
    assert "--gpu-layers auto" in none.value.hint

    small = Card("CUDA0", RESERVE + (1 << 20), own=True)
    with pytest.raises(TooLarge, match=r"all 5 layers of \S+ need .* GB is free, and 0 layers"):
        place(tiny, [small], gpu_layers=ALL_LAYERS)


def test_draft_and_projector_take_of_the_card_before_layers_do(tiny, tmp_path):
    whole = layers_that_fit(describe(tiny), 512, 1, [LARGE.free]).bytes[0]
    projector = tmp_path / "projector.gguf"
    projector.write_bytes(bytes(3 << 20))
    draft = fit.need(describe(tiny), 512).total

    def placed(more: int) -> Placing:
        card = Card("CUDA0", whole + more, own=True)
        return place(tiny, [card], draft=str(tiny), projector=str(projector))

    both = placed(draft + (3 << 20))
    assert (both.layers, both.draft, both.projector) == (5, (5,), True)
    assert placed(draft + (3 << 20) - 1).layers < 5
    two = place(tiny, [LARGE, LARGE], draft=str(tiny))
    assert two.draft == (5, 0)
    alone = place(tiny, [Card("CUDA0", draft, own=True)], draft=str(tiny))
    assert (alone.layers, alone.draft) == (0, ())  # nothing of it is there, so no draft either


def test_a_replay_is_refused_where_its_rows_have_no_room(tiny, monkeypatch):
    told = describe(tiny)
    monkeypatch.setattr(fit, "free_memory", lambda: fit.need(told, 512).total)

    assert place(tiny, []).layers == 0
    with pytest.raises(TooLarge, match="for what is opened with it"):
        place(tiny, [], replays=True)


def test_what_is_on_a_card_of_its_own_need_not_fit_the_machine(tiny, monkeypatch):
    needed = fit.need(describe(tiny), 512)
    moved = layers_that_fit(describe(tiny), 512, 1, [LARGE.free]).moved
    monkeypatch.setattr(fit, "free_memory", lambda: needed.total - moved)

    assert place(tiny, [LARGE]).layers == 5
    with pytest.raises(TooLarge):
        place(tiny, [LARGE._replace(own=False)])
    refused = place(tiny, [LARGE]).lessened(1)
    with pytest.raises(TooLarge):
        Fitting(describe(tiny), OpenCheckpoint(str(tiny)), 512).check_machine(refused)
    with pytest.raises(TooLarge):
        place(tiny, [])


def test_what_of_a_draft_stays_in_the_machine_is_not_taken_for_gone(tiny, monkeypatch):
    told = describe(tiny)
    draft = fit.beside_bytes([], told, 512, 1)
    output = moved_bytes(told, 512, 1)[-1]
    enough = fit.need(told, 512, 1).total + draft - output - draft // 5

    monkeypatch.setattr(fit, "free_memory", lambda: enough)
    placed = place(tiny, [LARGE], gpu_layers=1, draft=str(tiny))
    assert (placed.layers, placed.of, placed.draft) == (1, 5, (1,))
    monkeypatch.setattr(fit, "free_memory", lambda: enough - 1)
    with pytest.raises(TooLarge):
        place(tiny, [LARGE], gpu_layers=1, draft=str(tiny))
