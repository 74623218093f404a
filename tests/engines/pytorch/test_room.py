"""What has no room is told before anything is taken: weights, keys and values, positions."""

import pytest

from kimidesk.checkpoints import fit
from kimidesk.errors import BadCheckpoint, ModelError, TooLarge
from kimidesk.records import Ended
from kimidesk.settings import ALL_LAYERS
from tests.engines.pytorch.conftest import built

FEW = 64  # positions


def test_a_model_that_is_to_be_on_a_card_is_refused_where_there_is_none(torched):
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a graphics card")
    with pytest.raises(ModelError, match="torch finds none"):
        torched("llama", gpu_layers=ALL_LAYERS)


@pytest.fixture
def container(tmp_path, monkeypatch):
    """Lets this process have so many bytes more, as far as it can tell."""

    def allow(free):
        (tmp_path / "memory.max").write_text(f"{free}\n")
        (tmp_path / "memory.current").write_text("0\n")
        (tmp_path / "memory.stat").write_text("inactive_file 0\n")
        monkeypatch.setattr(fit, "CGROUP", tmp_path)

    return allow


def test_weights_beyond_all_memory_are_refused_before_they_are_read(
    torched, checkpoint, container, monkeypatch
):
    import transformers

    parameters = torched().info.parameters
    monkeypatch.delattr(transformers.AutoModelForCausalLM, "from_pretrained")
    container(4 * parameters - 1)

    with pytest.raises(TooLarge, match=r"the weights of \S+ need 0\.00 GB as float32"):
        torched()


def test_a_context_beyond_all_memory_is_refused_with_the_largest(torched):
    with pytest.raises(TooLarge, match=r"The largest context that fits is [\d,]+ tokens"):
        torched(context=1_000_000_000, slots=8)


@pytest.mark.parametrize("family", ["gpt2", "opt"])
def test_where_positions_were_learned_a_trace_ends_with_them(torched, ask, grow, tmp_path, family):
    engine = torched(built(family, tmp_path / "few", max_position_embeddings=FEW), context=0)

    assert (engine.info.context, engine.info.trained_context) == (FEW, FEW)
    tokens, last = grow(engine, ask("t", "Hi", tokens=None))["t"]
    assert last.ended in (Ended.CONTEXT_FULL, Ended.ANSWERED)
    assert len(engine.add(ask("p", "Hi")).prompt) + len(tokens) <= FEW


@pytest.mark.parametrize("family", ["gpt2", "opt"])
def test_more_positions_than_were_learned_are_refused(torched, tmp_path, family):
    folder = built(family, tmp_path / "few", max_position_embeddings=FEW)

    with pytest.raises(TooLarge, match=f"asked for; the checkpoint knows {FEW} positions"):
        torched(folder, context=FEW + 1)


def test_positions_that_are_computed_have_no_end(torched):
    assert torched("llama", context=4096).info.context == 4096


def test_what_a_checkpoint_raises_while_it_evaluates_is_told_as_its_own(torched, ask, monkeypatch):
    engine = torched()
    engine.add(ask("t"))

    def broken(*_, **__):
        raise IndexError("index out of range in self")

    monkeypatch.setattr(engine._weights.model.model, "forward", broken)

    with pytest.raises(BadCheckpoint, match="IndexError: index out of range"):
        engine.step()
