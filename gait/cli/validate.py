"""`gait validate`: how accurate gait is, against simulated, force-plate and hand-counted truth."""

from __future__ import annotations

import enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gait.cli.console import one_sentence, say_error, shown_progress
from gait.errors import ConfigError

if TYPE_CHECKING:
    from gait.validate.results import SuiteResult
    from gait.validate.suite import Suite

FAILED = 4  # exit code: a case broke, or a suite that was named couldn't run
OUT = Path("build/accuracy")


class SeedsFor(enum.StrEnum):
    """What the random numbers are for."""

    tuning = "tuning"
    testing = "testing"
    gate = "gate"


@one_sentence
def validate(
    suites: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SUITE...",
            help="Which suites; any other name lists them.",
        ),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="All suites; those whose data isn't there are skipped.")] = False,
    seeds: Annotated[
        SeedsFor, typer.Option(help="Which simulated runners: tuning to choose settings, testing to report, gate.")
    ] = SeedsFor.testing,
    out: Annotated[Path, typer.Option(help="Folder for accuracy.json, the rows, and the cases that are done.")] = OUT,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Worker processes.")] = 2,
    folder: Annotated[
        Path | None,
        typer.Option(help="Suite real: the folder of clips. Suite forceplate: that of the RBDS recordings."),
    ] = None,
    download: Annotated[
        bool, typer.Option("--download", help="Suite forceplate: fetch the RBDS recordings first (some 300 MB).")
    ] = False,
    truth: Annotated[Path | None, typer.Option(help="Suite real: its truth file, by default truth.toml there.")] = None,
    page: Annotated[
        Path | None, typer.Option(help="Write the page of all suites run, for instance docs/accuracy.md.")
    ] = None,
) -> None:
    """Measure the accuracy against truth; an interrupted run goes on where it stopped."""
    from gait.validate.results import write_results

    chosen = _chosen(suites or [], folder, truth, everything=all_, download=download)
    results = [_run(suite, seeds.value, out, jobs) for suite in chosen]
    path = write_results(results, out)
    for result in results:
        _show(result)
    typer.echo(f"Figures: {path}")
    if page is not None:
        from gait.validate.page import write_page

        typer.echo(f"Page: {write_page(results, page)}")
    broken = [result for result in results if result.failures or (result.missing and not all_)]
    if broken:
        say_error(f"{', '.join(result.name for result in broken)}: not all could be measured; see above.")
        raise typer.Exit(FAILED)


def _chosen(
    names: list[str], folder: Path | None, truth: Path | None, *, everything: bool, download: bool
) -> list[Suite]:
    """The suites that were named, each once, in the order of the page."""
    from gait.validate.suite import SUITE_NAMES, load_suite

    if everything == bool(names):
        raise ConfigError(f"Name suites ({', '.join(SUITE_NAMES)}), or say --all.")
    wanted = {name: load_suite(name) for name in (SUITE_NAMES if everything else names)}
    if folder is not None and len({"real", "forceplate"} & set(wanted)) != 1:
        raise ConfigError("--folder belongs to the suites real and forceplate; name one of them.")
    if truth is not None and "real" not in wanted:
        raise ConfigError("--truth belongs to the suite real.")
    if download and ("forceplate" not in wanted or folder is not None):
        raise ConfigError("--download belongs to the suite forceplate, without --folder.")
    if "real" in wanted and (folder is not None or truth is not None):
        wanted["real"] = _real_suite(folder, truth)
    elif folder is not None or download:
        wanted["forceplate"] = _forceplate_suite(folder)
    return sorted(wanted.values(), key=lambda suite: SUITE_NAMES.index(suite.name))


def _real_suite(folder: Path | None, truth: Path | None) -> Suite:
    """The suite real on the user's own clips."""
    from gait.validate.suites.real import FOLDER
    from gait.validate.suites.real import suite as real

    return real(folder or FOLDER, truth)


def _forceplate_suite(folder: Path | None) -> Suite:
    """The suite forceplate on the recordings in a folder, or on downloaded ones."""
    from gait.validate.rbds_download import rbds_folder
    from gait.validate.suites.forceplate import suite as forceplate

    with shown_progress() as progress:
        return forceplate(rbds_folder(folder, progress=progress))


def _run(suite: Suite, seeds: str, out: Path, jobs: int) -> SuiteResult:
    """Run the cases of a suite, and say what came of it."""
    from gait.validate.results import suite_result
    from gait.validate.run import run_cases
    from gait.validate.seeds import SEEDS

    purpose = next(known for known in SEEDS if known == seeds)
    missing = suite.missing()
    if missing:
        say_error(f"{suite.name} is skipped: {missing}")
        return suite_result(suite, purpose, [], missing=missing)
    with shown_progress() as progress:
        outcomes = run_cases(suite.name, suite.cases(purpose), folder=out / "cases", jobs=jobs, progress=progress)
    kept = sum(outcome.kept for outcome in outcomes)
    typer.echo(f"{suite.name}: {len(outcomes)} cases, {kept} of them from an earlier run", err=True)
    for outcome in outcomes:
        if outcome.error:
            say_error(f"{suite.name}, case {outcome.case} failed:\n{outcome.error}")
    return suite_result(suite, purpose, outcomes)


def _show(result: SuiteResult) -> None:
    """The figures of a suite by metric, over all its conditions."""
    from rich.console import Console
    from rich.table import Table

    from gait.validate.labels import label_of, shown_number, shown_share
    from gait.validate.statistics import over_all_conditions

    if result.missing:
        return
    table = Table("", "unit", "n", "bias", "RMSE", "95 % intervals hold", "withheld", box=None, pad_edge=False)
    for column in table.columns[2:]:
        column.justify = "right"
    for figures in over_all_conditions(result.rows):
        label, agreement = label_of(figures.metric, figures.unit), figures.agreement
        bias, rmse = (agreement.bias, agreement.rmse) if agreement else (None, None)
        if label.is_share:
            cells = [f"{shown_share(1 + bias)} right" if bias is not None else "–", "", ""]
        else:
            held = figures.intervals.coverage if figures.intervals else None
            cells = [shown_number(bias, label, signed=True), shown_number(rmse, label), shown_share(held)]
        unit = "" if label.is_share else label.unit
        table.add_row(label.text, unit, str(figures.n), *cells, shown_share(figures.withheld))
    console = Console()
    console.print(f"\n{result.title}, all conditions in one", highlight=False)
    console.print(table)
