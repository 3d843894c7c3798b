"""The drawings: marks stand where their bones are, nothing is wider than it may be, and figures come from the tables."""

from __future__ import annotations

import pytest

from codelog.clinical.entries import Landmark, Point
from codelog.clinical.tables import load_tables
from codelog.terminal.widgets.anatomy import (
    _BODY,
    _PICTURES,
    _SITES,
    BODY_WIDTH,
    Mark,
    body,
    landmark_drawing,
)
from codelog.terminal.widgets.lines import Line, beside, cells, content, flowed

TABLES = load_tables()
BANDS = tuple(TABLES.age_bands)
DRAWN = [
    (site, side, band)
    for site in TABLES.io_sites.values()
    for side in site.sides
    for band in BANDS
    if any(band in landmark.ages for landmark in site.landmarks)
]


def text(lines: list[Line]) -> str:
    return content(lines).plain


def at_age(site_id: str, band: str) -> list[Landmark]:
    return [one for one in TABLES.io_sites[site_id].landmarks if band in one.ages]


def test_that_every_mark_stands_in_the_body_once_and_nothing_else_is_said_of_a_site() -> None:
    marks = {place: Mark(str(number), "") for number, place in enumerate(_SITES.values(), start=1)}
    drawn = text(body(marks))
    assert sorted(filter(str.isdigit, drawn)) == [mark.text for mark in marks.values()]
    assert not any(character.isdigit() or character.isupper() for character in text(body({})))


@pytest.mark.parametrize("mark", ["1", "8?", "×", "[+]", "[~]", "01?", "12345"])
def test_that_the_body_keeps_its_size_with_every_mark(mark: str) -> None:
    lines = body(dict.fromkeys(_SITES.values(), Mark(mark, "bold")))
    assert len(lines) <= 14
    assert {cells(line) for line in lines} == {BODY_WIDTH}
    assert 34 <= BODY_WIDTH <= 40
    assert text(lines).count(mark) == len(_SITES)


def test_that_the_body_is_its_own_mirror_image_with_left_and_right_changed() -> None:
    swap = str.maketrans("┌┐└┘├┤()ABCDEFGH", "┐┌┘└┤├)(BADCFEHG")
    for row in _BODY[2:]:
        art = row if row[0] == " " else " " * 8 + row[8:]
        assert art[::-1].translate(swap) == art
    for letter, other in (("A", "B"), ("C", "D"), ("E", "F"), ("G", "H")):
        assert _SITES[letter] == (_SITES[other][0], "right")
        assert _SITES[other][1] == "left"


def test_that_the_patients_right_is_on_the_left_and_is_called_so() -> None:
    marks = {("tibia_prox", "right"): Mark("R", ""), ("tibia_prox", "left"): Mark("L", "")}
    drawn = text(body(marks)).split("\n")
    row = next(row for row in drawn if "R" in row)
    assert row.index("R") < row.index("L")
    assert drawn[0].split() == ["patient's", "┌───┐", "patient's"]
    assert drawn[1].split()[0] == "right"
    assert drawn[1].split()[-1] == "left"


def test_that_a_sternum_is_marked_only_where_it_is_offered() -> None:
    assert "S" not in text(body({}))
    row = text(body({("sternum_manubrium", "midline"): Mark("7", "")})).split("\n")[3]
    assert row.index("7") == BODY_WIDTH // 2


@pytest.mark.parametrize(("site", "side", "band"), DRAWN)
def test_that_a_drawing_shows_each_text_by_its_letter_and_in_its_words(site, side, band) -> None:  # type: ignore[no-untyped-def]
    landmarks = at_age(site.id, band)
    for width in (36, 44, 77, 100):
        lines = landmark_drawing(site, side, landmarks, width)
        if site.id not in _PICTURES:
            assert lines == []
            continue
        assert all(cells(line) <= width for line in lines)
        drawn = text(lines)
        for letter, landmark in zip("ABCDEFG", landmarks):
            assert landmark.point is not None
            art = "".join(line[:17] for line in drawn.split("\n"))
            assert letter in art
            said = " ".join(drawn_words(drawn))
            assert f"{letter} {landmark.point.words}" in said


def drawn_words(drawn: str) -> list[str]:
    return " ".join(line[18:].strip() for line in drawn.split("\n")).split()


def test_that_every_place_in_the_tables_is_one_of_its_drawing_and_the_other_way_round() -> None:
    for site in TABLES.io_sites.values():
        places = {one.point.place for one in site.landmarks if one.point is not None}
        if site.id in _PICTURES:
            assert places == set(_PICTURES[site.id].places)
            letters = "".join(c for row in _PICTURES[site.id].art for c in row if c.isupper())
            assert sorted(letters) == sorted(_PICTURES[site.id].places.values())
        else:
            assert places == set()


def test_that_the_figures_in_short_are_those_of_the_text() -> None:
    for site in TABLES.io_sites.values():
        for landmark in site.landmarks:
            if landmark.point is not None:
                figures = [word for word in landmark.point.words.split() if word[0].isdigit()]
                assert set(figures) <= set(landmark.text.replace("(", "").split())


def test_that_the_left_side_is_the_right_one_mirrored() -> None:
    site, landmarks = TABLES.io_sites["tibia_prox"], at_age("tibia_prox", "newborn")
    right = text(landmark_drawing(site, "right", landmarks, 77)).split("\n")
    left = text(landmark_drawing(site, "left", landmarks, 77)).split("\n")
    assert right[0].split()[:2] == ["lateral", "medial"]
    assert left[0].split()[:2] == ["medial", "lateral"]
    row = next(number for number, line in enumerate(right) if "A" in line[:17])
    assert right[row][:17].index("A") > 8 > left[row][:17].index("A")


def test_that_a_text_without_a_place_is_not_drawn_and_no_text_gives_no_drawing() -> None:
    site = TABLES.io_sites["tibia_prox"]
    unplaced = Landmark("somewhere", BANDS, ("S1",), "verified", None)
    elsewhere = Landmark("somewhere", BANDS, ("S1",), "verified", Point("on the moon", "far"))
    assert landmark_drawing(site, "left", [unplaced, elsewhere], 60) == []
    assert landmark_drawing(site, "left", [], 60) == []
    placed = at_age("tibia_prox", "child")[0]
    drawn = text(landmark_drawing(site, "left", [unplaced, placed], 60))
    assert "B about 2 cm below" in drawn
    assert "A" not in drawn


def test_that_a_paragraph_keeps_to_its_width_and_loses_no_word() -> None:
    parts = [("one two", "bold"), (", three", ""), (" " + "x" * 50, "red"), (" 漢字漢字 end", "")]
    for width in range(8, 80):
        lines = flowed([(" A  ", "bold")], parts, width, 4)
        assert all(cells(line) <= width for line in lines)
        assert all(line[0][0].startswith("    ") for line in lines[1:])
        joined = "".join(text for line in lines for text, _ in line).replace(" ", "")
        assert joined == "Aonetwo,three" + "x" * 50 + "漢字漢字end"


def test_that_a_comma_stays_with_its_word() -> None:
    lines = flowed([], [("label", "bold"), (": why", "")], 8, 0)
    assert [text([line]) for line in lines] == ["label:", "why"]


def test_that_blocks_of_any_height_stand_side_by_side() -> None:
    one: list[Line] = [[("a", "")]]
    assert text(beside(one, [], 3)) == "a"
    assert text(beside(one, [[("b", "")], [("c", "")]], 3)) == "a  b\n   c"
