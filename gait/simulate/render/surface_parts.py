"""The parts of the surface at rest: trunk, head, limbs, shoes and what is worn over them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from gait.model import SIDES, FloatArray, Side
from gait.simulate.body import SOLE, Body
from gait.simulate.posture import CHEST
from gait.simulate.render import surface_shapes as shapes
from gait.simulate.render.appearance import Appearance, Colour
from gait.simulate.render.tubes import along, ball, eased_out, grid_normals, rounded, tube

LIP: Colour = (0.30, 0.10, 0.09)
EYE: Colour = (0.010, 0.008, 0.007)
SKIN_UNDER_CLOTH_M = 0.004  # cloth closest to the skin
HAIR_M, SOCK_M = 0.011, 0.0025
ARM_ASIDE_M = 0.11  # by the girth above the usual one
SHOULDER_BULGE = 0.62  # the shoulder's ball is flat where it meets the trunk
SHIRT_RAISED_M, SEAT_RAISED_M = 0.025, -0.012  # so the shirt hangs over the shorts, the legs' cloth over the seat

Bone = tuple[str, FloatArray, FloatArray]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One part at rest: `places` and `normals` (rings, sides, 3) in metres.

    `bones` are (name, the bone's origin at rest (3,), weight of each ring (rings,)); weights of a ring add up to 1. A
    part that `is_hinged` has two, and bends about the second's origin.
    `blocking` are the rings in whose middle a sphere stands for the part where light is taken away. A part that is
    `raised_m` hides what pokes less far through it, as cloth does.
    """

    name: str
    colour: Colour
    places: FloatArray
    normals: FloatArray
    bones: tuple[Bone, ...]
    is_open: bool
    blocking: tuple[int, ...]
    raised_m: float = 0.0
    is_hinged: bool = False


@dataclass(frozen=True, slots=True)
class Limb:
    """A limb of two segments.

    Its name, shape, bones and their lengths, the share over which it bends, how round its upper end is, and how far to
    the right of the bones it lies.
    """

    name: str
    shape: FloatArray
    bones: tuple[str, str]
    lengths_m: tuple[float, float]
    bend: float
    bulge: float = 1.0
    aside_m: float = 0.0

    def height_m(self, at: FloatArray) -> FloatArray:
        """Heights from the upper end of places along the limb (0 to 2), hanging straight."""
        upper_m, lower_m = self.lengths_m
        return -(np.minimum(at, 1) * upper_m + np.maximum(at - 1, 0) * lower_m)


@dataclass(frozen=True, slots=True)
class Worn:
    """Cloth on a limb: its colour, how far down it reaches (0 to 2), how loose it is and how much more lower down."""

    colour: Colour
    reach: float
    looseness: float
    hang: float


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the parts of one runner."""

    body: Body
    look: Appearance

    @property
    def size(self) -> float:
        """Stature over the one that the shapes are drawn for."""
        return float(self.body.height_m / shapes.STATURE_M)

    @property
    def thickness(self) -> float:
        """Scale of the limbs across."""
        return float(self.size * self.look.girth * self.body.build**0.5)

    def part(
        self,
        name: str,
        colour: Colour,
        places: FloatArray,
        bone: str | tuple[Bone, ...],
        *,
        is_open: bool = False,
        blocking: Iterable[int] = (),
    ) -> Part:
        """A part on one bone, or on several."""
        bones = ((bone, np.zeros(3), np.ones(len(places))),) if isinstance(bone, str) else bone
        return Part(name, colour, places, grid_normals(places), bones, is_open, tuple(blocking))

    def limb(self, limb: Limb, colour: Colour, *, bare_from: float) -> Part:
        """The skin of a limb, round at its ends; what is under cloth is left out but for a little."""
        start = max(bare_from - 0.2, 0.0)
        at = _rings(start, 2.0)
        rows = self._limb_rows(limb, at)
        places = tube(rounded(rows, start=start == 0, end=True, bulge=limb.bulge), sides=16)
        return self._hinged(limb, limb.name, colour, places, is_open=False)

    def cloth(self, limb: Limb, worn: Worn) -> Part:
        """Cloth around a limb, from its upper end to a hem into which one can look."""
        at = _rings(0.0, worn.reach)
        rows = self._limb_rows(limb, at)
        hanging = 0.12 + 0.88 * worn.hang * at / worn.reach
        rows[:, 1:3] += self.size * (SKIN_UNDER_CLOTH_M + 0.026 * worn.looseness * hanging)[:, None]
        places = tube(rounded(rows, start=True, end=False, bulge=limb.bulge), sides=16)
        return self._hinged(limb, f"{limb.name}_cloth", worn.colour, places, is_open=True)

    def _limb_rows(self, limb: Limb, at: FloatArray) -> FloatArray:
        """Rings of a limb's skin at places along it (0 to 2)."""
        rows = along(limb.shape, at, self.thickness)
        rows[:, 0] = limb.height_m(at)
        return rows

    def _hinged(self, limb: Limb, name: str, colour: Colour, places: FloatArray, *, is_open: bool) -> Part:
        """A part that bends at the limb's middle joint."""
        joint_m = np.array([0.0, -limb.lengths_m[0], 0.0])
        below = (joint_m[1] - places.mean(axis=1)[:, 1]) / limb.lengths_m[0]
        share = eased_out(below, -limb.bend, limb.bend)
        bones = ((limb.bones[0], np.zeros(3), 1 - share), (limb.bones[1], joint_m, share))
        aside = np.array([0.0, 0.0, limb.aside_m])
        part = self.part(name, colour, places + aside, bones, is_open=is_open, blocking=_apart(places))
        return replace(part, is_hinged=True)

    def legs(self) -> list[Part]:
        """Legs, shorts or trousers, and socks."""
        return [part for side in SIDES for part in self._leg(side)]

    def _leg(self, side: Side) -> list[Part]:
        body, look = self.body, self.look
        bones, lengths_m = (f"{side}_thigh", f"{side}_shank"), (body.thigh_m, body.shank_m)
        leg = Limb(f"{side}_leg", shapes.LEG, bones, lengths_m, shapes.LEG_BEND)
        if look.long_trousers:
            trousers = self.cloth(leg, Worn(look.shorts, 1.95, 0.8 * look.shorts_looseness, 0.7))
            return [self._at_hip(trousers, side), self._sock(leg)]
        shorts = self._at_hip(self.cloth(leg, Worn(look.shorts, look.shorts_length, look.shorts_looseness, 1.0)), side)
        return [shorts, self.limb(leg, look.skin, bare_from=look.shorts_length), self._sock(leg)]

    def _at_hip(self, cloth: Part, side: Side) -> Part:
        """A leg's cloth, shaded near the hip as the seat is, so that no edge shows between them."""
        out = 1.0 if side == "right" else -1.0
        middle_m = np.array([0.0, 0.0, -out * self.body.hip_half_width_m])
        return _shaded_about(cloth, middle_m, 1 - eased_out(-cloth.places[..., 1] / self.size, 0.02, 0.16))

    def _sock(self, leg: Limb) -> Part:
        """From the shoe up the shank."""
        rows = self._limb_rows(leg, np.linspace(2 - self.look.sock_height, 2, 6))
        rows[:, 0] += leg.lengths_m[0]
        rows[:, 1:3] += SOCK_M
        places = tube(rounded(rows, start=False, end=True), sides=16)
        return self.part(leg.name.replace("leg", "sock"), self.look.sock, places, leg.bones[1], is_open=True)

    def arms(self) -> list[Part]:
        """Arms, hands and sleeves."""
        return [part for side in SIDES for part in self._arm(side)]

    def _arm(self, side: Side) -> list[Part]:
        body, look, reach = self.body, self.look, self.look.sleeve_length
        bones, lengths_m = (f"{side}_upper_arm", f"{side}_forearm"), (body.upper_arm_m, body.forearm_m)
        aside_m = self._arm_aside_m(side)
        arm = Limb(f"{side}_arm", shapes.ARM, bones, lengths_m, shapes.ARM_BEND, SHOULDER_BULGE, aside_m)
        if reach == 1:
            return [self.cloth(arm, Worn(look.shirt, 1.96, 0.55 * look.shirt_looseness, 0.6)), *self._hand(side)]
        parts = [self.limb(arm, look.skin, bare_from=reach), *self._hand(side)]
        sleeve = Worn(look.shirt, reach, 0.8 * look.shirt_looseness, 1.0)
        return [*parts, self.cloth(arm, sleeve)] if reach > 0 else parts

    def _arm_aside_m(self, side: Side) -> float:
        """How far to the right an arm makes place for a thick trunk."""
        outward_m = ARM_ASIDE_M * self.size * max(self.look.girth - 1, 0.0)
        return float(outward_m if side == "right" else -outward_m)

    def _hand(self, side: Side) -> list[Part]:
        """A loosely closed fist with its thumb inward."""
        out = 1.0 if side == "right" else -1.0
        wrist = np.array([0.0, -self.body.forearm_m, self._arm_aside_m(side)])
        rows = along(shapes.HAND, shapes.HAND[:, 0], self.size) * [-self.size, 1, 1, 1]
        fist = tube(rounded(rows, start=False, end=True), sides=14) + wrist
        rows = along(shapes.THUMB, np.linspace(0, 1, 5), self.size) * [-0.045 * self.size, 1, 1, 1]
        thumb = (
            tube(rounded(rows, start=True, end=True), sides=10)
            + wrist
            + self.size * np.array([0.034, -0.030, -0.012 * out])
        )
        bone = f"{side}_forearm"
        return [
            self.part(f"{side}_hand", self.look.skin, fist, bone, blocking=(3,)),
            self.part(f"{side}_thumb", self.look.skin, thumb, bone),
        ]

    def shirt(self) -> Part:
        """The shirt's trunk, which hangs over the shorts."""
        loose = self.look.shirt_looseness
        rows = self._trunk_rows(np.linspace(0.02 - 0.06 * loose, shapes.COLLAR_M, 18))
        height_m = rows[:, 0] / self.size
        down, worn = np.clip(1 - height_m / 0.42, 0, 1), np.clip((shapes.COLLAR_M - height_m) / 0.05, 0.4, 1)
        rows[:, 1:3] += self.size * ((0.006 + loose * (0.004 + 0.013 * down)) * worn)[:, None]
        places = tube(rows, sides=24, squareness=2.4)
        bones, blocking = self._trunk_bones(places), range(1, 16, 3)
        part = self.part("shirt", self.look.shirt, places, bones, is_open=True, blocking=blocking)
        return replace(part, raised_m=SHIRT_RAISED_M)

    def seat(self) -> Part:
        """The shorts about the hips."""
        rows = self._trunk_rows(np.linspace(shapes.TRUNK[0, 0], shapes.WAIST_M, 9))
        rows[:, 1:3] += self.size * (SKIN_UNDER_CLOTH_M + 0.008 * self.look.shorts_looseness)
        places = tube(rounded(rows, start=True, end=False), sides=22, squareness=2.3)
        bones = self._trunk_bones(places)
        part = self.part("seat", self.look.shorts, places, bones, is_open=True, blocking=(4, 7))
        below = 1 - eased_out(places[..., 1] / self.size, -0.03, 0.06)
        return replace(_shaded_about(part, np.zeros(3), below), raised_m=SEAT_RAISED_M)

    def _trunk_rows(self, height_m: FloatArray) -> FloatArray:
        """Rings of the trunk at heights over the hips (for the usual stature)."""
        broad = self.size * self.body.build * self.look.girth**0.6
        scale = np.array([self.size, self.thickness, broad, self.size])
        return np.asarray(along(shapes.TRUNK, height_m, 1.0) * scale, dtype=np.float64)

    def _trunk_bones(self, places: FloatArray) -> tuple[Bone, ...]:
        """Pelvis below, chest above, and the waist between them."""
        height_m = places.mean(axis=1)[:, 1] / self.size
        chest_m = np.array([0.0, CHEST * self.body.trunk_m, 0.0])
        is_pelvis, is_thorax = 1 - eased_out(height_m, 0.02, 0.16), eased_out(height_m, 0.20, 0.38)
        return (
            ("pelvis", np.zeros(3), is_pelvis),
            ("lumbar", np.zeros(3), 1 - is_pelvis - is_thorax),
            ("thorax", chest_m, is_thorax),
        )

    def head(self) -> list[Part]:
        """Neck, head, face and hair."""
        look, size = self.look, self.size
        rows = along(shapes.HEAD, np.linspace(shapes.HEAD[0, 0], shapes.HEAD[-1, 0], 16), size) * [size, 1, 1, 1]
        skull = tube(rounded(rows, start=True, end=True, bulge=0.3), sides=20)
        parts = [
            self._neck(),
            self.part("head", look.skin, skull, "head", blocking=(6, 12)),
            self._ball("nose_bridge", look.skin, (0.092, -0.008, 0.0), (0.012, 0.026, 0.009)),
            self._ball("nose_tip", look.skin, (0.0985, -0.028, 0.0), (0.0135, 0.012, 0.0145)),
            self._ball("mouth", LIP, (0.0905, -0.066, 0.0), (0.006, 0.0055, 0.021)),
        ]
        for side in SIDES:
            out = 1.0 if side == "right" else -1.0
            parts.append(self._ball(f"{side}_eye", EYE, (0.0855, 0.006, 0.032 * out), (0.008, 0.007, 0.013)))
            parts.append(self._ball(f"{side}_ear", look.skin, (-0.008, -0.006, 0.075 * out), (0.019, 0.031, 0.011)))
            if not look.bald:
                parts.append(self._ball(f"{side}_brow", look.hair, (0.088, 0.026, 0.032 * out), (0.008, 0.0045, 0.019)))
        return parts if look.bald else [*parts, *self._hair()]

    def _neck(self) -> Part:
        """From the shirt's collar into the head, bent between the two."""
        rows = along(shapes.NECK, np.linspace(shapes.NECK[0, 0], shapes.NECK[-1, 0], 11), self.size)
        up = eased_out(rows[:, 0], 0.56, 0.66)
        rows[:, 0] *= self.size
        rows[:, 1] *= self.look.girth**0.4
        rows[:, 2] *= (1 - up) * self.body.build * self.look.girth**0.6 + up * self.look.girth**0.4
        places = tube(rows, sides=20)
        chest_m = np.array([0.0, CHEST * self.body.trunk_m, 0.0])
        head_m = np.array([0.0, self.body.trunk_m, 0.0]) + self.body.neck + self.body.head
        return self.part("neck", self.look.skin, places, (("thorax", chest_m, 1 - up), ("head", head_m, up)))

    def _ball(
        self, name: str, colour: Colour, middle: tuple[float, float, float], half: tuple[float, float, float]
    ) -> Part:
        """An ellipsoid of the head."""
        return self.part(name, colour, ball(np.array(middle) * self.size, np.array(half) * self.size), "head")

    def _hair(self) -> list[Part]:
        """A shell around the skull, cut off along the forehead and behind the ears; and the ponytail."""
        rows = along(shapes.HEAD, np.linspace(-0.075, shapes.HEAD[-1, 0], 13), self.size)
        rows[:, 0] = rows[:, 0] * self.size * 1.06
        rows[:, 1:3] += HAIR_M * self.size
        places = tube(rounded(rows, start=False, end=True, bulge=0.3), sides=22)
        cut = np.array([0.8, -0.6, 0.0])
        beyond = np.maximum((places - np.array([0.040, 0.052, 0.0]) * self.size) @ cut, 0)
        shell = self.part("hair", self.look.hair, places - beyond[..., None] * cut, "head", is_open=True)
        if not self.look.ponytail:
            return [shell]
        rows = along(shapes.TAIL, np.linspace(shapes.TAIL[0, 0], shapes.TAIL[-1, 0], 9), self.size)
        rows[:, 0] *= self.size
        strand = tube(rounded(rows, start=True, end=True), sides=12)
        return [shell, self.part("ponytail", self.look.hair, strand, "head")]

    def shoes(self) -> list[Part]:
        """Both shoes; their underside is the profile on which the foot rolls."""
        return [part for side in SIDES for part in self._shoe(side)]

    def _shoe(self, side: Side) -> list[Part]:
        size, out = self.size, 1.0 if side == "right" else -1.0
        profile = SOLE * shapes.STATURE_M
        knots: FloatArray = np.union1d(profile[:, 0], np.linspace(profile[0, 0], profile[-1, 0], 15))
        under = np.interp(knots, profile[:, 0], profile[:, 1])
        thick: FloatArray = np.interp(knots, shapes.MIDSOLE_M[:, 0], shapes.MIDSOLE_M[:, 1])
        wide = np.interp(knots, shapes.SHOE[:, 0], shapes.SHOE[:, 2]) + 0.002
        sole = _across(knots, under, np.add(under, thick), wide, out, squareness=5.0)
        on = np.linspace(shapes.SHOE[0, 0], shapes.SHOE[-1, 0], 18)
        top, half = (np.interp(on, shapes.SHOE[:, 0], shapes.SHOE[:, column]) for column in (1, 2))
        low: FloatArray = np.interp(on, knots, under + 0.5 * thick)
        high = np.asarray(np.maximum(top, low + 0.004), dtype=np.float64)
        upper = _across(on, low, high, half, out, squareness=2.3)
        bone = f"{side}_foot"
        return [
            self.part(f"{side}_foot_sole", self.look.sole, sole * size, bone),
            self.part(f"{side}_foot_shoe", self.look.shoe, upper * size, bone, blocking=(4, 9, 14)),
        ]


def _shaded_about(part: Part, middle_m: FloatArray, share: FloatArray) -> Part:
    """A part whose directions go over by a share (rings, sides) into those straight away from an upright axis."""
    away = (part.places - middle_m) * [1.0, 0.0, 1.0]
    away /= np.maximum(np.linalg.norm(away, axis=2, keepdims=True), 1e-9)
    normals = part.normals + share[..., None] * (away - part.normals)
    return replace(part, normals=normals / np.maximum(np.linalg.norm(normals, axis=2, keepdims=True), 1e-9))


def _apart(places: FloatArray) -> list[int]:
    """Rings of a limb about a radius apart, beyond its upper end, which lies in the trunk."""
    height_m = places.mean(axis=1)[:, 1]
    radius_m = np.linalg.norm(places - places.mean(axis=1, keepdims=True), axis=2).mean(axis=1)
    chosen: list[int] = []
    for ring in range(4, len(places) - 2):
        if not chosen or height_m[chosen[-1]] - height_m[ring] > radius_m[ring]:
            chosen.append(ring)
    return chosen


def _rings(start: float, end: float) -> FloatArray:
    """Places of rings along a limb, closer together about its middle joint."""
    even = np.linspace(start, end, max(int(np.ceil((end - start) / 0.13)), 4) + 1)
    at_joint = np.linspace(0.87, 1.13, 7)
    if end < at_joint[-1]:
        return even
    away = (even < at_joint[0] - 0.04) | (even > at_joint[-1] + 0.04)
    return np.sort(np.concatenate([even[away], at_joint]))


def _across(
    ahead: FloatArray, low: FloatArray, high: FloatArray, half: FloatArray, out: float, *, squareness: float
) -> FloatArray:
    """A closed tube along the foot between two heights."""
    rows = np.column_stack([ahead, (high - low) / 2, half, (high + low) / 2])
    ends = rows[[0, -1]] * [1, 0.02, 0.02, 1]
    places = tube(np.vstack([ends[:1], rows, ends[1:]]), sides=16, squareness=squareness)
    inward = -out * shapes.TOES_INWARD_M * eased_out(places[..., 1], 0.03, 0.2)
    return np.stack([places[..., 1], places[..., 0], places[..., 2] + inward], axis=-1)


def parts_of(body: Body, appearance: Appearance) -> list[Part]:
    """All parts of a runner at rest."""
    maker = Maker(body, appearance)
    return [maker.shirt(), maker.seat(), *maker.head(), *maker.arms(), *maker.legs(), *maker.shoes()]
