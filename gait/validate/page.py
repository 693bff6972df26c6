"""docs/accuracy.md: what was measured, in tables and plots, beside what others published."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gait.validate import page_plots, page_rules, page_tables
from gait.validate.page_text import HOW_TO_READ, TITLE, seeds_text
from gait.validate.published import load_published
from gait.validate.results import SuiteResult
from gait.validate.suite import SUITE_NAMES

IMAGES = Path("images") / "accuracy"


def write_page(results: Sequence[SuiteResult], path: Path) -> Path:
    """Write the page and its plots (in `images/accuracy` beside it); the same results give the same bytes."""
    images = path.parent / IMAGES
    sections = [
        TITLE,
        _left_out(results),
        page_tables.at_a_glance(results),
        page_plots.overview(results, images, IMAGES),
    ]
    sections += [HOW_TO_READ, seeds_text()]
    sections += [_section(result, images) for result in results]
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "\n\n".join(section.strip() for section in sections if section.strip()) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _left_out(results: Sequence[SuiteResult]) -> str:
    """Which suites weren't run for this page, so that nobody takes it for all."""
    absent = [name for name in SUITE_NAMES if name not in {result.name for result in results}]
    return f"**This page is of some suites only; {', '.join(absent)} were not run for it.**" if absent else ""


def _section(result: SuiteResult, images: Path) -> str:
    """One suite."""
    parts = [f"## {result.title}", result.shows]
    if result.seeds != "testing":
        parts.append(f"**Made with the seeds for {result.seeds}, which say nothing about accuracy.**")
    if result.shows_not:
        parts.append(f"**Not shown by this:** {result.shows_not}")
    if result.missing:
        return "\n\n".join([*parts, f"*Not measured here: {result.missing}.*"])
    if result.failures:
        names = ", ".join(case for case, _ in result.failures)
        parts.append(f"**{len(result.failures)} of {result.n_cases} cases broke and are missing below:** {names}.")
    parts.append(page_plots.of_suite(result, images, IMAGES))
    parts.append(page_tables.of_suite(page_rules.without_rules(result)))
    parts.append(page_rules.of_suite(result))
    parts.append(page_tables.of_published(load_published(result.name)))
    return "\n\n".join(part for part in parts if part)
