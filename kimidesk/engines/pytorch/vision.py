"""Pictures for checkpoints of transformers: their own processor scales and cuts them.

A picture is evaluated in a call of its own, as the ids that the processor writes for it and what it
makes of the pixels. That is right where pictures are read from left to right at plain positions;
the others are told apart by what their code asks for, and refuse pictures.
"""

import inspect
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image
from torch import Tensor
from transformers import AutoProcessor

from kimidesk.engines.pictures import Picture
from kimidesk.engines.seeing import Shown, id_of
from kimidesk.errors import Refused

_TEXT = ("input_ids", "attention_mask", "mm_token_type_ids", "token_type_ids")


class Looked:
    """One picture as the model takes it; implements `View`."""

    def __init__(self, id_: int, ids: Tensor, inputs: Mapping[str, Tensor]) -> None:
        self.id, self.tokens = id_, len(ids)
        self.ids, self.inputs = ids, inputs


class Eyes:
    """Implements `Eye`, for pictures of one checkpoint with this fingerprint."""

    def __init__(self, processor: Any, model: Any, fingerprint: str) -> None:
        self._processor, self._model = processor, model
        self._fingerprint = fingerprint

    @property
    def most(self) -> int:
        """As many pictures as the context holds."""
        return sys.maxsize

    def show(self, picture: Picture) -> Shown:
        """How a picture is shown; nothing is evaluated yet. Raises Refused."""
        try:
            made = dict(
                self._processor(
                    text=[self._processor.image_token],
                    images=[Image.fromarray(picture.pixels)],
                    add_special_tokens=False,
                    return_tensors="pt",
                )
            )
        except Exception as error:  # the processor of a checkpoint may raise anything
            raise Refused(
                f"the checkpoint's processor cannot take a picture of "
                f"{picture.width:,}×{picture.height:,}: {type(error).__name__}: {error}",
                hint="Scale it to another size.",
            ) from error
        ids = made["input_ids"][0].to(self._model.device)
        inputs = {name: self._placed(each) for name, each in made.items() if name not in _TEXT}
        view = Looked(id_of(self._fingerprint, picture.digest), ids, inputs)
        height, width = made["pixel_values"].shape[-2:]
        return Shown((view.id,) * view.tokens, (view,), int(width), int(height))

    def _placed(self, tensor: Tensor) -> Tensor:
        wide = self._model.dtype if tensor.is_floating_point() else tensor.dtype
        return tensor.to(self._model.device, wide)


def eyes_of(path: Path, model: Any, fingerprint: str) -> tuple[Eyes | None, str]:
    """What sees for a checkpoint; None, and why not, where pictures cannot be read."""
    why = _why_blind(model)
    if why:
        return None, why
    try:
        processor = AutoProcessor.from_pretrained(
            path, trust_remote_code=False, local_files_only=True
        )
    except Exception as error:  # noqa: BLE001 — its files may say anything; text is read still
        return None, f"its processor cannot be read: {type(error).__name__}: {error}"
    if getattr(processor, "image_token", None) is None:
        return None, "its processor has no token that stands for a picture"
    return Eyes(processor, model, fingerprint), ""


def _why_blind(model: Any) -> str:
    names = inspect.signature(type(model).forward).parameters
    if "pixel_values" not in names:
        return "it has no eyes"
    told = model.config.get_text_config().to_dict()
    if "mrope_section" in str(told.get("rope_parameters") or told.get("rope_scaling") or ""):
        return "this engine does not place pictures in two dimensions"
    if "token_type_ids" in names:
        return "this engine reads pictures from left to right alone"
    return ""
