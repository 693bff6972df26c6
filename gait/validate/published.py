"""Figures of accuracy that others published, from published.toml: each with source, conditions and status."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from importlib.resources import files

SHOWN = ("abstract", "third party")  # what was read with one's own eyes; the rest stays out of the page


@dataclass(frozen=True, slots=True)
class Published:
    """What somebody else found, and how."""

    suite: str
    metrics: tuple[str, ...]
    method: str
    found: str
    conditions: str
    source: str
    status: str
    seen: str
    doi: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        if not (self.doi or self.url):
            raise ValueError(f"{self.source}: a published figure has a DOI or an address")

    @property
    def address(self) -> str:
        """Where it can be looked up."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


def load_published(suite: str | None = None) -> tuple[Published, ...]:
    """The figures that may be shown, of one suite or of all."""
    text = (files("gait.validate") / "published.toml").read_text(encoding="utf-8")
    names = {field.name for field in fields(Published)}
    result = []
    for entry in tomllib.loads(text)["figure"]:
        if unknown := set(entry) - names:
            raise ValueError(f"published.toml: {entry['source']} has unknown keys {', '.join(sorted(unknown))}")
        figure = Published(**(entry | {"metrics": tuple(entry["metrics"])}))
        if figure.status in SHOWN and suite in (None, figure.suite):
            result.append(figure)
    return tuple(result)
