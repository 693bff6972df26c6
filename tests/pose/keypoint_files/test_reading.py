"""Each format against the same body, to a thousandth of a pixel."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gait.errors import ConfigError, KeypointFileError
from gait.export import write_trc
from gait.model import Track
from gait.pose import read_keypoints, save_track

N = 24


def frames_of(person: Any, names: Any, **settings: Any) -> list[Any]:
    return [person(names, frame, **settings) for frame in range(N)]


def flat(points: list[list[float]]) -> list[float]:
    return [value for point in points for value in point]


class TestOpenPose:
    def test_a_folder(self, openpose_folder: Any, in_its_place: Any, orders: Any) -> None:
        track, source = read_keypoints(openpose_folder(), fps=30)
        in_its_place(track, orders["BODY_25"])
        assert (source.name, source.format) == ("openpose", "OpenPose JSON, BODY_25")
        assert len(source.sha256) == 64
        assert track.video.fps == 30
        np.testing.assert_allclose(track.video.file_time_s, np.arange(N) / 30)

    @pytest.mark.parametrize("first", [0, 1, 480])
    def test_frames_without_a_person_and_missing_numbers_are_gaps(
        self, openpose_folder: Any, in_its_place: Any, orders: Any, first: int
    ) -> None:
        track, _ = read_keypoints(openpose_folder(empty=(3, 4), missing=(9, 17), first=first), fps=30)
        assert len(track.xy) == N
        gaps = np.isnan(track.xy).all(axis=(1, 2))
        assert np.flatnonzero(gaps).tolist() == [3, 4, 9, 17]
        in_its_place(track, orders["BODY_25"], frames=np.flatnonzero(~gaps).tolist())
        assert not track.confidence[gaps].any()
        assert [(e.count, e.total) for e in track.history if "no runner" in e.what] == [(4, N)]

    def test_other_skeletons_in_its_layout(self, json_file: Any, person: Any, orders: Any, in_its_place: Any) -> None:
        """As Pose2Sim writes Halpe26, and all frames in one file."""
        people = [{"people": [{"pose_keypoints_2d": flat(points)}]} for points in frames_of(person, orders["Halpe26"])]
        track, source = read_keypoints(json_file(people), fps=60)
        assert source.format == "OpenPose JSON, Halpe26"
        in_its_place(track, orders["Halpe26"])

    def test_frames_by_picture(self, json_file: Any, person: Any, orders: Any, in_its_place: Any) -> None:
        """As AlphaPose writes it with `--format cmu`; the order of the names in the file doesn't count."""
        people = {
            f"{i}.jpg": {"version": 0.1, "bodies": [{"joints": flat(person(orders["COCO-17"], i))}]}
            for i in reversed(range(N))
        }
        track, _ = read_keypoints(json_file(people), fps=60)
        in_its_place(track, orders["COCO-17"])

    def test_a_missing_point_is_written_as_zeros(self, openpose_folder: Any) -> None:
        folder = openpose_folder()
        path = sorted(folder.iterdir())[5]
        frame = json.loads(path.read_text())
        frame["people"][0]["pose_keypoints_2d"][3 * 10 : 3 * 11] = [0, 0, 0]  # right knee
        path.write_text(json.dumps(frame))
        track, _ = read_keypoints(folder, fps=30)
        assert np.flatnonzero(np.isnan(track.point("right_knee")[:, 0])).tolist() == [5]
        assert np.isfinite(track.point("left_knee")).all()

    def test_without_a_frame_rate(self, openpose_folder: Any) -> None:
        with pytest.raises(ConfigError, match="openpose says no frame rate; add --fps"):
            read_keypoints(openpose_folder())

    def test_two_recordings_in_a_folder(self, openpose_folder: Any) -> None:
        folder = openpose_folder()
        for path in list(folder.iterdir()):
            path.with_name(path.name.replace("run_2d", "run_3d")).write_bytes(path.read_bytes())
        with pytest.raises(KeypointFileError, match="one recording in a folder"):
            read_keypoints(folder, fps=30)


class TestFrameList:
    def test_named_frames(self, json_file: Any, person: Any, orders: Any, in_its_place: Any) -> None:
        names = [name.replace("left_", "l_").replace("right_", "r_") for name in orders["Halpe26"][::-1]]
        document = {
            "keypoint_names": names, "fps": 29.97, "width": 720, "height": 1280,
            "frames": frames_of(person, orders["Halpe26"][::-1], score=1.19),
            "timestamps": [round(i / 29.97, 4) for i in range(N)],
        }  # fmt: skip
        track, _ = read_keypoints(json_file(document))
        in_its_place(track, orders["Halpe26"])
        assert (track.video.width_px, track.video.height_px, track.video.codec) == (720, 1280, "")
        # Rounded time stamps of a constant rate give way to the rate; RTMPose's scores may pass 1.
        np.testing.assert_allclose(track.video.file_time_s, np.arange(N) / 29.97, rtol=0, atol=1e-9)
        assert track.confidence.max() == 1

    def test_uneven_time_stamps_are_kept(self, json_file: Any, person: Any, orders: Any) -> None:
        times = np.cumsum(np.where(np.arange(N) % 2, 0.033, 0.042))
        document = {"frames": frames_of(person, orders["COCO-17"]), "fps": 27, "timestamps": times.tolist()}
        track, _ = read_keypoints(json_file(document))
        np.testing.assert_allclose(track.video.file_time_s, times)
        faster, _ = read_keypoints(json_file(document), fps=120)
        np.testing.assert_allclose(faster.video.file_time_s, np.arange(N) / 120)

    @pytest.mark.parametrize("kind", ["mmpose", "mmpose with names", "instances", "rtmlib", "arrays", "ultralytics"])
    def test_wrappings(self, kind: str, json_file: Any, person: Any, orders: Any, in_its_place: Any) -> None:
        names = orders["COCO-17"] if "ultra" in kind else orders["Halpe26"]
        frames = frames_of(person, names)
        xy = [[p[:2] for p in frame] for frame in frames]
        scores = [[p[2] for p in frame] for frame in frames]
        instances = [
            {
                "frame_id": i + 1,
                "instances": [{"keypoints": xy[i], "keypoint_scores": scores[i], "bbox": [[0, 0, 9, 9]]}],
            }
            for i in range(N)
        ]
        wrapped: dict[str, Any] = {
            "mmpose": {"meta_info": {"dataset_name": "halpe26"}, "instance_info": instances},
            "mmpose with names": {
                "meta_info": {"keypoint_id2name": {str(i): name for i, name in enumerate(names)}},
                "instance_info": instances,
            },
            "instances": [{key: frame[key] for key in ("instances",)} for frame in instances],
            "rtmlib": [{"keypoints": [xy[i]], "scores": [scores[i]]} for i in range(N)],
            "arrays": [[frame] for frame in frames],
            "ultralytics": [
                [{"name": "person", "confidence": 0.9, "box": {"x1": 0, "y1": 0, "x2": 9, "y2": 9},
                  "keypoints": {"x": [p[0] for p in f], "y": [p[1] for p in f], "visible": [p[2] for p in f]}}]
                for f in frames
            ],
        }  # fmt: skip
        track, _ = read_keypoints(json_file(wrapped[kind]), fps=30)
        in_its_place(track, names)
        np.testing.assert_allclose(track.confidence[:, track.skeleton.index("left_hip")], 0.9, atol=1e-6)

    def test_unsure_points_are_unknown(self, json_file: Any, person: Any, orders: Any) -> None:
        """The limit of 0.3 is documented; a score above it becomes half of the way to certainty."""
        frames = frames_of(person, orders["COCO-17"])
        knee = orders["COCO-17"].index("left_knee")
        for i, score in enumerate((0.0, 0.29, 0.31, 1.0)):
            frames[i][knee][2] = score
        track, _ = read_keypoints(json_file(frames), fps=30)
        assert np.isnan(track.point("left_knee")[:4, 0]).tolist() == [True, True, False, False]
        column = track.confidence[:4, track.skeleton.index("left_knee")]
        np.testing.assert_allclose(column, [0, 0, 0.655, 1], atol=1e-6)
        assert [(e.count, e.total) for e in track.history if "score" in e.what] == [(2, N * 17)]

    @pytest.mark.parametrize("nobody", [
        {"keypoints": [], "scores": []}, {"people": [{"pose_keypoints_2d": []}]}, {"keypoints": {"x": [], "y": []}},
    ])  # fmt: skip
    def test_an_empty_person_is_nobody(self, json_file: Any, person: Any, orders: Any, nobody: Any) -> None:
        frames: list[Any] = [{"keypoints": points} for points in frames_of(person, orders["COCO-17"])]
        frames[5] = nobody
        track, _ = read_keypoints(json_file({"frames": frames}), fps=30)
        assert np.flatnonzero(np.isnan(track.xy).all(axis=(1, 2))).tolist() == [5]

    @pytest.mark.parametrize("uneven", [False, True])
    @pytest.mark.parametrize("numbered", [False, True])
    def test_time_stamps_without_a_rate(
        self, json_file: Any, person: Any, orders: Any, uneven: bool, numbered: bool
    ) -> None:
        times = np.arange(N) / 50 + (0.005 * (np.arange(N) % 2) if uneven else 0)
        frames: list[Any] = [{"keypoints": points} for points in frames_of(person, orders["COCO-17"])]
        if numbered:
            frames = [{"frame_id": i + 1, **frame} for i, frame in enumerate(frames)]
        track, _ = read_keypoints(json_file({"frames": frames, "timestamps": times.tolist()}))
        np.testing.assert_allclose(track.video.file_time_s, times, rtol=0, atol=1e-9)
        assert float(track.video.fps) == pytest.approx((N - 1) / (times[-1] - times[0]), rel=1e-6)

    @pytest.mark.parametrize("about", [{}, {"fps": 27}])
    def test_milliseconds_are_no_seconds(self, json_file: Any, person: Any, orders: Any, about: Any) -> None:
        times = np.cumsum(np.where(np.arange(N) % 2, 33, 42)).tolist()
        path = json_file({"frames": frames_of(person, orders["COCO-17"]), "timestamps": times, **about})
        with pytest.raises(KeypointFileError, match="must be in seconds, or give --fps"):
            read_keypoints(path)
        assert read_keypoints(path, fps=30)[0].video.fps == 30

    @pytest.mark.parametrize("about", [{"width": -720, "height": 1280}, {"width": 1e999, "height": 1280}])
    def test_no_size_of_a_picture(self, json_file: Any, person: Any, orders: Any, about: Any) -> None:
        with pytest.raises(KeypointFileError, match="looks like RTMPose"):
            read_keypoints(json_file({"frames": frames_of(person, orders["COCO-17"]), "fps": 30, **about}))

    @pytest.mark.parametrize("points", [{"x": 5, "y": 6}, [10**400, 1, 1]])
    def test_what_is_no_list_of_numbers(self, json_file: Any, points: Any) -> None:
        with pytest.raises(KeypointFileError, match="no keypoint file of a known format"):
            read_keypoints(json_file({"frames": [{"keypoints": points}]}), fps=30)


class TestCoco:
    def results(self, person: Any, names: Any, *, image: Any, skip: int | None = None) -> list[Any]:
        return [
            {"image_id": image(i), "category_id": 1, "keypoints": flat(person(names, i)), "score": 0.9}
            for i in range(N)
            if i != skip
        ]

    @pytest.mark.parametrize("image", [lambda i: i, lambda i: i + 1, lambda i: f"{i}.jpg", lambda i: f"v2_{i:06d}.png"])
    def test_results_by_picture(self, json_file: Any, person: Any, orders: Any, in_its_place: Any, image: Any) -> None:
        results = self.results(person, orders["COCO-17"], image=image, skip=7)
        track, source = read_keypoints(json_file(results[::-1]), fps=25)
        assert source.format == "COCO JSON, COCO-17"
        assert np.flatnonzero(np.isnan(track.xy).all(axis=(1, 2))).tolist() == [7]
        in_its_place(track, orders["COCO-17"], frames=[i for i in range(N) if i != 7])

    def test_a_data_set(self, json_file: Any, person: Any, orders: Any, in_its_place: Any) -> None:
        names = orders["COCO-17"][::-1]
        document = {
            "images": [{"id": 900 - i, "file_name": f"f_{i:03d}.jpg", "width": 640, "height": 800} for i in range(N)],
            "annotations": [
                {"id": i, "image_id": 900 - i, "category_id": 1, "keypoints": flat(person(names, i, score=2))}
                for i in range(N)
                if i != 4
            ],
            "categories": [{"id": 1, "name": "person", "keypoints": names}],
        }
        track, _ = read_keypoints(json_file(document), fps=25)
        assert (track.video.width_px, track.video.height_px) == (640, 800)
        assert np.flatnonzero(np.isnan(track.xy).all(axis=(1, 2))).tolist() == [4]
        in_its_place(track, names, frames=[i for i in range(N) if i != 4])

    def test_a_data_set_of_several_recordings(self, json_file: Any, person: Any, orders: Any) -> None:
        images = [{"id": i, "file_name": f"{'ab'[i % 2]}_{i:03d}.jpg"} for i in range(N)]
        document = {"images": images, "annotations": self.results(person, orders["COCO-17"], image=lambda i: i)}
        with pytest.raises(KeypointFileError, match="one recording"):
            read_keypoints(json_file(document), fps=25)
        for image in images:
            del image["file_name"]
        assert len(read_keypoints(json_file(document), fps=25)[0].xy) == N


class TestTrc:
    def sports2d(self, person: Any, names: Any, *, fps: float = 30, up: bool = False) -> str:
        """As Sports2D 0.8 writes pixels: unit "m", frame 0 first, times a frame too long as a whole, z 0."""
        markers = "\t\t\t".join(names)
        axes = "\t".join(f"X{i}\tY{i}\tZ{i}" for i in range(1, len(names) + 1))
        lines = [
            "PathFileType\t4\t(X/Y/Z)\tC:\\é\\demo_Sports2D_px_person00.trc",
            "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
            f"{fps}\t{fps}\t{N}\t{len(names)}\tm\t{fps}\t0\t{N}",
            f"Frame#\tTime\t{markers}\t\t\t",
            f"\t\t{axes}",
        ]
        for i, time_s in enumerate(np.linspace(0, N / fps, N)):
            cells = [f"{x}\t{800 - y if up else y}\t0.0" for x, y, _ in person(names, i)]
            lines.append("\t".join([str(i), str(time_s), *cells]))
        return "\n".join(lines) + "\n"

    NAMES = ("left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle", "left_big_toe")
    MARKERS = ("LHip", "RHip", "LKnee", "RKnee", "LAnkle", "RAnkle", "LBigToe")

    def file(self, tmp_path: Path, text: str) -> Path:
        for name, marker in zip(self.NAMES, self.MARKERS, strict=True):
            text = text.replace(name, marker)
        path = tmp_path / "demo_px_person00.trc"
        path.write_text(text, encoding="cp1252")  # what Windows writes
        return path

    def test_as_sports2d_writes_it(self, tmp_path: Path, person: Any, in_its_place: Any) -> None:
        track, source = read_keypoints(self.file(tmp_path, self.sports2d(person, self.NAMES)))
        in_its_place(track, self.NAMES)
        assert source.format == "TRC, 7 markers"
        np.testing.assert_allclose(track.video.file_time_s, np.arange(N) / 30, rtol=0, atol=1e-12)
        assert set(np.unique(track.confidence)) == {0, 1}

    def test_empty_cells_and_zeros_are_unknown(self, tmp_path: Path, person: Any) -> None:
        lines = self.sports2d(person, self.NAMES).split("\n")
        cells = lines[8].split("\t")
        cells[2:5], cells[8:11] = ["", "", "0.0"], ["0.0", "0.0", "0.0"]
        lines[8] = "\t".join(cells)
        track, _ = read_keypoints(self.file(tmp_path, "\n".join(lines)))
        for name in self.NAMES[:4]:
            unknown = np.flatnonzero(np.isnan(track.point(name)[:, 0])).tolist()
            assert unknown == ([3] if name in ("left_hip", "left_knee") else [])

    def test_rows_left_out_are_gaps(self, tmp_path: Path, person: Any) -> None:
        lines = self.sports2d(person, self.NAMES).replace(f"\t{N}\t7", "\t22\t7").split("\n")
        track, _ = read_keypoints(self.file(tmp_path, "\n".join(lines[:10] + lines[12:])))
        assert np.flatnonzero(np.isnan(track.xy).all(axis=(1, 2))).tolist() == [5, 6]
        assert len(track.xy) == N

    def test_y_upward_is_turned_over(self, tmp_path: Path, person: Any, place: Any) -> None:
        track, _ = read_keypoints(self.file(tmp_path, self.sports2d(person, self.NAMES, up=True)))
        wanted = [place("left_knee", i)[1] - place("left_ankle", i)[1] for i in range(N)]
        np.testing.assert_allclose((track.point("left_knee") - track.point("left_ankle"))[:, 1], wanted, atol=1e-3)
        assert any("turned over" in entry.what for entry in track.history)

    @pytest.mark.parametrize(("change", "said"), [
        (lambda row: [*row[:2], *(str(float(v) / 400) for v in row[2:])], "in metres"),
        (lambda row: [*row[:4], "12.0", *row[5:]], "three-dimensional"),
        (lambda row: row[:9], "cut off"),
        (lambda row: [*row[:5], "x", *row[6:]], "no number"),
    ])  # fmt: skip
    def test_what_it_is_not(self, tmp_path: Path, person: Any, change: Any, said: str) -> None:
        lines = self.sports2d(person, self.NAMES).rstrip("\n").split("\n")
        rows = ["\t".join(change(line.split("\t"))) for line in lines[5:]]
        with pytest.raises(KeypointFileError, match=said):
            read_keypoints(self.file(tmp_path, "\n".join(lines[:5] + rows)))

    def test_cut_off_between_rows(self, tmp_path: Path, person: Any) -> None:
        lines = self.sports2d(person, self.NAMES).split("\n")
        with pytest.raises(KeypointFileError, match="says 24 frames and holds 15"):
            read_keypoints(self.file(tmp_path, "\n".join(lines[:20])))

    def test_times_that_contradict_the_rate(self, tmp_path: Path, person: Any) -> None:
        path = self.file(tmp_path, self.sports2d(person, self.NAMES).replace("\n30\t30\t", "\n60\t30\t"))
        with pytest.raises(KeypointFileError, match=r"says 60 frames per second and its times 28\.75; give --fps"):
            read_keypoints(path)
        assert read_keypoints(path, fps=60)[0].video.fps == 60

    def test_the_rate_of_an_even_time_column(self, tmp_path: Path, person: Any) -> None:
        path = self.file(tmp_path, self.sports2d(person, self.NAMES).replace("\n30\t30\t", "\n\t30\t"))
        assert float(read_keypoints(path)[0].video.fps) == pytest.approx(30 * (N - 1) / N)

    @pytest.mark.parametrize("uneven", [False, True])
    def test_what_this_program_writes_comes_back(self, tmp_path: Path, synthetic_runner: Any, uneven: bool) -> None:
        track: Track = synthetic_runner(duration_s=3).film("right", fps=60)
        xy = np.array(track.xy)
        xy[7:9, 3] = np.nan
        video = track.video
        if uneven:
            times = video.file_time_s + np.where(np.arange(video.n_frames) % 2, 0.003, 0)
            video = type(video)(video.path, video.width_px, video.height_px, video.n_frames, video.fps, times)
        written = Track(xy, track.confidence, track.skeleton, video)
        write_trc(written, tmp_path / "run.trc")
        back, _ = read_keypoints(tmp_path / "run.trc")
        for name in track.skeleton.names:
            np.testing.assert_array_equal(back.point(name), written.point(name), err_msg=name)
        assert back.video.fps == video.fps
        np.testing.assert_allclose(
            np.diff(back.video.file_time_s), np.diff(video.file_time_s), rtol=0, atol=2e-9  # written to a nanosecond
        )  # fmt: skip


class TestOwn:
    def test_comes_back_to_the_bit(self, tmp_path: Path, synthetic_runner: Any) -> None:
        track = synthetic_runner(duration_s=3).film("rear", fps=60, noise_px=1.0)
        save_track(track, tmp_path / "keypoints.npz")
        back, source = read_keypoints(tmp_path / "keypoints.npz")
        for name in track.skeleton.names:
            np.testing.assert_array_equal(back.point(name), track.point(name))
            own = track.confidence[:, track.skeleton.index(name)]
            np.testing.assert_array_equal(back.confidence[:, back.skeleton.index(name)], own)
        np.testing.assert_array_equal(back.video.file_time_s, track.video.file_time_s)
        assert (back.video.width_px, back.video.fps) == (track.video.width_px, track.video.fps)
        assert source.is_own
        assert source.least_score is None


def test_the_smallest_picture_that_holds_all_points(openpose_folder: Any, place: Any) -> None:
    track, _ = read_keypoints(openpose_folder(), fps=30)
    last = [place(name, N - 1) for name in ("right_big_toe", "right_heel")]
    assert track.video.height_px == int(np.ceil(max(y for _, y in last)))
    assert track.video.width_px == int(np.ceil(max(x for x, _ in last)))


def test_the_same_file_has_the_same_hash_and_another_has_another(openpose_folder: Any) -> None:
    folder = openpose_folder()
    first = read_keypoints(folder, fps=30)[1].sha256
    assert read_keypoints(folder, fps=60)[1].sha256 == first
    path = max(folder.iterdir())
    path.write_text(path.read_text() + " ")
    assert read_keypoints(folder, fps=30)[1].sha256 != first


def test_frame_rates_are_exact(openpose_folder: Any) -> None:
    assert read_keypoints(openpose_folder(), fps=30000 / 1001)[0].video.fps == Fraction(30000, 1001)


@pytest.mark.parametrize("fps", [-5, float("nan"), 0])
def test_what_is_no_frame_rate(openpose_folder: Any, fps: float) -> None:
    with pytest.raises(ConfigError, match="is no frame rate"):
        read_keypoints(openpose_folder(), fps=fps)
