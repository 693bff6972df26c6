"""The force-plate runner: made-up forces and a made-up recording first, then the real ones."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gait.errors import FileMissing, GaitError
from gait.model import SIDES, Side
from gait.simulate.source import Moving
from gait.validate import markers
from gait.validate.forceplate import (
    ForcePlateRun,
    files_of,
    force_events,
    load_run,
    load_run_without_forces,
    marker_cadence_spm,
    recorded_runs,
    runs_without_forces,
    standing_foot_speed_mps,
)

Array = NDArray[np.float64]
RBDS = Path(__file__).parents[2].parent / "shared" / "data" / "rbds"
FORCE_HZ = 300.0


class TestForceEvents:
    @settings(max_examples=25, deadline=None)
    @given(first_s=st.floats(0.3, 0.6), contact_s=st.floats(0.18, 0.33), weight_n=st.floats(400, 1100))
    def test_half_sines_begin_and_end_where_they_do(self, first_s: float, contact_s: float, weight_n: float) -> None:
        """A half sine of 2.4 times the weight passes 50 N after contact / pi x asin(50 / peak), 2 to 6 ms; the filter
        rounds the corner by up to 5 ms, early and late alike."""
        force_n, starts = half_sines(first_s, contact_s, 2.4 * weight_n)
        contact, toe_off = force_events(force_n, FORCE_HZ)
        assert len(contact) == len(toe_off) == len(starts)
        late = contact_s / np.pi * np.arcsin(50 / (2.4 * weight_n))
        np.testing.assert_allclose(contact, starts + late, atol=0.006)
        np.testing.assert_allclose(toe_off, starts + contact_s - late, atol=0.006)

    def test_events_fall_between_the_samples(self) -> None:
        """Steps that come 0.1 of a sample later each are found as evenly: none jumps by a sample, 3.3 ms."""
        force_n, starts = half_sines(0.3, 0.25, 1600, step_s=0.38 + 0.1 / FORCE_HZ)
        contact, _ = force_events(force_n, FORCE_HZ)
        np.testing.assert_allclose(np.diff(contact), np.diff(starts), atol=0.0004)

    def test_a_higher_threshold_is_passed_later_and_left_earlier(self) -> None:
        """By asin(N / 1600) x 0.25 / pi: 20, 50 and 100 N at 1.0, 2.5 and 5.0 ms, the filter's rounding aside."""
        force_n, _ = half_sines(0.3, 0.25, 1600)
        on, off = zip(*(force_events(force_n, FORCE_HZ, threshold_n=n) for n in (20, 50, 100)), strict=True)
        for low, high in ((0, 1), (1, 2)):
            assert 0.001 < (on[high] - on[low]).mean() < 0.006
            assert 0.001 < (off[low] - off[high]).mean() < 0.006

    def test_a_stumble_on_the_plate_is_no_contact(self) -> None:
        time_s = np.arange(0, 4, 1 / FORCE_HZ)
        force_n = np.where((time_s > 1) & (time_s < 1.25), 900.0, 0) + np.where((time_s > 2) & (time_s < 2.04), 300, 0)
        contact, _ = force_events(force_n, FORCE_HZ)
        assert contact == pytest.approx([1.0], abs=0.01)

    def test_an_empty_plate_has_no_events(self) -> None:
        contact, toe_off = force_events(np.zeros(600), FORCE_HZ)
        assert len(contact) == len(toe_off) == 0


def half_sines(first_s: float, contact_s: float, peak_n: float, *, step_s: float = 0.38) -> tuple[Array, Array]:
    """8 s of force (n,) and where each contact begins."""
    time_s = np.arange(0, 8, 1 / FORCE_HZ)
    starts = first_s + step_s * np.arange(18)
    since = time_s[:, None] - starts
    force_n = np.where((since >= 0) & (since <= contact_s), peak_n * np.sin(np.pi * since / contact_s), 0).sum(axis=1)
    return force_n, starts


# A made-up person in metres; the right side is the mirror image (z > 0).
STANDING = {
    "ASIS": (0.10, 1.00, 0.12),
    "PSIS": (-0.10, 1.00, 0.05),
    "Knee": (0.01, 0.52, 0.16),
    "Knee.Medial": (0.01, 0.52, 0.06),
    "Ankle": (-0.03, 0.10, 0.13),
    "Ankle.Medial": (-0.01, 0.10, 0.07),
    "Heel.Bottom": (-0.09, 0.04, 0.10),
    "MT1": (0.10, 0.05, 0.07),
    "Thigh.Top.Lateral": (0.02, 0.75, 0.20),
    "Thigh.Top.Medial": (0.08, 0.74, 0.15),
    "Thigh.Bottom.Lateral": (0.02, 0.65, 0.20),
    "Thigh.Bottom.Medial": (0.08, 0.64, 0.15),
    "Shank.Top.Lateral": (-0.03, 0.30, 0.17),
    "Shank.Top.Medial": (0.02, 0.30, 0.13),
    "Shank.Bottom.Lateral": (-0.03, 0.20, 0.17),
    "Shank.Bottom.Medial": (0.02, 0.20, 0.13),
}
FEET = ("Heel.Bottom", "MT1")
PLACE = np.array([2.1, 0.0, 1.05])  # in the laboratory
STEP_S, CONTACT_S, N_STEPS = 0.36, 0.24, 15


def markers_of(letter: str) -> dict[str, Array]:
    mirror = np.array([1, 1, -1 if letter == "L" else 1])
    return {f"{letter}.{name}": PLACE + mirror * place for name, place in STANDING.items()}


def write_table(path: Path, columns: dict[str, Array]) -> None:
    cells = np.column_stack(list(columns.values()))
    lines = ["\t".join("" if np.isnan(cell) else f"{cell:.6f}" for cell in row) for row in cells]
    path.write_text("\n".join(["\t".join(columns), *lines]) + "\n", encoding="utf-8")


def write_markers(path: Path, markers: dict[str, Array]) -> None:
    n = len(next(iter(markers.values())))
    columns = {"Time": np.arange(n) / 150}
    for name, xyz in markers.items():
        columns |= {f"{name}{axis}": 1000 * xyz[:, i] for i, axis in enumerate("XYZ")}
    write_table(path, columns)


def written(
    folder: Path,
    *,
    change: Callable[[dict[str, Array]], None] = lambda _: None,
    take_turns: bool = True,
    forces: bool = True,
) -> Path:
    """A recording of 6 s: the body bobs by 4 cm, the free foot is 10 cm up, the left one lands first at 0.3 s."""
    still = markers_of("L") | markers_of("R")
    write_markers(folder / "RBDS901static.txt", {name: np.tile(place, (30, 1)) for name, place in still.items()})
    time_s = np.arange(0, 6, 1 / 150)
    step = np.floor((time_s - 0.3 + 0.06) / STEP_S).astype(int)
    bob = np.column_stack([0 * time_s, 0.04 * np.cos(2 * np.pi * time_s / STEP_S), 0 * time_s])
    moving = {}
    for name, place in still.items():
        moving[name] = place + bob
        if name[2:] in FEET:
            is_free = step % 2 == (name[0] == "L")
            moving[name] = place + np.column_stack([0 * time_s, 0.1 * (is_free & take_turns), 0 * time_s])
    change(moving)
    write_markers(folder / "RBDS901runT30markers.txt", moving)
    if forces:
        plate_s = np.arange(0, 6, 1 / FORCE_HZ)
        since = plate_s[:, None] - 0.3 - STEP_S * np.arange(N_STEPS)
        on = (since >= 0) & (since <= CONTACT_S)
        force_n = np.where(on, 1600 * np.sin(np.pi * since / CONTACT_S), 0).sum(axis=1)
        write_table(folder / "RBDS901runT30forces.txt", {"Time": plate_s, "Fx": 0 * plate_s, "Fy": force_n})
    return folder


class TestMadeUpRecording:
    @pytest.fixture
    def run(self, tmp_path: Path) -> ForcePlateRun:
        return load_run(written(tmp_path), "RBDS901runT30")

    def test_contacts_belong_to_the_foot_that_is_down(self, run: ForcePlateRun) -> None:
        """The force passes 50 N 2.4 ms after its start; 3 ms for the filter's rounding."""
        for first, side in enumerate(SIDES):
            contact = 0.3 + STEP_S * np.arange(first, N_STEPS, 2)
            np.testing.assert_allclose(run.contact_s[side], contact + 0.0024, atol=0.003)
            np.testing.assert_allclose(run.toe_off_s[side], contact + CONTACT_S - 0.0024, atol=0.003)
        assert (run.name, run.belt_speed_mps) == ("RBDS901runT30", 3.0)

    def test_joint_centres_are_where_their_markers_put_them(self, run: ForcePlateRun) -> None:
        """The world's middle is under the pelvis; 8 mm is what the file's six places and the curve don't explain."""
        time_s = np.array([1.0, 2.34567])
        joints = run.joints_at(time_s)
        bob = 0.04 * np.cos(2 * np.pi * time_s / STEP_S)
        hips = (joints["left_hip"] + joints["right_hip"]) / 2
        np.testing.assert_allclose(hips[:, [0, 2]], 0, atol=1e-6)
        for side, out in (("left", -1), ("right", 1)):
            ahead = 0.10 - 0.24 * 0.20 - 0.0099  # of the ASIS, by the regression from a depth of 0.20 m
            knee = np.column_stack([[0.01 - ahead] * 2, 0.52 + bob, [out * 0.11] * 2])
            np.testing.assert_allclose(joints[f"{side}_knee"], knee, atol=2e-4)
            ankle = np.column_stack([[-0.02 - ahead] * 2, 0.10 + bob, [out * 0.10] * 2])
            np.testing.assert_allclose(joints[f"{side}_ankle"], ankle, atol=2e-4)
            wide = 0.33 * 0.24 + 0.0073  # by the regression from a width of 0.24 m
            hip = np.column_stack([[0.0] * 2, 1.00 - 0.30 * 0.24 - 0.0109 + bob, [out * wide] * 2])
            np.testing.assert_allclose(joints[f"{side}_hip"], hip, atol=2e-4)
            np.testing.assert_allclose(joints[f"{side}_heel"][:, [0, 2]], [[-0.09 - ahead, out * 0.10]] * 2, atol=1e-6)

    def test_a_short_gap_is_bridged(self, tmp_path: Path) -> None:
        """Six frames of the pelvis' and the shank's markers: 0.2 mm of the bobbing are lost, nothing else."""
        whole = load_run(written(tmp_path), "RBDS901runT30")

        def hide(markers: dict[str, Array]) -> None:
            for name in ("L.ASIS", "R.Shank.Top.Medial"):
                markers[name][200:206] = np.nan
            markers["L.PSIS"][0] = np.nan

        gappy = load_run(written(tmp_path, change=hide), "RBDS901runT30")
        for name in ("left_hip", "right_ankle"):
            np.testing.assert_allclose(gappy.joints[name][1:], whole.joints[name][1:], atol=0.001)

    def test_a_marker_of_a_cluster_may_be_missing(self, tmp_path: Path) -> None:
        whole = load_run(written(tmp_path), "RBDS901runT30")

        def lose(markers: dict[str, Array]) -> None:
            del markers["L.Thigh.Top.Medial"]

        three = load_run(written(tmp_path, change=lose), "RBDS901runT30")
        np.testing.assert_allclose(three.joints["left_knee"], whole.joints["left_knee"], atol=1e-5)

    def test_what_cannot_be_used_is_told(self, tmp_path: Path) -> None:
        def hide(markers: dict[str, Array]) -> None:
            markers["R.ASIS"][300:330] = np.nan

        def lose(markers: dict[str, Array]) -> None:
            del markers["L.Thigh.Top.Medial"], markers["L.Thigh.Bottom.Medial"]

        for problem, sentence in (
            ({"change": hide}, "the marker R.ASIS is missing or hidden for longer than 0.15 s"),
            ({"change": lose}, "fewer than three markers of the left thigh are seen"),
            ({"take_turns": False}, "the feet don't take turns on the force plate"),
        ):
            with pytest.raises(GaitError, match=sentence):
                load_run(written(tmp_path, **problem), "RBDS901runT30")  # type: ignore[arg-type]

    def test_without_forces_there_are_no_events_and_no_run(self, tmp_path: Path) -> None:
        folder = written(tmp_path, forces=False)
        assert recorded_runs(folder) == []
        with pytest.raises(GaitError, match="RBDS901runT30 holds no forces"):
            load_run(folder, "RBDS901runT30")

    def test_missing_files_and_wrong_names_are_told(self, tmp_path: Path) -> None:
        with pytest.raises(FileMissing, match="nowhere is missing; name a folder that holds the RBDS files"):
            load_run(tmp_path / "nowhere")
        with pytest.raises(FileMissing, match="RBDS001runT25 isn't in"):
            load_run(tmp_path)
        with pytest.raises(GaitError, match="isn't the name of a run; they are named like RBDS001runT25"):
            load_run(tmp_path, "runT25")

    def test_runs_of_a_folder(self, tmp_path: Path) -> None:
        folder = written(tmp_path)
        (folder / "RBDS902runT30.c3d").touch()  # without its static trial
        assert recorded_runs(folder) == ["RBDS901runT30"]
        (folder / "RBDS902static.c3d").touch()
        assert recorded_runs(folder) == ["RBDS901runT30", "RBDS902runT30"]
        names = {path.name for path in files_of(folder, "RBDS901runT30")}
        assert names == {"RBDS901runT30markers.txt", "RBDS901runT30forces.txt", "RBDS901static.txt"}

    def test_it_moves_smoothly_and_knows_where_it_ends(self, run: ForcePlateRun) -> None:
        """At its frames it is the frames; between two, 6.7 ms apart, a cubic follows 4 cm of bobbing to 0.05 mm."""
        moving: Moving = run
        np.testing.assert_allclose(moving.joints_at(run.time_s)["left_knee"], run.joints["left_knee"], atol=1e-12)
        between = run.time_s[10:-10] + 1 / 300
        height = run.joints_at(between)["left_knee"][:, 1]
        np.testing.assert_allclose(height, 0.52 + 0.04 * np.cos(2 * np.pi * between / STEP_S), atol=0.00005)
        assert moving.duration_s == pytest.approx(6 - 1 / 150)
        assert np.isnan(run.joints_at(np.array([-0.01, 6.1]))["left_knee"]).all()
        np.testing.assert_array_equal(moving.belt_speed_mps_at(np.zeros(3)), [3.0, 3.0, 3.0])


@pytest.fixture(scope="module")
def recordings() -> dict[str, ForcePlateRun]:
    """Both runs of the one person at hand."""
    if not recorded_runs(RBDS):
        pytest.skip(f"the force-plate recordings aren't part of the project; they would lie in {RBDS}")
    return {name: load_run(RBDS, name) for name in ("RBDS001runT25", "RBDS001runT35")}


class TestRecordings:
    def test_events_are_the_published_ones(self, recordings: dict[str, ForcePlateRun]) -> None:
        """The data's own table has the same contacts (50 N) of the same feet, on samples of 3.3 ms: it names the first
        sample beyond the threshold, ours is before it. An event that the recording cuts off is empty there."""
        run = recordings["RBDS001runT25"]
        lines = (RBDS / "RBDS001runT25_force_events.csv").read_text(encoding="utf-8").split()[1:]
        rows = [line.split(",") for line in lines]
        for side, letter in (("left", "L"), ("right", "R")):
            for found, column in ((run.contact_s, 0), (run.toe_off_s, 1)):
                truth = np.array([float(row[column]) for row in rows if row[2] == letter and row[column]])
                late = truth[:, None] - found[side]  # type: ignore[index]
                nearest = late[np.arange(len(truth)), np.abs(late).argmin(axis=1)]
                assert (np.abs(nearest) < 0.012).mean() > 0.97
                assert np.median(nearest) == pytest.approx(0.0017, abs=0.002)
                assert abs(len(truth) - len(found[side])) <= 1  # type: ignore[index]

    @pytest.mark.parametrize(
        ("name", "cadence_spm", "contact_s"),
        [("RBDS001runT25", 156.8, (0.276, 0.006)), ("RBDS001runT35", 171.2, (0.224, 0.006))],
    )
    def test_cadence_and_contact_time_are_the_known_ones(
        self, recordings: dict[str, ForcePlateRun], name: str, cadence_spm: float, contact_s: tuple[float, float]
    ) -> None:
        """Cadence of the data's description to 0.2 spm; contact time at 2.5 m/s too. At 3.5 m/s runners stay on the
        ground for 0.237 s on average (28 runners of this data set), this one, short on the ground at 2.5 m/s, less."""
        run = recordings[name]
        contacts = np.sort(np.concatenate(list(run.contact_s.values())))
        assert 60 / np.polyfit(np.arange(len(contacts)), contacts, 1)[0] == pytest.approx(cadence_spm, abs=0.2)
        duration = np.concatenate([run.toe_off_s[side] - run.contact_s[side] for side in SIDES])
        assert duration.mean() == pytest.approx(contact_s[0], abs=0.002)
        assert duration.std() < contact_s[1]

    def test_volts_become_newtons(self) -> None:
        """Over whole strides the mean vertical force is the body's weight: the same person at both speeds, to 2 %."""
        if not recorded_runs(RBDS):
            pytest.skip(f"the force-plate recordings aren't part of the project; they would lie in {RBDS}")
        means = [markers.read_trial(RBDS, name).vertical_n.mean() for name in ("RBDS001runT25", "RBDS001runT35")]  # type: ignore[union-attr]
        assert means[0] == pytest.approx(597, abs=6)
        assert means[1] == pytest.approx(means[0], rel=0.02)

    @pytest.mark.parametrize("name", ["RBDS001runT25", "RBDS001runT35"])
    def test_bones_keep_their_length(self, recordings: dict[str, ForcePlateRun], name: str) -> None:
        """Skin moves over bone, and the hip comes from the pelvis, the knee from the thigh: 4 to 7 mm (SD), 28 mm from
        shortest to longest. That is how well the joint centres are known."""
        joints = recordings[name].joints
        for side in SIDES:
            for a, b in (("hip", "knee"), ("knee", "ankle")):
                length = np.linalg.norm(joints[f"{side}_{a}"] - joints[f"{side}_{b}"], axis=1)
                assert 0.42 < length.mean() < 0.48
                assert length.std() < 0.008
                assert np.ptp(length) < 0.030
            foot = np.linalg.norm(joints[f"{side}_heel"] - joints[f"{side}_foot_index"], axis=1)
            assert foot.std() < 0.004

    def test_the_two_legs_are_equally_long(self, recordings: dict[str, ForcePlateRun]) -> None:
        """To 1 cm, and the same at both speeds to 3 mm; nothing but the person makes them so."""
        lengths = {}
        for name, run in recordings.items():
            for side in SIDES:
                chain = [run.joints[f"{side}_{joint}"] for joint in ("hip", "knee", "ankle")]
                lengths[name, side] = sum(
                    float(np.linalg.norm(a - b, axis=1).mean()) for a, b in itertools.pairwise(chain)
                )
        for name in recordings:
            assert lengths[name, "left"] == pytest.approx(lengths[name, "right"], abs=0.010)
        for side in SIDES:
            assert lengths["RBDS001runT25", side] == pytest.approx(lengths["RBDS001runT35", side], abs=0.003)

    @pytest.mark.parametrize("name", ["RBDS001runT25", "RBDS001runT35"])
    def test_stance_feet_move_with_the_belt(self, recordings: dict[str, ForcePlateRun], name: str) -> None:
        """Backwards in the middle of stance, to 3 %: the belt slips and the shoe gives."""
        run = recordings[name]
        for side in SIDES:
            middle = (run.contact_s[side] + run.toe_off_s[side]) / 2
            before, after = (run.joints_at(middle + s)[f"{side}_foot_index"][:, 0] for s in (-0.02, 0.02))
            assert np.median(before - after) / 0.04 == pytest.approx(run.belt_speed_mps, rel=0.03)

    @pytest.mark.parametrize("name", ["RBDS001runT25", "RBDS001runT35"])
    def test_between_two_steps_the_body_falls_freely(self, recordings: dict[str, ForcePlateRun], name: str) -> None:
        """The plate's events against the markers: in the middle half of each flight the pelvis falls with 9.81 m/s2. It
        isn't the centre of mass: its own swing against the trunk and legs takes up to 15 % off."""
        run = recordings[name]
        first: Side
        for first, second in (("left", "right"), ("right", "left")):
            falls = []
            for off in run.toe_off_s[first]:
                after = run.contact_s[second][run.contact_s[second] > off]
                if len(after) and after[0] - off < 0.2:
                    time_s = np.linspace(off + 0.25 * (after[0] - off), after[0] - 0.25 * (after[0] - off), 15)
                    joints = run.joints_at(time_s)
                    height = (joints["left_hip"] + joints["right_hip"])[:, 1] / 2
                    falls.append(-2 * np.polyfit(time_s - off, height, 2)[0])
            assert len(falls) > 30
            assert np.median(falls) == pytest.approx(9.81, rel=0.15)

    def test_joints_found_from_movement_are_those_of_the_static_trial(self) -> None:
        """In the plane of running: 1.6 cm on average and 1 cm from frame to frame (sideways a hinge tells nothing)."""
        if not recorded_runs(RBDS):
            pytest.skip(f"the force-plate recordings aren't part of the project; they would lie in {RBDS}")
        static = markers.read_trial(RBDS, "RBDS001static")
        for name in ("RBDS001runT25", "RBDS001runT35"):
            trial = markers.read_trial(RBDS, name)
            wanted, found = markers.joint_centres(trial, static), markers.functional_joint_centres(trial)
            for joint in [f"{side}_{joint}" for side in SIDES for joint in ("knee", "ankle")]:
                off = (found[joint] - wanted[joint])[:, :2]
                assert np.hypot(*off.mean(axis=0)) < 0.018, joint
                assert off.std(axis=0).max() < 0.010, joint
            np.testing.assert_array_equal(found["left_hip"], wanted["left_hip"])

    def test_cadence_from_markers_is_the_plates(self, recordings: dict[str, ForcePlateRun]) -> None:
        """Other moments of the stride, the same strides: 0.05 spm over 30 s. The standing foot is 1 to 2 % too fast."""
        for run in recordings.values():
            contacts = np.sort(np.concatenate(list(run.contact_s.values())))
            cadence_spm = 60 / np.polyfit(np.arange(len(contacts)), contacts, 1)[0]
            assert marker_cadence_spm(run) == pytest.approx(cadence_spm, abs=0.05)
            assert standing_foot_speed_mps(run) == pytest.approx(run.belt_speed_mps, rel=0.025)

    def test_a_run_without_forces(self) -> None:
        """Cadence of the data's description; no event is made up. Its belt runs at 2.5 m/s, whatever its name says."""
        if "RBDS032runT35" not in runs_without_forces(RBDS):
            pytest.skip(f"the recording isn't part of the project; it would lie in {RBDS}")
        run = load_run_without_forces(RBDS, "RBDS032runT35")
        assert marker_cadence_spm(run) == pytest.approx(155.5, abs=0.1)
        assert run.belt_speed_mps == pytest.approx(2.5, rel=0.025)
        assert all(len(times) == 0 for times in (*run.contact_s.values(), *run.toe_off_s.values()))
        for side in SIDES:
            shank = np.linalg.norm(run.joints[f"{side}_knee"] - run.joints[f"{side}_ankle"], axis=1)
            assert shank.std() < 0.006

    def test_text_and_c3d_are_the_same_trial(self) -> None:
        """To the rounding of the text, 0.01 mm."""
        if not recorded_runs(RBDS):
            pytest.skip(f"the force-plate recordings aren't part of the project; they would lie in {RBDS}")
        text, c3d = markers.read_trial(RBDS, "RBDS001static"), markers._read_c3d(RBDS / "RBDS001static.c3d")
        assert text.markers_hz == c3d.markers_hz
        assert set(text.markers) == set(c3d.markers)
        for name, xyz in text.markers.items():
            np.testing.assert_allclose(c3d.markers[name], xyz, atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_point_goes_with_its_cluster(seed: int) -> None:
    """Any rotation and shift, mirrored never."""
    rng = np.random.default_rng(seed)
    rest, point = rng.normal(0, 0.1, (4, 3)), rng.normal(0, 0.2, 3)
    q = np.linalg.qr(rng.normal(size=(6, 3, 3)))[0]
    q[np.linalg.det(q) < 0, :, 0] *= -1
    shift = rng.normal(0, 1, (6, 1, 3))
    moving = np.einsum("nij,mj->nmi", q, rest) + shift
    expected = np.einsum("nij,j->ni", q, point) + shift[:, 0]
    np.testing.assert_allclose(markers.carried(point, rest, moving), expected, atol=1e-9)
