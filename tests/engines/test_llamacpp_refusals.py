"""What llama.cpp would not survive, or would pass over in silence, is refused with its reason."""

import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from kimidesk.checkpoints import fit
from kimidesk.checkpoints.describe import describe
from kimidesk.engines.llamacpp import LlamaCpp, library
from kimidesk.engines.llamacpp import context as context_module
from kimidesk.engines.llamacpp.context import Context, Outcome
from kimidesk.engines.llamacpp.weights import Weights
from kimidesk.errors import BadCheckpoint, ModelError, Refused, TooLarge, UsageError
from kimidesk.records import Adapter, Attempt, Ended, Message
from kimidesk.wire.messages import OpenCheckpoint


def open_file(path, **options):
    return LlamaCpp(path, OpenCheckpoint(str(path), **options))


def test_a_library_of_another_layout_is_told_at_once(monkeypatch):
    class Shifted:
        n_ctx, n_batch, n_ubatch, type_k = 512, 2048, 512, 1
        offload_kqv = op_offload = swa_full = False

    monkeypatch.setattr(library.lib, "llama_context_default_params", Shifted)

    with pytest.raises(ModelError, match="offload_kqv is False, it must be True") as caught:
        library.check_layout()
    assert "0.3.36" in caught.value.hint


def test_a_missing_file_and_one_that_is_no_checkpoint(tmp_path):
    text = tmp_path / "notes.gguf"
    text.write_text("not a model")

    with pytest.raises(BadCheckpoint):
        open_file(tmp_path / "absent.gguf")
    with pytest.raises(BadCheckpoint):
        open_file(text)


@pytest.mark.model
@pytest.mark.parametrize("part", [0.5, 0.999])
def test_a_truncated_file_is_refused(gguf, tmp_path, part):
    whole = gguf.read_bytes()
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(whole[: int(len(whole) * part)])

    with pytest.raises(BadCheckpoint):
        open_file(cut)


@pytest.mark.model
def test_llama_cpp_tells_why_it_cannot_load(gguf, tmp_path, capfd):
    odd = tmp_path / "odd.gguf"
    raw = gguf.read_bytes()
    # The architecture's own name, which stands in the metadata as a string of five letters.
    key = b"general.architecture\x08\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00"
    odd.write_bytes(raw.replace(key + b"llama", key + b"llamb", 1))

    with pytest.raises(BadCheckpoint, match="unknown model architecture: 'llamb'"):
        Weights(odd)
    assert "llama.cpp: " in capfd.readouterr().err


@pytest.mark.model
def test_loading_is_told_and_can_be_cancelled(gguf):
    told: list[float] = []
    Weights(gguf, loading=told.append).close()

    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) <= 102
    with pytest.raises(BadCheckpoint, match="cancelled"):
        Weights(gguf, loading=lambda fraction: fraction < 0.5)


@pytest.mark.model
def test_an_error_while_telling_is_not_lost(gguf):
    def broken(fraction):
        raise KeyError("a pipe")

    with pytest.raises(KeyError, match="a pipe"):
        Weights(gguf, loading=broken)


@pytest.mark.model
def test_a_context_beyond_memory_is_too_large(gguf, monkeypatch):
    with pytest.raises(TooLarge):
        open_file(gguf, context=1_000_000_000)

    monkeypatch.setattr(context_module.lib, "llama_init_from_model", lambda *_: None)
    with pytest.raises(TooLarge, match="no memory for a context of 1,024 tokens"):
        open_file(gguf, context=512, slots=2)


@pytest.mark.model
@pytest.mark.parametrize(("mib", "what"), [(60, "no memory for /"), (170, "no memory for a con")])
def test_weights_and_contexts_beyond_the_memory_of_a_process_are_too_large(gguf, mib, what):
    code = (
        "import psutil, resource, sys\n"
        "from pathlib import Path\n"
        "from kimidesk.engines.llamacpp import LlamaCpp\n"
        "from kimidesk.errors import TooLarge\n"
        "from kimidesk.wire.messages import OpenCheckpoint\n"
        f"most = psutil.Process().memory_info().vms + ({mib} << 20)\n"
        "resource.setrlimit(resource.RLIMIT_AS, (most, most))\n"
        "try:\n"
        "    LlamaCpp(Path(sys.argv[1]), OpenCheckpoint(sys.argv[1], context=8192, threads=1))\n"
        "except TooLarge as error:\n"
        "    print(error.what)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(gguf)], capture_output=True, text=True, check=False
    )

    assert done.stdout.startswith(what), done.stderr


@pytest.mark.model
@pytest.mark.parametrize("beside", ["draft", "projector", "adapters"])
def test_what_is_opened_with_it_is_counted_before_anything_is_loaded(gguf, monkeypatch, beside):
    free = fit.need(describe(gguf), 256).total
    monkeypatch.setattr(fit, "free_memory", lambda: free)
    also = (Adapter(str(gguf)),) if beside == "adapters" else str(gguf)

    with pytest.raises(TooLarge, match="for what is opened with it"):
        open_file(gguf, context=256, **{beside: also})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"slots": 0}, "slots is 0"),
        ({"slots": 257}, "slots is 257"),
        ({"context": -1}, "context is -1"),
        ({"threads": -1}, "threads is -1"),
    ],
)
def test_options_out_of_range_name_their_range(tmp_path, options, message):
    with pytest.raises(UsageError, match=message):
        open_file(tmp_path / "any.gguf", **options)


@pytest.mark.model
def test_an_attempt_that_cannot_run_is_refused_and_the_engine_goes_on(opened, ask, grow):
    engine = opened(context=300)

    with pytest.raises(Refused, match=r"the prompt is \d+ tokens; this trace may use 300"):
        engine.add(ask("long", "apple " * 400))
    with pytest.raises(Refused, match="cannot read images"):
        engine.add(Attempt("t", (Message("user", "?", ("a.png",)),)))
    for wrong in (-1, engine.info.vocabulary):
        with pytest.raises(Refused, match="outside the vocabulary"):
            engine.add(ask("t", prefix=(wrong,)))
    engine.add(ask("a"))
    with pytest.raises(Refused, match="growing already"):
        engine.add(ask("a"))
    with pytest.raises(Refused, match="all 1 slots are busy"):
        engine.add(ask("b"))
    engine.drop("a")

    assert grow(engine, ask("c"))["c"][1].ended is not None


@pytest.mark.model
def test_broken_numbers_end_the_trace_with_a_reason(opened, ask, monkeypatch):
    engine = opened(slots=2)
    engine.add(ask("t"))
    monkeypatch.setattr(
        Context, "rows", lambda *_: np.full((1, engine.info.vocabulary), np.nan, np.float32)
    )

    (step,) = engine.step()

    assert step.ended is Ended.FAILED
    assert "bit rot" in step.reason
    assert engine.live == 0


@pytest.mark.model
def test_what_would_abort_the_process_is_checked_first(gguf):
    weights = Weights(gguf)
    context = Context(weights, 256, 2, 1)
    one = [0], [0], [0], [True]
    errors: list[BaseException] = []

    def from_another_thread():
        try:
            context.evaluate(*one)
        except RuntimeError as error:
            errors.append(error)

    with pytest.raises(ValueError, match=r"513 tokens in a batch; it must be 1 to \d+"):
        context.evaluate([0] * 513, range(513), [0] * 513, [False] * 513)
    with pytest.raises(ValueError, match="outside the vocabulary"):
        context.evaluate([weights.size], [0], [0], [True])
    with pytest.raises(ValueError, match="sequence is outside"):
        context.evaluate([0], [0], [2], [True])
    with pytest.raises(ModelError, match="could not evaluate"):
        context.evaluate([0, 0], [0, 5], [0, 0], [False, True])  # a gap
    thread = threading.Thread(target=from_another_thread)
    thread.start()
    thread.join()
    assert "second thread" in str(errors[0])
    assert context.evaluate(*one) is Outcome.DONE
    assert context.rows(0, 1).shape == (1, weights.size)
    with pytest.raises(ModelError, match="no logits for token 7"):
        context.rows(7, 1)
    context.close()
    with pytest.raises(RuntimeError, match="closed"):
        context.evaluate(*one)
    weights.close()


@pytest.mark.model
def test_an_interrupted_evaluation_loses_nothing(opened, ask, grow, monkeypatch):
    engine = opened(slots=2)
    text = "Name three colours. " * 40
    expected = [token.id for token in grow(engine, ask("a", text))["a"][0]]
    evaluate, outcomes = Context.evaluate, []

    def watched(self, *batch):
        outcomes.append(evaluate(self, *batch))
        return outcomes[-1]

    def interrupt_now_and_then():
        for _ in range(20):
            time.sleep(0.01)
            engine.interrupt()

    monkeypatch.setattr(Context, "evaluate", watched)
    thread = threading.Thread(target=interrupt_now_and_then)
    thread.start()
    tokens, _ = grow(engine, ask("b", text))["b"]
    thread.join()

    assert Outcome.INTERRUPTED in outcomes
    assert [token.id for token in tokens] == expected
