from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from gait.export import EXPORTERS, write_angles, write_strides


def test_strides_come_back_as_they_were(fakes: ModuleType, tmp_path: Path) -> None:
    analysis = fakes.side_view()
    write_strides(analysis, tmp_path / "strides.csv")
    read = pd.read_csv(tmp_path / "strides.csv", keep_default_na=True)
    values = analysis.metrics.values
    assert list(read.columns) == list(values.columns)
    assert len(read) == len(values)
    np.testing.assert_allclose(read["cadence_spm"], values["cadence_spm"], rtol=5e-6)
    assert read["frontal_plane_projection_deg"].isna().all()
    assert read["rejected"][7] == "ankle hidden in 9 of 43 frames"


def test_angles_have_a_row_per_frame(fakes: ModuleType, tmp_path: Path) -> None:
    analysis = fakes.side_view()
    write_angles(analysis, tmp_path / "angles.csv")
    read = pd.read_csv(tmp_path / "angles.csv")
    assert len(read) == analysis.video.n_frames
    np.testing.assert_allclose(read["file_time_s"], analysis.video.file_time_s, atol=1e-6)
    assert read["left_knee_flexion_deg"][:4].isna().all()
    assert read["left_knee_flexion_deg"][4:].notna().all()


def test_files_are_plain(fakes: ModuleType, tmp_path: Path) -> None:
    write_angles(fakes.side_view(), tmp_path / "angles.csv")
    text = (tmp_path / "angles.csv").read_bytes()
    assert text.startswith(b"frame,file_time_s,time_s,phase,")
    assert b"\r" not in text
    assert (
        max(len(cell) for line in text.split()[1:] for cell in line.split(b",")) <= 12
    )  # sign, digits, point, exponent


@pytest.mark.parametrize("name", ["not_running", "nothing_found"])
def test_tables_without_strides_keep_their_header(fakes: ModuleType, tmp_path: Path, name: str) -> None:
    write_strides(fakes.ANALYSES[name](), tmp_path / "strides.csv")
    assert (tmp_path / "strides.csv").read_text(encoding="utf-8") == "stride,side,time_s,rejected\n"


def test_exporting_leaves_the_analysis_alone(fakes: ModuleType, tmp_path: Path) -> None:
    analysis = fakes.side_view()
    before = analysis.metrics.values.copy(), analysis.angles.table.copy()
    for name, write in EXPORTERS.items():
        write(analysis, tmp_path / name)
    pd.testing.assert_frame_equal(analysis.metrics.values, before[0])
    pd.testing.assert_frame_equal(analysis.angles.table, before[1])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["angles.csv", "strides.csv", "summary.json"]
