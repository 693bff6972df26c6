"""Tables as CSV: UTF-8, one header line, empty where nothing could be measured."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gait.model import Analysis

if TYPE_CHECKING:
    import pandas as pd

SIGNIFICANT_DIGITS = 6  # finer than any error here, coarse enough to read
TIME_DECIMALS = 6  # microseconds: container time stamps survive in clips of any length


def write_strides(analysis: Analysis, path: Path) -> None:
    """Write a row per stride and side, with its metrics; `rejected` says why a stride doesn't count."""
    table = analysis.metrics.values
    if table.columns.empty:
        table = table.reindex(columns=["stride", "side", "time_s", "rejected"])
    write_table(table, path)


def write_angles(analysis: Analysis, path: Path) -> None:
    """Write a row per frame: its number, times, stride phase and angles."""
    write_table(analysis.angles.table, path)


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table with the digits that its columns deserve."""
    rounded = table.copy()
    for column in rounded.select_dtypes("float").columns:
        if str(column).endswith("time_s"):
            rounded[column] = rounded[column].round(TIME_DECIMALS)
        else:
            rounded[column] = [float(f"{value:.{SIGNIFICANT_DIGITS}g}") for value in rounded[column]]
    rounded.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
