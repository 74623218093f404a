"""A checkpoint of transformers in memory: its weights and its vocabulary."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import (
    MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING,
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForImageTextToText,
    AutoTokenizer,
)
from transformers.cache_utils import Cache, DynamicCache, DynamicLayer, DynamicSlidingWindowLayer
from transformers.utils import logging

from kimidesk.checkpoints.fit import FLOAT32
from kimidesk.engines.evaluating import Interrupted
from kimidesk.engines.pytorch import attention
from kimidesk.engines.pytorch.memory import Memory, Reading, bytes_per_token, reading_of
from kimidesk.engines.pytorch.positions import Positions
from kimidesk.engines.pytorch.vocabulary import Vocabulary
from kimidesk.errors import BadCheckpoint, KimiDeskError, TooLarge

OTHER_ENGINE = "A GGUF conversion of it opens in the llama.cpp engine."
NOTHING_SEEN: Mapping[str, Tensor] = MappingProxyType({})
PART = 256  # tokens of a text that is looked into, in one call
COPIES = 3  # of the scores of a layer: as they are, masked or with sinks, and as weights
_KINDS = (DynamicLayer, DynamicSlidingWindowLayer)  # caches that are lists of keys and values


class Weights:
    """Loads a folder of safetensors, or a GGUF that is dequantized.

    `loading` is told fractions from 0 to 1 and cancels by returning False. Code of the checkpoint
    is never run. Raises BadCheckpoint and TooLarge.
    """

    def __init__(
        self,
        path: Path,
        device: torch.device,
        loading: Callable[[float], object] | None = None,
    ) -> None:
        self.path, self.device = path, device
        attention.register()
        with _told_as_errors(path), _progress(loading or _not_told):
            self.model = self._load(path)
            names = inspect.signature(type(self.model).forward).parameters
            self._cache_name = "cache" if "cache" in names else "past_key_values"
            self._few = "logits_to_keep" in names
            self.vocabulary = self._read_vocabulary(path)
            with Positions() as positions:
                self.like = self._probe()
        self.reach = positions.reach  # tokens that it has positions for; None: they are computed
        if loading is not None:
            loading(1.0)

    @property
    def dtype(self) -> torch.dtype:
        dtype: torch.dtype = self.model.dtype
        return dtype

    @property
    def parameters(self) -> int:
        """How many numbers the weights are."""
        return sum(each.numel() for each in self.model.parameters())

    def hidden_bytes(self, layers: int) -> int:
        """What a token takes while a text is looked into, so many layers of it being told: their
        states, its keys and values, and where attention is spelled out (caps, sinks) scores."""
        config = self.model.config.get_text_config()
        states = layers * config.hidden_size * FLOAT32
        sinks = any(name.endswith(".sinks") for name, _ in self.model.named_parameters())
        spelled = sinks or getattr(config, "attn_logit_softcapping", None)
        scores = COPIES * config.num_attention_heads * PART * FLOAT32 if spelled else 0
        return int(states + bytes_per_token(self.like) + scores)

    def close(self) -> None:
        """Free the memory; nothing else may be called after."""
        del self.model, self.like

    @torch.inference_mode()
    def evaluate(
        self,
        ids: Tensor,
        memory: Memory,
        reading: Reading,
        keep: int = 1,
        seen: Mapping[str, Tensor] = NOTHING_SEEN,
    ) -> Tensor:
        """Evaluate `ids` (B, count); the logits of the last `keep` tokens, float32 (B, keep, V).

        `seen`: what the ids show of a picture. Raises Interrupted, BadCheckpoint and TooLarge.
        """
        named: dict[str, Any] = {self._cache_name: memory, **seen}
        if self._few:
            named["logits_to_keep"] = keep
        with memory.reading(reading), _told_as_errors(self.path):
            made = self.model(
                input_ids=ids, position_ids=reading.positions, use_cache=True, **named
            )
        logits: Tensor = made.logits
        return logits[:, -keep:].float()

    @torch.inference_mode()
    def hidden(
        self, ids: Sequence[int], layers: Sequence[int], alive: Callable[[], object]
    ) -> dict[int, NDArray[np.float32]]:
        """What stands after the given layers for each token, (T, D); 0 is the embedding, -1 the
        last one, told under its own number. A part of the text is read at a time, and `alive`
        called after each. Raises ValueError for a layer that is not there.
        """
        count: int = self.model.config.get_text_config().num_hidden_layers + 1
        wrong = [layer for layer in layers if not -count <= layer < count]
        if wrong:
            raise ValueError(f"layer {wrong[0]} is not one of 0 to {count - 1}")
        memory = Memory(self.like, 1, len(ids))
        found: dict[int, list[NDArray[np.float32]]] = {layer % count: [] for layer in layers}
        for first in range(0, len(ids), PART):
            states = self._states(ids[first : first + PART], first, memory)
            for layer, parts in found.items():
                parts.append(states[layer][0].float().cpu().numpy())
            alive()
        return {layer: np.concatenate(parts) for layer, parts in found.items()}

    def _states(self, ids: Sequence[int], first: int, memory: Memory) -> tuple[Tensor, ...]:
        """Those of the next tokens of a text, (1, count, D) after each layer."""
        named: dict[str, Any] = {self._cache_name: memory}
        if self._few:
            named["logits_to_keep"] = 1  # nobody asks for any
        reading = reading_of([0], [first], len(ids), self.device)
        with memory.reading(reading), _told_as_errors(self.path):
            made = self.model(
                input_ids=torch.tensor([list(ids)], device=self.device),
                position_ids=reading.positions,
                use_cache=True,
                output_hidden_states=True,
                **named,
            )
        states: tuple[Tensor, ...] = made.hidden_states
        return states

    def _load(self, path: Path) -> Any:
        source, named = _source(path)
        dtype: Any = torch.float32 if self.device.type == "cpu" else "auto"
        kind, ways = _kind_of(path)
        model, told = kind.from_pretrained(
            source,
            dtype=dtype,
            attn_implementation=ways,
            use_safetensors=True,
            trust_remote_code=False,
            local_files_only=True,
            output_loading_info=True,
            **named,
        )
        if told["missing_keys"]:  # transformers would go on with random numbers for them
            raise BadCheckpoint(
                f"{path} lacks {len(told['missing_keys'])} tensors of a {model.config.model_type} "
                f"of its size, such as {min(told['missing_keys'])}",
                hint=f"Fetch it again. {OTHER_ENGINE}",
            )
        return model.eval().requires_grad_(False).to(self.device)

    def _read_vocabulary(self, path: Path) -> Vocabulary:
        source, named = _source(path)
        tokenizer = AutoTokenizer.from_pretrained(
            source, trust_remote_code=False, local_files_only=True, **named
        )
        told = (self.model.generation_config, self.model.config, tokenizer)
        ends = [_ids(getattr(each, "eos_token_id", None)) for each in told]
        size = self.model.get_output_embeddings().weight.shape[0]
        return Vocabulary(tokenizer, frozenset().union(*ends), size)

    @torch.inference_mode()
    def _probe(self) -> Cache:
        """A cache that has read one token twice: it tells what this model keeps."""
        cache = DynamicCache(config=self.model.config)
        ids = torch.zeros(1, 2, dtype=torch.int64, device=self.device)
        self.model(input_ids=ids, use_cache=True, **{self._cache_name: cache})
        for layer in cache.layers:
            if type(layer) not in _KINDS or layer.keys is None or layer.keys.ndim != 4:
                raise BadCheckpoint(
                    f"{self.path} keeps more than keys and values ({type(layer).__name__}); "
                    "this engine cannot fork or batch it",
                    hint=OTHER_ENGINE,
                )
        return cache


def _not_told(_: float) -> None:
    """Nobody asked how far it is."""


def _source(path: Path) -> tuple[str, dict[str, str]]:
    if path.is_dir():
        return str(path), {}
    return str(path.parent), {"gguf_file": path.name}


def _kind_of(path: Path) -> tuple[Any, Any]:
    """What loads a checkpoint, and how its parts attend: eyes as they please, text our way."""
    if not path.is_dir():
        return AutoModelForCausalLM, attention.NAME
    config = AutoConfig.from_pretrained(path, trust_remote_code=False, local_files_only=True)
    if type(config) not in MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING:
        return AutoModelForCausalLM, attention.NAME
    text = config.get_text_config()
    parts = [name for name in config.sub_configs if getattr(config, name, None) is text]
    return AutoModelForImageTextToText, dict.fromkeys(["", *parts], attention.NAME)


def _ids(told: object) -> frozenset[int]:
    if isinstance(told, int):
        return frozenset({told})
    if isinstance(told, list | tuple):
        return frozenset(each for each in told if isinstance(each, int))
    return frozenset()


@contextmanager
def _told_as_errors(path: Path) -> Iterator[None]:
    """What torch, transformers and a checkpoint's own code raise, as the desk's errors."""
    try:
        yield
    except (KimiDeskError, Interrupted):
        raise
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise _too_large(path, error) from error
    except Exception as error:
        if "can't allocate memory" in str(error) or "out of memory" in str(error):
            raise _too_large(path, error) from error
        raise _bad(path, error) from error


def _too_large(path: Path, error: BaseException) -> TooLarge:
    return TooLarge(
        f"no memory for {path.name}: {_first_line(error)}",
        hint="Ask for a shorter context (--context) or fewer traces at once (--slots), "
        "or use the CPU (--gpu-layers 0).",
    )


def _bad(path: Path, error: BaseException) -> BadCheckpoint:
    return BadCheckpoint(
        f"transformers cannot use {path}: {type(error).__name__}: {_first_line(error)}",
        hint=f"Fetch it again, or update transformers if the model is newer. {OTHER_ENGINE}",
    )


def _first_line(error: BaseException) -> str:
    return next((line for line in str(error).splitlines() if line.strip()), "no reason was given")


@contextmanager
def _progress(loading: Callable[[float], object]) -> Iterator[None]:
    """Tells `loading` what transformers tells its progress bars, which are not shown."""
    before = logging.set_tqdm_hook(lambda _, args, named: _Bar(loading, args, named))
    try:
        yield
    finally:
        logging.set_tqdm_hook(before)


class _Bar:
    """Stands where a progress bar would."""

    def __init__(
        self, loading: Callable[[float], object], args: tuple[Any, ...], named: dict[str, Any]
    ) -> None:
        self._loading = loading
        self._over = args[0] if args else named.get("iterable")
        self._total = named.get("total") or (len(self._over) if self._over is not None else 0)
        self._done = 0

    def update(self, count: float = 1) -> None:
        self._done += int(count)
        fraction = min(self._done / self._total, 1.0) if self._total else 0.0
        if self._loading(fraction) is False:
            raise BadCheckpoint("loading was cancelled")

    def __iter__(self) -> Iterator[Any]:
        for each in self._over or ():
            yield each
            self.update()

    def __enter__(self) -> "_Bar":
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_, **__: None  # what else a bar can do shows nothing here
