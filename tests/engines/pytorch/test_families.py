"""Models that count positions in two dimensions, or whose pictures see themselves, on PyTorch.

Each tiny random model is held against its own `generate`, which reads the whole prompt at once.
"""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from PIL import Image

from kimidesk.errors import Refused
from kimidesk.records import Given, Message
from tests.engines.pytorch.conftest import SHAPE, by_generate, tokenizer

pytestmark = pytest.mark.slow  # every architecture, once a landing

MARKS = {
    "image_token": "<|image_pad|>",
    "boi_token": "<|vision_start|>",
    "eoi_token": "<|vision_end|>",
}
WRITTEN = "".join(MARKS[name] for name in ("boi_token", "image_token", "eoi_token"))
GEMMA = "\n\n" + MARKS["boi_token"] + MARKS["image_token"] * 4 + MARKS["eoi_token"] + "\n\n"
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n"
    "{% if message.content is string %}{{ message.content }}{% else %}"
    "{% for part in message.content %}"
    "{% if part.type == 'image' %}PICTURE{% else %}{{ part.text }}{% endif %}"
    "{% endfor %}{% endif %}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
TEXT = {name: value for name, value in SHAPE.items() if name != "vocab_size"}
PLACED = {"rope_type": "default", "rope_theta": 10000.0, "mrope_section": [1, 1, 2]}
EYE = {"hidden_size": 16, "num_heads": 2, "depth": 2, "patch_size": 14, "initializer_range": 0.2}
VISIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "qwen2vl": ("Qwen2VL", {**EYE, "embed_dim": 16, "hidden_size": 32, "mlp_ratio": 2}),
    "qwen25vl": (
        "Qwen2_5_VL",
        {**EYE, "intermediate_size": 32, "out_hidden_size": 32, "fullatt_block_indexes": [1]},
    ),
    "qwen3vl": (
        "Qwen3VL",
        {
            **EYE,
            "intermediate_size": 32,
            "out_hidden_size": 32,
            "num_position_embeddings": 16,
            "deepstack_visual_indexes": [0],
        },
    ),
    "glm4v": ("Glm4v", {**EYE, "intermediate_size": 32, "out_hidden_size": 32, "image_size": 56}),
    "gemma3": (
        "Gemma3",
        {
            "hidden_size": 16,
            "intermediate_size": 32,
            "num_hidden_layers": 2,
            "num_attention_heads": 2,
            "image_size": 56,
            "patch_size": 14,
        },
    ),
}


def words(written: str) -> Any:
    """The tiny tokenizer with marks for pictures, of which a chat writes these."""
    made = tokenizer()
    made.add_special_tokens({"additional_special_tokens": ["<|im_start|>", *MARKS.values()]})
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=made.backend_tokenizer,
        bos_token=made.bos_token,
        eos_token=made.eos_token,
        extra_special_tokens=MARKS,
        chat_template=TEMPLATE.replace("PICTURE", written),
    )


@pytest.fixture(scope="session")
def sighted(tmp_path_factory: pytest.TempPathFactory):
    """Makes each family's random checkpoint once."""
    made: dict[str, Path] = {}

    def make(name: str) -> Path:
        if name not in made:
            made[name] = built(name, tmp_path_factory.mktemp(name))
        return made[name]

    return make


def built(name: str, folder: Path) -> Path:
    family, eye = VISIONS[name]
    gemma = name == "gemma3"
    text_words = words(MARKS["boi_token"] if gemma else WRITTEN)
    ids = {key: text_words.convert_tokens_to_ids(mark) for key, mark in MARKS.items()}
    text = {**TEXT, "vocab_size": len(text_words)}
    text |= {"sliding_window": 24, "query_pre_attn_scalar": 8} if gemma else {}
    text |= {} if gemma else {"rope_parameters": PLACED}
    told: dict[str, Any] = {"vision_config": eye, "text_config": text}
    if gemma:
        named = {f"{key}_index": id_ for key, id_ in ids.items()}
        told |= {**named, "mm_tokens_per_image": 4}
    else:
        told["image_token_id"] = ids["image_token"]
    torch.manual_seed(3)
    config = getattr(transformers, f"{family}Config")(**told)
    model = getattr(transformers, f"{family}ForConditionalGeneration")(config)
    with torch.no_grad():
        for part, weight in model.named_parameters():
            if "visual" in part or "vision" in part or "projector" in part:
                weight.copy_(torch.randn_like(weight) * (0.3 if weight.ndim > 1 else 1.0))
    model.save_pretrained(folder)
    if gemma:
        eyes = transformers.Gemma3ImageProcessorPil(size={"height": 56, "width": 56})
        transformers.Gemma3Processor(
            eyes, text_words, chat_template=text_words.chat_template, image_seq_length=4
        ).save_pretrained(folder)
    else:
        kind = "Glm4v" if name == "glm4v" else "Qwen2VL"
        size = {"shortest_edge": 8 * 784, "longest_edge": 64 * 784}
        getattr(transformers, f"{kind}ImageProcessorPil")(size=size).save_pretrained(folder)
        text_words.save_pretrained(folder)
    return folder


@pytest.fixture
def noise(tmp_path: Path):
    """Writes a picture of noise; gives its path."""

    def write(seed: int, width: int = 168, height: int = 84) -> str:
        pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{seed}.png")
        return str(tmp_path / f"{seed}.png")

    return write


@pytest.fixture
def two(noise) -> tuple[str, str]:
    """A wide picture and a tall one."""
    return noise(0), noise(1, 60, 200)


def asked(ask, trace: str, *pictures: str, text: str = "What is there?", **more: Any):
    """An attempt that shows pictures before its question."""
    return dataclasses.replace(ask(trace, **more), messages=(Message("user", text, pictures),))


def written(folder: Path, name: str, pictures: tuple[str, ...]) -> dict[str, torch.Tensor]:
    """What the family's own processor would make of the question."""
    text_words = transformers.AutoTokenizer.from_pretrained(folder)
    eyes = transformers.AutoImageProcessor.from_pretrained(folder)
    parts = [*({"type": "image"} for _ in pictures), {"type": "text", "text": "What is there?"}]
    text = text_words.apply_chat_template(
        [{"role": "user", "content": parts}], add_generation_prompt=True, tokenize=False
    )
    seen = dict(eyes(images=[Image.open(path) for path in pictures], return_tensors="pt"))
    seen.pop("num_crops", None)
    mark = MARKS["image_token"]
    if name == "gemma3":
        text = text.replace(MARKS["boi_token"], GEMMA)
    else:
        for grid in seen["image_grid_thw"]:
            text = text.replace(mark, "\0" * (int(grid.prod()) // 4), 1)
        text = text.replace("\0", mark)
    ids = torch.tensor([text_words(text, add_special_tokens=False)["input_ids"]])
    kinds = (ids == text_words.convert_tokens_to_ids(mark)).long()
    told = "token_type_ids" if name == "gemma3" else "mm_token_type_ids"
    return {**seen, "input_ids": ids, told: kinds, "attention_mask": torch.ones_like(ids)}


@torch.inference_mode()
def generated(folder: Path, name: str, pictures: tuple[str, ...], tokens: int):
    """Greedy tokens and their log-probabilities by the model's own code."""
    model = transformers.AutoModelForImageTextToText.from_pretrained(folder).eval()
    inputs = written(folder, name, pictures)
    return by_generate(model, inputs, tokens)


def numbers(grown):
    return [token.id for token in grown[0]], [token.logprob for token in grown[0]]


def close(one, other) -> bool:
    (ids, logprobs), (others, more) = one, other
    return ids == others and np.abs(np.array(logprobs) - more).max() < 1e-4


@pytest.mark.parametrize("name", VISIONS)
@pytest.mark.parametrize("many", [1, 2])
def test_it_says_of_pictures_what_the_whole_model_says(
    sighted, torched, ask, grow, two, name, many
):
    expected = generated(sighted(name), name, two[:many], 10)

    made = grow(torched(sighted(name)), asked(ask, "t", *two[:many], tokens=10))["t"]

    assert close(numbers(made), expected)


@pytest.mark.parametrize("name", VISIONS)
def test_several_traces_together_say_what_each_says_alone(sighted, torched, ask, grow, two, name):
    attempts = [
        asked(ask, "both", *two, tokens=8),
        asked(ask, "wide", two[0], tokens=8),
        asked(ask, "tall", two[1], tokens=8),
        ask("none", tokens=8),
    ]
    alone = {
        each.trace: numbers(grow(torched(sighted(name)), each)[each.trace]) for each in attempts
    }

    together = grow(torched(sighted(name), slots=4), *attempts)

    assert all(close(numbers(made), alone[trace]) for trace, made in together.items())


@pytest.mark.parametrize("name", VISIONS)
def test_forks_repeats_and_replays_agree_with_the_trace(sighted, torched, ask, grow, two, name):
    engine = torched(sighted(name), slots=2)
    parent = grow(engine, asked(ask, "p", *two, tokens=10))["p"]
    ids, logprobs = numbers(parent)

    again = grow(engine, asked(ask, "r", *two, tokens=10))["r"]
    fork = grow(engine, asked(ask, "f", *two, tokens=6, prefix=tuple(ids[:4])))["f"]
    other = grow(engine, asked(ask, "o", two[0], text="And this?", tokens=6))["o"]
    given = Given(ids=tuple(ids))
    replayed = grow(engine, asked(ask, "g", *two, given=given))["g"]

    assert close(numbers(again), (ids, logprobs))
    assert close(numbers(fork), (ids[4:], logprobs[4:]))
    assert close(numbers(replayed), (ids, logprobs))
    fresh = grow(torched(sighted(name)), asked(ask, "o", two[0], text="And this?", tokens=6))["o"]
    assert close(numbers(other), numbers(fresh))


def test_sequences_on_the_shelf_keep_where_their_pictures_stand(sighted, torched, ask, grow, two):
    attempt = asked(ask, "a", *two, text="What is there? " * 80, tokens=6)
    options = {"context": 2048, "keep_gb": 0.1}
    first = grow(torched(sighted("qwen2vl"), **options), attempt)["a"]
    later = torched(sighted("qwen2vl"), **options)

    again = grow(later, attempt)["a"]

    assert later._chunked < 256
    assert close(numbers(again), numbers(first))


@pytest.mark.parametrize("name", VISIONS)
def test_what_is_written_around_a_picture_stands_outside_its_block(
    sighted, torched, ask, two, name
):
    accepted = torched(sighted(name)).add(asked(ask, "t", two[0], tokens=3))

    (block,) = accepted.pictures
    inside = accepted.prompt[block.at : block.at + block.tokens]
    assert len(set(inside)) == 1
    assert block.tokens == (4 if name == "gemma3" else 18)
    assert (block.seen_width, block.seen_height) == ((56, 56) if name == "gemma3" else (168, 84))
    assert min(accepted.prompt[: block.at] + accepted.prompt[block.at + block.tokens :]) >= 0


def test_a_kind_that_reads_prompts_both_ways_says_why_it_takes_no_pictures(
    torched, ask, grow, two, tmp_path
):
    text_words = words(MARKS["image_token"])
    config = transformers.PaliGemmaConfig(
        vision_config=VISIONS["gemma3"][1] | {"projection_dim": 32},
        text_config={**TEXT, "model_type": "gemma", "vocab_size": len(text_words)},
        image_token_id=text_words.convert_tokens_to_ids(MARKS["image_token"]),
        projection_dim=32,
    )
    transformers.PaliGemmaForConditionalGeneration(config).save_pretrained(tmp_path)
    text_words.save_pretrained(tmp_path)
    engine = torched(tmp_path)

    assert not engine.info.vision
    with pytest.raises(Refused, match="cannot read images") as refused:
        engine.add(asked(ask, "t", two[0]))
    assert "whole prompt sees all of itself" in refused.value.hint
    assert len(grow(engine, ask("u", tokens=3))["u"][0]) == 3


@pytest.mark.parametrize("name", ["qwen2vl", "gemma3"])
def test_interrupted_while_it_reads_a_picture_it_reads_it_again(
    sighted, torched, ask, grow, two, monkeypatch, name
):
    expected = numbers(grow(torched(sighted(name)), asked(ask, "a", *two, tokens=6))["a"])
    engine = torched(sighted(name), slots=2)
    layer, reads = engine._memory.layers[2], []
    stop = layer._stop

    def once() -> bool:  # asked once an evaluation: of text, then of the picture
        reads.append(1)
        if len(reads) == 2:
            engine.interrupt()
        return stop()

    monkeypatch.setattr(layer, "_stop", once)
    engine.add(asked(ask, "lost", *two))
    while len(reads) < 2:
        engine.step()
    engine.drop("lost")

    assert close(numbers(grow(engine, asked(ask, "a", *two, tokens=6))["a"]), expected)
