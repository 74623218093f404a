"""`kimidesk models`: listing, fetching and describing checkpoints."""

import json

import numpy as np
import pytest

TEMPLATE = (
    "{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"
    "[assistant]<think>{% if not thinking %}</think>{% endif %}"
)
MATRIX = "blk.0.attn_q.weight"


@pytest.fixture
def model(tmp_path, write_gguf):
    told = {
        "general.architecture": "qwen2",
        "general.name": "Tiny \x1b[31mred",
        "qwen2.embedding_length": 64,
        "qwen2.context_length": 1024,
        "qwen2.block_count": 2,
        "qwen2.attention.head_count": 4,
        "qwen2.attention.head_count_kv": 2,
        "tokenizer.chat_template": TEMPLATE,
    }
    return write_gguf(tmp_path / "tiny.gguf", told, {MATRIX: np.zeros((64, 64))})


def test_show_tells_a_program_all_that_headers_hold(model, write_gguf, kimidesk):
    projector = {
        "general.architecture": "clip",
        "clip.has_vision_encoder": True,
        "clip.vision.projection_dim": 64,
    }
    seeing = write_gguf(model.with_name("mmproj.gguf"), projector, {"x": np.zeros((1, 1))})
    lora = {
        "general.architecture": "qwen2",
        "adapter.type": "lora",
        "general.base_model.0.name": "Tiny",
    }
    halves = {f"{MATRIX}.lora_a": np.zeros((2, 64)), f"{MATRIX}.lora_b": np.zeros((64, 2))}
    laid = write_gguf(model.with_name("lora.gguf"), lora, halves)

    told = json.loads(kimidesk("models", "show", str(model), "--json").stdout)

    assert (told["format"], told["architecture"], told["trained_context"]) == (
        "gguf",
        "qwen2",
        1024,
    )
    assert told["projector"] == str(seeing)
    assert told["adapters"] == [{"file": str(laid), "kind": "lora", "base": "Tiny"}]
    assert (told["dialect"]["name"], told["dialect"]["default"]) == ("think", "off")
    assert told["memory"]["cuttable"] is True
    assert told["memory"]["replay_bytes"] == 2 * 512 * told["vocabulary"] * 4
    card = told["memory"]["card"]
    assert 0 < card["layer_bytes"] < card["total_bytes"]
    assert told["memory"]["total_bytes"] > told["memory"]["cache_bytes_per_token"] * 1024


def test_show_tells_a_person_the_same_without_control_characters(model, kimidesk):
    said = kimidesk("models", "show", str(model)).stdout

    assert "Tiny" in said
    assert "\x1b" not in said
    assert "none beside it" in said


def test_a_hostile_template_does_not_hide_the_checkpoint(tmp_path, write_gguf, kimidesk):
    told = {
        "general.architecture": "qwen2",
        "tokenizer.chat_template": "{% for i in range(10**9) %}{% endfor %}",
    }
    path = write_gguf(tmp_path / "m.gguf", told, {MATRIX: np.zeros((64, 64))})

    done = kimidesk("models", "show", str(path), "--json")

    assert done.returncode == 0
    assert "counts beyond" in json.loads(done.stdout)["dialect"]["error"]


@pytest.mark.smoke
def test_the_list_holds_what_a_person_added(kimidesk, home):
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config" / "catalog.toml").write_text(
        '[mine]\nurl = "https://example.org/m.gguf"\ntitle = "我的"\n', "utf-8"
    )

    said = kimidesk("models").stdout

    assert "mine" in said
    assert "我的" in said
