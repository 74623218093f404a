"""Pictures for checkpoints of transformers: their own processor scales and cuts them.

A picture is evaluated in a call of its own, as the ids that stand for it and what the processor
makes of its pixels; what the family writes around it is text like any other. Where a model counts
positions in two dimensions (M-RoPE), or lets the tokens of a picture see each other, its own rules
are asked; one of any other kind refuses pictures.
"""

import inspect
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from kimidesk.engines.pictures import Picture, of
from kimidesk.engines.pytorch.processors import Written, processor_of
from kimidesk.engines.seeing import Shown, id_of
from kimidesk.errors import Refused

_KINDS = ("token_type_ids", "mm_token_type_ids")  # tell a model which tokens are a picture's
_BLOCKS = "get_block_sequence_ids_for_mask"  # whose code has it lets those see each other
_TOLD = frozenset(("input_ids", "attention_mask", *_KINDS))  # told by the engine itself
_SAMPLE = of(np.zeros((64, 64, 3), np.uint8))


class Way(NamedTuple):
    """How a model takes the tokens of a picture, beside what they are."""

    rule: Any = None  # places them in two dimensions
    kinds: str = ""  # the argument that tells which see each other
    why_not: str = ""  # it takes none, in a way that this engine knows


class Looked:
    """One picture as the model takes it; implements `View`.

    `pictured` marks the ids that stand for the picture; others may stand between them.
    """

    def __init__(
        self, id_: int, ids: Tensor, pictured: Tensor, inputs: Mapping[str, Tensor], way: Way
    ) -> None:
        self.id, self.tokens, self.ids = id_, len(ids), ids
        self._inputs, self._kinds, self._way = inputs, pictured.long()[None], way
        self.advance = self.tokens  # positions until what follows
        self._positions: Tensor | None = None  # (3, T), of a picture that begins at 0
        if way.rule is not None:
            grid = inputs["image_grid_thw"]
            placed, beyond = way.rule(ids[None], self._kinds, image_grid_thw=grid)
            self._positions, self.advance = placed[:, 0], self.tokens + int(beyond)

    def inputs(self, start: int) -> dict[str, Tensor]:
        """What the model is given beside the ids, which begin at `start`."""
        if not self._way.kinds:
            return dict(self._inputs)
        before = self._kinds.new_zeros((1, start))  # its mask looks them up by place
        return {**self._inputs, self._way.kinds: torch.cat([before, self._kinds], 1)}

    def positions(self, base: int) -> Tensor | None:
        """(3, 1, T), of a picture that begins at `base`; None where positions are places."""
        return None if self._positions is None else self._positions[:, None] + base


class Eyes:
    """Implements `Eye`, for pictures of one checkpoint with this fingerprint. Raises Refused."""

    def __init__(self, processor: Written, model: Any, way: Way, fingerprint: str) -> None:
        self._processor, self._model, self._way = processor, model, way
        self._fingerprint = fingerprint
        first, stop, ids = self._found(processor.write(Image.fromarray(_SAMPLE.pixels)))
        self.around = processor.text(ids[:first]), processor.text(ids[stop:])

    @property
    def placed(self) -> bool:
        """Whether pictures take fewer positions than tokens."""
        return self._way.rule is not None

    @property
    def most(self) -> int:
        """As many pictures as the context holds."""
        return sys.maxsize

    def show(self, picture: Picture) -> Shown:
        """How a picture is shown; nothing is evaluated yet. Raises Refused."""
        try:
            made = self._processor.write(Image.fromarray(picture.pixels))
        except Exception as error:  # the processor of a checkpoint may raise anything
            raise Refused(
                f"the checkpoint's processor cannot take a picture of "
                f"{picture.width:,}×{picture.height:,}: {type(error).__name__}: {error}",
                hint="Scale it to another size.",
            ) from error
        first, stop, ids = self._found(made)
        inputs = {name: self._there(each) for name, each in made.items() if name not in _TOLD}
        own = ids[first:stop].to(self._model.device)
        id_ = id_of(self._fingerprint, picture.digest)
        view = Looked(id_, own, own == self._processor.token, inputs, self._way)
        return Shown((view.id,) * view.tokens, (view,), *self._processor.size(made))

    def _found(self, made: Mapping[str, Tensor]) -> tuple[int, int, Tensor]:
        """Where the picture begins and ends among the ids of what is written for it."""
        ids = made["input_ids"][0]
        places = torch.nonzero(ids == self._processor.token)[:, 0].tolist()
        if not places:
            raise Refused("the checkpoint's processor writes no token that stands for a picture")
        return places[0], places[-1] + 1, ids

    def _there(self, tensor: Tensor) -> Tensor:
        wide = self._model.dtype if tensor.is_floating_point() else tensor.dtype
        return tensor.to(self._model.device, wide)


def eyes_of(path: Path, model: Any, fingerprint: str, written: str) -> tuple[Eyes | None, str]:
    """What sees for a checkpoint; None, and why not, where pictures cannot be read.

    `written` is what its chat template writes for a picture; "" where it writes nothing.
    """
    way = _way_of(model)
    if way.why_not:
        return None, way.why_not
    try:
        processor = processor_of(path, model.config, written, alone=way.rule is not None)
        return Eyes(processor, model, way, fingerprint), ""
    except Exception as error:  # noqa: BLE001 — its files may say anything; text is read still
        return None, f"its processor cannot be read: {type(error).__name__}: {error}"


def _way_of(model: Any) -> Way:
    names = inspect.signature(type(model).forward).parameters
    if "pixel_values" not in names:
        return Way(why_not="it has no eyes")
    rule = getattr(model.base_model, "get_rope_index", None)
    told = model.config.get_text_config().to_dict()
    scaling = str(told.get("rope_parameters") or told.get("rope_scaling") or "")
    if rule is not None or "mrope_section" in scaling:
        asked = inspect.signature(rule).parameters if rule is not None else {}
        known = {"input_ids", "mm_token_type_ids", "image_grid_thw"} <= set(asked)
        axes = "xdrope" not in scaling and "num_mrope_axes" not in str(told)
        if known and axes:
            return Way(rule)
        return Way(why_not="this engine does not place pictures the way it does")
    kinds = next((name for name in _KINDS if name in names), "")
    if hasattr(sys.modules[type(model).__module__], _BLOCKS):
        return Way(kinds=kinds)
    if kinds == "token_type_ids":
        return Way(why_not="its whole prompt sees all of itself, which this engine does not do")
    return Way()
