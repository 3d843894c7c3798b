"""Drawings in text: the body with its intraosseous sites, and where the texts put the needle at one site. Pure.

The art is shape and the names of parts; every figure beside it comes from the clinical tables. Nothing is to scale.
Capitals in the art are places, and blank where nothing is said of them. Everything is seen from the front, so the
patient's right is on the left; a site is drawn for the right side and mirrored for the left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from codelog.clinical.entries import IoSite, Landmark
from codelog.debrief.plain import plain
from codelog.terminal.widgets.lines import Line, beside, flowed

SitePlace = tuple[str, str]
"""(site, side) by id."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands at a site in the drawing, at most five cells, and its style."""

    text: str
    style: str


_BODY = (
    "patient's      ┌───┐      patient's",
    "right          │   │           left",
    "   ┌──────┬────┘   └────┬──────┐   ",
    "   │  A   │      S      │   B  │   ",
    "   │      │             │      │   ",
    "   └──────┤             ├──────┘   ",
    "        ┌─┘     ┌─┐     └─┐        ",
    "femur   │    C  │ │  D    │        ",
    "kneecap │  ( )  │ │  ( )  │        ",
    "tibia   │    E  │ │  F    │        ",
    "        └┐      │ │      ┌┘        ",
    "tibia    │   G  │ │  H   │         ",
    "       ┌─┘      │ │      └─┐       ",
    "       └────────┘ └────────┘       ",
)
BODY_WIDTH = len(_BODY[0])
"""Columns that the drawing of the body takes."""

_MARK_WIDTH = 5
_SITES: Mapping[str, SitePlace] = {
    "A": ("humerus_prox", "right"),
    "B": ("humerus_prox", "left"),
    "S": ("sternum_manubrium", "midline"),
    "C": ("femur_dist", "right"),
    "D": ("femur_dist", "left"),
    "E": ("tibia_prox", "right"),
    "F": ("tibia_prox", "left"),
    "G": ("tibia_dist", "right"),
    "H": ("tibia_dist", "left"),
}


def body(marks: Mapping[SitePlace, Mark]) -> list[Line]:
    """Both arms, the sternum and both legs with the marks of their sites, `BODY_WIDTH` cells each line."""
    fields = {
        letter: Mark(f"{marks[place].text:^{_MARK_WIDTH}}", marks[place].style)
        for letter, place in _SITES.items()
        if place in marks
    }
    return [_filled(row, fields) for row in _BODY]


@dataclass(frozen=True, slots=True)
class _Picture:
    """The art of one site on the right side, the places in it, and the names of its parts by line."""

    art: tuple[str, ...]
    places: Mapping[str, str]
    parts: Mapping[int, str]


_PICTURES: Mapping[str, _Picture] = {
    "tibia_prox": _Picture(
        (
            "  │   ┌───┐   │  ",
            "  │   │   │   │  ",
            "  │   └───┘   │  ",
            "  └┐   │ │   ┌┘  ",
            "   │   (_)   │   ",
            "   │     A   │   ",
            "   │         │   ",
            "   │     B   │   ",
            "   │         │   ",
            "   └┐    C  ┌┘   ",
            "    │       │    ",
        ),
        {"just_below": "A", "1cm": "B", "2cm": "C"},
        {1: "kneecap (patella)", 4: "tuberosity (tubercle)"},
    ),
    "femur_dist": _Picture(
        (
            "    │       │    ",
            "    │       │    ",
            "   ┌┘       └┐   ",
            "   │ B  A    │   ",
            "   │         │   ",
            " ┌─┘      C  └─┐ ",
            " │    ┌───┐    │ ",
            " │    │   │    │ ",
            " └─┐  └───┘  ┌─┘ ",
            "   │   (_)   │   ",
        ),
        {"above_condyles": "A", "above_lateral_condyle": "B", "above_patella": "C"},
        {6: "kneecap, condyles beside"},
    ),
    "tibia_dist": _Picture(
        (
            "     │     │     ",
            "     │     │     ",
            "     │   A │     ",
            "     │     │     ",
            "    ┌┘     └┐    ",
            "    └┐      └─┐  ",
            "     │      ┌─┘  ",
            "     │      │    ",
            "     └──────┘    ",
        ),
        {"above_malleolus": "A"},
        {5: "medial malleolus"},
    ),
    "humerus_prox": _Picture(
        (
            "   ┌───────────  ",
            "   └────┘└─────  ",
            "    ┌────┐       ",
            "   ┌┘    └─┐     ",
            "   │ A     │     ",
            "   │  B    │     ",
            "   └┐    ┌─┘     ",
            "    ├────┤       ",
            "    │    │       ",
            "    │    │       ",
        ),
        {"below_acromion": "A", "above_neck": "B"},
        {0: "acromion", 3: "greater tubercle", 7: "surgical neck"},
    ),
    "sternum_manubrium": _Picture(
        (
            " ─────┐   ┌───── ",
            "     │ └─┘ │     ",
            "     │     │     ",
            "     │  A  │     ",
            "      ├───┤      ",
            "      │   │      ",
            "      └───┘      ",
        ),
        {"below_notch": "A"},
        {1: "sternal notch", 4: "end of the manubrium"},
    ),
}
_ART_WIDTH = 17
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MIRRORED = str.maketrans("/\\()┌┐└┘├┤", "\\/)(┐┌┘└┤├")


def lettered(landmarks: Sequence[Landmark]) -> list[tuple[str, Landmark]]:
    """Each landmark with the letter under which it stands in words and in the drawing."""
    return list(zip(_LETTERS, landmarks))


def landmark_drawing(site: IoSite, side: str, landmarks: Sequence[Landmark], width: int) -> list[Line]:
    """Where each of the landmarks lies, by its letter; no lines where the site has no drawing or nothing to show."""
    picture = _PICTURES.get(site.id)
    at: dict[str, list[tuple[str, str]]] = {}
    for letter, landmark in lettered(landmarks):
        if picture is not None and landmark.point is not None and landmark.point.place in picture.places:
            words = plain(landmark.point.words, 60)
            at.setdefault(picture.places[landmark.point.place], []).append((letter, words))
    if picture is None or not at:
        return []
    fields = {
        place: Mark(f"{''.join(letter for letter, _ in texts):^3}", "bold $key")
        for place, texts in at.items()
    }
    rows = [_mirrored(row) for row in picture.art] if side == "left" else list(picture.art)
    drawn = [_filled(row, fields) for row in rows]
    caption = [] if side == "midline" else [_directions(side)]
    return [*caption, *beside(drawn, _labels(picture, at, width - _ART_WIDTH - 1), _ART_WIDTH + 1)]


def _directions(side: str) -> Line:
    left, right = ("medial", "lateral") if side == "left" else ("lateral", "medial")
    return [(f"{left}{right:>{_ART_WIDTH - len(left)}}  not to scale", "$quiet")]


def _labels(picture: _Picture, at: Mapping[str, Sequence[tuple[str, str]]], width: int) -> list[Line]:
    """What stands beside each line of the art: names of parts, and figures from their place downwards."""
    lines: list[Line] = []
    for row, art in enumerate(picture.art):
        labels: list[Line] = []
        if row in picture.parts:
            labels += flowed([], [(picture.parts[row], "$quiet")], width, 0)
        for letter, words in (text for place, texts in at.items() if place in art for text in texts):
            labels += flowed([(f"{letter} ", "bold $key")], [(words, "")], width, 2)
        if labels:
            lines += [[] for _ in range(row - len(lines))] + labels
    return lines


def _filled(row: str, fields: Mapping[str, Mark]) -> Line:
    """A line of art with its places filled, each field centred on its place."""
    parts: Line = []
    drawn = 0
    for column, character in enumerate(row):
        if not character.isupper():
            continue
        field = fields.get(character, Mark(" ", ""))
        start = column - (cell_len(field.text) - 1) // 2
        parts += [(row[drawn:start], "$quiet"), (field.text, field.style)]
        drawn = start + cell_len(field.text)
    return [*parts, (row[drawn:], "$quiet")]


def _mirrored(row: str) -> str:
    return row[::-1].translate(_MIRRORED)
