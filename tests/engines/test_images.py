"""Pictures through a projector that reads tokens out of them exactly, and a trained one."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kimidesk.engines.llamacpp import vision
from kimidesk.engines.llamacpp.context import Context
from kimidesk.engines.llamacpp.vision import Projector
from kimidesk.engines.llamacpp.weights import Weights
from kimidesk.engines.pictures import of, read
from kimidesk.engines.slot import Slot
from kimidesk.errors import BadCheckpoint, Refused
from kimidesk.records import Attempt, Budget, Ended, Given, Message, Sampling
from tests.engines.tiles import SIDE, embeddings, picture, write_projector

pytestmark = pytest.mark.model

KNOWN = 512  # tokens that a tile may show
TEXTS = (
    " The capital city of the country that is named France and its people are",
    " one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen six",
)
POOL = 4096


@pytest.fixture(scope="session")
def table(gguf):
    """The embeddings of the checkpoint, and the ids that tiles may show."""
    rows = embeddings(gguf)
    chosen = np.random.default_rng(7).choice(np.arange(100, len(rows)), KNOWN - 40, replace=False)
    weights = Weights(gguf)
    said = [id_ for text in TEXTS for id_ in weights.tokens(text, special=False)]
    weights.close()
    return rows, np.asarray(list(dict.fromkeys([*said, *chosen.tolist()]))[:KNOWN])


@pytest.fixture(scope="session")
def projector(table, tmp_path_factory) -> Path:
    rows, known = table
    return write_projector(tmp_path_factory.mktemp("vision") / "mmproj-tiles.gguf", rows[known])


@pytest.fixture
def tiles(table, gguf, tmp_path):
    """Writes a picture that says the first 16 tokens of a text; gives its path and the ids."""
    known = table[1].tolist()
    weights = Weights(gguf)

    def write(text: str, name: str = "tiles.png", **options) -> tuple[str, list[int]]:
        ids = weights.tokens(text, special=False)[:16]
        ids += [ids[-1]] * (16 - len(ids))
        image = Image.fromarray(picture([known.index(id_) for id_ in ids]))
        image.save(tmp_path / name, **options)
        return str(tmp_path / name), ids

    yield write
    weights.close()


@pytest.fixture
def seeing(opened, projector):
    return lambda **options: opened(projector=str(projector), **options)


@pytest.fixture
def seen(monkeypatch) -> list[int]:
    """The tokens of every picture that is evaluated."""
    sizes: list[int] = []
    see = Context.see

    def counted(self, glimpse, place, sequence, *, wanted):
        sizes.append(len(glimpse.rows))
        return see(self, glimpse, place, sequence, wanted=wanted)

    monkeypatch.setattr(Context, "see", counted)
    return sizes


def about(trace, *images, text="Go on.", tokens=10, **more):
    message = Message("user", text, tuple(images))
    return Attempt(trace, (message,), Sampling(temperature=0), Budget(answer=tokens), **more)


def ids_of(grown):
    return [token.id for token in grown[0]]


def numbers(grown):
    return [(token.id, token.logprob, token.entropy) for token in grown[0]]


def spelled(prompt, *told):
    """A prompt with the ids that its pictures say in their place."""
    ids = list(prompt)
    for said in told:
        first = next(place for place, id_ in enumerate(ids) if id_ < 0)
        ids[first : first + len(said)] = said
    return tuple(ids)


def rows_of(projector, gguf, image):
    weights = Weights(gguf)
    eye = Projector(projector, weights, 1, gpu=False, stop=lambda: False)
    shown = eye.show(image)
    glimpse = shown.views[0].glimpse()
    eye.close()
    weights.close()
    return glimpse.rows


def test_a_projector_gives_the_rows_of_the_tokens_that_a_picture_says(
    projector, gguf, tiles, table
):
    path, ids = tiles(TEXTS[0])
    expected = table[0][ids]

    rows = rows_of(projector, gguf, read(Path(path)))

    assert np.abs(rows - expected).max() <= 1e-5 * np.abs(expected).max()


@pytest.mark.parametrize(
    ("name", "side", "options"),
    [
        ("a.png", 384, {}),
        ("a.jpg", SIDE, {"quality": 95}),
        ("a.jpg", 288, {"quality": 90}),
        ("a.webp", 192, {"quality": 90}),
    ],
)
def test_other_sizes_and_formats_say_the_same_tokens(
    projector, gguf, tiles, table, tmp_path, name, side, options
):
    path, ids = tiles(TEXTS[0])
    rows, known = table
    scaled = Image.open(path).resize((side, side), Image.Resampling.BICUBIC)
    scaled.save(tmp_path / name, **options)

    made = rows_of(projector, gguf, read(tmp_path / name))

    nearest = [int(np.argmin(((rows[known] - row) ** 2).sum(axis=1))) for row in made]
    assert known[nearest].tolist() == ids


@pytest.mark.parametrize("change", ["colours", "sides", "rows"])
def test_a_picture_that_is_read_wrongly_says_something_else(projector, gguf, tiles, table, change):
    path, ids = tiles(TEXTS[0])
    pixels = read(Path(path)).pixels
    wrong = {"colours": pixels[:, :, ::-1], "sides": pixels[:, ::-1], "rows": pixels[::-1]}

    rows = rows_of(projector, gguf, of(np.ascontiguousarray(wrong[change])))

    assert np.abs(rows - table[0][ids]).max() > 0.01


@pytest.mark.parametrize("pool", [0, POOL])
def test_the_answer_to_a_picture_is_the_answer_to_the_tokens_it_says(
    seeing, tiles, grow, pool, monkeypatch
):
    engine = seeing(pool=pool)
    path, ids = tiles(TEXTS[0])
    accepted = engine.add(about("picture", path))
    engine.drop("picture")

    [block] = accepted.pictures
    shown = grow(engine, about("shown", path))["shown"]
    # How a prompt is cut into calls shows in its numbers, so the tokens are cut as the picture is.
    cuts = (block.at, block.at + block.tokens)
    monkeypatch.setattr(
        Slot, "call_end", lambda _, start, stop: min([cut for cut in cuts if cut > start] + [stop])
    )
    typed = grow(engine, about("typed", prompt=spelled(accepted.prompt, ids)))["typed"]

    assert ids_of(shown) == ids_of(typed)
    for one, other in zip(shown[0], typed[0], strict=True):
        assert abs(one.logprob - other.logprob) < 1e-4
    assert (block.path, block.tokens, block.width, block.seen_width) == (path, 16, SIDE, SIDE)
    assert all(id_ < -1 for id_ in accepted.prompt[block.at : block.at + 16])


def test_several_pictures_among_texts_stand_in_their_order(seeing, tiles, grow):
    engine = seeing()
    one, said = tiles(TEXTS[0], "one.png")
    two, told = tiles(TEXTS[1], "two.png")
    messages = (
        Message("user", "Before.", (one, two)),
        Message("assistant", "Between."),
        Message("user", "After.", (two,)),
    )
    attempt = dataclasses.replace(about("shown"), messages=messages)
    accepted = engine.add(attempt)
    engine.drop("shown")

    shown = grow(engine, attempt)["shown"]
    typed = grow(engine, about("typed", prompt=spelled(accepted.prompt, said, told, told)))["typed"]

    assert [block.path for block in accepted.pictures] == [one, two, two]
    assert ids_of(shown) == ids_of(typed)


@pytest.mark.parametrize("pool", [0, POOL])
def test_repeats_see_a_picture_once(seeing, tiles, grow, seen, pool):
    engine = seeing(slots=4 if pool else 1, pool=pool)
    path, _ = tiles(TEXTS[0])
    asked = [about(f"{n}", path) for n in range(4)]

    made = [grow(engine, each) for each in asked] if not pool else [grow(engine, *asked)]

    assert seen == [16]
    assert len({tuple(ids_of(each)) for group in made for each in group.values()}) == 1


def test_another_question_about_a_picture_takes_it_up(seeing, tiles, grow, seen):
    engine = seeing()
    path, _ = tiles(TEXTS[0])
    grow(engine, about("a", path))

    kept = grow(engine, about("b", path, text="What else?"))["b"]
    assert seen == [16]
    fresh = grow(seeing(), about("b", path, text="What else?"))["b"]
    assert numbers(kept) == numbers(fresh)


def test_another_picture_of_the_same_size_is_not_taken_for_the_first(seeing, tiles, grow, seen):
    engine = seeing()
    one, _ = tiles(TEXTS[0], "one.png")
    two, _ = tiles(TEXTS[1], "two.png")
    grow(engine, about("a", one))

    second = grow(engine, about("b", two))["b"]

    assert seen == [16, 16]
    assert numbers(second) == numbers(grow(seeing(), about("b", two))["b"])


def test_a_file_that_has_changed_is_read_again(seeing, tiles, grow):
    engine = seeing()
    path, _ = tiles(TEXTS[0])
    first = engine.add(about("a", path)).prompt
    engine.drop("a")
    tiles(TEXTS[1])

    assert engine.add(about("a", path)).prompt != first


@pytest.mark.parametrize("pool", [0, POOL])
def test_a_fork_behind_a_picture_is_what_a_fresh_evaluation_is(seeing, tiles, grow, pool):
    engine = seeing(pool=pool)
    path, _ = tiles(TEXTS[0])
    whole = grow(engine, about("a", path, tokens=12))["a"]
    prefix = tuple(ids_of(whole)[:5])

    fork = grow(engine, about("b", path, tokens=7, prefix=prefix))["b"]

    assert ids_of(fork) == ids_of(whole)[5:12]


def test_ids_of_a_prompt_find_their_pictures_in_the_files(seeing, tiles, grow):
    engine = seeing()
    path, _ = tiles(TEXTS[0])
    prompt = engine.add(about("a", path)).prompt
    engine.drop("a")
    shown = grow(engine, about("b", path))["b"]

    accepted = engine.add(about("c", path, prompt=prompt))
    engine.drop("c")
    assert accepted.pictures[0].at == prompt.index(min(prompt))
    assert ids_of(grow(engine, about("d", path, prompt=prompt))["d"]) == ids_of(shown)
    given = Given(ids=tuple(ids_of(shown)))
    replayed = grow(engine, about("e", path, prompt=prompt, given=given))["e"]
    assert replayed[1].ended is Ended.REPLAYED
    assert [token.rank for token in replayed[0]] == [1] * len(given.ids)
    tiles(TEXTS[1])
    with pytest.raises(Refused, match="none of its files shows"):
        engine.add(about("f", path, prompt=prompt))


def test_a_photograph_held_sideways_and_a_clear_one_say_the_same(seeing, tiles, grow, tmp_path):
    engine = seeing()
    path, _ = tiles(TEXTS[0])
    upright = engine.add(about("a", path)).prompt
    engine.drop("a")
    image = Image.open(path)
    exif = Image.Exif()
    exif[0x0112] = 6
    image.rotate(90).save(tmp_path / "held.webp", lossless=True, exif=exif)
    image.convert("RGBA").save(tmp_path / "clear.png")

    for name in ("held.webp", "clear.png"):
        assert engine.add(about(name, str(tmp_path / name))).prompt == upright
        engine.drop(name)


def test_what_a_person_types_is_no_picture(seeing, grow):
    engine = seeing()
    accepted = engine.add(about("a", text="<__media__> \ufdd2 <image>"))

    assert min(accepted.prompt) >= 0
    assert accepted.pictures == ()


def test_a_repetition_penalty_and_guesses_bear_pictures(seeing, tiles, grow):
    path, _ = tiles(TEXTS[0])
    plain = grow(seeing(), about("a", path))["a"]
    guessed = grow(seeing(draft="ngram"), about("a", path))["a"]
    hard = Sampling(temperature=0, repetition_penalty=1.3)
    engine = seeing()

    penalised = grow(engine, dataclasses.replace(about("a", path), sampling=hard))["a"]

    assert ids_of(plain) == ids_of(guessed)
    assert penalised[1].ended in (Ended.BUDGET, Ended.ANSWERED)


def test_a_checkpoint_without_a_projector_says_how_to_open_one(opened, tiles):
    path, _ = tiles(TEXTS[0])
    with pytest.raises(Refused, match="cannot read images") as refused:
        opened().add(about("a", path))
    assert "--projector" in refused.value.hint


def test_a_picture_that_is_missing_is_refused_and_the_engine_goes_on(seeing, tiles, grow):
    engine = seeing()
    path, _ = tiles(TEXTS[0])
    with pytest.raises(Refused, match="cannot be read"):
        engine.add(about("a", path + ".gone"))

    assert grow(engine, about("a", path))["a"][1].ended is not None


def test_wrong_projectors_are_refused_with_a_reason(opened, projector, gguf, tmp_path, table):
    garbage = tmp_path / "garbage.gguf"
    garbage.write_bytes(b"GGUF" + bytes(200))
    short = tmp_path / "short.gguf"
    short.write_bytes(projector.read_bytes()[:-50_000])
    narrow = write_projector(tmp_path / "narrow.gguf", table[0][:20, :64])
    for path, reason in (
        (tmp_path / "none.gguf", "no"),
        (garbage, "garbage.gguf"),
        (short, "cut short"),
        (narrow, "mismatch"),
        (Path(gguf), "must be clip"),
    ):
        with pytest.raises(BadCheckpoint, match=reason):
            opened(projector=str(path))


def test_the_trained_tower_and_random_ones_load_and_answer(opened, shared, grow, tmp_path):
    Image.new("RGB", (300, 90), "white").save(tmp_path / "blank.png")
    for name, tokens in (("demo-f16", 64), ("mlp", 16), ("kimivl", 33)):
        path = shared / "data" / "vision" / f"mmproj-{name}.gguf"
        engine = opened(projector=str(path))
        accepted = engine.add(about("a", str(tmp_path / "blank.png")))
        engine.drop("a")
        assert engine.info.vision
        assert accepted.pictures[0].tokens == tokens
        assert grow(engine, about("a", str(tmp_path / "blank.png")))["a"][1].ended is not None


def test_a_picture_that_cannot_be_evaluated_ends_its_trace_alone(seeing, tiles, grow, monkeypatch):
    engine = seeing(slots=2)
    monkeypatch.setattr(vision.mtmd, "mtmd_encode_chunk", lambda *_: 1)

    made = grow(engine, about("picture", tiles(TEXTS[0])[0]), about("text", tokens=4))

    assert made["picture"][1].ended is Ended.FAILED
    assert "the picture was not evaluated (code 1)" in made["picture"][1].reason
    assert len(made["text"][0]) == 4
