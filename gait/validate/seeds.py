"""Which random numbers are for what: the one place that keeps tuning and testing apart.

A threshold that was chosen on some made-up runners looks better on them than on others. So whoever tunes anything uses
seeds of "tuning" alone; the tables of docs/accuracy.md come from "testing", and nothing may be chosen by looking at
single cases there. "gate" are the few cases of `make test`.
"""

from __future__ import annotations

from typing import Literal

Seeds = Literal["tuning", "testing", "gate"]

SEEDS: dict[Seeds, range] = {
    "tuning": range(1_000_000, 2_000_000),
    "testing": range(2_000_000, 3_000_000),
    "gate": range(3_000_000, 4_000_000),
}


def seed_of(seeds: Seeds, number: int) -> int:
    """The seed of one case, by its number within the purpose.

    >>> seed_of("testing", 3)
    2000003

    Raises
    ------
    IndexError
        The purpose hasn't that many seeds.
    """
    if number < 0:
        raise IndexError(f"seed number {number} of {seeds}")
    return SEEDS[seeds][number]
