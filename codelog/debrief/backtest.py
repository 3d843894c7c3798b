"""What another protocol, or other thresholds, would have flagged in recorded cases. Pure.

The rules run again over every case as it was entered, each entry at the instant at which it was entered: what was not
known then is not known here. People answer as they answered that night; what they would have done at another flag,
nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codelog.case.events import FlagCleared, FlagRaised
from codelog.clinical.protocols import Protocol
from codelog.debrief.qi.cohort import LeftOut
from codelog.debrief.qi.numbers import Spread, spread
from codelog.debrief.report.figures import Moment, Named
from codelog.debrief.report.record import Record
from codelog.debrief.report.rerun import Act, Compared, ComparedFlag, Standing, compare
from codelog.rules.catalogue import RULES


@dataclass(frozen=True, slots=True)
class Tried:
    """The protocol that was tried, with the thresholds that were changed for it."""

    id: str
    version: str
    title: str
    status: str
    digest: str
    changes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CaseBacktest:
    """One case: the protocol it ran under, every flag in both runs, and the rules that could not be run."""

    case: str
    label: str | None
    zero: Moment
    mode: str | None
    protocol: tuple[str, str] | None
    flags: tuple[ComparedFlag, ...]
    not_run: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleBacktest:
    """One rule over all cases. `cases_changed` have a flag of it that is not the same; `moved` is by how long, in s."""

    rule: Named
    recorded: int
    would_be: int
    same: int
    new: int
    earlier: int
    later: int
    gone: int
    cases_changed: int
    moved: Spread


@dataclass(frozen=True, slots=True)
class Backtest:
    """All cases under the protocol that was tried. `cases` are those in which something changed."""

    generated_at: int
    version: str
    tried: Tried
    n: int
    rules: tuple[RuleBacktest, ...]
    cases: tuple[CaseBacktest, ...]
    left_out: tuple[LeftOut, ...]


def backtest_case(case: str, record: Record, protocol: Protocol) -> CaseBacktest:
    """One recorded case under another protocol."""
    found = as_entered(record, protocol)
    opened = record.state.opened
    ref = None if opened is None else opened.protocol
    return CaseBacktest(
        case=case,
        label=None if opened is None else opened.label,
        zero=Moment(record.zero, 0, ()),
        mode=None if opened is None else opened.mode,
        protocol=None if ref is None else (ref.id, ref.version),
        flags=found.flags,
        not_run=found.not_run,
    )


def as_entered(record: Record, protocol: Protocol) -> Compared:
    """The flags of a protocol over the entries as they were made, beside those that were raised."""
    acts = [
        Act(event.recorded_at, event.seq, event)
        for event in record.entered
        if not isinstance(event.data, (FlagRaised, FlagCleared))
    ]
    last = max((event.recorded_at for event in record.entered), default=0)
    return compare(record, protocol, acts, last)


class Summing:
    """The sums over cases as they come; of cases in which nothing changed only the counts are kept."""

    def __init__(self) -> None:
        self.n = 0
        self.changed: list[CaseBacktest] = []
        self._counts: dict[str, dict[Standing, int]] = {}
        self._cases: dict[str, int] = {}
        self._moved: dict[str, dict[int, int]] = {}

    def add(self, case: CaseBacktest) -> None:
        """Take in one case."""
        self.n += 1
        for flag in case.flags:
            counts = self._counts.setdefault(flag.rule, {})
            counts[flag.standing] = counts.get(flag.standing, 0) + 1
            if flag.by_ms is not None and flag.standing != "same":
                moved = self._moved.setdefault(flag.rule, {})
                by = round(flag.by_ms / 1000)
                moved[by] = moved.get(by, 0) + 1
        changed = {flag.rule for flag in case.flags if flag.standing != "same"}
        for rule in changed:
            self._cases[rule] = self._cases.get(rule, 0) + 1
        if changed or case.not_run:
            self.changed.append(case)

    def backtest(
        self,
        protocol: Protocol,
        changes: Sequence[tuple[str, str]],
        left_out: Iterable[LeftOut],
        *,
        generated_at: int,
        version: str,
    ) -> Backtest:
        """The whole of it."""
        return Backtest(
            generated_at=generated_at,
            version=version,
            tried=Tried(
                protocol.id,
                protocol.version,
                protocol.title,
                protocol.status,
                protocol.digest,
                tuple(changes),
            ),
            n=self.n,
            rules=tuple(self._rule(rule.id, rule.title) for rule in RULES if rule.id in self._counts),
            cases=tuple(self.changed),
            left_out=tuple(left_out),
        )

    def _rule(self, id: str, title: str) -> RuleBacktest:
        counts = self._counts[id]

        def n(*standings: Standing) -> int:
            return sum(counts.get(standing, 0) for standing in standings)

        return RuleBacktest(
            rule=Named(id, title),
            recorded=n("same", "earlier", "later", "gone"),
            would_be=n("same", "earlier", "later", "new"),
            same=n("same"),
            new=n("new"),
            earlier=n("earlier"),
            later=n("later"),
            gone=n("gone"),
            cases_changed=self._cases.get(id, 0),
            moved=spread(self._moved.get(id, {}), "s"),
        )
