"""LoRA adapters by peft: loaded once, laid over the weights in any mix.

peft holds one mix for a whole model, so traces with different mixes are evaluated in calls of their
own. An adapter is a folder of adapter_config.json and safetensors.
"""

import hashlib
import math
import warnings
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kimidesk.checkpoints import folder
from kimidesk.checkpoints.adapters import CONFIG, WEIGHTS
from kimidesk.engines.mix import Mix
from kimidesk.errors import BadCheckpoint, Refused
from kimidesk.records import Adapter

# What would change the model for every trace, or is not proportional to an adapter's scale.
_NOT_ONE_TRACE = ("modules_to_save", "trainable_token_indices", "layer_replication", "use_dora")


class Adapters:
    """All that were loaded for this model."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._loaded: set[str] = set()
        self._known: dict[tuple[str, int, int], str] = {}  # path, size, time: fingerprint
        self._layers: list[Any] = []

    def mix(self, wanted: Sequence[Adapter]) -> Mix:
        """Load what is not loaded; raises Refused for what cannot be laid over these weights."""
        scales: dict[str, float] = defaultdict(float)
        for adapter in wanted:
            if not math.isfinite(adapter.scale):
                raise Refused(f"the scale of {adapter.path} is {adapter.scale}; it must be finite")
            try:
                scales[self._load(Path(adapter.path))] += adapter.scale
            except BadCheckpoint as error:
                raise Refused(error.what, hint=error.hint) from error
        return tuple((id_, scale) for id_, scale in scales.items() if scale)

    def lay(self, mix: Mix) -> None:
        """Evaluate with this mix, all of it loaded, from now on."""
        for layer in self._layers:
            layer.set_adapter([id_ for id_, _ in mix], inference_mode=True)
            for id_, scale in mix:
                layer.set_scale(id_, scale)

    def _load(self, path: Path) -> str:
        _check(path)
        try:
            status = (path / WEIGHTS).stat()
            known = (str(path), status.st_size, status.st_mtime_ns)
            if known not in self._known:
                id_ = _fingerprint(path)
                if id_ not in self._loaded:
                    self._inject(path, id_)
                self._known[known] = id_
        except OSError as error:
            raise Refused(f"the adapter {path} cannot be read: {error.strerror}") from error
        return self._known[known]

    def _inject(self, path: Path, id_: str) -> None:
        # Imported here: it takes seconds, and few traces have adapters.
        from peft import LoraConfig, inject_adapter_in_model, set_peft_model_state_dict
        from safetensors.torch import load_file

        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Already found a `peft_config`")  # it is ours
                inject_adapter_in_model(LoraConfig.from_pretrained(str(path)), self._model, id_)
            told = set_peft_model_state_dict(self._model, load_file(path / WEIGHTS), id_)
            lost = [name for name in told.missing_keys if f".{id_}." in name]
            if told.unexpected_keys or lost:
                raise ValueError(f"{[*told.unexpected_keys, *lost][0]} has no place")
        except Exception as error:  # peft's own code reads files that may say anything
            self._settle(without=id_)
            raise Refused(
                f"{path} cannot be laid over this checkpoint: {str(error).strip()[:300]}",
                hint="An adapter fits the checkpoint that it was trained on.",
            ) from error
        self._settle()
        self._loaded.add(id_)

    def _settle(self, without: str = "") -> None:
        """After peft has changed the model: nothing is laid, nothing is trained."""
        from peft.tuners.tuners_utils import BaseTunerLayer

        self._layers = [each for each in self._model.modules() if isinstance(each, BaseTunerLayer)]
        self.lay(())
        for layer in self._layers:
            layer.delete_adapter(without)
        self._model.eval().requires_grad_(False)


def _check(path: Path) -> None:
    if not (path / CONFIG).is_file() or not (path / WEIGHTS).is_file():
        raise Refused(
            f"{path} is no LoRA adapter of this engine: a folder with {CONFIG} and {WEIGHTS}",
            hint="A GGUF adapter is for llama.cpp; weights in pickle format are not read.",
        )
    config = folder.object_of(path / CONFIG)
    if config.get("peft_type") != "LORA" or config.get("bias", "none") != "none":
        raise Refused(f"{path} is {config.get('peft_type')!s:.20}; it must be LORA without biases")
    for name in _NOT_ONE_TRACE:
        if config.get(name):
            raise Refused(f"{path} uses {name}, which cannot be laid over single traces")
    folder.tensors_of(path / WEIGHTS)


def _fingerprint(path: Path) -> str:
    digest = hashlib.blake2b((path / CONFIG).read_bytes(), digest_size=8)
    with (path / WEIGHTS).open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
