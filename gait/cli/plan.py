"""`gait plan`: what a way of filming would show."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from gait.cli.console import one_sentence
from gait.errors import ConfigError

app = typer.Typer(help="What a way of filming would show, before you film.", no_args_is_help=True)
_SAMPLE = re.compile(r"^(?P<film>\d+(?:\.\d+)?)(?P<film_unit>s|min)?/(?P<every>\d+(?:\.\d+)?)(?P<every_unit>s|min)?$")
_SECONDS = {"s": 1.0, "min": 60.0}


@app.callback()
def plan() -> None:
    """What a way of filming would show, before you film."""


@app.command("drift")
@one_sentence
def drift(
    minutes: Annotated[float, typer.Option("--minutes", help="How long the run lasts.")],
    fps: Annotated[float, typer.Option("--fps", help="Frames a second.")] = 30.0,
    sample: Annotated[
        str, typer.Option("--sample", metavar="20s/60s", help="So much is filmed of every so much; all if left out.")
    ] = "60s/60s",
    view: Annotated[str, typer.Option("--view", help="left, right, rear or front.")] = "left",
) -> None:
    """The smallest change over a run that this filming would find, metric by metric."""
    from gait.plan import Filming, Planned, plan_drift

    found = plan_drift(Filming(minutes, fps, *_sampling(sample), view))

    def line(one: Planned) -> str:
        values = (f"{value:.{one.info.decimals + 1}f}" for value in (one.stride_sd, one.usual, one.long_memory))
        return f"{one.info.label:<42} {one.info.unit:<12}" + "".join(f"{value:>12}" for value in values)

    typer.echo(f"{'Metric':<42} {'unit':<12}{'stride SD':>12}{'found':>12}{'at worst':>12}")
    for one in found:
        typer.echo(line(one))
    typer.echo(
        "Found: the smallest steady change from the beginning to the end of the run that is found in 80 of 100 runs by "
        "itself. At worst: of a runner whose strides remember each other for very long. Both for a simulated runner "
        "with the pose model's errors in a good picture."
    )


def _sampling(text: str) -> tuple[float, float]:
    """Seconds filmed, of how many."""
    match = _SAMPLE.match(text.replace(" ", ""))
    if match is None:
        raise ConfigError(f"Say how much is filmed of how much, as --sample 20s/60s, not {text}.")
    film_s = float(match["film"]) * _SECONDS[match["film_unit"] or "s"]
    return film_s, float(match["every"]) * _SECONDS[match["every_unit"] or "s"]
