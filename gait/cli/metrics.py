"""`gait metrics`: every metric with its definition, unit, view and source."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from gait.cli.console import one_sentence
from gait.errors import ConfigError

VIEWS = {"any": "any", "side": "side", "frontal": "rear, front"}
GROUP_TITLES = {
    "temporal": "Rhythm",
    "overstride": "Landing",
    "sagittal": "Posture from the side",
    "frontal": "Alignment from the rear or front",
}
INTRODUCTION = """# Metrics

Every metric that `gait` measures, as `gait metrics` lists them; this page is what `gait metrics --markdown` prints.

*Shown up to*: with a wider 95 % half-width a value is withheld, for the reason beside it. Signs, leg length and where a
value is read are in [How it works](method.md#what-stands-behind-an-interval). How exact each is stands in
[Accuracy](accuracy.md). None of them has a limit beyond which running is wrong."""


@one_sentence
def metrics(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="As the page docs/metrics.md.")] = False,
) -> None:
    """List every metric with its definition, unit, view and source."""
    if as_json and as_markdown:
        raise ConfigError("Give --json or --markdown, not both.")
    found = listing()
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        typer.echo(markdown(found) if as_markdown else text(found))


def listing() -> list[dict[str, Any]]:
    """All metrics in the order of the reports, each with what its register and the evidence table say of it."""
    from gait.findings import load_evidence
    from gait.metrics import in_order

    evidence, found = load_evidence(), []
    for name, metric in in_order().items():
        info, pose_error = metric.info, evidence.pose_error.get(name)
        found.append(
            {
                "name": name,
                "label": info.label,
                "group": info.group,
                "unit": info.unit,
                "view": VIEWS[info.view],
                "per_side": info.per_side,
                "needs_feet": metric.needs_feet,
                "plain": info.plain,
                "definition": info.definition,
                "reference": info.reference,
                "largest_useful_half_width": evidence.largest_useful[name],
                "why": evidence.why[name],
                "pose_error_half_width": pose_error.half_width if pose_error else None,
                "pose_error_source": pose_error.source if pose_error else None,
            }
        )
    return found


def text(found: list[dict[str, Any]]) -> str:
    """For a terminal: a paragraph each."""
    paragraphs = []
    for one in found:
        sides = "each side" if one["per_side"] else "both legs together"
        feet = "; needs the feet" if one["needs_feet"] else ""
        paragraphs.append(
            f"{one['label']} ({one['name']})\n"
            f"  {one['plain']}\n"
            f"  {one['definition']}\n"
            f"  unit: {one['unit']}; view: {one['view']}; {sides}{feet}\n"
            f"  shown up to +- {one['largest_useful_half_width']:g} {one['unit']}\n"
            f"  source: {one['reference']}"
        )
    return "\n\n".join(paragraphs)


def markdown(found: list[dict[str, Any]]) -> str:
    """The page docs/metrics.md."""
    parts = [INTRODUCTION]
    for group, title in GROUP_TITLES.items():
        parts.append(f"## {title}")
        parts += [_section(one) for one in found if one["group"] == group]
    return "\n\n".join(parts)


def _section(one: dict[str, Any]) -> str:
    """One metric of the page."""
    sides = "each side" if one["per_side"] else "both legs together"
    lines = [
        f"### {one['label']}",
        "",
        one["plain"],
        "",
        f"- **Name** `{one['name']}`, unit {one['unit']}, {sides}",
        f"- **View** {one['view']}{'; needs the feet' if one['needs_feet'] else ''}",
        f"- **Definition** {one['definition']}",
        f"- **Source** {one['reference']}",
        f"- **Shown up to** ± {one['largest_useful_half_width']:g} {one['unit']}: {one['why']}",
    ]
    if one["pose_error_half_width"] is not None:
        error = f"± {one['pose_error_half_width']:g} {one['unit']}"
        lines.append(f"- **The pose model's own error** {error}: {one['pose_error_source']}")
    return "\n".join(lines)
