"""The forms that a folder may have: its number type, its parts, its embeddings shared or not."""

import pytest
import torch
import transformers

from kimidesk.errors import BadCheckpoint
from kimidesk.records import Sampling, Told
from tests.engines.pytorch.conftest import built
from tests.engines.pytorch.test_exactness import generated, plain

TEXT = "Tom has 3 apples."


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_a_folder_of_half_precision_is_computed_in_full(torched, ask, grow, tmp_path, dtype):
    folder = built("llama", tmp_path / "half")
    model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=dtype)
    model.save_pretrained(folder)

    engine = torched(folder)
    prompt = engine.add(ask("p", TEXT)).prompt
    engine.drop("p")
    tokens, _ = grow(engine, ask("t", TEXT, tokens=20))["t"]

    assert [token.id for token in tokens] == generated(plain(folder), prompt, 20)
    with torch.inference_mode():
        row = plain(folder)(torch.tensor([list(prompt)])).logits[0, -1].log_softmax(-1)
    assert tokens[0].logprob == pytest.approx(float(row[tokens[0].id]), abs=1e-4)


@pytest.mark.parametrize("tied", [False, True])
def test_a_folder_in_parts_is_one_checkpoint(torched, ask, grow, tmp_path, tied):
    whole = built("llama", tmp_path / "whole", tie_word_embeddings=tied)
    parts = built("llama", tmp_path / "parts", tie_word_embeddings=tied)
    (parts / "model.safetensors").unlink()
    model = transformers.AutoModelForCausalLM.from_pretrained(whole)
    model.save_pretrained(parts, max_shard_size="40KB")
    assert len(list(parts.glob("*.safetensors"))) > 2

    one, other = (grow(torched(path), ask("t", TEXT))["t"][0] for path in (whole, parts))

    assert [token.id for token in one] == [token.id for token in other]
    for a, b in zip(one, other, strict=True):  # where a matrix lies in memory shows in low bits
        assert a.logprob == pytest.approx(b.logprob, abs=1e-5)


def test_a_part_that_is_missing_is_told(torched, tmp_path):
    folder = built("llama", tmp_path / "parts")
    model = transformers.AutoModelForCausalLM.from_pretrained(folder)
    (folder / "model.safetensors").unlink()
    model.save_pretrained(folder, max_shard_size="40KB")
    gone = sorted(folder.glob("*.safetensors"))[1]
    gone.unlink()

    with pytest.raises(BadCheckpoint, match=gone.name):
        torched(folder)


def test_a_trace_whose_worker_died_is_drawn_again_as_it_was(torched, ask, grow):
    hot = Sampling(temperature=1.0)
    whole = grow(torched(), ask("t", TEXT, sampling=hot, seed=4))["t"][0]
    told = Told(tuple(token.id for token in whole[:5]))

    again = grow(torched(), ask("t", TEXT, sampling=hot, seed=4, told=told))["t"][0]

    assert [(t.id, t.logprob) for t in again] == [(t.id, t.logprob) for t in whole]
