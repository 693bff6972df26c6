"""COCO JSON: a list of results (AlphaPose writes it too), or a data set with images and annotations."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from gait.model import FloatArray
from gait.pose.keypoint_files.people import frame_numbers, named_points, people_in
from gait.pose.keypoint_files.recording import Recording, Source, size_of


def recognises(source: Source) -> bool:
    """Every entry names its picture and has keypoints."""
    document = source.document
    if isinstance(document, Mapping):
        return {"images", "annotations"} <= set(document)
    return isinstance(document, list) and bool(document) and all(_is_result(entry) for entry in document)


def read(source: Source) -> Recording:
    """People by picture; pictures are frames by their numbers."""
    document = source.document
    if isinstance(document, list):
        people = _by_picture(document, _numbers([entry["image_id"] for entry in document]))
        return Recording(*named_points(people), people=people)
    images: list[Mapping[str, Any]] = document["images"]
    numbers = _numbers_of_images(images)
    people = {number: [] for number in numbers.values()}
    people |= _by_picture(document["annotations"], numbers)
    names = next((tuple(c["keypoints"]) for c in document.get("categories", ()) if c.get("keypoints")), None)
    size_px = size_of(images[0].get("width"), images[0].get("height")) if images else None
    layout, names = (f"{len(names)} named keypoints", names) if names else named_points(people)
    return Recording(layout, names, people, size_px=size_px)


def _is_result(entry: Any) -> bool:
    return isinstance(entry, Mapping) and {"image_id", "keypoints"} <= set(entry)


def _by_picture(entries: Sequence[Mapping[str, Any]], numbers: Mapping[Any, int]) -> dict[int, list[FloatArray]]:
    """The people of each frame."""
    people: dict[int, list[FloatArray]] = {}
    for entry in entries:
        if entry.get("keypoints"):
            people.setdefault(numbers[entry["image_id"]], []).extend(people_in([entry]))
    return people


def _numbers(pictures: Sequence[Any]) -> dict[Any, int]:
    """Frame numbers by the pictures' names: numbers as they are, or those in file names."""
    distinct = list(dict.fromkeys(pictures))
    if all(isinstance(picture, int) for picture in distinct):
        return {picture: picture for picture in distinct}
    return dict(zip(distinct, frame_numbers([PurePath(str(picture)).stem for picture in distinct]), strict=True))


def _numbers_of_images(images: Sequence[Mapping[str, Any]]) -> dict[Any, int]:
    """Frame numbers by the images' ids: from the file names where they hold them, else the ids' order."""
    ids = [image["id"] for image in images]
    names = [PurePath(str(image.get("file_name") or "")).stem for image in images]
    if all(re.search(r"\d", name) for name in names):
        return dict(zip(ids, frame_numbers(names), strict=True))
    return {number: at for at, number in enumerate(sorted(ids))}
