"""Reading a picture back: its lanes, its words with their boxes, its titles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from codelog.debrief.picture import draw, picture_text
from codelog.debrief.picture.lettering import text_width
from codelog.debrief.report.value import DebriefReport
from tests.debrief.reportkit import events_of, report_of, scenario

GOLDEN = Path(__file__).parent / "golden"
PUBLISHED = ("blood-loss-at-birth", "newborn-unit-preterm-second-needle")
SVG = "{http://www.w3.org/2000/svg}"


@dataclass(frozen=True)
class Words:
    """A text and the box that it may take up."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Words) -> bool:
        """Whether the two lie on each other, by more than rounding can make of it."""
        return (
            min(self.right, other.right) - max(self.left, other.left) > 0.2
            and min(self.bottom, other.bottom) - max(self.top, other.top) > 0.2
        )


class Drawn:
    """One picture, parsed."""

    def __init__(self, report: DebriefReport, **keys: int) -> None:
        self.svg = draw(report, **keys)
        self.root = ElementTree.fromstring(self.svg)
        self.width, self.height = (float(self.root.attrib[name]) for name in ("width", "height"))

    def titles(self) -> list[str]:
        """The title of every mark, in the order of the document."""
        return [title.text or "" for title in self.root.iter(SVG + "title")]

    def words(self) -> Iterator[Words]:
        """Every text with its box."""
        for text in self.root.iter(SVG + "text"):
            said = text.text or ""
            width = text_width(said, 10) * (1.1 if "font-weight" in text.attrib else 1)
            x, y = float(text.attrib["x"]), float(text.attrib["y"])
            shift = {"middle": 0.5, "end": 1.0}.get(text.attrib.get("text-anchor", ""), 0.0)
            yield Words(said, x - shift * width, y - 8, x + (1 - shift) * width, y + 2.4)

    def lanes(self) -> Iterator[tuple[str, ElementTree.Element, float, float]]:
        """Every lane: its title, its group, and where it begins and ends."""
        found = []
        for group in self.root.iter(SVG + "g"):
            rule = group.find(SVG + "path")
            title = group.find(SVG + "title")
            if rule is not None and title is not None and rule.attrib.get("stroke") == "#888":
                top = float(rule.attrib["d"].removeprefix("M6 ").partition("H")[0])
                found.append((title.text or "", group, top))
        bottoms = [top for _, _, top in found[1:]] + [self.height]
        for (name, lane, top), bottom in zip(found, bottoms, strict=True):
            yield name, lane, top, bottom

    def overlaps(self) -> list[tuple[str, str]]:
        """Texts that lie on each other."""
        words = sorted(self.words(), key=lambda one: one.top)
        found = []
        for index, one in enumerate(words):
            for other in words[index + 1 :]:
                if other.top > one.bottom:
                    break
                if one.meets(other):
                    found.append((one.text, other.text))
        return found


def extent(group: ElementTree.Element) -> Iterator[tuple[float, float, float, float]]:
    """The boxes (left, top, right, bottom) of what says where it is: symbols, rects, circles, texts."""
    for shape in group:
        at = shape.attrib
        if "transform" in at:
            x, y = map(float, at["transform"].removeprefix("translate(").rstrip(")").split())
            yield x, y - 4.5, x + 8, y + 4.5
        elif shape.tag == SVG + "g":
            yield from extent(shape)
        elif shape.tag == SVG + "rect":
            x, y = float(at["x"]), float(at["y"])
            yield x, y, x + float(at["width"]), y + float(at["height"])
        elif shape.tag == SVG + "circle":
            x, y, r = float(at["cx"]), float(at["cy"]), float(at["r"])
            yield x - r, y - r, x + r, y + r
        elif shape.tag == SVG + "text":
            x, y = float(at["x"]), float(at["y"])
            yield x, y - 8, x, y + 2.4


def golden(name: str) -> dict[str, str]:
    """What a published case looks like, by file name."""
    report = report_of(events_of(scenario(name)))
    return {
        f"picture-{name}.svg": draw(report),
        f"picture-{name}.txt": "\n".join(picture_text(report)) + "\n",
    }
