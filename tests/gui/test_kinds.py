"""The look of the kinds: letters, colours and names."""

import itertools

import numpy as np
import pytest
from PySide6.QtGui import QColor

from kimidesk.gui import kinds, theme
from kimidesk.records import Kind

# What a dichromat sees of linear red, green and blue (Machado, Oliveira and Fernandes 2009).
SEEN = {
    "all": np.eye(3),
    "no red": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no green": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "no blue": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}


def linear(colour: str) -> np.ndarray:
    value = np.array(QColor(colour).getRgbF()[:3])
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    light, dark = sorted(linear(each) @ [0.2126, 0.7152, 0.0722] for each in (one, other))[::-1]
    return float((light + 0.05) / (dark + 0.05))


def oklab(rgb: np.ndarray) -> np.ndarray:
    cones = np.cbrt(
        np.array(
            [
                [0.4122214708, 0.5363325363, 0.0514459929],
                [0.2119034982, 0.6806995451, 0.1073969566],
                [0.0883024619, 0.2817188376, 0.6299787005],
            ]
        )
        @ np.clip(rgb, 0, 1)
    )
    return (
        np.array(
            [
                [0.2104542553, 0.7936177850, -0.0040720468],
                [1.9779984951, -2.4285922050, 0.4505937099],
                [0.0259040371, 0.7827717662, -0.8086757660],
            ]
        )
        @ cones
    )


def test_every_kind_has_a_letter_of_its_own():
    assert set(kinds.LETTERS) == set(Kind)
    assert len(set(kinds.LETTERS.values())) == len(Kind)


def test_every_kind_has_a_name_of_its_own():
    assert len({kinds.name(kind) for kind in Kind}) == len(Kind)
    assert len({kinds.meaning(kind) for kind in Kind}) == len(Kind)


@pytest.mark.parametrize("shown", [theme.LIGHT, theme.DARK], ids=lambda shown: shown.name)
@pytest.mark.parametrize("kind", Kind)
def test_a_kind_stands_out_from_every_ground(shown, kind):
    colour = kinds.COLOURS[shown.name][kind]
    grounds = (shown.page, shown.surface, shown.ground, shown.field)

    assert min(contrast(colour, ground) for ground in grounds) >= 3


@pytest.mark.parametrize("eye", SEEN)
@pytest.mark.parametrize("shown", [theme.LIGHT, theme.DARK], ids=lambda shown: shown.name)
def test_no_two_kinds_look_alike_to_any_eye(shown, eye):
    seen = [oklab(SEEN[eye] @ linear(each)) for each in kinds.COLOURS[shown.name].values()]

    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 0.08


@pytest.mark.parametrize("shown", [theme.LIGHT, theme.DARK], ids=lambda shown: shown.name)
def test_the_colour_is_that_of_the_theme(qapp, shown):
    qapp.setPalette(theme.palette(shown))

    assert kinds.colour(Kind.VERIFY) == QColor(kinds.COLOURS[shown.name][Kind.VERIFY])
