"""LoRA adapters of peft on single traces."""

import json

import pytest
import torch

from kimidesk.errors import ModelError, Refused
from kimidesk.records import Adapter, Sampling

peft = pytest.importorskip("peft")
transformers = pytest.importorskip("transformers")

# peft.get_peft_model, with which the tests make adapters, asks transformers by an old name.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing:FutureWarning"),
]

LONG = "Tom has 3 apples and gives 1 to Ann. " * 9
HOT = Sampling(temperature=1.0, top_p=1.0)


@pytest.fixture
def lora(checkpoint, tmp_path):
    """Writes random adapters on the tiny Llama, and tells the model with one merged into it."""

    def write(seed, **more):
        torch.manual_seed(seed)
        model = transformers.AutoModelForCausalLM.from_pretrained(checkpoint())
        told = {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj", "down_proj"]}
        config = peft.LoraConfig(**(told | {"init_lora_weights": False} | more))
        made = peft.get_peft_model(model, config)
        made.save_pretrained(tmp_path / f"lora-{seed}")
        return tmp_path / f"lora-{seed}", made.merge_and_unload().eval()

    return write


def change(path, **told):
    """Let the config of an adapter say something else."""
    file = path / "adapter_config.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | told))


def told(tokens):
    return [(token.id, token.logprob) for token in tokens]


def test_a_trace_with_an_adapter_is_that_of_the_merged_model(torched, ask, grow, lora):
    path, merged = lora(1)
    engine = torched()
    prompt = engine.add(ask("p")).prompt
    engine.drop("p")

    tokens, _ = grow(engine, ask("t", tokens=20, adapters=(Adapter(str(path)),)))["t"]

    ids = [token.id for token in tokens]
    with torch.inference_mode():
        said = merged(torch.tensor([[*prompt, *ids]])).logits[0].log_softmax(-1)
    for token, row in zip(tokens, said[len(prompt) - 1 :], strict=False):
        assert abs(token.logprob - float(row[token.id])) < 1e-4


def test_traces_with_and_without_adapters_grow_side_by_side(torched, ask, grow, lora):
    (one, _), (two, _) = lora(1), lora(2)
    mixes = [
        (),
        (Adapter(str(one)),),
        (Adapter(str(one), 0.5), Adapter(str(two), -1.0)),
        (Adapter(str(two)),),
    ]
    attempts = [ask(f"{n}", LONG, tokens=12, adapters=mix) for n, mix in enumerate(mixes)]
    base, _ = grow(torched(), ask("b", LONG, tokens=12))["b"]

    together = grow(torched(slots=4), *attempts)

    assert told(together["0"][0]) == told(base)
    assert len({tuple(told(together[f"{n}"][0])) for n in range(4)}) == 4
    for attempt in attempts:
        alone, _ = grow(torched(), attempt)[attempt.trace]
        mine = together[attempt.trace][0]
        assert [token.id for token in mine] == [token.id for token in alone]


def test_after_a_trace_with_an_adapter_one_without_it_is_the_base(torched, ask, grow, lora):
    (one, _), (two, _) = lora(1), lora(2)
    engine = torched(slots=2)
    laid = (Adapter(str(one)),)
    with_it, _ = grow(engine, ask("a", LONG, tokens=12, adapters=laid))["a"]

    base, _ = grow(engine, ask("b", LONG, tokens=12))["b"]
    again, _ = grow(engine, ask("c", LONG, tokens=12, adapters=laid))["c"]

    fresh, _ = grow(torched(), ask("b", LONG, tokens=12))["b"]
    assert told(base) == told(fresh) != told(with_it)
    assert told(again) == told(with_it)
    grow(engine, ask("d", adapters=(Adapter(str(two)),)))
    assert told(grow(engine, ask("e", LONG, tokens=12))["e"][0]) == told(fresh)


def test_adding_a_trace_changes_no_growing_one(torched, ask, grow, lora):
    (one, _), (two, _) = lora(1), lora(2)
    attempt = ask("t", LONG, tokens=12, adapters=(Adapter(str(one)),))
    alone, _ = grow(torched(slots=3), attempt)["t"]
    engine = torched(slots=3)
    engine.add(attempt)
    tokens = []

    for neighbour in (ask("n"), ask("m", adapters=(Adapter(str(two)),))):
        tokens += [step.token for step in engine.step() if step.trace == "t" and step.token]
        engine.add(neighbour)
    while engine.live:
        tokens += [step.token for step in engine.step() if step.trace == "t" and step.token]

    assert [token.id for token in tokens] == [token.id for token in alone]
    assert max(abs(a.logprob - b.logprob) for a, b in zip(tokens, alone, strict=True)) < 1e-5


def test_what_stands_between_layers_is_told_under_the_adapters_asked_for(torched, ask, grow, lora):
    path, _ = lora(1)
    laid = (Adapter(str(path)),)
    engine = torched()
    before = engine.hidden([5, 6, 7], [4])[4]

    grow(engine, ask("t", adapters=laid))

    assert (engine.hidden([5, 6, 7], [4])[4] == before).all()
    assert (engine.hidden([5, 6, 7], [4], laid)[4] != before).any()


def test_an_adapter_whose_config_has_changed_is_another_one(torched, ask, grow, lora):
    path, _ = lora(1)
    engine = torched()
    laid = (Adapter(str(path)),)
    weak, _ = grow(engine, ask("w", adapters=laid))["w"]

    change(path, lora_alpha=64)
    strong, _ = grow(engine, ask("s", adapters=laid))["s"]

    assert told(strong) == told(grow(torched(), ask("f", adapters=laid))["f"][0]) != told(weak)


def test_a_scale_of_zero_is_no_adapter(torched, ask, grow, lora):
    path, _ = lora(1)
    engine = torched()

    none, _ = grow(engine, ask("n", adapters=(Adapter(str(path), 0.0),)))["n"]

    assert told(none) == told(grow(torched(), ask("b"))["b"][0])


def test_an_adapter_that_does_not_fit_is_refused_and_the_engine_goes_on(torched, ask, grow, lora):
    path, _ = lora(1)
    change(path, r=8)
    engine = torched()

    with pytest.raises(Refused, match="cannot be laid over this checkpoint"):
        engine.add(ask("t", adapters=(Adapter(str(path)),)))

    assert told(grow(engine, ask("u"))["u"][0]) == told(grow(torched(), ask("b"))["b"][0])
    with pytest.raises(ModelError, match="cannot be laid"):
        torched(adapters=(Adapter(str(path)),))


@pytest.mark.parametrize(
    ("says", "words"),
    [
        ({"peft_type": "IA3"}, "it must be LORA"),
        ({"modules_to_save": ["lm_head"]}, "uses modules_to_save"),
        ({"use_dora": True}, "uses use_dora"),
        ({"alora_invocation_tokens": [5]}, "uses alora_invocation_tokens"),
        ({"init_lora_weights": "pissa"}, "begun with 'pissa'"),
        ({"init_lora_weights": "olora"}, "begun with 'olora'"),
    ],
)
def test_what_cannot_be_laid_over_single_traces_is_refused(torched, ask, lora, says, words):
    path, _ = lora(1)
    change(path, **says)

    with pytest.raises(Refused, match=words):
        torched().add(ask("t", adapters=(Adapter(str(path)),)))


def test_pickled_adapters_are_not_read(torched, ask, lora):
    path, _ = lora(1)
    (path / "adapter_model.safetensors").rename(path / "adapter_model.bin")

    with pytest.raises(Refused, match="pickle format are not read"):
        torched().add(ask("t", adapters=(Adapter(str(path)),)))
