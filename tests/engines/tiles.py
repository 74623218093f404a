"""A projector that reads tokens out of pictures exactly, made of a checkpoint's own embeddings.

A tile is 24 × 24 pixels of 4 × 4 squares, black or white: the bits of a token's place in a list of
known tokens, from the left and from the top. The patch filter averages the
inside of each square, where scaling blurs nothing, for each colour;
of the one block every matrix is zero, so that it adds nothing; the first matrix of the projector
asks of every token how well its bits fit (+1 or −1 a bit), such that only the token itself is
positive, and the second gives that token's row.
"""

from pathlib import Path

import gguf
import numpy as np
from gguf.quants import dequantize

SIDE, TILE, GRID = 96, 24, 4  # pixels of a picture and of a tile; squares along a tile
BITS = 14
# GELU passes what is far above 0 and stops what is far below. Powers of two divide exactly: an
# error of 1e-6 in a row moves the logits of quantized weights by 0.6.
SHARP, LIFT = 32.0, 4.0


def embeddings(model: Path) -> np.ndarray:
    """The rows of a checkpoint's token embeddings, float32 (V, D)."""
    reader = gguf.GGUFReader(model)
    tensor = next(each for each in reader.tensors if each.name == "token_embd.weight")
    return dequantize(tensor.data, tensor.tensor_type).astype(np.float32)


def picture(places: list[int]) -> np.ndarray:
    """One tile for each of 16 places in the list, uint8 (96, 96, 3).

    The last two squares of a tile are red and blue, so that colours and sides can be told apart.
    """
    pixels = np.zeros((SIDE, SIDE, 3), np.uint8)
    step = TILE // GRID
    for number, place in enumerate(places):
        row, column = divmod(number, SIDE // TILE)
        for square in range(GRID * GRID):
            y, x = divmod(square, GRID)
            colour = (255 * (place >> square & 1),) * 3
            if square >= BITS:
                colour = ((255, 0, 0), (0, 0, 255))[square - BITS]
            top, left = row * TILE + y * step, column * TILE + x * step
            pixels[top : top + step, left : left + step] = colour
    return pixels


def write_projector(path: Path, rows: np.ndarray) -> Path:
    """The projector for tokens with these rows, float32 (K, D)."""
    width = rows.shape[1]
    squares = GRID * GRID
    wide = squares * 3  # what a patch becomes: each square in red, green and blue
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_string("clip.projector_type", "mlp")
    writer.add_bool("clip.use_gelu", True)
    for name, value in {
        "image_size": SIDE,
        "patch_size": TILE,
        "embedding_length": wide,
        "feed_forward_length": wide,
        "block_count": 1,
        "projection_dim": width,
        "attention.head_count": 1,
    }.items():
        writer.add_uint32(f"clip.vision.{name}", value)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-6)
    writer.add_array("clip.vision.image_mean", [0.5] * 3)
    writer.add_array("clip.vision.image_std", [0.5] * 3)
    writer.add_array("clip.vision.feature_layer", [1])

    filters = np.zeros((wide, 3, TILE, TILE), np.float32)
    step = TILE // GRID
    for square in range(squares):
        y, x = (each * step for each in divmod(square, GRID))
        for colour in range(3):
            # 1/32 is exact in half precision, in which llama.cpp keeps these.
            inside = (slice(y + 1, y + step - 1), slice(x + 1, x + step - 1))
            filters[square * 3 + colour, colour, *inside] = 1 / 32
    tensors = {
        "v.patch_embd.weight": filters,
        "v.position_embd.weight": np.zeros(((SIDE // TILE) ** 2, wide), np.float32),
    }
    block = {"ln1": None, "ln2": None, "attn_q": wide, "attn_k": wide, "attn_v": wide}
    for name, size in (block | {"attn_out": wide, "ffn_up": wide, "ffn_down": wide}).items():
        shape = (wide,) if size is None else (size, wide)
        tensors[f"v.blk.0.{name}.weight"] = np.zeros(shape, np.float32)
        tensors[f"v.blk.0.{name}.bias"] = np.zeros(wide, np.float32)
    tensors |= _projector(rows, wide, (step - 2) ** 2 / 32)
    for name, tensor in tensors.items():
        writer.add_tensor(name, np.ascontiguousarray(tensor, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _projector(rows: np.ndarray, wide: int, full: float) -> dict[str, np.ndarray]:
    """`full` is what a white square becomes; a black one becomes its negative."""
    count, width = rows.shape
    asked = np.zeros((count, wide), np.float32)
    for place in range(count):
        for square in range(GRID * GRID):
            for colour in range(3):
                white = place >> square & 1
                if square >= BITS:  # red, then blue
                    white = colour == (0, 2)[square - BITS]
                asked[place, square * 3 + colour] = (1 if white else -1) / full
    # A perfect fit gives `wide`; one wrong bit takes 2 × 3 of it, more than LIFT.
    return {
        "mm.0.weight": asked * SHARP / LIFT,
        "mm.0.bias": np.full(count, -(wide - LIFT) * SHARP / LIFT, np.float32),
        "mm.2.weight": (rows / SHARP).T,
        "mm.2.bias": np.zeros(width, np.float32),
    }
