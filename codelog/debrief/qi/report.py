"""The report over many cases as one value: every figure of it, each with its n. Renderers only lay it out. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from codelog.case.vocabulary import ACCESS_ROUTES
from codelog.clinical.tables import Tables
from codelog.debrief.qi.cohort import (
    FALSE,
    GOOD,
    NOT_RECORDED,
    OWN_WORDS,
    WAYS_TO_ACCESS,
    Cohort,
    Cohorts,
    LeftOut,
)
from codelog.debrief.qi.control import Chart, Given, p_chart, xmr_chart
from codelog.debrief.qi.curves import Curve, curve
from codelog.debrief.qi.numbers import SMALLEST, Proportion, Spread, mean, proportion, quantile, spread
from codelog.debrief.qi.selection import Selection
from codelog.debrief.report.figures import Named
from codelog.debrief.report.intervals import LABELS
from codelog.debrief.wording import label, word
from codelog.rules.catalogue import RULES


@dataclass(frozen=True, slots=True)
class Part:
    """What part of the cases is of one sort."""

    of: Named
    cases: Proportion


@dataclass(frozen=True, slots=True)
class Counted:
    """Which cases the figures are of: by setting, age and protocol. `left_out` could not be read."""

    mode: str
    chosen: bool
    cases: int
    closed: int
    open: int
    of_other_mode: int
    not_selected: int
    first_month: str | None
    last_month: str | None
    left_out: tuple[LeftOut, ...]
    settings: tuple[Part, ...]
    ages: tuple[Part, ...]
    protocols: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class IntervalSpread:
    """One interval over all cases: those that are known, those not, those without an end; and how often it was met.

    `met` is of those held against a target, each against the one of its own case.
    """

    id: str
    label: str
    spread: Spread
    unknown: int
    going_on: int
    met: Proportion


@dataclass(frozen=True, slots=True)
class RouteStep:
    """Of the needs, those in which a route was tried, and those that it met."""

    route: Named
    tried: Proportion
    met: Proportion


@dataclass(frozen=True, slots=True)
class Funnel:
    """From needs for access to access. `not_met`: the case was closed without it; `open`: it is not closed."""

    needs: int
    tried: Proportion
    met: Proportion
    not_met: Proportion
    open: int
    by_route: tuple[RouteStep, ...]


@dataclass(frozen=True, slots=True)
class RouteAttempts:
    """All attempts by a route, and those that gave access."""

    route: Named
    established: Proportion


@dataclass(frozen=True, slots=True)
class FirstPass:
    """How often the first attempt by a route in a case gave access, of those `by` one site, device or role.

    `by` and `of` are None for all of a route; of None else: nobody recorded it.
    """

    route: Named
    by: str | None
    of: Named | None
    success: Proportion


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """The flags of a rule, all of them or those raised under one protocol.

    `precision` is of the flags that were judged: accepted, or what they ask for was done, against declined and not
    done. `seen_after` is from a flag to its first answer.
    """

    protocol: str | None
    rule: Named
    raised: int
    accepted: int
    declined: int
    snoozed: int
    unanswered: int
    done: int
    corrected: int
    precision: Proportion
    seen_after: Spread


@dataclass(frozen=True, slots=True)
class Declined:
    """Why flags of a rule were declined."""

    rule: Named
    reason: Named
    of_declined: Proportion


@dataclass(frozen=True, slots=True)
class ScoreSpread:
    """The score of the records, or one of its parts, in percent."""

    of: Named
    spread: Spread


@dataclass(frozen=True, slots=True)
class RecordQuality:
    """The quality of the records: the score and its parts in percent, what was counted, and the longest silences."""

    scores: tuple[ScoreSpread, ...]
    entries: int
    late: Proportion
    amended: int
    retracted: int
    longest_silence: Spread


@dataclass(frozen=True, slots=True)
class QiReport:
    """Figures over many cases. `period` is what a point of a chart stands for: `month`, `quarter` or `year`."""

    generated_at: int
    version: str
    selection: Selection
    counted: Counted
    funnel: Funnel
    intervals: tuple[IntervalSpread, ...]
    curves: tuple[Curve, ...]
    attempts: tuple[RouteAttempts, ...]
    first_pass: tuple[FirstPass, ...]
    period: str
    charts: tuple[Chart, ...]
    flags: tuple[RuleFigures, ...]
    flags_by_protocol: tuple[RuleFigures, ...]
    declined: tuple[Declined, ...]
    quality: RecordQuality


_TITLES = {rule.id: rule.title for rule in RULES}
_SCORES = {
    "score": "score",
    "details": "details",
    "prompt": "entered in time",
    "ends": "ends recorded",
    "possible": "free of contradiction",
}


def qi_report(
    cohorts: Cohorts, selection: Selection, tables: Tables, *, generated_at: int, version: str
) -> QiReport:
    """The report over what was gathered. The same sums make the same report, in whatever order they came together."""
    mode = selection.mode or (
        "clinical" if "clinical" in cohorts.by_mode or not cohorts.by_mode else "training"
    )
    cohort = cohorts.by_mode.get(mode, Cohort())
    return _Report(cohorts, cohort, mode, selection, tables).report(generated_at, version)


@dataclass(frozen=True)
class _Report:
    cohorts: Cohorts
    cohort: Cohort
    mode: str
    selection: Selection
    tables: Tables

    def report(self, generated_at: int, version: str) -> QiReport:
        """The whole report."""
        periods = _Periods(self.cohort)
        return QiReport(
            generated_at=generated_at,
            version=version,
            selection=self.selection,
            counted=self._counted(),
            funnel=self._funnel(),
            intervals=tuple(self._interval(id) for id in LABELS),
            curves=tuple(self._curves()),
            attempts=tuple(self._attempts()),
            first_pass=tuple(self._first_pass()),
            period=periods.name,
            charts=tuple(_charts(periods)),
            flags=tuple(self._rules("")),
            flags_by_protocol=tuple(
                found
                for protocol in self.cohort.below("flags")
                if protocol
                for found in self._rules(protocol)
            ),
            declined=tuple(self._declined()),
            quality=self._quality(),
        )

    def _n(self, *key: str) -> int:
        return self.cohort.counts[key]

    def _of(self, whole: int, *key: str) -> Proportion:
        return proportion(self._n(*key), whole)

    # Which cases

    def _counted(self) -> Counted:
        others = [cohort for mode, cohort in self.cohorts.by_mode.items() if mode != self.mode]
        months = self.cohort.below("month")
        bands = self.tables.age_bands
        return Counted(
            mode=self.mode,
            chosen=self.selection.mode is not None,
            cases=self._n("cases"),
            closed=self._n("cases", "closed"),
            open=self._n("cases", "open"),
            of_other_mode=sum(cohort.counts["cases",] for cohort in others),
            not_selected=self.cohorts.not_selected,
            first_month=min(months, default=None),
            last_month=max(months, default=None),
            left_out=tuple(sorted(self.cohorts.left_out, key=lambda left: left.case)),
            settings=self._parts("setting", lambda id: word("setting", id)),
            ages=self._parts("age", lambda id: bands[id].label if id in bands else id),
            protocols=self._parts("protocol", lambda id: id),
        )

    def _parts(self, of: str, words: Callable[[str], str]) -> tuple[Part, ...]:
        found = self.cohort.below("made_of", of)
        parts = [Part(_named(id, words(id)), self._of(self._n("cases"), "made_of", of, id)) for id in found]
        return tuple(sorted(parts, key=lambda part: (-part.cases.hits, part.of.id)))

    # Access

    def _funnel(self) -> Funnel:
        needs = self._n("needs")
        return Funnel(
            needs=needs,
            tried=self._of(needs, "needs", "tried"),
            met=self._of(needs, "needs", "met"),
            not_met=self._of(needs, "needs", "not_met"),
            open=self._n("needs", "open"),
            by_route=tuple(
                RouteStep(
                    _route(route),
                    self._of(needs, "needs", "by_route", route, "tried"),
                    self._of(needs, "needs", "by_route", route, "met"),
                )
                for route in ACCESS_ROUTES
                if route in self.cohort.below("needs", "by_route")
            ),
        )

    def _interval(self, id: str) -> IntervalSpread:
        return IntervalSpread(
            id=id,
            label=LABELS[id],
            spread=spread(self.cohort.values("span", id), "s"),
            unknown=self._n("span", id, "unknown"),
            going_on=self._n("span", id, "going_on"),
            met=self._of(self._n("span", id, "judged"), "span", id, "met"),
        )

    def _curves(self) -> Iterator[Curve]:
        for id in WAYS_TO_ACCESS:
            groups = self.cohort.below("curve", id)
            # One group alone is all of them.
            for group in groups if len(groups) > 2 else groups[:1]:
                reached = self.cohort.values("curve", id, group, "reached")
                censored = self.cohort.values("curve", id, group, "censored")
                name = word("setting", group) if group else None
                yield curve(id, LABELS[id], name, reached, censored)

    def _attempts(self) -> Iterator[RouteAttempts]:
        for route in ACCESS_ROUTES:
            if self._n("attempts", route):
                yield RouteAttempts(
                    _route(route), self._of(self._n("attempts", route), "attempts", route, "established")
                )

    def _first_pass(self) -> Iterator[FirstPass]:
        for route in ACCESS_ROUTES:
            for by in ("", "site", "device", "role"):
                rows = [
                    FirstPass(_route(route), by or None, self._what(route, by, value), success)
                    for value in self.cohort.below("first_pass", route, by)
                    for n in [self._n("first_pass", route, by, value, "n")]
                    for success in [self._of(n, "first_pass", route, by, value, "hits")]
                ]
                # Nothing recorded by this is no table of it.
                if not by or any(row.of is not None for row in rows):
                    yield from sorted(rows, key=lambda row: (-row.success.n, row.of.id if row.of else "~"))

    def _what(self, route: str, by: str, value: str) -> Named | None:
        if value == NOT_RECORDED:
            return None
        if by == "site":
            return Named(
                value, label(self.tables.io_sites if route == "io" else self.tables.vein_sites, value)
            )
        if by == "device":
            return Named(value, label(self.tables.devices, value))
        return Named(value, value.replace("_", " "))

    # Flags

    def _rules(self, protocol: str) -> Iterator[RuleFigures]:
        found = self.cohort.below("flags", protocol)
        for rule in sorted(found, key=lambda rule: (-self._n("flags", protocol, rule, "raised"), rule)):

            def n(what: str, rule: str = rule) -> int:
                return self._n("flags", protocol, rule, what)

            yield RuleFigures(
                protocol=protocol or None,
                rule=_rule(rule),
                raised=n("raised"),
                accepted=n("accepted"),
                declined=n("declined"),
                snoozed=n("snoozed"),
                unanswered=n("unanswered"),
                done=n("cleared_answered"),
                corrected=n("cleared_retracted"),
                precision=proportion(n(GOOD), n(GOOD) + n(FALSE)),
                seen_after=spread(self.cohort.values("flags", protocol, rule, "seen"), "s"),
            )

    def _declined(self) -> Iterator[Declined]:
        for rule in self.cohort.below("declined"):
            reasons = Counter(
                {id: self._n("declined", rule, id) for id in self.cohort.below("declined", rule)}
            )
            for reason, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0])):
                words = "in words of their own" if reason == OWN_WORDS else word("decline", reason)
                yield Declined(_rule(rule), _named(reason, words), proportion(count, reasons.total()))

    # Quality

    def _quality(self) -> RecordQuality:
        entries = self._n("quality", "entries")
        return RecordQuality(
            scores=tuple(
                ScoreSpread(Named(id, words), spread(self.cohort.values("quality", id), "%"))
                for id, words in _SCORES.items()
            ),
            entries=entries,
            late=self._of(entries, "quality", "late"),
            amended=self._n("quality", "amended"),
            retracted=self._n("quality", "retracted"),
            longest_silence=spread(self.cohort.values("silence"), "s"),
        )


class _Periods:
    """The months put together to periods: the shortest in which there are mostly enough needs for a point."""

    def __init__(self, cohort: Cohort) -> None:
        self._cohort = cohort
        self._months = cohort.below("month")
        for name, of in _PERIODS.items():
            self.name, self._of = name, of
            needs = sorted(n for _, n in self.counts("needs"))
            if needs and needs[len(needs) // 2] >= SMALLEST:
                break

    def counts(self, what: str) -> list[tuple[str, int]]:
        """Every period with how many there were in it, in order; those between without any case are there too."""
        found: Counter[str] = Counter()
        for month in self._all_months():
            found[self._of(month)] += self._cohort.counts["month", month, what]
        return sorted(found.items())

    def values(self, what: str) -> list[tuple[str, Counter[int]]]:
        """Every period with the values noted in it."""
        found: dict[str, Counter[int]] = {}
        for month in self._all_months():
            found.setdefault(self._of(month), Counter()).update(self._cohort.values("month", month, what))
        return sorted(found.items())

    def _all_months(self) -> Iterator[str]:
        if not self._months:
            return
        first, last = (
            int(month[:4]) * 12 + int(month[5:]) - 1 for month in (self._months[0], self._months[-1])
        )
        for number in range(first, last + 1):
            yield f"{number // 12:04}-{number % 12 + 1:02}"


_PERIODS: Mapping[str, Callable[[str], str]] = {
    "month": lambda month: month,
    "quarter": lambda month: f"{month[:4]} Q{(int(month[5:]) + 2) // 3}",
    "year": lambda month: month[:4],
}


def _charts(periods: _Periods) -> Iterator[Chart]:
    def shares(hits: str, n: str) -> list[tuple[str, int, int]]:
        return [
            (period, hit, of)
            for (period, hit), (_, of) in zip(periods.counts(hits), periods.counts(n), strict=True)
        ]

    yield p_chart("access_met", "access within the protocol's limit", shares("access_met", "access_judged"))
    middle = [
        Given(period, counts.total(), Fraction(quantile(counts, Fraction(1, 2))) if counts else Fraction())
        for period, counts in periods.values("need_to_access")
    ]
    yield xmr_chart("need_to_access", "need to access, median", "s", middle)
    yield p_chart("first_pass", "first attempts by a route that gave access", shares("first_hits", "first_n"))
    yield p_chart("flags_answered", "flags accepted or declined", shares("flags_answered", "flags"))
    scores = [
        Given(period, counts.total(), mean(counts) if counts else Fraction())
        for period, counts in periods.values("score")
    ]
    yield xmr_chart("score", "score of the records, mean", "%", scores)


def _route(id: str) -> Named:
    return Named(id, word("access_route", id))


def _rule(id: str) -> Named:
    return Named(id, _TITLES.get(id, id))


def _named(id: str, words: str) -> Named:
    return Named(id or "not_recorded", words if id else "not recorded")
