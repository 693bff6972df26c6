"""How a runner looks: skin, clothes, shoes, hair and build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from gait.errors import check_ranges

Colour = tuple[float, float, float]

# From the palest to the darkest skin, linear light (about the range of the Monk scale).
SKIN_TONES: tuple[Colour, ...] = (
    (0.78, 0.55, 0.43),
    (0.68, 0.42, 0.29),
    (0.50, 0.28, 0.17),
    (0.31, 0.155, 0.085),
    (0.165, 0.080, 0.046),
    (0.085, 0.045, 0.030),
)
HAIR_COLOURS: tuple[Colour, ...] = (
    (0.012, 0.010, 0.009),
    (0.030, 0.018, 0.011),
    (0.090, 0.048, 0.024),
    (0.26, 0.15, 0.065),
    (0.42, 0.30, 0.15),
    (0.35, 0.34, 0.33),
)
# Cloth: black, white, greys and what sportswear is dyed in.
CLOTH_COLOURS: tuple[Colour, ...] = (
    (0.018, 0.018, 0.022),
    (0.040, 0.042, 0.050),
    (0.16, 0.16, 0.17),
    (0.50, 0.50, 0.52),
    (0.80, 0.80, 0.78),
    (0.020, 0.045, 0.16),
    (0.030, 0.16, 0.50),
    (0.035, 0.30, 0.42),
    (0.030, 0.22, 0.10),
    (0.30, 0.50, 0.06),
    (0.70, 0.55, 0.05),
    (0.72, 0.20, 0.03),
    (0.52, 0.035, 0.040),
    (0.55, 0.10, 0.26),
    (0.20, 0.05, 0.26),
    (0.20, 0.26, 0.30),
)


@dataclass(frozen=True, slots=True)
class Appearance:
    """What a runner looks like; colours are linear light (red, green, blue) from 0 to 1.

    Parameters
    ----------
    girth
        How thick body and limbs are, 1 as usual; widths of hips and shoulders are `Runner.build`.
    shirt_looseness, shorts_looseness
        0 close to the skin, 1 wide.
    sleeve_length
        Share of the upper arm, 0 a singlet; 1 reaches to the wrist.
    shorts_length
        Share of the thigh.
    long_trousers
        From the hips to the ankles: tights where `shorts_looseness` is small, else trousers.
    sock_height
        Share of the shank.
    """

    skin: Colour = SKIN_TONES[1]
    shirt: Colour = (0.035, 0.30, 0.42)
    shorts: Colour = (0.040, 0.042, 0.050)
    shoe: Colour = (0.52, 0.035, 0.040)
    sole: Colour = (0.80, 0.80, 0.78)
    hair: Colour = (0.030, 0.018, 0.011)
    sock: Colour = (0.75, 0.75, 0.75)
    girth: float = 1.0
    shirt_looseness: float = 0.3
    shorts_looseness: float = 0.3
    sleeve_length: float = 0.55
    shorts_length: float = 0.5
    sock_height: float = 0.12
    long_trousers: bool = False
    ponytail: bool = False
    bald: bool = False

    def __post_init__(self) -> None:
        check_ranges(
            self,
            girth=(0.7, 1.5),
            shirt_looseness=(0, 1),
            shorts_looseness=(0, 1),
            sleeve_length=(0, 1),
            shorts_length=(0.2, 0.95),
            sock_height=(0.05, 0.8),
        )

    @classmethod
    def random(cls, rng: np.random.Generator) -> Appearance:
        """Somebody: the same state of the generator gives the same looks."""
        tones = np.asarray(SKIN_TONES)
        tone = rng.uniform(0, len(tones) - 1)
        skin = [float(np.interp(tone, np.arange(len(tones)), tones[:, channel])) for channel in range(3)]
        shirt, shorts, shoe = (_dyed(rng) for _ in range(3))
        is_dark = rng.uniform() < tone / len(tones)
        hair = HAIR_COLOURS[0 if is_dark else rng.integers(len(HAIR_COLOURS))]
        has_long_sleeves = rng.uniform() < 0.15
        return cls(
            skin=(skin[0], skin[1], skin[2]),
            shirt=shirt,
            shorts=shorts,
            shoe=shoe,
            sole=CLOTH_COLOURS[rng.choice([0, 3, 4, 4, 4, 9, 11])],
            hair=hair,
            sock=CLOTH_COLOURS[rng.choice([0, 2, 4, 4])],
            girth=float(rng.uniform(0.88, 1.2)),
            shirt_looseness=float(rng.uniform(0, 0.9)),
            shorts_looseness=float(rng.uniform(0, 0.9)),
            sleeve_length=1.0 if has_long_sleeves else float(rng.choice([0.0, 0.45, 0.55, 0.65])),
            shorts_length=float(rng.uniform(0.3, 0.8)),
            sock_height=float(rng.choice([0.06, 0.12, 0.25, 0.6], p=[0.3, 0.4, 0.2, 0.1])),
            long_trousers=bool(rng.uniform() < 0.3),
            ponytail=bool(rng.uniform() < 0.3),
            bald=bool(rng.uniform() < 0.08),
        )


def _dyed(rng: np.random.Generator) -> Colour:
    """A colour of cloth, a little off the palette's."""
    red, green, blue = np.asarray(CLOTH_COLOURS[rng.integers(len(CLOTH_COLOURS))]) * rng.uniform(0.8, 1.2, 3)
    return float(red), float(green), float(blue)


APPEARANCES: Mapping[str, Appearance] = MappingProxyType(
    {
        "plain": Appearance(),
        "singlet": Appearance(
            skin=SKIN_TONES[4],
            shirt=(0.70, 0.55, 0.05),
            shorts=(0.030, 0.16, 0.50),
            shoe=(0.30, 0.50, 0.06),
            hair=HAIR_COLOURS[0],
            girth=0.92,
            sleeve_length=0.0,
            shorts_length=0.35,
            shorts_looseness=0.6,
            sock_height=0.2,
        ),
        "tights": Appearance(
            skin=SKIN_TONES[0],
            shirt=(0.55, 0.10, 0.26),
            shorts=(0.040, 0.042, 0.050),
            shoe=(0.035, 0.30, 0.42),
            hair=HAIR_COLOURS[3],
            shirt_looseness=0.1,
            shorts_looseness=0.0,
            long_trousers=True,
            ponytail=True,
        ),
        "loose": Appearance(
            skin=SKIN_TONES[2],
            shirt=(0.50, 0.50, 0.52),
            shorts=(0.020, 0.045, 0.16),
            shoe=(0.80, 0.80, 0.78),
            girth=1.12,
            shirt_looseness=0.9,
            shorts_looseness=0.9,
            sleeve_length=0.65,
            shorts_length=0.75,
        ),
        "dark": Appearance(
            skin=SKIN_TONES[3],
            shirt=(0.018, 0.018, 0.022),
            shorts=(0.018, 0.018, 0.022),
            shoe=(0.018, 0.018, 0.022),
            sole=(0.16, 0.16, 0.17),
            sock=(0.018, 0.018, 0.022),
            hair=HAIR_COLOURS[0],
            sleeve_length=1.0,
            long_trousers=True,
            shorts_looseness=0.2,
        ),
    }
)
