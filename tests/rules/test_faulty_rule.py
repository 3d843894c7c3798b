"""A rule that fails is taken out; the other rules go on, and so does recording."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from codelog.case.codec import decode
from codelog.case.events import FlagRaised
from codelog.case.scenario import ZERO
from codelog.live.clock import VirtualClock
from codelog.live.journal import MemoryJournal
from codelog.live.recorder import Recorder, Request
from codelog.rules.catalogue import RULES
from codelog.rules.io_consider import IoConsider
from codelog.rules.io_unconfirmed import IoUnconfirmed
from codelog.rules.limb_check import LimbCheck
from codelog.rules.rule import Rule
from tests.rules.rule_plays import TABLES, protocol


class RuleBroke(RuntimeError):
    """What a faulty rule raises."""


def _break(*_: Any) -> Any:
    raise RuleBroke


class Bedside:
    """A recorder on a clock that is set by hand."""

    def __init__(self) -> None:
        self.clock = VirtualClock(ZERO)
        self.journal = MemoryJournal("00000000-0000-4000-8000-000000000001", "bedside")
        self.recorder = Recorder(self.journal, self.clock, protocol("gomella"), TABLES)
        self.enter(0, "case.opened", setting="nicu", zero="opened", mode="training")

    def enter(self, seconds: int, kind: str, **data: Any) -> None:
        """Enter something, after everything that comes due before it."""
        self.wait(seconds)
        self.recorder.record(Request(kind, data))

    def wait(self, seconds: int) -> None:
        """Let the clock run, waking the recorder whenever it asks to be woken."""
        until = seconds * 1_000
        while (wait := self.recorder.next_due()) is not None and self.clock.elapsed + wait <= until:
            self.clock.elapsed += wait
            self.recorder.wake()
        self.clock.elapsed = until

    def flags(self) -> list[tuple[str, str]]:
        """Rule and basis of every flag in the log."""
        written = [decode(line).data for line in self.journal.lines]
        return [(data.rule, data.basis) for data in written if isinstance(data, FlagRaised)]

    def needs_access_and_gets_a_bone(self) -> None:
        """A case in which io-consider, io-unconfirmed and limb-check speak."""
        self.enter(0, "access.needed", urgency="urgent")
        self.enter(100, "access.attempt_started", route="io")
        self.enter(120, "access.attempt_ended", outcome="established")
        self.enter(1_300, "note.added", text="still here")


EVERYTHING = [("io-consider", "elapsed"), ("io-unconfirmed", "time"), ("limb-check", "due")]


@pytest.fixture
def bedside() -> Bedside:
    return Bedside()


def test_no_rule_is_faulty(bedside: Bedside) -> None:
    bedside.needs_access_and_gets_a_bone()
    assert bedside.flags() == EVERYTHING
    assert bedside.recorder.failures == {}


@pytest.mark.parametrize("method", ["findings", "next_due", "explain", "answered"])
@pytest.mark.parametrize("rule", [IoConsider, IoUnconfirmed, LimbCheck], ids=lambda rule: rule.id)
def test_the_other_rules_go_on(rule: type[Rule], method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, method, _break)
    bedside = Bedside()
    bedside.needs_access_and_gets_a_bone()
    spoken = bedside.flags()
    assert [flag for flag in spoken if flag[0] != rule.id] == [
        flag for flag in EVERYTHING if flag[0] != rule.id
    ]
    if method != "answered":
        assert rule.id not in {flag[0] for flag in spoken}
        assert isinstance(bedside.recorder.failures[rule.id], RuleBroke)


@pytest.mark.parametrize("method", ["observe", "settle"])
def test_a_rule_that_fails_while_remembering(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(IoUnconfirmed, method, _break)
    bedside = Bedside()
    bedside.needs_access_and_gets_a_bone()
    assert bedside.flags() == [EVERYTHING[0], EVERYTHING[2]]
    assert set(bedside.recorder.failures) == {"io-unconfirmed"}


def test_every_entry_is_recorded_when_all_rules_are_faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    for rule in RULES:
        monkeypatch.setattr(rule, "findings", _break)
    bedside = Bedside()
    bedside.needs_access_and_gets_a_bone()
    kinds = [decode(line).kind for line in bedside.journal.lines]
    assert kinds == [
        "case.opened",
        "access.needed",
        "access.attempt_started",
        "access.attempt_ended",
        "note.added",
    ]
    assert set(bedside.recorder.failures) == {rule.id for rule in RULES}


def test_a_rule_that_fails_once_stays_out(bedside: Bedside, monkeypatch: pytest.MonkeyPatch) -> None:
    whole: Callable[..., Any] = IoConsider.findings
    monkeypatch.setattr(IoConsider, "findings", _break)
    bedside.enter(0, "access.needed", urgency="urgent")
    monkeypatch.setattr(IoConsider, "findings", whole)
    bedside.enter(100, "note.added", text="long after the limit")
    assert bedside.flags() == []
    assert set(bedside.recorder.failures) == {"io-consider"}


def test_a_correction_does_not_bring_a_faulty_rule_back_unseen(
    bedside: Bedside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(IoConsider, "findings", _break)
    bedside.enter(0, "access.needed", urgency="urgent")
    bedside.enter(10, "event.retracted", target=2, reason="entered by mistake")
    assert set(bedside.recorder.failures) == {"io-consider"}


def test_an_open_flag_of_a_faulty_rule_can_still_be_answered(
    bedside: Bedside, monkeypatch: pytest.MonkeyPatch
) -> None:
    bedside.enter(0, "access.needed", urgency="urgent")
    bedside.wait(95)
    monkeypatch.setattr(IoConsider, "findings", _break)
    bedside.enter(100, "flag.acknowledged", rule="io-consider", action="accepted")
    bedside.enter(110, "case.closed", outcome="other")
    assert bedside.flags() == [("io-consider", "elapsed")]
    assert bedside.recorder.flags.open_flags("io-consider")
