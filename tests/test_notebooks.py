"""The notebooks run from top to bottom on the sample clips, and what they show is right."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"


@pytest.fixture
def run_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Executes a notebook in an own kernel with an own cache, one more cell at its end, and gives its cells."""
    monkeypatch.setenv("GAIT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "jupyter"))
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")

    def run(name: str, last_cell: str) -> list[Any]:
        notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
        notebook.cells.append(nbformat.v4.new_code_cell(last_cell))
        resources = {"metadata": {"path": str(NOTEBOOKS)}}
        NotebookClient(notebook, kernel_name="python3", timeout=300, resources=resources).execute()
        return list(notebook.cells)

    return run


def test_the_sample_clip_is_analysed_and_drawn(run_notebook: Any) -> None:
    truth = json.loads((ROOT / "sample_videos" / "side.truth.json").read_text(encoding="utf-8"))["metrics"]
    last_cell = "print(json.dumps([analysis.metrics.get('cadence_spm').estimate, len(curves)]))"
    cells = run_notebook("sample_clip.ipynb", last_cell)
    cadence_spm, n_curves = json.loads(cells[-1].outputs[0].text)
    # Half a step per minute is what the sample clips promise.
    assert cadence_spm == pytest.approx(truth["cadence_spm"]["both"], abs=0.5)
    assert n_curves >= 3  # knee, shank and trunk of the near leg
    pictures = [output for cell in cells for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
    assert len(pictures) == 2  # the gait cycle and the course over the strides


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.name)
def test_notebooks_are_stored_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert code
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
