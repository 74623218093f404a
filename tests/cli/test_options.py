"""Options that several verbs share."""

import click
import pytest

from kimidesk.cli.options import LAYERS
from kimidesk.settings import ALL_LAYERS, AUTO_LAYERS


@pytest.mark.parametrize(
    ("said", "layers"),
    [("auto", AUTO_LAYERS), ("All", ALL_LAYERS), ("none", 0), ("0", 0), ("33", 33)],
)
def test_layers_on_a_card_are_a_word_or_a_number(said, layers):
    assert LAYERS.convert(said, None, None) == layers


@pytest.mark.parametrize("said", ["most", "", "-3", "1.5", "9" * 30])
def test_other_words_for_layers_are_told_with_those_that_are_known(said):
    with pytest.raises(click.BadParameter, match="is not auto, all, none or a number of layers"):
        LAYERS.convert(said, None, None)


@pytest.mark.model
def test_all_layers_without_a_card_open_nothing_and_say_why(gguf, kimidesk):
    llama = pytest.importorskip("llama_cpp.llama_cpp")
    if llama.llama_supports_gpu_offload():
        pytest.skip("there is a graphics card")

    said = kimidesk("solve", "2+2?", "--model", str(gguf), "--gpu-layers", "all")

    assert said.returncode == 3
    assert "llama.cpp finds none" in said.stderr
    assert "--gpu-layers auto" in said.stderr
