"""Families of models that see, each against libmtmd's own way of evaluating the same prompt."""

from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kimidesk.checkpoints.sequences import BATCH
from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.engines.llamacpp.context import Context, Outcome
from kimidesk.engines.pictures import read
from kimidesk.errors import BadCheckpoint, Refused, UsageError
from kimidesk.records import Adapter, Attempt, Budget, Ended, Given, Message, Sampling
from kimidesk.wire.messages import OpenCheckpoint
from tests.engines.libmtmd import Library
from tests.engines.towers import KINDS, TEXTS, write_adapter, write_model

WAYS = ("qwen2vl", "gemma3", "idefics3")  # one of each
PLACED = ("qwen2vl", "qwen25vl", "qwen3vl", "glm4v")  # in two dimensions
SLICED = ("minicpmv2", "minicpmv3")
TILED = ("idefics3", "internvl", "llama4", *SLICED)
SHAPES = {"wide": (168, 84), "tall": (60, 200), "small": (30, 20), "large": (730, 620)}
CLOSE = 1e-4
POOL = 2048


@pytest.fixture(scope="session")
def models(tmp_path_factory) -> dict[str, tuple[Path, Path]]:
    """A language model and its projector of every family."""
    folder = tmp_path_factory.mktemp("towers")
    return {name: write_model(folder, name) for name in KINDS}


@pytest.fixture(scope="session")
def shown(tmp_path_factory) -> dict[str, str]:
    """Pictures of noise, by their shapes."""
    folder = tmp_path_factory.mktemp("noise")
    for seed, (name, (width, height)) in enumerate(SHAPES.items()):
        pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{name}.png")
    return {name: str(folder / f"{name}.png") for name in SHAPES}


@pytest.fixture
def seeing(models):
    """Opens a family, and closes it after the test."""
    engines = []

    def open_(name: str, **options: object) -> LlamaCpp:
        model, projector = models[name]
        options = {"context": 1024, "threads": 1, "projector": str(projector), **options}
        engines.append(LlamaCpp(model, OpenCheckpoint(str(model), **options)))
        return engines[-1]

    yield open_
    for engine in engines:
        engine.close()


@pytest.fixture
def calls(monkeypatch) -> list[tuple[str, int]]:
    """What is evaluated: pictures and text, in tokens."""
    made: list[tuple[str, int]] = []
    see, evaluate = Context.see, Context.evaluate

    def watched_see(self, glimpse, *args, **named):
        made.append(("picture", len(glimpse.rows)))
        return see(self, glimpse, *args, **named)

    def watched(self, tokens, *args):
        made.append(("text", len(tokens)))
        return evaluate(self, tokens, *args)

    monkeypatch.setattr(Context, "see", watched_see)
    monkeypatch.setattr(Context, "evaluate", watched)
    return made


def about(trace, *said, tokens=8, **more):
    """An attempt at a conversation, each turn a text and the pictures before it; greedy."""
    roles = ("user", "assistant")
    messages = tuple(
        Message(roles[number % 2], text, tuple(pictures))
        for number, (text, *pictures) in enumerate(said)
    )
    return Attempt(trace, messages, Sampling(temperature=0), Budget(answer=tokens), **more)


def accepted(engine, *said):
    """How a conversation is taken; nothing is evaluated."""
    told = engine.add(about("asked", *said))
    engine.drop("asked")
    return told


def numbers(grown):
    return [token.id for token in grown[0]], [token.logprob for token in grown[0]]


def close(one, other, most=CLOSE):
    (ids, logprobs), (others, more) = one, other
    return ids == others and np.abs(np.array(logprobs) - more).max() < most


@pytest.fixture
def library(models):
    """Opens libmtmd itself on a family."""
    opened = []

    def open_(name: str) -> Library:
        opened.append(Library(*models[name]))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


ONE = "<|im_start|>user:<picture>\nGo on.<|im_end|><|im_start|>assistant:"
TALK = (
    "<|im_start|>user:<picture>\n<picture>\nWhich?<|im_end|>"
    "<|im_start|>assistant:That one.<|im_end|>"
    "<|im_start|>user:<picture>\nAnd here?<|im_end|><|im_start|>assistant:"
)


@pytest.fixture
def talk(shown):
    """A conversation with three pictures, two of them the same; see TALK."""
    wide, tall = shown["wide"], shown["tall"]
    return (("Which?", wide, tall), ("That one.",), ("And here?", wide)), (wide, tall, wide)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("shape", ["wide", "tall", "small"])
def test_a_picture_says_what_the_librarys_own_helper_makes_of_it(
    seeing, library, grow, shown, name, shape
):
    expected = library(name).says(ONE, (shown[shape],), 8)

    made = grow(seeing(name), about("a", ("Go on.", shown[shape])))["a"]

    assert close(numbers(made), expected)


@pytest.mark.parametrize("name", KINDS)
def test_several_pictures_with_text_between_say_it_too(seeing, library, grow, talk, name):
    said, pictures = talk
    expected = library(name).says(TALK, pictures, 8)

    made = grow(seeing(name), about("a", *said))["a"]

    assert close(numbers(made), expected)


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("pool", [0, POOL])
def test_repeats_see_their_pictures_once_and_say_the_same(seeing, grow, talk, calls, name, pool):
    engine = seeing(name, slots=4, pool=pool)
    said, _ = talk

    made = grow(engine, *(about(f"{n}", *said) for n in range(4)))

    views = sum(block.views for block in accepted(engine, *said).pictures)
    assert [kind for kind, _ in calls].count("picture") == views
    assert len({tuple(numbers(each)[0]) for each in made.values()}) == 1


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("pool", [0, POOL])
def test_a_fork_goes_on_as_its_parent_did_and_reads_nothing_again(
    seeing, grow, talk, calls, name, pool
):
    engine = seeing(name, slots=2, pool=pool)
    said, _ = talk
    parent = grow(engine, about("a", *said, tokens=12))["a"]
    ids = tuple(numbers(parent)[0])
    calls.clear()

    child = grow(engine, about("b", *said, tokens=7, prefix=ids[:5]))["b"]

    assert numbers(child)[0] == list(ids[5:12])
    assert close(numbers(child), (list(ids[5:12]), numbers(parent)[1][5:12]))
    assert sum(count for _, count in calls) <= 8


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("pool", [0, POOL])
def test_what_another_prompt_shares_is_taken_up_to_its_last_common_picture(
    seeing, library, grow, shown, calls, name, pool
):
    engine = seeing(name, slots=2, pool=pool)
    wide, tall, small = shown["wide"], shown["tall"], shown["small"]
    grow(engine, about("a", ("Which?", wide, tall)))
    calls.clear()

    other = grow(engine, about("b", ("Which?", wide, small)))["b"]

    text = TALK.split("<|im_end|>")[0] + "<|im_end|><|im_start|>assistant:"
    assert close(numbers(other), library(name).says(text, (wide, small), 8))
    views = accepted(engine, ("Which?", wide, small)).pictures[1].views
    assert [kind for kind, _ in calls].count("picture") == views


@pytest.mark.parametrize("name", WAYS)
@pytest.mark.parametrize("pool", [0, POOL])
def test_another_question_about_a_picture_takes_it_up(
    seeing, library, grow, shown, calls, name, pool
):
    engine = seeing(name, slots=2, pool=pool)
    grow(engine, about("a", ("Which?", shown["wide"])))
    calls.clear()

    other = grow(engine, about("b", ("Go on.", shown["wide"])))["b"]

    assert close(numbers(other), library(name).says(ONE, (shown["wide"],), 8))
    assert "picture" not in [kind for kind, _ in calls]


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("singly", [False, True])
def test_a_replay_tells_what_was_told_when_it_grew(seeing, grow, talk, name, singly):
    engine = seeing(name)
    said, _ = talk
    grown = grow(engine, about("a", *said))["a"]
    prompt = accepted(engine, *said).prompt
    given = Given(ids=tuple(numbers(grown)[0]), singly=singly)

    for more in ({}, {"prompt": prompt}):
        replayed = grow(seeing(name), about("b", *said, given=given, **more))["b"]

        assert replayed[1].ended is Ended.REPLAYED
        # Keys are kept in half precision: rows in one call differ more from rows one by one.
        assert close(numbers(replayed), numbers(grown), CLOSE if singly else 10 * CLOSE)


@pytest.mark.parametrize("name", WAYS)
def test_a_sequence_from_the_shelf_goes_on_as_if_it_had_never_left(seeing, grow, talk, calls, name):
    said, _ = talk
    long = (*said[:-1], ("And here? " + "Look. " * 200, *said[-1][1:]))
    options = {"context": 2048, "keep_gb": 0.1}
    first = grow(seeing(name, **options), about("a", *long))["a"]
    calls.clear()
    again = grow(
        seeing(name, **options),
        about(
            "a",
            *long,
        ),
    )["a"]
    assert [kind for kind, _ in calls].count("picture") == 0
    assert close(numbers(again), numbers(first))


@pytest.mark.parametrize("name", PLACED)
def test_a_picture_of_more_tokens_than_a_call_is_read_in_several(
    seeing, library, grow, shown, name
):
    engine = seeing(name, context=2048)
    assert accepted(engine, ("Go on.", shown["large"])).pictures[0].tokens > BATCH

    made = grow(engine, about("a", ("Go on.", shown["large"])))["a"]

    assert close(numbers(made), library(name).says(ONE, (shown["large"],), 8))


@pytest.mark.parametrize("name", TILED)
def test_a_picture_cut_into_tiles_is_one_block_with_what_stands_between(seeing, talk, name):
    said, _ = talk
    told = accepted(seeing(name), *said)

    assert [block.views > 1 for block in told.pictures] == [True] * 3
    for block in told.pictures:
        run = told.prompt[block.at : block.at + block.tokens]
        assert max(run[0], run[-1]) < 0
        assert len({id_ for id_ in run if id_ < 0}) == block.views
    outside = set(range(len(told.prompt))).difference(
        *(range(block.at, block.at + block.tokens) for block in told.pictures)
    )
    assert all(told.prompt[place] >= 0 for place in outside)


@pytest.mark.parametrize("name", KINDS)
def test_a_prompt_is_made_of_the_librarys_own_chunks_in_their_order(seeing, library, talk, name):
    said, pictures = talk
    prompt = accepted(seeing(name), *said).prompt

    runs = [list(same) for _, same in groupby(prompt, key=lambda id_: min(id_, 0))]

    chunks: list[list[int] | int] = []
    for chunk in library(name).cut(TALK, pictures):
        if isinstance(chunk, list) and chunks and isinstance(chunks[-1], list):
            chunks[-1] += chunk  # marks of a picture, and the text beside them
        else:
            chunks.append(chunk)
    assert [len(run) if run[0] < 0 else run for run in runs] == chunks


@pytest.mark.parametrize("name", SLICED)
def test_pictures_that_differ_in_one_slice_alone_are_told_apart(
    seeing, library, grow, tmp_path, name
):
    plain = np.full((168, 168, 3), 128, np.uint8)  # nine slices of 56 × 56, and an overview
    dotted = plain.copy()
    dotted[62:112:12, 62:112:12] += 4  # single pixels: scaled to a third, nothing is left of them
    paths = [str(tmp_path / f"{each}.png") for each in ("plain", "dotted")]
    for path, pixels in zip(paths, (plain, dotted), strict=True):
        Image.fromarray(pixels).save(path)
    engine = seeing(name, slots=2)
    views = [engine._projector.show(read(Path(path))).views for path in paths]
    same = [
        np.array_equal(*(each.glimpse().rows for each in pair)) for pair in zip(*views, strict=True)
    ]
    assert same == [number != 5 for number in range(10)]

    one, other = (numbers(grow(engine, about("a", ("Go on.", path)))["a"]) for path in paths)

    assert close(other, library(name).says(ONE, (paths[1],), 8))
    assert not close(other, one)


@pytest.mark.parametrize("name", PLACED)
def test_a_context_is_counted_in_tokens_where_positions_are_fewer(seeing, grow, talk, name):
    said, _ = talk
    length = len(accepted(seeing(name), *said).prompt)

    made = grow(seeing(name, context=length + 5), about("a", *said, tokens=50))["a"]

    assert made[1].ended is Ended.CONTEXT_FULL
    assert len(made[0]) == 5


def test_marks_that_the_vocabulary_lacks_are_told_before_anything_is_read(shown, tmp_path):
    texts = [text for text in TEXTS if text != "<global-img>"]
    model, projector = write_model(tmp_path, "idefics3", texts)
    engine = LlamaCpp(model, OpenCheckpoint(str(model), context=512, projector=str(projector)))

    with pytest.raises(Refused, match="marks around a picture"):
        accepted(engine, ("Go on.", shown["wide"]))
    engine.close()


@pytest.mark.parametrize(("least", "most", "tokens"), [(0, 8, 8), (40, 0, 40), (40, 44, 40)])
def test_a_picture_takes_the_tokens_that_are_asked_for(
    seeing, library, grow, shown, least, most, tokens
):
    plain, scaled = (
        seeing("qwen2vl", **more)
        for more in ({}, {"image_min_tokens": least, "image_max_tokens": most})
    )
    blocks = [accepted(engine, ("Go on.", shown["wide"])).pictures[0] for engine in (plain, scaled)]

    assert abs(blocks[1].tokens - tokens) <= 8
    assert blocks[1].tokens != blocks[0].tokens == 18
    expected = library("qwen2vl").says(ONE, (shown["wide"],), 8)
    assert not close(numbers(grow(scaled, about("a", ("Go on.", shown["wide"])))["a"]), expected)


def test_sizes_that_a_projector_cannot_give_are_refused(seeing, models):
    with pytest.raises(BadCheckpoint, match="less than") as refused:
        seeing("qwen2vl", image_max_tokens=4)
    assert "--image-max-tokens" in refused.value.hint
    for wrong in ({"image_min_tokens": 9, "image_max_tokens": 8}, {"image_max_tokens": 100_000}):
        with pytest.raises(UsageError, match="a picture is to take"):
            seeing("qwen2vl", **wrong)
    with pytest.raises(UsageError, match="without a projector"):
        seeing("qwen2vl", projector="", image_max_tokens=8)


@pytest.mark.parametrize("name", KINDS)
def test_a_picture_of_one_pixel_is_shown_as_any_other(seeing, library, grow, name, tmp_path):
    dot = str(tmp_path / "dot.png")
    Image.new("RGB", (1, 1), "red").save(dot)

    made = grow(seeing(name), about("a", ("Go on.", dot)))["a"]

    assert close(numbers(made), library(name).says(ONE, (dot,), 8))


@pytest.mark.parametrize("name", WAYS)
def test_interrupted_while_it_looks_at_a_picture_it_looks_again(
    seeing, grow, talk, monkeypatch, name
):
    said, _ = talk
    expected = numbers(grow(seeing(name), about("a", *said))["a"])
    engine = seeing(name, slots=2)
    looks: list[int] = []
    assert engine._projector is not None
    go_on = engine._projector._stop

    def stop() -> bool:  # asked every few steps of the tower
        looks.append(1)
        if len(looks) == 3:
            engine.interrupt()
        return go_on()

    monkeypatch.setattr(engine._projector, "_stop", stop)
    engine.add(about("lost", ("Which?", *said[0][1:])))
    while len(looks) < 3:
        assert [step.token for step in engine.step()] in ([], [None])
    engine.drop("lost")

    assert close(numbers(grow(engine, about("a", *said))["a"]), expected)


def test_an_interruption_in_the_middle_of_a_large_picture_leaves_nothing_of_it(
    seeing, grow, shown, monkeypatch
):
    said = (("Go on.", shown["large"]),)
    expected = numbers(grow(seeing("qwen2vl", context=2048), about("a", *said))["a"])
    engine = seeing("qwen2vl", context=2048)
    decode, calls = Context._decode, []

    def broken_off(self, batch):
        calls.append(batch.n_tokens)
        return Outcome.INTERRUPTED if len(calls) == 3 else decode(self, batch)

    monkeypatch.setattr(Context, "_decode", broken_off)
    made = grow(engine, about("a", *said))["a"]

    assert calls[1:4] == [BATCH, 60, BATCH]  # its second part is lost, so its first is read again
    assert close(numbers(made), expected)


@pytest.mark.parametrize("name", ["qwen2vl", "idefics3"])
def test_adapters_see_pictures_for_themselves(seeing, grow, talk, calls, name, tmp_path):
    said, _ = talk
    lora = Adapter(str(write_adapter(tmp_path / "lora.gguf", name)))
    engine = seeing(name, slots=4, adapters=(lora,))
    plain, bent = about("a", *said), about("b", *said, adapters=(lora,))
    alone = numbers(grow(engine, bent)["b"])
    calls.clear()

    both = grow(engine, plain, bent)
    again = grow(engine, about("c", *said, adapters=(lora,)))["c"]

    assert close(numbers(both["b"]), alone)
    assert close(numbers(again), alone)
    assert not close(numbers(both["a"]), alone)
    views = sum(block.views for block in accepted(engine, *said).pictures)
    assert [kind for kind, _ in calls].count("picture") == views  # for the plain trace alone


def test_a_trace_with_pictures_is_read_again_when_a_new_adapter_needs_another_memory(
    seeing, grow, talk, tmp_path
):
    said, _ = talk
    lora = Adapter(str(write_adapter(tmp_path / "lora.gguf", "qwen2vl")))
    expected = numbers(grow(seeing("qwen2vl"), about("a", *said, tokens=12))["a"])
    engine = seeing("qwen2vl", slots=2)
    engine.add(about("a", *said, tokens=12))
    tokens = {"a": []}

    while engine.live:
        for step in engine.step():
            tokens[step.trace] += [step.token] if step.token is not None else []
        if len(tokens["a"]) == 4 and "b" not in tokens:
            tokens["b"] = []
            engine.add(about("b", *said, adapters=(lora,)))

    ids, logprobs = ([getattr(each, of) for each in tokens["a"]] for of in ("id", "logprob"))
    assert close((ids, logprobs), expected, 10 * CLOSE)
    assert tokens["b"]
