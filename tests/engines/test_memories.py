"""Every journey on every kind of memory that llama.cpp has, on checkpoints with random weights.

Recurrent and hybrid memories cannot be cut, and what stood before a sliding window may be gone; so
each journey is compared with the same trace alone on a fresh engine.
"""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from kimidesk.checkpoints.gguf import read_header
from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.engines.llamacpp.context import Context
from kimidesk.engines.prefixes import CHUNK
from kimidesk.engines.protocol import Step
from kimidesk.errors import ModelError
from kimidesk.records import (
    Adapter,
    Attempt,
    Budget,
    Ended,
    Given,
    Message,
    Noted,
    Sampling,
    Token,
    Wish,
)
from kimidesk.wire.messages import OpenCheckpoint
from tests.engines.tiny import KINDS, THOUGHTFUL, WIDTH, write_tiny

GREEDY = Sampling(temperature=0)
SPOKEN = "".join(map(chr, np.random.default_rng(3).integers(97, 123, 1400).tolist()))
SHORT, LONG, LONGEST = SPOKEN[:90], SPOKEN[:600], SPOKEN
NEAR = 0.005  # nats that another cut into calls changes; a neighbour changes less than 0.001

Open = Callable[..., LlamaCpp]
Alone = Callable[[str], list[Token]]


QUICK = ("mamba", "kimi-linear", "gemma3")


@pytest.fixture(
    scope="module",
    params=[pytest.param(kind, marks=() if kind in QUICK else pytest.mark.slow) for kind in KINDS],
)
def checkpoint(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One with each kind of memory."""
    return write_tiny(tmp_path_factory.mktemp("tiny") / f"{request.param}.gguf", request.param)


@pytest.fixture
def open_(checkpoint: Path) -> Iterator[Open]:
    """Opens it, and closes it after the test."""
    engines: list[LlamaCpp] = []

    def opened(path: Path = checkpoint, **options: object) -> LlamaCpp:
        options = {"context": 2048, "threads": 1, "gpu_layers": 0, **options}
        engines.append(LlamaCpp(path, OpenCheckpoint(str(path), **options)))
        return engines[-1]

    yield opened
    for engine in engines:
        engine.close()


@pytest.fixture
def alone(open_: Open) -> Alone:
    """What a prompt gives alone on a fresh engine."""
    return lambda text: grow(open_(reproducible=True), ask("alone", text))["alone"]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many tokens each call evaluated that read a prompt."""
    sizes: list[int] = []
    evaluate: Callable[..., object] = Context.evaluate

    def counted(self: Context, tokens: list[int], places: list[int], sequences: list[int], *rest):
        if len(set(sequences)) < len(tokens):
            sizes.append(len(tokens))
        return evaluate(self, tokens, places, sequences, *rest)

    monkeypatch.setattr(Context, "evaluate", counted)
    return sizes


def ask(trace: str, text: str = SHORT, tokens: int = 12, **more: object) -> Attempt:
    return Attempt(trace, (Message("user", text),), GREEDY, Budget(answer=tokens), **more)


def grow(
    engine: LlamaCpp,
    *attempts: Attempt,
    between: Callable[[int], object] = lambda _: None,
    ends: dict[str, Step] | None = None,
) -> dict[str, list[Token]]:
    """The tokens of each trace; `between` is called before each step with its number."""
    for attempt in attempts:
        engine.add(attempt)
    grown: dict[str, list[Token]] = {}
    for number in count():
        between(number)
        if not engine.live:
            return grown
        for step in engine.step():
            if step.token is not None:
                grown.setdefault(step.trace, []).append(step.token)
            if step.ended is not None and ends is not None:
                ends[step.trace] = step
    raise AssertionError


def bits(tokens: list[Token]) -> list[tuple[int, float, float]]:
    return [(token.id, token.logprob, token.entropy) for token in tokens]


def near(tokens: list[Token], like: list[Token], within: float = NEAR) -> bool:
    """Whether they are the same tokens, with about the same numbers."""
    pairs = list(zip(tokens, like, strict=True))
    return all(a.id == b.id and abs(a.logprob - b.logprob) < within for a, b in pairs)


WAYS = [
    pytest.param({}, id="apart"),
    pytest.param({"pool": 4096}, id="pool"),
    pytest.param({"reproducible": True}, id="reproducible"),
]


@pytest.mark.parametrize("way", WAYS)
def test_traces_side_by_side_are_what_they_are_alone(open_, alone, way):
    engine = open_(slots=3, **way)

    def between(number: int) -> None:
        if number == 4:
            engine.drop("leaves")
            engine.add(ask("joins", LONG))

    grown = grow(engine, ask("stays"), ask("leaves", LONG), ask("long", LONG[50:]), between=between)

    for trace, text in (("stays", SHORT), ("joins", LONG), ("long", LONG[50:])):
        assert near(grown[trace], alone(text)), trace
        if "reproducible" in way:
            assert bits(grown[trace]) == bits(alone(text))


@pytest.mark.parametrize("way", WAYS)
def test_repeats_read_their_prompt_once_now_and_later(open_, alone, read, way):
    engine = open_(slots=3, **way)

    first = grow(engine, *(ask(f"{n}", LONG) for n in range(3)))
    once = sum(read)
    later = grow(engine, *(ask(f"{n}", LONG) for n in range(3)))

    assert len(LONG) < once < len(LONG) + 50
    assert sum(read) == once
    for tokens in (*first.values(), *later.values()):
        assert near(tokens, alone(LONG))


@pytest.mark.parametrize("way", WAYS)
def test_a_fork_goes_on_as_its_parent_did(open_, alone, read, way):
    parent, engine = alone(LONG), open_(slots=2, **way)
    ids = tuple(token.id for token in parent)
    fork = ask("fork", LONG, tokens=7, prefix=ids[:5])
    grow(engine, ask("parent", LONG))
    read.clear()

    of_finished = grow(engine, fork)["fork"]
    again = sum(read)
    grown = grow(
        engine,
        ask("parent", LONG),
        between=lambda number: engine.add(fork) if number == 9 else None,
    )

    assert near(of_finished, parent[5:])
    assert near(grown["fork"], parent[5:])
    assert near(grown["parent"], parent)
    assert again < CHUNK  # at most from the end of the prompt on


def test_a_replay_tells_what_was_drawn(open_, alone):
    drawn = alone(LONG)
    ids = tuple(token.id for token in drawn)
    engine = open_()

    for singly in (False, True):
        attempt = Attempt("r", (Message("user", LONG),), given=Given(ids=ids, singly=singly))
        told = grow(engine, attempt)["r"]
        assert near(told, drawn)
        assert bits(told) == bits(drawn) or not singly
        engine.close()
        engine = open_()


def test_probes_and_scores_are_those_of_a_fresh_engine(open_, alone):
    ids = tuple(token.id for token in alone(LONG))
    engine = open_(slots=3)
    prompt = engine.add(ask("x", LONG)).prompt
    grow(engine)
    more = {"prompt": (*prompt, *ids[:5])}
    asked = [
        Attempt("drawn", (), GREEDY, Budget(answer=5), force="So:", **more),
        Attempt("right", (), given=Given("seven"), **more),
        Attempt("wrong", (), given=Given("Eve"), **more),
    ]

    together = grow(engine, *asked)

    for attempt in asked:
        assert near(together[attempt.trace][:3], grow(open_(), attempt)[attempt.trace][:3], 0.1)


@pytest.mark.parametrize("way", WAYS)
def test_an_interruption_loses_nothing(open_, alone, monkeypatch, way):
    engine, every = open_(slots=2, **way), count(1)
    resume = Context.resume

    def resumed(context: Context) -> None:
        resume(context)
        if next(every) % 3 == 0:
            context.interrupt()  # in the midst of the evaluation that begins

    monkeypatch.setattr(Context, "resume", resumed)
    grown = grow(engine, ask("long", LONG), ask("short"))
    monkeypatch.setattr(Context, "resume", resume)

    for trace, text in (("long", LONG), ("short", SHORT)):
        assert near(grown[trace], alone(text))
        if "reproducible" in way:
            assert bits(grown[trace]) == bits(alone(text))


def test_what_is_dropped_in_its_prompt_leaves_nothing_behind(open_, alone):
    engine = open_(slots=2)
    engine.add(ask("gone", LONGEST))
    engine.step()
    engine.drop("gone")

    grown = grow(engine, ask("same", LONGEST), ask("other", SHORT))

    assert near(grown["same"], alone(LONGEST))
    assert near(grown["other"], alone(SHORT))


@pytest.mark.parametrize("way", WAYS[:2])
def test_after_a_restart_a_prompt_comes_from_disk(open_, read, way):
    first = open_(keep_gb=1, **way)
    before = grow(first, ask("a", LONGEST))["a"]
    first.close()
    read.clear()

    engine = open_(keep_gb=1, **way)
    after = grow(engine, ask("b", LONGEST))["b"]
    assert not read
    ids = tuple(token.id for token in before)
    fork = grow(engine, ask("c", LONGEST, tokens=7, prefix=ids[:5]))["c"]

    assert near(after, before)
    assert near(fork, before[5:])


def test_a_full_pool_and_a_full_context_end_nothing_else(open_, alone):
    engine, ends = open_(slots=3, pool=1024, context=1024), {}
    texts = {"a": LONG, "b": LONG[100:], "c": SHORT}
    grown = grow(engine, *(ask(trace, text) for trace, text in texts.items()), ends=ends)
    for trace, text in texts.items():
        # What gave its memory up is read again in another cut: later tokens may tip over.
        assert near(grown[trace][:3], alone(text)[:3], 0.1)
        assert len(grown[trace]) == 12
    assert {step.ended for step in ends.values()} == {Ended.BUDGET}

    narrow = open_(slots=2, context=256)
    grown = grow(narrow, ask("full", tokens=1000), ask("beside"), ends=ends)
    assert ends["full"].ended is Ended.CONTEXT_FULL
    assert near(grown["beside"], alone(SHORT))


@pytest.mark.parametrize("draft", ["ngram", "itself"])
def test_guesses_change_nothing_or_are_refused(open_, alone, checkpoint, draft):
    named = str(checkpoint) if draft == "itself" else draft
    if checkpoint.stem not in ("llama", "gemma3", "gpt-oss"):
        with pytest.raises(ModelError, match="cannot be cut back"):
            open_(draft=named)
        return
    engine = open_(slots=2, draft=named)

    grown = grow(engine, ask("a", LONG), ask("b"))

    assert near(grown["a"], alone(LONG))
    assert near(grown["b"], alone(SHORT))


def test_thoughts_end_at_their_budget_and_when_asked(open_, checkpoint, tmp_path):
    if checkpoint.stem in ("falcon-h1", "lfm2"):
        pytest.skip("these random weights end their thought before they are asked")
    thoughtful = write_tiny(tmp_path / "thinks.gguf", checkpoint.stem, template=THOUGHTFUL)
    engine = open_(thoughtful, slots=2)
    exact = Budget(thinking=20, answer=6, closing="")
    noted: dict[str, list[Noted]] = {"cut": [], "asked": []}
    for trace in noted:
        budget = exact if trace == "cut" else Budget(thinking=500, answer=6)
        engine.add(Attempt(trace, (Message("user", LONG),), GREEDY, budget))
    forced: dict[str, list[int]] = {"cut": [], "asked": []}
    places = {"cut": count(), "asked": count()}
    while engine.live:
        for step in engine.step():
            notes = [note.what for note in step.notes if note.what is not Noted.LOOP]
            noted[step.trace] += notes  # random weights do repeat themselves
            if step.token is not None:
                place = next(places[step.trace])
                if step.token.forced:
                    forced[step.trace].append(place)
                if step.trace == "asked" and place == 30:
                    engine.steer("asked", Wish.ANSWER_NOW)

    assert noted == {"cut": [Noted.CUT], "asked": [Noted.ANSWER_NOW]}
    assert forced["cut"][0] == 20
    assert forced["asked"][0] == 31


MATRICES = ("ffn_up.weight", "ffn_gate.weight", "ssm_out.weight", "attn_output.weight")


@pytest.fixture
def lora(checkpoint, tmp_path, write_gguf) -> tuple[Path, dict[str, np.ndarray]]:
    """A random LoRA adapter, and what it adds to each matrix."""
    chance, tensors, merged = np.random.default_rng(5), {}, {}
    for tensor in read_header(checkpoint).tensors:
        if tensor.name.endswith(MATRICES):
            wide, high = tensor.shape
            a, b = chance.normal(0, 0.2, (2, wide)), chance.normal(0, 0.2, (high, 2))
            tensors |= {f"{tensor.name}.lora_a": a, f"{tensor.name}.lora_b": b}
            merged[tensor.name] = b @ a
    about = {"general.architecture": checkpoint.stem, "general.type": "adapter"}
    about |= {"adapter.type": "lora", "adapter.lora.alpha": 2.0}
    return write_gguf(tmp_path / "lora.gguf", about, tensors), merged


def test_an_adapter_concerns_the_trace_that_names_it_alone(open_, checkpoint, lora):
    adapters = (Adapter(str(lora[0])),)
    engine = open_(slots=2)

    base = grow(engine, ask("base", LONG))["base"]
    both = grow(engine, ask("laid", LONG, adapters=adapters), ask("base", LONG))
    again = grow(engine, ask("laid", LONG, adapters=adapters))["laid"]

    assert near(both["base"], base)
    assert near(again, both["laid"])
    assert not near(both["laid"][:1], base[:1])


def test_an_adapter_that_is_laid_is_one_that_is_merged(open_, checkpoint, lora, tmp_path):
    if checkpoint.stem in ("qwen3next", "kimi-linear", "gpt-oss"):
        pytest.skip("another last bit may choose another expert")
    path, merged = lora
    base = write_tiny(tmp_path / "base.gguf", checkpoint.stem, merged={})
    whole = write_tiny(tmp_path / "whole.gguf", checkpoint.stem, merged=merged)

    laid = grow(open_(base), ask("laid", LONG, adapters=(Adapter(str(path)),)))["laid"]

    whole = grow(open_(whole), ask("merged", LONG))["merged"]
    assert near(whole[:4], laid[:4], 5e-3)
    assert not near(grow(open_(base), ask("base", LONG))["base"][:1], laid[:1], 5e-3)


def test_a_control_vector_steers_and_is_taken_off_again(open_, checkpoint, tmp_path, write_gguf):
    about = {"general.architecture": "controlvector", "controlvector.model_hint": "tiny"}
    values = np.random.default_rng(6).normal(0, 200, WIDTH)  # outweighs any residual stream
    vector = write_gguf(tmp_path / "vector.gguf", about, {"direction.2": values})
    engine = open_()

    base = grow(engine, ask("a", LONG))["a"]
    steered = grow(engine, ask("b", LONG, adapters=(Adapter(str(vector)),)))["b"]

    assert not near(steered[:1], base[:1])
    assert bits(grow(engine, ask("c", LONG))["c"]) == bits(base)
