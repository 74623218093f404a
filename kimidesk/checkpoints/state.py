"""The state that a sequence has in recurrent layers, which no longer context makes larger.

Numbers of a state, and which layers have one, as llama.cpp counts them (llama-hparams.cpp): the
last inputs of a convolution or of a token shift, and what the layer carries on.
"""

from kimidesk.checkpoints.describe import Description
from kimidesk.checkpoints.gguf import Header

NUMBER = 4  # bytes; llama.cpp keeps states in float32 whatever the type of keys and values
_TENSORS = ("ssm_", "shortconv", "time_mix")  # how those of a layer with a state begin


def state_bytes(description: Description) -> int:
    """Bytes of a sequence's state over all layers; 0 where there are none."""
    return sum(layer_state_bytes(description))


def layer_state_bytes(description: Description) -> list[int]:
    """Bytes of a sequence's state in each layer."""
    header = description.header
    if header is None:
        return []
    each = _numbers(header) * NUMBER
    layers = header.whole(f"{header.text('general.architecture')}.block_count")
    recurrent = {
        number
        for kind, number, rest in (_split(tensor.name) for tensor in description.tensors)
        if kind == "blk" and rest.startswith(_TENSORS)
    }
    return [each if str(layer) in recurrent else 0 for layer in range(layers)]


def _split(name: str) -> tuple[str, str, str]:
    kind, _, rest = name.partition(".")
    number, _, rest = rest.partition(".")
    return kind, number, rest


def _numbers(header: Header) -> int:
    """Numbers in the state of one layer."""
    name = header.text("general.architecture")

    def whole(key: str, default: int = 0) -> int:
        return header.whole(f"{name}.{key}", default)

    width, kernel = whole("embedding_length"), whole("ssm.conv_kernel")
    if head := whole("wkv.head_size"):
        return width * (whole("token_shift_count", 2) + head)
    if kept := whole("shortconv.l_cache"):
        return width * (kept - 1)
    if head := whole("kda.head_dim"):
        inner = head * whole("attention.head_count")
        return 3 * (kernel - 1 if kernel else 3) * inner + head * inner
    inner, size = whole("ssm.inner_size"), whole("ssm.state_size")
    return max(kernel - 1, 0) * (inner + 2 * whole("ssm.group_count") * size) + size * inner
