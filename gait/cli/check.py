"""`gait check`: is a clip good enough, and how to film better."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gait.cli.console import one_sentence, shown_progress

NOT_GOOD_ENOUGH = 3  # exit code
VERDICTS = {
    "good": "Good: this clip can be analysed.",
    "fair": "Good enough: this clip can be analysed, and a better one would give narrower intervals.",
    "bad": "Not good enough: much or all would be withheld.",
}


@one_sentence
def check(clip: Annotated[Path, typer.Argument(metavar="CLIP", help="A video of one runner.")]) -> None:
    """Look at a few seconds of a clip and say whether it is good enough and how to film better."""
    from gait.quick_check import check as look
    from gait.quick_check import verdict

    with shown_progress() as progress:
        remarks = look(clip, progress=progress)
    for remark in remarks:
        advice = f" -> {remark.advice}" if remark.advice else ""
        typer.echo(f"{remark.mark:<5}{remark.seen}{advice}")
    worst = verdict(remarks)
    typer.echo(VERDICTS[worst])
    if worst == "bad":
        raise typer.Exit(NOT_GOOD_ENOUGH)
