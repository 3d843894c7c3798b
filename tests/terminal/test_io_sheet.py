"""The IO sheet: what it offers is open, its digits are the strip's, every text is cited, and it fits its place."""

from __future__ import annotations

import time
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from codelog.clinical.tables import load_tables
from codelog.debrief.wording import site_words
from codelog.live.view import CaseView
from codelog.rules.bones import OFFERED
from codelog.terminal.device_fit import doubt, label_range
from codelog.terminal.keymap import Keymap
from codelog.terminal.strip import Choice, Step, Strip
from codelog.terminal.widgets.io_sheet import io_sheet, site_list
from codelog.terminal.widgets.lines import content
from codelog.terminal.widgets.site_marks import TRIED, TRYING, WORKS, marked_sites
from tests.terminal.io_cases import AGES, STATES, Entry, noted, seen, tried

TABLES = load_tables()
EVERY = list(product(STATES, AGES))
KIT = tuple(TABLES.kit)


def sheet(view: CaseView, width: int = 77, **more: Any) -> str:
    return io_sheet(view, Keymap(), width, **more).plain


def words(text: str) -> str:
    """The text with its lines joined: what is said, wherever it is broken."""
    return " ".join(text.split())


def pressed(view: CaseView, keys: str) -> tuple[str, str]:
    """What the site strip takes these digits for."""
    chosen: list[tuple[str, str]] = []
    choices = [Choice(one.label, (one.site.id, one.side)) for one in view.bones().sites()]
    strip = Strip("IO", Step("site?", lambda value: chosen.append(value), choices))
    for key in keys:
        strip.digit(int(key))
    return chosen[0]


@pytest.mark.parametrize(("state", "age"), EVERY)
def test_that_a_digit_stands_only_at_an_open_site_and_is_the_one_that_the_strip_takes(
    state: str, age: str
) -> None:
    view = seen(*STATES[state], age_days=AGES[age])
    marked = marked_sites(view)
    digits = {one.place: one.mark.text.rstrip("?") for one in marked if one.mark.text[0].isdigit()}
    open_now = {(one.site.id, one.side) for one in view.bones().sites() if one.open}
    assert set(digits) == open_now
    for place, keys in digits.items():
        assert pressed(view, keys) == place
    for one in marked:
        assert one.mark.text.endswith("?") == (one.status.open and one.status.preference == "disputed")


@pytest.mark.parametrize(("state", "age"), EVERY)
def test_that_no_line_is_wider_than_it_may_be(state: str, age: str) -> None:
    view = seen(*STATES[state], age_days=AGES[age])
    for width in (36, 37, 44, 60, 75, 76, 77, 100):
        lines = io_sheet(view, Keymap(), width).split("\n")
        assert max(line.cell_length for line in lines) <= width


def test_that_no_line_is_wider_than_any_width_between() -> None:
    view = seen(*STATES["two tries, one lost"], age_days=0)
    for width in range(36, 101):
        assert max(line.cell_length for line in io_sheet(view, Keymap(), width).split("\n")) <= width


def test_that_the_sites_stand_in_the_first_rows_of_a_small_terminal() -> None:
    first = sheet(seen(age_days=0), 77).split("\n")[:10]
    for site in ("left proximal tibia", "right distal femur", "left proximal humerus", "right distal tibia"):
        assert any(site in line for line in first)
    assert any("patient's" in line for line in first)


def test_that_the_body_goes_below_where_there_is_no_room_beside() -> None:
    lines = sheet(seen(age_days=0), 44).split("\n")
    body = next(number for number, line in enumerate(lines) if "patient's" in line)
    equipment = next(number for number, line in enumerate(lines) if line.startswith("Equipment"))
    assert body > equipment
    assert "1" in next(line for line in lines[body:] if line.startswith("tibia"))


def test_that_a_ruled_out_bone_says_why_and_both_its_sites_are_closed() -> None:
    view = seen(*tried(1, "tibia_prox", "left", "failed"), noted("burn", "humerus", "left"), age_days=3)
    listed = {one.place: one for one in marked_sites(view)}
    assert listed["tibia_prox", "left"].mark.text == TRIED
    assert listed["tibia_prox", "left"].words == "tried in attempt 1, failed"
    assert listed["tibia_dist", "left"].mark.text == "×"
    assert listed["tibia_dist", "left"].words == "tried in attempt 1"
    assert listed["humerus_prox", "left"].words == "burn over the site"
    assert listed["tibia_prox", "right"].mark.text == "2"
    assert "[×] left proximal tibia" in sheet(view)


def test_that_a_line_and_an_attempt_are_marked_apart_from_what_is_ruled_out() -> None:
    view = seen(
        *tried(1, "humerus_prox", "left", "established"), *tried(2, "tibia_prox", "right"), age_days=3
    )
    listed = {one.place: one.mark.text for one in marked_sites(view)}
    assert listed["humerus_prox", "left"] == WORKS
    assert listed["tibia_prox", "right"] == TRYING
    text = words(sheet(view, 44))
    assert "line 1 works" in text
    assert "attempt 2 goes on" in text
    assert "[+] line works" in words(text)


def test_that_only_the_newest_try_is_marked_as_the_last() -> None:
    view = seen(
        *tried(1, "tibia_prox", "left", "failed"), *tried(2, "tibia_prox", "right", "failed"), age_days=3
    )
    assert [one.place for one in marked_sites(view) if one.mark.text == TRIED] == [("tibia_prox", "right")]


@pytest.mark.parametrize("age", ["newborn", "infant", "child", "above"])
def test_that_every_text_of_the_site_described_is_there_with_its_source(age: str) -> None:
    view = seen(age_days=AGES[age])
    band = TABLES.age_band(AGES[age] or 0)
    for one in marked_sites(view):
        site, side = one.place
        text = words(sheet(view, 60, chosen=one.place))
        expected = [mark for mark in TABLES.io_sites[site].landmarks if band in mark.ages]
        assert ("no text for this age" in text) == (not expected)
        for landmark in TABLES.io_sites[site].landmarks:
            cited = f"{landmark.text} [{TABLES.citations(landmark.sources)}]"
            assert (cited in text) == (landmark in expected)
        assert f"Landmark, {site_words(site, side, TABLES)}" in text


@pytest.mark.parametrize(
    ("age", "site", "said"),
    [
        ("newborn", "tibia_prox", "4 texts, which disagree"),
        ("infant", "tibia_prox", "3 texts, which disagree"),
        ("above", "tibia_prox", "2 texts A"),
        ("newborn", "femur_dist", "3 texts, which disagree"),
        ("newborn", "humerus_prox", "one text A"),
    ],
)
def test_that_it_says_whether_the_texts_disagree(age: str, site: str, said: str) -> None:
    text = words(sheet(seen(age_days=AGES[age]), chosen=(site, "left")))
    assert f"Landmark, left {TABLES.io_sites[site].label} {said}" in text


def test_that_the_site_described_is_the_chosen_one_else_the_one_being_tried_else_the_first_open() -> None:
    view = seen(*tried(1, "tibia_prox", "left", "failed"), age_days=3)
    assert "Landmark, right proximal tibia" in sheet(view)
    assert "Landmark, left distal femur" in sheet(view, chosen=("femur_dist", "left"))
    assert "Landmark, right proximal tibia" in sheet(view, chosen=("iliac_crest", "left"))
    going_on = seen(*tried(1, "femur_dist", "left"), age_days=3)
    assert "Landmark, left distal femur" in sheet(going_on)


@pytest.mark.parametrize(
    ("age", "diameters"),
    [
        ("newborn", ("7 mm medullary", "4.0 mm (IQR 3.3 to 4.7) marrow cavity", "4.50 mm medullary")),
        ("infant", ("10 mm medullary",)),
        ("child", ("12 mm medullary",)),
    ],
)
def test_that_the_medullary_diameters_are_those_of_the_age(age: str, diameters: tuple[str, ...]) -> None:
    text = words(sheet(seen(age_days=AGES[age])))
    others = {"7 mm medullary", "10 mm medullary", "12 mm medullary"} - set(diameters)
    assert all(f"· {figure}" in text for figure in diameters)
    assert not any(f"· {figure}" in text for figure in others)


def test_that_a_tibias_diameters_do_not_stand_beside_a_femur() -> None:
    assert "medullary" not in sheet(seen(age_days=3), chosen=("femur_dist", "left"))


def weighing(grams: int, age_days: int) -> str:
    weight: Entry = ("patient.described", {"weight": f"{grams} g"})
    return words(sheet(seen(weight, age_days=age_days), 100))


@pytest.mark.parametrize(
    ("grams", "age_days", "device", "fits"),
    [
        (2999, 3, "EZ-IO 15 mm (pink)", False),
        (3000, 3, "EZ-IO 15 mm (pink)", True),
        (39000, 4000, "EZ-IO 15 mm (pink)", True),
        (39001, 4000, "EZ-IO 15 mm (pink)", False),
        (39999, 4000, "EZ-IO 45 mm (yellow)", False),
        (40000, 4000, "EZ-IO 45 mm (yellow)", True),
        (12000, 1094, "NIO paediatric", False),
        (12000, 1095, "NIO paediatric", True),
        (12000, 1095, "NIO infant", True),
        (12000, 1096, "NIO infant", False),
        (40000, 4379, "FAST1 or FASTResponder (sternal)", False),
        (40000, 4380, "FAST1 or FASTResponder (sternal)", True),
        (40000, 4379, "BIG paediatric", True),
        (40000, 4380, "BIG paediatric", False),
        (3500, 3, "butterfly needle", False),
    ],
)
def test_that_a_device_fits_within_its_label_and_not_a_step_beyond(
    grams: int, age_days: int, device: str, fits: bool
) -> None:
    text = weighing(grams, age_days)
    assert (f"✓ {device}" in text) == fits
    assert (f"× {device}" in text) != fits


def test_that_a_device_of_unknown_label_is_said_to_be_neither() -> None:
    text = weighing(3500, 3)
    assert "? Jamshidi or Illinois needle 15 G, 18 G; no range known" in text
    assert "✓ Jamshidi" not in text


def test_that_what_does_not_suit_says_why_and_what_was_never_read_says_so() -> None:
    text = weighing(2500, 3)
    assert "× EZ-IO 15 mm (pink): labelled from 3 kg" in text
    assert "× NIO adult: labelled from 12 years (unverified)" in text
    assert "✓ NIO infant 18 G; from birth, to 3 years (unverified)" in text
    assert "× spinal needle: off label" in text


@pytest.mark.parametrize(("age_days", "warned"), [(183, True), (184, False)])
def test_that_a_long_needle_draws_its_caution_up_to_its_age(age_days: int, warned: bool) -> None:
    text = weighing(7000, age_days)
    bd = text[text.index("BD intraosseous") : text.index("SAM IO")]
    assert ("! 25 mm needle, tibia, 183 days or younger" in bd) == warned


def test_that_a_device_says_where_it_is_not_cleared() -> None:
    view = seen(("patient.described", {"weight": "3500 g"}), age_days=3)
    assert "! not cleared for the distal femur" in words(sheet(view, chosen=("femur_dist", "left")))
    assert "not cleared" not in words(sheet(view, chosen=("tibia_prox", "left")))


def test_that_label_ranges_read_as_people_say_them() -> None:
    said = {id: label_range(device) for id, device in TABLES.devices.items()}
    assert said["ezio_15"] == "3 to 39 kg"
    assert said["ezio_25"] == "from 3 kg"
    assert said["nio_p"] == "from 3 years, to 12 years"
    assert said["big_ped"] == "under 12 years"
    assert said["jamshidi"] is None
    assert doubt(TABLES.devices["ezio_15"], Decimal("2999.9"), None) == "labelled from 3 kg"
    assert doubt(TABLES.devices["ezio_15"], None, None) is None


def test_that_what_was_never_asked_shrinks_with_each_answer() -> None:
    entries: list[Entry] = []
    for name in ("osteogenesis_imperfecta", "osteopetrosis", "osteoporosis_osteopenia", "coagulopathy"):
        text = words(sheet(seen(*entries, age_days=3), 44))
        never = text[text.index("Never asked:") : text.index("(q)")]
        assert TABLES.conditions[name].label in never
        entries.append(noted(name, present=False))
        after = words(sheet(seen(*entries, age_days=3), 44))
        left = after[after.index("Never asked:") : after.index("(q)")] if "Never asked:" in after else ""
        assert TABLES.conditions[name].label not in left
    assert "Never asked" not in sheet(seen(*entries, age_days=3))


def test_that_what_is_present_stays_in_view() -> None:
    assert "Present: coagulopathy" in sheet(seen(noted("coagulopathy"), age_days=3))
    assert "Present" not in sheet(seen(noted("coagulopathy", present=False), age_days=3))


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ({}, "Equipment: not checked Landmark"),
        (dict.fromkeys(KIT, True), "Equipment: all ready Landmark"),
        (dict.fromkeys(KIT, True) | {"gauze": False}, "Equipment: missing gauze Landmark"),
        (dict.fromkeys(KIT[1:], True), f"Equipment: not checked {KIT[0]} Landmark"),
        (
            dict.fromkeys(KIT[1:], True) | {"gloves": False},
            f"Equipment: missing gloves; not checked {KIT[0]} Landmark",
        ),
    ],
)
def test_that_the_state_of_the_equipment_is_said(items: dict[str, bool], said: str) -> None:
    entries: tuple[Entry, ...] = (("kit.checked", {"items": items}),) if items else ()
    text = sheet(seen(*entries, age_days=3), 44)
    without_body = text[: text.index("patient's")] + text[text.index("Landmark") :]
    assert said in words(without_body)


def test_that_an_unknown_age_and_weight_are_named() -> None:
    text = words(sheet(seen()))
    assert "age unknown: order as for an infant" in text
    assert "Devices weight unknown, age unknown" in text


def test_that_the_key_named_is_the_one_chosen_here() -> None:
    keymap = Keymap().having({"sites": "f7"})
    view = seen(age_days=3)
    assert "F7 closes" in io_sheet(view, keymap, 77).plain
    assert "closes" not in io_sheet(view, keymap, 77, asked_for=False).plain


def test_that_sites_on_a_further_page_of_the_strip_are_never_called_open() -> None:
    view = seen(age_days=5000)
    listed = {one.place: one.mark.text for one in marked_sites(view)}
    assert listed["sternum_manubrium", "midline"] == "7"
    assert ("femur_dist", "left") not in listed
    assert all(one.status.preference in OFFERED for one in marked_sites(view))


def test_that_the_list_of_the_case_sheet_is_the_same() -> None:
    view = seen(*STATES["one tibia failed"], age_days=3)
    rows = content(site_list(view, 40)).plain
    assert "[×] left proximal tibia" in rows
    assert "2  right proximal tibia   preferred" in rows


def test_that_it_is_made_in_time_for_every_tick() -> None:
    view = seen(*STATES["two tries, one lost"], ("patient.described", {"weight": "3500 g"}), age_days=3)
    keymap = Keymap()
    io_sheet(view, keymap, 77)
    spent = []
    for _ in range(20):
        start = time.perf_counter()
        io_sheet(view, keymap, 77)
        spent.append(time.perf_counter() - start)
    assert min(spent) < 0.005


def test_that_a_retracted_attempt_opens_its_bone_again() -> None:
    entries = tried(1, "tibia_prox", "left", "failed")
    view = seen(*entries, age_days=3)
    start = next(event.seq for event in view.events if event.kind == "access.attempt_started")
    mended = seen(*entries, ("event.retracted", {"target": start, "reason": "wrong child"}), age_days=3)
    marks = [{one.place: one.mark.text for one in marked_sites(one_view)} for one_view in (view, mended)]
    assert [mark["tibia_prox", "left"] for mark in marks] == [TRIED, "1"]
