"""The commands."""

from __future__ import annotations

import typer

from gait.cli import analyze, cache, check, doctor, metrics, plan, simulate, validate

app = typer.Typer(
    name="gait",
    help="Running gait analysis from an ordinary video: everything with its error, nothing leaves this computer.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("analyze")(analyze.analyze)
app.command("check")(check.check)
app.command("doctor")(doctor.doctor)
app.command("metrics")(metrics.metrics)
app.command("simulate")(simulate.simulate)
app.command("validate")(validate.validate)
app.add_typer(cache.app, name="cache")
app.add_typer(plan.app, name="plan")
