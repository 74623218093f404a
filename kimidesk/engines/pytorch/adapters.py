"""LoRA adapters by peft: loaded once, laid over the weights in any mix.

peft holds one mix for a whole model, so traces with different mixes are evaluated in calls of their
own. An adapter is a folder of adapter_config.json and safetensors.
"""

import warnings
from pathlib import Path
from typing import Any

from kimidesk.checkpoints import folder
from kimidesk.checkpoints.adapters import WEIGHTS
from kimidesk.checkpoints.describe import adapter_fingerprint
from kimidesk.checkpoints.folder import ADAPTER_CONFIG
from kimidesk.engines.mix import Mix, Mixing
from kimidesk.errors import Refused

# Settings that say where an adapter lies and how strongly, or nothing of its numbers. Others change
# the model for every trace, or are not proportional to an adapter's scale.
# fmt: off
_OF_ONE_TRACE = {
    "alpha_pattern", "auto_mapping", "base_model_name_or_path", "bias", "ensure_weight_tying",
    "eva_config", "exclude_modules", "fan_in_fan_out", "inference_mode", "init_lora_weights",
    "layers_pattern", "layers_to_transform", "lora_alpha", "lora_dropout", "megatron_core",
    "peft_type", "peft_version", "qalora_group_size", "r", "rank_pattern", "revision",
    "target_modules", "task_type", "use_rslora",
}
# fmt: on
# How one may have begun that was trained on the weights as they are; others changed them first.
_BEGINNINGS = (True, False, "gaussian", "eva", "orthogonal")


class Adapters(Mixing):
    """All that were loaded for this model."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        self._model = model
        self._loaded: set[str] = set()
        self._layers: list[Any] = []
        self.laid: Mix | None = None  # over the weights now; None where peft has changed the model

    def lay(self, mix: Mix) -> None:
        """Evaluate with this mix, all of it loaded, from now on."""
        for layer in self._layers:
            layer.set_adapter([id_ for id_, _ in mix], inference_mode=True)
            for id_, scale in mix:
                layer.set_scale(id_, scale)
        self.laid = mix

    def _files(self, path: Path) -> tuple[Path, ...]:
        files = path / ADAPTER_CONFIG, path / WEIGHTS
        if not all(file.is_file() for file in files):
            raise Refused(
                f"{path} is no LoRA adapter of this engine: a folder with {ADAPTER_CONFIG} and "
                f"{WEIGHTS}",
                hint="A GGUF adapter is for llama.cpp; weights in pickle format are not read.",
            )
        return files

    def _read(self, path: Path) -> str:
        _check(path)
        id_ = adapter_fingerprint(path)
        if id_ not in self._loaded:
            self._inject(path, id_)
        return id_

    def _inject(self, path: Path, id_: str) -> None:
        # Imported here: it takes seconds, and few traces have adapters.
        from peft import LoraConfig, inject_adapter_in_model, set_peft_model_state_dict
        from safetensors.torch import load_file

        try:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Already found a `peft_config`")  # it is ours
                config = LoraConfig.from_pretrained(str(path))
                config.init_lora_weights = False  # every number is read from the file
                inject_adapter_in_model(config, self._model, id_)
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
        self.laid = None
        for layer in self._layers:
            layer.delete_adapter(without)
        self._model.eval().requires_grad_(False)


def _check(path: Path) -> None:
    config = folder.object_of(path / ADAPTER_CONFIG)
    if config.get("peft_type") != "LORA" or config.get("bias", "none") != "none":
        raise Refused(f"{path} is {config.get('peft_type')!s:.20}; it must be LORA without biases")
    for name, value in config.items():
        if value and name not in _OF_ONE_TRACE:
            raise Refused(f"{path} uses {name[:40]}, which cannot be laid over single traces")
    began = config.get("init_lora_weights", True)
    if began not in _BEGINNINGS:
        raise Refused(
            f"{path} was begun with {str(began)[:20]!r}, which changes the weights below it",
            hint="Save it once more for the weights as they are: peft's save_pretrained(..., "
            "path_initial_model_for_weight_conversion=...).",
        )
    folder.tensors_of(path / WEIGHTS)
