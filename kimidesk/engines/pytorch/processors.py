"""What transformers writes for a picture: ids, and tensors of its pixels.

Processors of models that see films too want torchvision, which does nothing for a picture; of
those the part for pictures is taken alone, and the ids are written here.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import torch
from PIL import Image
from torch import Tensor
from transformers import AutoImageProcessor, AutoProcessor, AutoTokenizer

from kimidesk.errors import BadCheckpoint


class Written(Protocol):
    """Writes pictures for one checkpoint."""

    token: int  # the id that stands for a part of a picture

    def write(self, image: Image.Image) -> Mapping[str, Tensor]:
        """`input_ids` (1, T), what the family puts around a picture included, and its pixels."""
        ...

    def size(self, made: Mapping[str, Tensor]) -> tuple[int, int]:
        """Width and height of what the model sees of it, pixels."""
        ...

    def text(self, ids: Tensor) -> str:
        """The text of ids, control tokens spelled out."""
        ...


class Whole:
    """A checkpoint's processor as it is."""

    def __init__(self, processor: Any, token: int, written: str) -> None:
        self._processor, self.token = processor, token
        self._written = written or processor.image_token

    def write(self, image: Image.Image) -> Mapping[str, Tensor]:
        """See `Written`."""
        return dict(
            self._processor(
                text=[self._written],
                images=[image],
                add_special_tokens=False,
                return_tensors="pt",
            )
        )

    def size(self, made: Mapping[str, Tensor]) -> tuple[int, int]:
        """See `Written`."""
        height, width = made["pixel_values"].shape[-2:]
        return int(width), int(height)

    def text(self, ids: Tensor) -> str:
        """See `Written`."""
        return _text(self._processor.tokenizer, ids)


class Alone:
    """The part for pictures; a token stands for `merge_size` × `merge_size` patches of one."""

    def __init__(self, processor: Any, tokenizer: Any, token: int, written: str) -> None:
        self._processor, self._tokenizer, self.token = processor, tokenizer, token
        mark = tokenizer.convert_ids_to_tokens(token)
        before, found, after = written.partition(mark)
        self._around = [self._ids(each) for each in ((before, after) if found else ("", ""))]

    def write(self, image: Image.Image) -> Mapping[str, Tensor]:
        """See `Written`."""
        made = dict(self._processor(images=[image], return_tensors="pt"))
        count = int(made["image_grid_thw"].prod()) // self._processor.merge_size**2
        before, after = self._around
        ids = [*before, *[self.token] * count, *after]
        return {**made, "input_ids": torch.tensor([ids])}

    def size(self, made: Mapping[str, Tensor]) -> tuple[int, int]:
        """See `Written`."""
        _, rows, columns = made["image_grid_thw"][0].tolist()
        return columns * self._processor.patch_size, rows * self._processor.patch_size

    def text(self, ids: Tensor) -> str:
        """See `Written`."""
        return _text(self._tokenizer, ids)

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer(text, add_special_tokens=False)["input_ids"]
        return ids


def processor_of(path: Path, config: Any, written: str, *, alone: bool) -> Written:
    """The processor of a folder. Raises whatever transformers does, and BadCheckpoint.

    `alone` takes the part for pictures; `written` is what stands for a picture in a chat.
    """
    local: dict[str, Any] = {"trust_remote_code": False, "local_files_only": True}
    token = getattr(config, "image_token_id", getattr(config, "image_token_index", None))
    if token is None:
        raise BadCheckpoint("no token stands for a picture")
    if not alone:
        processor = AutoProcessor.from_pretrained(path, **local)
        return Whole(processor, int(token), written)
    part = AutoImageProcessor.from_pretrained(path, **local)
    return Alone(part, AutoTokenizer.from_pretrained(path, **local), int(token), written)


def _text(tokenizer: Any, ids: Tensor) -> str:
    text: str = tokenizer.decode(
        ids.tolist(), skip_special_tokens=False, clean_up_tokenization_spaces=False
    )
    return text
