"""How a token and a probability are written for people."""

_ESCAPES = {" ": "␣", "\n": "↵", "\t": "⇥", "\r": "␍"}


def visible(piece: bytes) -> str:
    """A piece with its blanks made visible; bytes that are no whole character as hex."""
    try:
        text = piece.decode("utf-8")
    except UnicodeDecodeError:
        return " ".join(f"{byte:02x}" for byte in piece)
    if not text:
        return "∅"
    if text.isspace():
        return "".join(_ESCAPES.get(character, character) for character in text)
    body = text.strip()
    lead, tail = text[: text.index(body)], text[text.index(body) + len(body) :]
    shown = [_ESCAPES.get(c, c) for c in lead], [_ESCAPES.get(c, c) for c in tail]
    inside = "".join(_ESCAPES.get(c, c) if c != " " else c for c in body)
    return "".join(shown[0]) + inside + "".join(shown[1])


def percent(p: float) -> str:
    """A probability for people: more digits where they matter."""
    if p >= 0.9995 and p < 1:
        return f"{100 * p:.3f} %"
    if p >= 0.01:
        return f"{100 * p:.1f} %"
    return f"{100 * p:.2g} %" if p >= 1e-6 else f"{p:.1e}"


def short_percent(p: float) -> str:
    """A probability in a column of them."""
    if p <= 0:
        return "0 %"
    return f"{100 * p:.1f} %" if p >= 0.01 else f"{100 * p:.2f} %" if p >= 1e-4 else "<0.01 %"
