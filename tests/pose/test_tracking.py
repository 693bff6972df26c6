import numpy as np
import pytest

from gait.errors import NoPerson
from gait.pose import KeypointCache, WhichRunner, estimate_cached, people_warnings
from gait.pose.tracking import CHUNK_FRAMES

NOWHERE = KeypointCache(None)
N_FRAMES = 2 * CHUNK_FRAMES + 400


def test_keypoints_are_those_of_the_estimator_started_anew_at_each_chunk(new_clip, remembering):
    clip, estimator = new_clip(N_FRAMES), remembering()
    track, from_cache = estimate_cached(clip.video, estimator, clip.frames_from, cache=NOWHERE)
    assert not from_cache
    assert clip.started_at == [0]  # one pass over the file
    expected = [
        found[0][0]
        for start in range(0, N_FRAMES, CHUNK_FRAMES)
        for found in list(estimator.follow(clip.frames_from(start), fps=29.97))[:CHUNK_FRAMES]
    ]
    np.testing.assert_array_equal(track.xy, expected)
    assert (track.confidence == 1).all()
    assert track.video is clip.video


@pytest.mark.parametrize("interrupted_at", [1, CHUNK_FRAMES - 1, CHUNK_FRAMES, CHUNK_FRAMES + 700, N_FRAMES - 1])
def test_interrupted_run_goes_on_and_ends_the_same(tmp_path, new_clip, remembering, interrupted_at):
    whole, _ = estimate_cached((clip := new_clip(N_FRAMES)).video, remembering(), clip.frames_from, cache=NOWHERE)
    cache = KeypointCache(tmp_path)
    clip.interrupted_at = interrupted_at
    with pytest.raises(KeyboardInterrupt):
        estimate_cached(clip.video, remembering(), clip.frames_from, cache=cache)
    clip.interrupted_at, clip.started_at, clip.n_given = N_FRAMES, [], 0
    resumed, from_cache = estimate_cached(clip.video, remembering(), clip.frames_from, cache=cache)
    done = interrupted_at // CHUNK_FRAMES * CHUNK_FRAMES
    assert clip.started_at == [done]
    assert clip.n_given == N_FRAMES - done
    assert not from_cache
    np.testing.assert_array_equal(resumed.xy, whole.xy)
    np.testing.assert_array_equal(resumed.confidence, whole.confidence)


def test_second_run_asks_for_no_picture(tmp_path, new_clip, remembering):
    clip, cache = new_clip(N_FRAMES), KeypointCache(tmp_path)
    first, _ = estimate_cached(clip.video, remembering(), clip.frames_from, cache=cache)
    clip.started_at.clear()
    second, from_cache = estimate_cached(clip.video, remembering(), clip.frames_from, cache=cache)
    assert from_cache
    assert clip.started_at == []
    np.testing.assert_array_equal(second.xy, first.xy)


def test_lost_chunk_in_the_middle_is_made_anew(tmp_path, new_clip, remembering):
    clip, cache = new_clip(N_FRAMES), KeypointCache(tmp_path)
    first, _ = estimate_cached(clip.video, remembering(), clip.frames_from, cache=cache)
    sorted(tmp_path.rglob("*.npz"))[1].unlink()
    clip.started_at.clear()
    second, from_cache = estimate_cached(clip.video, remembering(), clip.frames_from, cache=cache)
    assert not from_cache
    assert clip.started_at == [CHUNK_FRAMES]
    np.testing.assert_array_equal(second.xy, first.xy)


def test_the_users_own_cache_is_the_default(tmp_path, new_clip, remembering, monkeypatch):
    monkeypatch.setenv("GAIT_CACHE_DIR", str(tmp_path / "mine"))
    clip = new_clip(50)
    estimate_cached(clip.video, remembering(), clip.frames_from)
    assert len(list((tmp_path / "mine").rglob("*.npz"))) == 1


def test_progress_counts_frames_to_the_end(new_clip, remembering):
    clip, calls = new_clip(CHUNK_FRAMES + 20), []
    estimate_cached(
        clip.video, remembering(), clip.frames_from, cache=NOWHERE, progress=lambda *call: calls.append(call)
    )
    counts = [done for _, done, _ in calls]
    assert counts == sorted(counts)
    assert set(counts) == set(range(CHUNK_FRAMES + 21))
    assert {(stage, total) for stage, _, total in calls} == {("pose", CHUNK_FRAMES + 20)}


@pytest.mark.parametrize(("n_seen", "is_refused"), [(0, True), (9, True), (10, False), (200, False)])
def test_no_person(tmp_path, new_clip, remembering, n_seen, is_refused):
    """Fewer than 5 % of 200 frames; from the cache as well as the first time."""
    clip, cache = new_clip(200), KeypointCache(tmp_path)
    for _ in range(2):
        if is_refused:
            with pytest.raises(NoPerson, match=rf"{n_seen} of 200 frames of run\.mp4"):
                estimate_cached(clip.video, remembering(lost_from=n_seen), clip.frames_from, cache=cache)
        else:
            track, _ = estimate_cached(clip.video, remembering(lost_from=n_seen), clip.frames_from, cache=cache)
            assert np.isnan(track.xy[n_seen:]).all()
            assert (track.confidence[n_seen:] == 0).all()


def test_people_are_carried_over_the_chunks_and_chosen_from_the_cache(tmp_path, new_clip, standing):
    """Somebody joins; after the next border the two are numbered the other way round."""
    n_frames, joined = CHUNK_FRAMES + 300, CHUNK_FRAMES - 100
    clip, cache = new_clip(n_frames), KeypointCache(tmp_path)
    track, _ = estimate_cached(clip.video, standing(joined), clip.frames_from, cache=cache)
    assert (track.xy[:, 0, 0] == 100).all()
    assert (track.xy[:, 0, 1] == np.arange(n_frames)).all()
    clip.started_at.clear()
    which = WhichRunner(number=2)
    other, from_cache = estimate_cached(clip.video, standing(joined), clip.frames_from, which=which, cache=cache)
    assert from_cache
    assert clip.started_at == []
    assert np.isnan(other.xy[:joined]).all()
    assert (other.xy[joined:, 0, 0] == 300).all()


def test_history_and_report_say_who_was_there(new_clip, standing):
    clip = new_clip(300)
    track, _ = estimate_cached(clip.video, standing(200), clip.frames_from, cache=NOWHERE)
    ((count, total),) = [(entry.count, entry.total) for entry in track.history if entry.stage == "people"]
    assert (count, total) == (100, 300)
    (warning,) = people_warnings(track)
    assert warning.startswith("2 people were found: 1 ")
    assert "Runner 1 was taken: " in warning
    assert "--runner 2" in warning
    assert warning.endswith("in 100 of 300 frames.")


def test_one_person_is_nothing_to_talk_about(new_clip, remembering):
    clip = new_clip(300)
    track, _ = estimate_cached(clip.video, remembering(), clip.frames_from, cache=NOWHERE)
    assert track.history == ()
    assert people_warnings(track) == ()
