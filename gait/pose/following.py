"""Follow several people from picture to picture, each in a region of their own.

A pose model that finds one person takes whoever it sees best when it has lost the one before, and slides from a person
to another who crosses in front. Here everybody has a region; who isn't where they should be by their own movement is
looked for there, and two regions never hold the same person. With one person in the pictures nothing of this happens,
and the keypoints are those of the model by itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from statistics import median

import numpy as np

from gait.pose.base import Image, Keypoints
from gait.pose.outlines import paint_over, share_inside
from gait.pose.region import Follower, PersonFinder, Place, Region

_OLDER_FIRST = 0.02  # region sizes: no more is known of where somebody should be
_FEWEST_PLACES = 3  # in each third of what is remembered, for a speed


@dataclass(frozen=True, slots=True)
class Following:
    """Settings of the following.

    Distances are in sizes of a person's region, which is about 1.3 times the body's height.

    Parameters
    ----------
    look_every_s
        How often to look whether somebody else is there. A look costs half as much as the keypoints of a picture, so
        this is 2 % at 30 fps; who crosses the picture at 2 m/s is in it for two seconds.
    look_again_s
        The same while more than one person is followed.
    remembered_s, left_out_s
        Where somebody should be follows from this long before, without the last moments, in which the region may have
        slid to another person already.
    largest_slip
        Nobody is farther from there: 0.1 are some 20 cm. Somebody who crosses at 2 m/s has dragged a region so far
        after 0.1 s; a runner's hips stay within 3 cm of the line of their way.
    near
        Somebody seen at a glance may be one who was lost if they are no farther apart.
    same_pose
        Mean distance of the keypoints below which two regions hold the same person.
    largest_overlap
        A newcomer of whom more lies within somebody else's outline isn't one: the detector takes the painted outline of
        a runner from the rear for a person, with 94 to 100 % inside; of somebody half hidden it was 12 to 54 %.
    lost_after_s
        So long somebody is looked for where they should be.
    largest_crowd
        No more people are followed at once.
    """

    look_every_s: float = 1.0
    look_again_s: float = 0.25
    remembered_s: float = 1.5
    left_out_s: float = 0.25
    largest_slip: float = 0.10
    near: float = 0.20
    same_pose: float = 0.06
    largest_overlap: float = 0.8
    lost_after_s: float = 2.0
    largest_crowd: int = 4


def follow(
    pictures: Iterable[Image], finder: PersonFinder, *, fps: float, rules: Following
) -> Iterator[Mapping[int, Keypoints]]:
    """Keypoints of each person in each picture, by the person's number; they come some pictures late."""
    crowd = _Crowd(finder, fps, rules)
    for picture in pictures:
        crowd.see(picture)
        if len(crowd.seen) > rules.lost_after_s * fps:
            yield crowd.seen.popleft()
    yield from crowd.seen


@dataclass(slots=True, eq=False)
class _Person:
    """Somebody who is followed.

    `region` is where to look next, `been` where they were in the pictures of these numbers. `found` are their keypoints
    in the picture that is looked at, None while they aren't seen. `slid_from` is the one from whom this region slid
    away, as long as nobody knows whether both are one.
    """

    number: int
    follower: Follower
    region: Region | None
    born: int  # number of the picture
    been: deque[tuple[int, Place]] = field(default_factory=deque)
    found: Keypoints | None = None
    slid_from: _Person | None = None

    def expected(self, number: int) -> Place | None:
        """Where they should be in a picture, by the way they went before; None where it isn't known."""
        if not self.been:
            return None
        third = len(self.been) // 3
        before = list(self.been)
        end = _middle(before[-max(third, 1) :])
        if third < _FEWEST_PLACES:
            return Place(*end[1:])
        start = _middle(before[:third])
        ahead = (number - end[0]) / (end[0] - start[0])
        return Place(end[1] + ahead * (end[1] - start[1]), end[2] + ahead * (end[2] - start[2]), end[3])

    @property
    def is_known(self) -> bool:
        """Whether they have been seen for long enough to tell where they should be."""
        return len(self.been) >= 3 * _FEWEST_PLACES

    @property
    def last_seen(self) -> int:
        """Number of the picture in which they were seen last."""
        return self.been[-1][0] if self.been else self.born


def _middle(places: list[tuple[int, Place]]) -> tuple[float, float, float, float]:
    """Median of picture number, x, y and size."""
    at, x, y, size = zip(*((at, place.x_px, place.y_px, place.size_px) for at, place in places), strict=True)
    return median(at), median(x), median(y), median(size)


class _Crowd:
    """The people of a clip, picture by picture."""

    def __init__(self, finder: PersonFinder, fps: float, rules: Following) -> None:
        self._finder, self._fps, self._rules = finder, fps, rules
        self._people: list[_Person] = []
        self._n_people = 0
        self._at = -1
        self._next_look = 0.0
        # The latest pictures' keypoints: who is who in them may still change.
        self.seen: deque[dict[int, Keypoints]] = deque()

    def see(self, picture: Image) -> None:
        """Find everybody in the next picture."""
        self._at += 1
        self.seen.append({})
        if not any(person.region for person in self._people):
            self._take_up(self._finder.look(picture), picture)
        for person in list(self._people):
            self._find(person, picture)
        self._tell_twins_apart()
        for person in list(self._people):
            self._decide_on_slip(person)
        if self._at >= self._next_look:
            self._look_for_others(picture)
        self._hold_the_lost(picture)
        self.seen[-1] |= {person.number: person.found for person in self._people if person.found is not None}

    def _take_up(self, regions: list[Region], picture: Image) -> list[_Person]:
        """Give regions to those who were lost near there; the others are new people."""
        taken = []
        for region in regions:
            place = region.place(picture)
            lost = [(place.off(where), person) for person in self._people if person.found is None
                    and person not in taken and (where := person.expected(self._at))]  # fmt: skip
            off, person = min(lost, key=lambda entry: entry[0], default=(np.inf, None))
            if person is None or off > self._rules.near:
                if len(self._people) >= self._rules.largest_crowd:
                    continue
                person = self._newcomer(self._finder.follower())
            person.region = region
            taken.append(person)
        return taken

    def _newcomer(self, follower: Follower) -> _Person:
        """Somebody with a new number."""
        person = _Person(self._n_people, follower, None, self._at)
        self._n_people += 1
        self._people.append(person)
        return person

    def _find(self, person: _Person, picture: Image) -> None:
        """Find a person in their region; where it has slid away from them, it is somebody new's from now on."""
        was_seen, region = person.found is not None, person.region
        person.found = None
        if region is None:
            return
        found = person.follower.find(picture, region)
        if found is None:
            person.region = None
            if not person.been:
                self._dismiss(person)
            return
        keypoints, after = found
        place, expected = after.place(picture), person.expected(self._at)
        if expected is None or not person.is_known or place.off(expected) <= self._rules.largest_slip:
            self._accept(person, keypoints, after, place)
        elif was_seen:
            slid = self._newcomer(person.follower)
            slid.slid_from = person
            self._accept(slid, keypoints, after, place)
            person.follower, person.region = self._finder.follower(), Region.at(expected, picture)
            self._find(person, picture)

    def _accept(self, person: _Person, keypoints: Keypoints, after: Region, place: Place) -> None:
        """It is them."""
        person.found, person.region = keypoints, after
        person.been.append((self._at, place))
        while person.been[0][0] < self._at - self._rules.remembered_s * self._fps:
            person.been.popleft()

    def _tell_twins_apart(self) -> None:
        """Where two regions hold the same person, it is the one who should be there."""
        for one, other in combinations(list(self._people), 2):
            older, newer = sorted((one, other), key=lambda person: person.number)
            if older.found is None or newer.found is None or not self._is_same(older, newer):
                continue
            is_stranger = self._strangeness(older) > self._strangeness(newer) + _OLDER_FIRST
            loser = older if newer.slid_from is older or is_stranger else newer
            loser.found = None
            loser.been.pop()
            if not loser.is_known:
                self._dismiss(loser)

    def _is_same(self, older: _Person, newer: _Person) -> bool:
        """Whether two have the same keypoints, or a newcomer is but the outline in which somebody was painted over."""
        assert older.found is not None
        assert newer.found is not None
        apart_px = float(np.linalg.norm(older.found[0] - newer.found[0], axis=1).mean())
        if apart_px < self._rules.same_pose * older.been[-1][1].size_px:
            return True
        return not newer.is_known and share_inside(newer.found[0], older.found[0]) > self._rules.largest_overlap

    def _strangeness(self, person: _Person) -> float:
        """How far somebody is from where they should be."""
        expected = person.expected(self._at)
        return person.been[-1][1].off(expected) if expected and person.is_known else np.inf

    def _decide_on_slip(self, slid: _Person) -> None:
        """Whoever a region slid away from is seen again, or the region came back to them: then nothing had happened."""
        person = slid.slid_from
        if person is None:
            return
        if person.found is not None:
            slid.slid_from = None
            self._rename(person, slid, since=slid.born - round(self._rules.left_out_s * self._fps), until=slid.born)
        elif person not in self._people:
            slid.slid_from = None
        elif slid.found is not None and self._is_back(slid, person):
            self._rename(slid, person, since=slid.born, until=self._at)
            person.follower.close()
            person.follower, person.region, person.found = slid.follower, slid.region, slid.found
            person.been.extend(slid.been)
            self._people.remove(slid)

    def _is_back(self, slid: _Person, person: _Person) -> bool:
        """Whether a region is again where the person should be from whom it slid away."""
        expected = person.expected(self._at)
        return expected is not None and slid.been[-1][1].off(expected) <= self._rules.largest_slip / 2

    def _rename(self, one: _Person, other: _Person, *, since: int, until: int) -> None:
        """Give the keypoints of one in the pictures from one up to another to somebody else."""
        first = self._at + 1 - len(self.seen)
        for at in range(max(since, first), until):
            frame = self.seen[at - first]
            if one.number in frame:
                frame[other.number] = frame.pop(one.number)

    def _look_for_others(self, picture: Image) -> None:
        """Look for people beside those who are followed, who are painted over for that."""
        if len(self._people) < self._rules.largest_crowd:
            covered = picture.copy()
            for person in self._people:
                if person.found is not None:
                    paint_over(covered, person.found[0])
            for person in self._take_up(self._finder.look(covered), picture):
                self._find(person, picture)
            self._tell_twins_apart()
        every_s = self._rules.look_again_s if len(self._people) > 1 else self._rules.look_every_s
        self._next_look = self._at + every_s * self._fps

    def _hold_the_lost(self, picture: Image) -> None:
        """Look where the lost should be as long as somebody else is there; without anybody, everywhere."""
        somebody = any(person.found is not None for person in self._people)
        for person in list(self._people):
            if person.found is not None:
                continue
            if self._at - person.last_seen > self._rules.lost_after_s * self._fps:
                self._dismiss(person)
            elif somebody and (expected := person.expected(self._at)):
                person.region = Region.at(expected, picture)
            else:
                person.region = None

    def _dismiss(self, person: _Person) -> None:
        """Follow somebody no more."""
        self._people.remove(person)
        person.follower.close()
