from __future__ import annotations

import pytest

from gait.report.wording import after_number, duration, interval, linked, number, sentence, settings


@pytest.mark.parametrize(
    ("value", "decimals", "text"), [(-0.04, 1, "0.0"), (-3.25, 1, "−3.2"), (168.07, 1, "168.1"), (0.2433, 3, "0.243")]
)
def test_numbers(value: float, decimals: int, text: str) -> None:
    assert number(value, decimals) == text


def test_signed_numbers_show_their_direction_but_not_that_of_nothing() -> None:
    assert [number(x, 1, signed=True) for x in (1.24, -1.24, 0.01)] == ["+1.2", "−1.2", "0.0"]


def test_intervals_stay_clear_with_negative_numbers() -> None:
    assert interval((-2.0, -0.4), 1) == "−2.0 to −0.4"


def test_units_follow_their_number() -> None:
    assert [after_number(u) for u in ("deg", "spm", "s", "ratio")] == ["°", "\u202fsteps/min", "\u202fs", ""]


def test_durations() -> None:
    assert duration(8.04) == "8.0\u202fs"
    assert duration(119.7) == "2\u202fmin"
    assert duration(83.2) == "1\u202fmin 23\u202fs"


def test_dois_in_a_reference_become_links() -> None:
    assert linked("Souza 2016 (10.1016/j.pmr.2015.08.006), list") == (
        ("Souza 2016 (", ""),
        ("doi:10.1016/j.pmr.2015.08.006", "https://doi.org/10.1016/j.pmr.2015.08.006"),
        ("), list", ""),
    )
    assert linked("A 2018, doi:10.1016/j.ptsp.2018.06.009") == (
        ("A 2018, ", ""),
        ("doi:10.1016/j.ptsp.2018.06.009", "https://doi.org/10.1016/j.ptsp.2018.06.009"),
    )
    assert linked("Damsted 2015") == (("Damsted 2015", ""),)


def test_reasons_become_sentences_with_proper_signs() -> None:
    assert sentence("its interval would be +- 7.0 deg wide") == "Its interval would be ±7.0° wide."
    assert sentence("Degrees of freedom.") == "Degrees of freedom."


def test_settings_are_flat_and_readable() -> None:
    config = {"a": {"b": 1, "c": {"d": None}}, "e": float("nan"), "f": (1, 2)}
    assert settings(config) == [("a.b", "1"), ("a.c.d", "not set"), ("e", "not set"), ("f", "(1, 2)")]
