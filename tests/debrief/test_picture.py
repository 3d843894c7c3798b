"""The picture: everything is in it with its number, nothing lies on anything else, nobody's words become markup."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings

from codelog.case.events import Event
from codelog.debrief.picture import draw, picture_text
from codelog.debrief.picture.lettering import columns
from codelog.debrief.report.value import DebriefReport
from codelog.log.chain import Break
from tests.case.stream_strategies import any_stream
from tests.debrief.picturekit import GOLDEN, PUBLISHED, SVG, Drawn, extent, golden
from tests.debrief.reportkit import SCENARIOS, Fact, events_of, log_of, replayed, report_of, scenario
from tests.rules.random_cases import CASES, Case, drive
from tests.rules.rule_plays import protocol

QUICK = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
EVERY = pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
ADRENALINE = {"drug": "adrenaline", "dose": "0.06 mg", "route": "io"}


def busy(length: int, seconds: float, seed: int = 1) -> DebriefReport:
    """A case of about so many entries over that time, of the kinds that stand in lanes."""
    chance = Random(seed)
    facts: list[Fact] = [(1, "access.needed", {"urgency": "emergent"})]
    at, attempts, infusions = 2.0, 0, 0
    while len(facts) < length:
        at += chance.expovariate(length / seconds)
        kind = chance.randrange(10)
        if kind == 0:
            attempts += 1
            start: dict[str, Any] = {"attempt": attempts, "route": chance.choice(["io", "piv", "uvc"])}
            outcome = chance.choice(["failed", "established", "abandoned"])
            facts.append((at, "access.attempt_started", start))
            facts.append((at + 9, "access.attempt_ended", {"attempt": attempts, "outcome": outcome}))
        elif kind < 4:
            facts.append((at, "drug.given", ADRENALINE))
        elif kind == 4:
            infusions += 1
            facts.append(
                (at, "infusion.started", {"infusion": infusions, "fluid": "saline_0_9", "route": "io"})
            )
            facts.append((at + 30, "infusion.stopped", {"infusion": infusions}))
        elif kind == 5:
            facts.append((at, "note.added", {"text": "What somebody wrote at some length, and more of it"}))
        else:
            signs = {
                sign: chance.randint(40, 100) for sign in ("heart_rate", "spo2", "resp_rate", "systolic")
            }
            facts.append((at, "vital.recorded", signs))
    return report_of(log_of(*sorted(facts, key=lambda fact: fact[0])))


def sound(report: DebriefReport, **keys: int) -> Drawn:
    """The picture of a report, looked at for everything that holds of any."""
    drawn = Drawn(report, **keys)
    assert drawn.overlaps() == []
    for words in drawn.words():
        assert words.left >= -0.1 and words.right <= drawn.width + 0.1, words
        assert words.top >= 0 and words.bottom <= drawn.height, words
    for title, group, top, bottom in drawn.lanes():
        for left, upper, right, lower in extent(group):
            assert top <= upper and lower <= bottom, (title, top, upper, lower, bottom)
            assert left >= 0 and right <= drawn.width, (title, left, right)
    for group in drawn.root.iter(SVG + "g"):
        assert "transform" in group.attrib or group.find(SVG + "title") is not None
    return drawn


def sound_text(report: DebriefReport, width: int = 80) -> list[str]:
    """The picture in text, looked at likewise."""
    lines = picture_text(report, width)
    assert all(columns(line) <= width for line in lines)
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for line in lines for letter in line)
    return lines


# What is in it


@EVERY
def test_everything_is_there_with_its_number(path: Path) -> None:
    report = report_of(events_of(path))
    drawn = sound(report)
    said = [words.text for words in drawn.words()]
    titles = drawn.titles()
    lines = sound_text(report)
    for attempt in report.access.attempts:
        letter = "P" if attempt.present else "?" if attempt.outcome is None else attempt.outcome.id[0].upper()
        head = f"{letter} {attempt.number} {attempt.route.label}"
        assert any(words.startswith(head) for words in said), head
        assert any(head in line for line in lines), head
        assert all(any(f"#{event}" in title for title in titles) for event in attempt.events)
    for dose in report.given.doses:
        assert any(words.startswith(f"#{dose.events[0]} ") and str(dose.dose) in words for words in said)
        assert any(f"#{dose.events[0]} " in line for line in lines)
    for infusion in report.given.infusions:
        assert any(words.startswith(f"{infusion.number} {infusion.fluid.label}") for words in said)
    for flag in report.flags.flags:
        assert any(words.startswith(f"F{flag.number} ") for words in said)
        assert any(title.startswith(f"Flag {flag.number}, {flag.priority} priority") for title in titles)
        assert any(f"F{flag.number} " in line for line in lines)
    for late in report.quality.late:
        assert any(words.startswith(f"#{late.events[0]} ") and " late: " in words for words in said)
    for entry in report.course.entries:
        if entry.by != "codelog" and not entry.kind.startswith(("case.signed", "debrief.", "case.reopened")):
            assert any(f"#{entry.number}" in title for title in titles), entry


@EVERY
def test_marks_stand_in_order_of_time_within_their_lane(path: Path) -> None:
    drawn = Drawn(report_of(events_of(path)))
    lanes = {title: group for title, group, _, _ in drawn.lanes()}
    titles = [title.text or "" for title in lanes["Attempts"].iter(SVG + "title")][1:]
    numbers = [int(title.split()[1]) for title in titles]
    report = report_of(events_of(path))
    by_time = sorted(report.access.attempts, key=lambda attempt: attempt.start.at)
    assert numbers == [attempt.number for attempt in by_time]


def test_a_failed_attempt_says_so_in_a_letter_a_symbol_and_words() -> None:
    drawn = Drawn(
        replayed(
            ("0:10", "access.attempt_started", {"route": "piv", "site": "hand", "side": "left"}),
            ("0:40", "access.attempt_ended", {"outcome": "failed", "reason": "vein_blown"}),
        )
    )
    assert "F 1 PIV left hand: vein blown" in [words.text for words in drawn.words()]
    assert any(
        title.startswith("Attempt 1 PIV left hand, 0:10 to 0:40, 30 s, failed") for title in drawn.titles()
    )


def test_what_has_no_end_is_drawn_to_the_end_of_the_case() -> None:
    report = replayed(
        ("0:10", "care.started", {"care": "ppv"}),
        ("1:00", "note.added", {"text": "a"}),
    )
    assert any("from 0:10, no end recorded" in title for title in Drawn(report).titles())
    bar = next(line for line in picture_text(report) if line.strip().startswith("###"))
    assert bar.endswith(">") and len(bar) == 80


def test_a_late_entry_is_joined_to_the_time_it_was_entered() -> None:
    drawn = Drawn(
        replayed(
            ("0:20", "note.added", {"text": "told later", "recorded": "1:20"}),
            ("2:00", "note.added", {"text": "b"}),
        )
    )
    group = next(group for title, group, _, _ in drawn.lanes() if title == "Late entry")
    circle = next(iter(group.iter(SVG + "circle")))
    end = [path.attrib["d"] for path in group.iter(SVG + "path")][-1]
    # From 0:20 to 1:20 is half of an axis of two minutes, which runs from 82 to 708.
    assert float(end[1:].split()[0]) - float(circle.attrib["cx"]) == pytest.approx((708 - 82) / 2, abs=0.2)


def test_times_far_apart_are_broken_and_both_are_readable() -> None:
    report = replayed(
        ("0:10", "access.attempt_started", {"route": "io"}),
        ("0:40", "access.attempt_ended", {"outcome": "established"}),
        ("20:00:00", "access.removed", {}),
        ("20:01:00", "note.added", {"text": "out"}),
    )
    drawn = sound(report)
    assert any(title.startswith("Axis broken: ") for title in drawn.titles())
    assert "Left out" in [words.text for words in drawn.words()]
    assert any(words.text.startswith("20:0") for words in drawn.words())
    assert any("20:01:00" in line for line in sound_text(report))


def test_a_short_case_is_not_broken() -> None:
    report = replayed(("0:10", "note.added", {"text": "a"}), ("1:50", "note.added", {"text": "b"}))
    said = [words.text for words in Drawn(report).words()]
    assert "Left out" not in said
    assert any(words.startswith("Drawn to one scale.") for words in said)


# Edges


@pytest.mark.parametrize("events", [[], log_of(), log_of((5, "note.added", {"text": "a"}))], ids=len)
def test_hardly_anything(events: list[Event]) -> None:
    report = report_of(events)
    sound(report)
    sound_text(report)


def test_a_broken_chain_stands_on_the_picture() -> None:
    report = report_of(log_of(), chain={"t": Break(7, "line 7 does not link")})
    said = "The log of terminal t is not as it was written: line 7 does not link."
    assert said in [words.text for words in sound(report).words()]
    assert said in sound_text(report)
    assert not any("not as it was written" in line for line in sound_text(report_of(log_of())))


def test_before_zero_across_midnight_and_a_clock_that_stepped() -> None:
    report = report_of(
        log_of((-90, "drug.given", ADRENALINE), (30, "clock.stepped", {"wall_ms": -3_600_000}))
    )
    drawn = sound(report)
    said = [words.text for words in drawn.words()]
    assert "1999-12-31" in said and "-1:30" in said and "23:58:30" in said
    assert any("Wall clock stepped by -3600 s" in words for words in said)
    assert any("23:58:30" in line for line in sound_text(report))


def test_an_interim_case_and_a_training_case_say_so() -> None:
    said = [words.text for words in Drawn(report_of(log_of())).words()]
    assert any(words.startswith("TRAINING") and "interim" in words for words in said)


@pytest.mark.parametrize(("length", "seconds"), [(50, 600), (200, 2_400), (2_000, 40_000)])
def test_busy_cases_stay_readable_and_on_one_page(length: int, seconds: int) -> None:
    report = busy(length, seconds)
    drawn = sound(report)
    sound_text(report)
    assert len(drawn.svg.encode()) < (200_000 if length <= 200 else 300_000)
    # Letter upright, with margins of 15 mm: A4 is higher.
    assert drawn.height / drawn.width < 249 / 186
    titles = " ".join(drawn.titles())
    assert all(f"#{dose.events[0]}" in titles for dose in report.given.doses)
    assert all(f" {attempt.number}" in titles for attempt in report.access.attempts)


def test_marks_too_many_to_tell_apart_are_counted() -> None:
    facts: list[Fact] = [(5.0 + index, "drug.given", ADRENALINE) for index in range(300)]
    report = report_of(log_of(*facts))
    clusters = [words.text for words in sound(report).words() if " doses: #" in words.text]
    assert sum(int(words.split()[0]) for words in clusters) == 300


@pytest.mark.parametrize("width", [400, 480, 720, 1200])
def test_other_widths(width: int) -> None:
    sound(report_of(events_of(scenario("blood-loss-at-birth"))), width=width)


@pytest.mark.parametrize("width", [60, 72, 132])
def test_other_columns(width: int) -> None:
    sound_text(report_of(events_of(scenario("blood-loss-at-birth"))), width)


# Words of people


NASTY = [
    "<script>alert(1)</script>",
    "]]> & &amp; \"quoted' --> <!--",
    "turned \u202egnorw\u202c and \u200b hidden \x1b[31m red \x7f",
    "no characters at all: \ufffe and \uffff",
    "e\u0301 עברית 漢字 👩‍⚕️ " + "wide漢字" * 40,
    "line one\nline two\r\n\tthree\u2028four",
]


@pytest.mark.parametrize("text", NASTY)
def test_words_stay_words(text: str) -> None:
    report = report_of(
        log_of(
            (5, "note.added", {"text": text}),
            (6, "drug.given", {"drug": "other", "dose": "1 mg", "route": "io", "text": text}),
            (7, "care.started", {"care": "ppv", "result": text}),
            (8, "access.attempt_started", {"attempt": 1, "route": "io", "site": text}),
            (9, "access.attempt_ended", {"attempt": 1, "outcome": "failed", "reason": text}),
            (10, "complication.noted", {"complication": "other", "text": text}),
        )
    )
    drawn = sound(report)
    assert {element.tag.removeprefix(SVG) for element in drawn.root.iter()} <= {
        *("svg", "title", "desc", "defs", "pattern", "rect", "path", "circle", "g", "text")
    }
    drawn.svg.encode("utf-8")
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in drawn.svg.rstrip("\n"))
    assert not set("\u202e\u202c\u200b\u2028") & set(drawn.svg)
    assert not set("\u202e\u202c\u200b\u2028") & set("".join(sound_text(report)))


def test_nothing_in_it_is_fetched_or_run() -> None:
    svg = draw(report_of(events_of(scenario("blood-loss-at-birth"))))
    root = ElementTree.fromstring(svg)
    assert root.attrib["role"] == "img" and root.find(SVG + "desc") is not None
    for element in root.iter():
        assert not any(name.startswith("on") or name.endswith(("href", "style")) for name in element.attrib)
        assert not element.tag.endswith(("script", "style", "image", "use", "foreignObject"))
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids)) and all(id.startswith("codelog-picture") for id in ids)


# Any case


@QUICK
@given(CASES)
def test_cases_through_the_recorder_can_be_drawn(case: Case) -> None:
    ran = protocol(case.protocol, {"clock_starts": case.clock_starts})
    report = report_of(drive(case, ran), ran)
    sound(report)
    sound_text(report)


@QUICK
@given(any_stream)
def test_contradictory_cases_can_be_drawn(events: list[Event]) -> None:
    report = report_of(events)
    sound(report)
    sound_text(report)


@pytest.mark.parametrize("name", PUBLISHED)
def test_that_a_published_case_looks_as_it_did(name: str) -> None:
    """`CODELOG_UPDATE_PICTURES=1` takes them anew: look at them before they are kept."""
    for file, drawn in golden(name).items():
        if os.environ.get("CODELOG_UPDATE_PICTURES"):
            (GOLDEN / file).write_bytes(drawn.encode())
        assert (GOLDEN / file).read_bytes().decode() == drawn
