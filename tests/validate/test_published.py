"""Figures of others: each can be looked up, and what nobody checked isn't shown."""

import re

from gait.validate.published import SHOWN, load_published
from gait.validate.suite import SUITE_NAMES


def test_every_figure_has_a_source_and_conditions() -> None:
    figures = load_published()
    assert len(figures) >= 8
    for figure in figures:
        assert figure.suite in SUITE_NAMES
        assert figure.status in SHOWN
        assert re.match(r"https?://\S+$", figure.address), figure.source
        assert not figure.doi or re.fullmatch(r"10\.\d{4,}/\S+", figure.doi)
        for text in (figure.method, figure.found, figure.conditions, figure.source, figure.seen):
            assert text.strip()


def test_figures_of_one_suite() -> None:
    assert {figure.suite for figure in load_published("angles")} == {"angles"}
    assert any("Handsaker" in figure.source for figure in load_published("events"))
    assert load_published("video") == ()
