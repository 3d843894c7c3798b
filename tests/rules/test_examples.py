"""Every rule's own examples, and the demand that they leave no basis, no clearing and no limit out."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Iterator

import pytest

from codelog.case.events import Event
from codelog.case.flags import Flag
from codelog.clinical.entries import Device, Drug
from codelog.clinical.protocols import load_protocol, shipped_protocols
from codelog.rules.catalogue import RULES, examples_of
from codelog.rules.examples import SIDES, Example
from codelog.rules.rule import Rule
from tests.rules.rule_plays import TABLES, flags_of, instant, play_example

DEVICE = ("weight", "age", "site", "needle", "off_label")
SYSTEMIC = ("osteogenesis_imperfecta", "osteopetrosis", "osteoporosis_osteopenia", "coagulopathy")
CONSIDER = (
    "arrest",
    "operator",
    "uvc_failed",
    "attempts",
    "elapsed",
    "io_failed",
    "io_open",
    "further_attempt",
)

BASES: dict[str, tuple[str, ...]] = {
    "io-consider": CONSIDER,
    "io-site": ("same_bone", "condition", "age", "disputed"),
    "io-caution": SYSTEMIC,
    "io-device": DEVICE,
    "io-unconfirmed": ("use", "time"),
    "no-line": ("no_line", "line_not_working"),
    "limb-check": ("due",),
    "io-dwell": ("warning", "limit", "cooling"),
    "io-remove": ("venous_line",),
    "dose-range": ("tracheal_dose_by_line", "above", "below", "concentration"),
    "drug-repeat": ("due", "overdue", "early"),
    "volume-total": ("single", "total"),
    "timing": ("duplicate", "order"),
}
"""Every basis, as the rules' page has them; besides, every rule has `snooze_over`."""

UNANSWERED = {
    "io-site",
    "io-caution",
    "io-device",
    "no-line",
    "io-dwell",
    "dose-range",
    "volume-total",
    "timing",
}
"""The rules whose flags nothing answers: they end."""

ENDLESS = {"timing"}
"""The rules whose flags end with a correction only."""

PRIORITIES = {
    "io-consider": "medium",
    "io-site": "high",
    "io-caution": "medium",
    "io-device": "low",
    "io-unconfirmed": "medium",
    "no-line": "medium",
    "limb-check": "low",
    "io-dwell": "medium",
    "io-remove": "low",
    "dose-range": "medium",
    "drug-repeat": "low",
    "volume-total": "medium",
    "timing": "low",
}
OTHER_PRIORITIES = {
    ("io-consider", "io_open"): "low",
    ("io-site", "disputed"): "low",
    ("drug-repeat", "overdue"): "medium",
}


def _all_examples() -> Iterator[tuple[type[Rule], str, Example]]:
    for rule in RULES:
        for name, examples in zip(("FIRES", "STAYS_QUIET"), examples_of(rule), strict=True):
            for example in examples:
                yield rule, name, example


ALL = list(_all_examples())


@pytest.mark.parametrize(
    ("rule", "example"),
    [pytest.param(rule, example, id=f"{rule.id}-{name}-{example.title}") for rule, name, example in ALL],
)
def test_example(rule: type[Rule], example: Example) -> None:
    events = play_example(example)
    flags = [flag for flag in flags_of(events) if flag.rule == rule.id]
    assert [_told(flag) for flag in flags] == [
        (
            raised.basis,
            instant(raised.due_at),
            instant(raised.late or raised.due_at),
            None if raised.cleared_at is None else instant(raised.cleared_at),
            raised.because,
        )
        for raised in example.flags
    ]
    for flag in flags:
        _check_wording(flag, events)


def _told(flag: Flag) -> tuple[str, int, int, int | None, str | None]:
    return (
        flag.basis,
        flag.due_at,
        flag.raised.at,
        None if flag.cleared is None else flag.cleared.at,
        flag.because,
    )


def _check_wording(flag: Flag, events: list[Event]) -> None:
    data = flag.data
    assert data.text.startswith(("Consider ", "Check ")), data.text
    assert data.threshold and data.source
    assert data.evidence
    assert all(isinstance(seq, int) and 0 < seq < flag.raised.seq for seq in data.evidence)
    if flag.basis != "snooze_over":
        assert data.priority == OTHER_PRIORITIES.get((flag.rule, flag.basis), PRIORITIES[flag.rule])
    if flag.because == "answered":
        cleared = events[flag.cleared.seq - 1].data if flag.cleared is not None else None
        assert getattr(cleared, "evidence", ())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_titles_name_one_example_each(rule: type[Rule]) -> None:
    titles = [example.title for examples in examples_of(rule) for example in examples]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_has_examples_of_both_kinds(rule: type[Rule]) -> None:
    fires, quiet = examples_of(rule)
    assert fires and all(example.flags for example in fires)
    assert quiet and not any(example.flags for example in quiet)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_basis_has_an_example(rule: type[Rule]) -> None:
    shown = {raised.basis for example in examples_of(rule)[0] for raised in example.flags}
    assert shown == {*BASES[rule.id], "snooze_over"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_way_to_be_cleared_has_an_example(rule: type[Rule]) -> None:
    shown = {raised.because for example in examples_of(rule)[0] for raised in example.flags if raised.because}
    wanted = {"retracted", "replaced", "case_closed"}
    if rule.id not in UNANSWERED:
        wanted.add("answered")
    if rule.id not in ENDLESS:
        wanted.add("condition_ended")
    assert shown >= wanted


def _protocol_limits() -> Iterator[str]:
    """The numbers of the default protocol, and those in which another protocol differs."""
    default = _numbers("gomella")
    yield from default
    for id in shipped_protocols():
        for name, value in _numbers(id).items():
            if value != default[name]:
                yield f"{id} {name}"


def _numbers(id: str) -> dict[str, int]:
    thresholds = dataclasses.asdict(load_protocol(id).thresholds)
    return {name: value for name, value in thresholds.items() if type(value) is int}


def _table_limits() -> Iterator[str]:
    for band in TABLES.age_bands.values():
        if band.below_days is not None:
            yield f"age_bands.{band.id}.below_days"
    for device in TABLES.devices.values():
        yield from _device_limits(device)
    for caution in TABLES.needle_cautions:
        yield f"needle_cautions.{caution.bone}.{caution.needle_mm}.age_max_days"
    for drug in TABLES.drugs.values():
        yield from _drug_limits(drug)


def _device_limits(device: Device) -> Iterator[str]:
    for name in ("weight_min_g", "weight_max_g", "age_min_days", "age_max_days"):
        if getattr(device, name) is not None:
            yield f"{device.id}.{name}"


def _drug_limits(drug: Drug) -> Iterator[str]:
    for name in ("repeat_from", "repeat_by", "tracheal_dose_by_line"):
        if getattr(drug, name) is not None:
            yield f"{drug.id}.{name}"
    for expected in drug.ranges:
        for name in ("min", "max", "absolute_max"):
            if getattr(expected, name) is not None:
                yield f"{drug.id}.{expected.age}.{expected.route_group}.{name}"


LIMITS = [
    *_protocol_limits(),
    *_table_limits(),
    "dose_range.newborn.below_days",
    "dose_range.tolerance",
    "timing.window",
]

NOTHING_BELOW = {"nio_i.age_min_days"}
"""Limits of 0, on whose lower side nothing can be entered."""


@pytest.mark.parametrize("limit", LIMITS)
def test_every_limit_has_an_example_on_each_side(limit: str) -> None:
    sides = {example.side for _, _, example in ALL if example.limit == limit}
    assert sides == set(SIDES) - ({"below"} if limit in NOTHING_BELOW else set())


def test_examples_name_limits_that_exist() -> None:
    assert {example.limit for _, _, example in ALL if example.limit is not None} == set(LIMITS)
    assert all((example.limit is None) == (example.side is None) for _, _, example in ALL)


def test_bases_are_listed_for_every_rule() -> None:
    assert list(BASES) == [rule.id for rule in RULES]


def test_a_running_case_reads_no_examples() -> None:
    listing = "import sys, codelog.rules.watch; print(*(m for m in sys.modules if m.startswith('codelog.rules.examples.')))"
    read = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    assert read.stdout.split() == []
