"""Pictures for checkpoints of transformers: a call a picture gives what the whole model gives."""

import dataclasses
import os
from pathlib import Path

import numpy as np
import pytest
import torch
import transformers
from PIL import Image

from kimidesk.errors import Refused
from kimidesk.records import Message
from tests.engines.pytorch.conftest import SHAPE, by_generate, tokenizer

SIDE, PATCH = 28, 14
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% if message.content is string %}{{ message.content }}{% else %}"
    "{% for part in message.content %}"
    "{% if part.type == 'image' %}<image>{% else %}{{ part.text }}{% endif %}"
    "{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


@pytest.fixture(scope="session")
def llava(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random LLaVA: a SigLIP tower of 2 × 2 patches before a tiny Llama."""
    folder = tmp_path_factory.mktemp("llava")
    words = tokenizer()
    words.add_special_tokens({"additional_special_tokens": ["<|im_start|>", "<image>"]})
    words.chat_template = TEMPLATE
    config = transformers.LlavaConfig(
        vision_config=transformers.SiglipVisionConfig(
            hidden_size=16,
            intermediate_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            image_size=SIDE,
            patch_size=PATCH,
        ),
        text_config=transformers.LlamaConfig(**{**SHAPE, "vocab_size": len(words)}),
        image_token_id=words.convert_tokens_to_ids("<image>"),
        vision_feature_layer=-1,
        vision_feature_select_strategy="full",
    )
    torch.manual_seed(2)
    model = transformers.LlavaForConditionalGeneration(config)
    with torch.no_grad():  # so that what is seen outweighs what is read
        model.model.multi_modal_projector.linear_2.weight.mul_(20)
    model.save_pretrained(folder)
    transformers.LlavaProcessor(
        image_processor=transformers.SiglipImageProcessorPil(size={"height": SIDE, "width": SIDE}),
        tokenizer=words,
        patch_size=PATCH,
        vision_feature_select_strategy="full",
        num_additional_image_tokens=0,
        chat_template=TEMPLATE,
    ).save_pretrained(folder)
    return folder


@pytest.fixture
def noise(tmp_path: Path):
    """Writes a picture of noise; gives its path."""

    def write(seed: int = 0) -> str:
        pixels = np.random.default_rng(seed).integers(0, 256, (40, 30, 3), np.uint8)
        path = tmp_path / f"{seed}.png"
        Image.fromarray(pixels).save(path)
        return str(path)

    return write


def asked(ask, trace: str, *pictures: str, **more):
    """An attempt that shows pictures before its question."""
    message = Message("user", "What is there?", pictures)
    return dataclasses.replace(ask(trace, **more), messages=(message,))


@torch.inference_mode()
def generated(folder: Path, pictures: tuple[str, ...], tokens: int):
    """Greedy tokens and their log-probabilities by the model's own code."""
    processor = transformers.AutoProcessor.from_pretrained(folder)
    model = transformers.AutoModelForImageTextToText.from_pretrained(folder).eval()
    parts = [*({"type": "image"} for _ in pictures), {"type": "text", "text": "What is there?"}]
    text = processor.tokenizer.apply_chat_template(
        [{"role": "user", "content": parts}], add_generation_prompt=True, tokenize=False
    )
    images = [Image.open(path) for path in pictures]
    inputs = processor(text=[text], images=images, return_tensors="pt", add_special_tokens=False)
    return by_generate(model, inputs, tokens)


@pytest.mark.parametrize("seeds", [(0,), (1, 2)])
def test_it_says_of_pictures_what_the_whole_model_says(llava, torched, ask, grow, noise, seeds):
    pictures = tuple(noise(seed) for seed in seeds)
    ids, logprobs = generated(llava, pictures, 12)
    engine = torched(llava)

    tokens, _ = grow(engine, asked(ask, "t", *pictures, tokens=12))["t"]

    assert engine.info.vision
    assert [token.id for token in tokens] == ids
    assert np.abs([token.logprob for token in tokens] - np.array(logprobs)).max() < 1e-4


def test_another_picture_is_another_prompt_and_the_same_one_is_taken_up(
    llava, torched, ask, grow, noise, monkeypatch
):
    engine = torched(llava, slots=3)
    shown = []
    evaluate = engine._weights.evaluate

    def counted(ids, memory, reading, keep=1, seen=None, **more):
        shown.append(bool(seen))
        return evaluate(ids, memory, reading, keep, seen or {}, **more)

    monkeypatch.setattr(engine._weights, "evaluate", counted)
    first, again = noise(0), noise(0)
    other = noise(3)

    made = grow(
        engine,
        asked(ask, "a", first, tokens=6),
        asked(ask, "b", again, tokens=6),
        asked(ask, "c", other, tokens=6),
    )

    said = {name: [token.logprob for token in tokens] for name, (tokens, _) in made.items()}
    assert shown.count(True) == 2
    assert np.allclose(said["a"], said["b"], atol=1e-4)
    assert not np.allclose(said["a"], said["c"], atol=1e-2)


def test_a_picture_is_a_block_of_the_prompt(llava, torched, ask, noise):
    accepted = torched(llava).add(asked(ask, "t", noise(0), tokens=3))

    (block,) = accepted.pictures
    run = accepted.prompt[block.at : block.at + block.tokens]
    assert (block.width, block.height, block.tokens) == (30, 40, (SIDE // PATCH) ** 2)
    assert (block.seen_width, block.seen_height) == (SIDE, SIDE)
    assert len(set(run)) == 1
    assert run[0] < 0


def test_a_fork_behind_a_picture_goes_on_as_its_parent_did(llava, torched, ask, grow, noise):
    engine, picture = torched(llava, slots=2), noise(4)
    parent, _ = grow(engine, asked(ask, "p", picture, tokens=12))["p"]
    ids = tuple(token.id for token in parent)

    child, _ = grow(engine, asked(ask, "f", picture, tokens=4, prefix=ids[:8]))["f"]

    assert [token.id for token in child] == list(ids[8:12])


def test_a_checkpoint_of_text_says_that_it_has_no_eyes(torched, ask, noise):
    with pytest.raises(Refused, match="cannot read images") as refused:
        torched("llama").add(asked(ask, "t", noise(0)))

    assert "no eyes" in refused.value.hint


def test_a_checkpoint_without_its_processor_still_reads_text(llava, torched, ask, grow, tmp_path):
    folder = tmp_path / "half"
    folder.mkdir()
    for path in llava.iterdir():
        if path.name != "processor_config.json":
            os.link(path, folder / path.name)

    engine = torched(folder)

    assert not engine.info.vision
    assert len(grow(engine, ask("t", tokens=3))["t"][0]) == 3
