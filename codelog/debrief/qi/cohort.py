"""The sums over many cases: they take no more room for more cases, and can be put together in any order and grouping.

A count has a key of words, such as `("needs", "met", "io")`; a tally maps whole values (seconds, percent) to how often
each occurred. What the keys mean is said where they are counted, below; the report reads them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from codelog.case.instants import SECOND, format_instant
from codelog.debrief.qi.case_figures import CaseFigures, FlagFigures, SpanFigures
from codelog.debrief.wording import WORDS

Key = tuple[str, ...]

NOT_RECORDED = ""
"""In a key, what was not recorded; no id is empty."""
OWN_WORDS = "own words"
"""In a key, a reason that is none of the codes: what people wrote is not repeated over many cases."""
GOOD, FALSE = "good", "false"
"""How a flag is judged by its answer; a flag that is neither was not judged."""

WAYS_TO_ACCESS = ("need_to_access", "first_attempt_to_access")
"""The intervals of which curves are drawn."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A case that could not be counted, and why."""

    case: str
    why: str


@dataclass
class Cohort:
    """The sums over cases of one mode."""

    counts: Counter[Key] = field(default_factory=Counter)
    tallies: dict[Key, Counter[int]] = field(default_factory=dict)

    def count(self, *key: str, by: int = 1) -> None:
        """Count something."""
        self.counts[key] += by

    def tally(self, value: int, *key: str) -> None:
        """Note a value."""
        self.tallies.setdefault(key, Counter())[value] += 1

    def values(self, *key: str) -> Counter[int]:
        """The values noted under a key."""
        return self.tallies.get(key, Counter())

    def below(self, *key: str) -> list[str]:
        """The words that stand next after `key` in the counts, in alphabetical order."""
        return sorted({found[len(key)] for found in self.counts if found[: len(key)] == key != found})

    def merge(self, other: Cohort) -> None:
        """Take over the sums of other cases."""
        self.counts.update(other.counts)
        for key, values in other.tallies.items():
            self.tallies.setdefault(key, Counter()).update(values)

    def add(self, case: CaseFigures) -> None:
        """Take in one case."""
        month = format_instant(case.zero)[:7]
        self._case(case, month)
        self._needs(case, month)
        for span in case.spans:
            self._span(span, case, month)
        self._routes(case, month)
        for flag in case.flags:
            self._flag(flag, case, month)
        self._quality(case, month)

    def _case(self, case: CaseFigures, month: str) -> None:
        self.count("cases")
        self.count("cases", "closed" if case.closed else "open")
        self.count("month", month, "cases")
        self.count("made_of", "setting", case.setting or NOT_RECORDED)
        self.count("made_of", "age", case.age_band or NOT_RECORDED)
        self.count("made_of", "protocol", " ".join(case.protocol or (NOT_RECORDED,)))

    def _needs(self, case: CaseFigures, month: str) -> None:
        for need in case.needs:
            self.count("needs")
            self.count("month", month, "needs")
            if need.tried:
                self.count("needs", "tried")
            for route in need.tried:
                self.count("needs", "by_route", route, "tried")
            if need.met_by is not None:
                self.count("needs", "met")
                self.count("needs", "by_route", need.met_by, "met")
            else:
                self.count("needs", "not_met" if case.closed else "open")

    def _span(self, span: SpanFigures, case: CaseFigures, month: str) -> None:
        if span.ms is not None:
            self.tally(span.ms // SECOND, "span", span.id)
        else:
            self.count("span", span.id, "unknown" if span.so_far_ms is None else "going_on")
        if span.met is not None:
            self.count("span", span.id, "judged")
            self.count("span", span.id, "met", by=span.met)
        if span.id in WAYS_TO_ACCESS:
            self._way_to_access(span, case)
        if span.id == "need_to_access":
            if span.ms is not None:
                self.tally(span.ms // SECOND, "month", month, "need_to_access")
            if span.met is not None:
                self.count("month", month, "access_judged")
                self.count("month", month, "access_met", by=span.met)

    def _way_to_access(self, span: SpanFigures, case: CaseFigures) -> None:
        ended = span.ms is not None
        length = span.ms if ended else span.so_far_ms
        if length is not None:
            for group in ("", case.setting or NOT_RECORDED) if case.setting else ("",):
                self.tally(length // SECOND, "curve", span.id, group, "reached" if ended else "censored")
                self.count("curve", span.id, group)

    def _routes(self, case: CaseFigures, month: str) -> None:
        for found in case.routes:
            self.count("attempts", found.route, by=found.tried)
            self.count("attempts", found.route, "established", by=found.established)
            if found.first_pass is None:
                continue
            groups = {"": "", "site": found.site, "device": found.device, "role": found.role}
            for by, value in groups.items():
                self.count("first_pass", found.route, by, value or NOT_RECORDED, "n")
                self.count("first_pass", found.route, by, value or NOT_RECORDED, "hits", by=found.first_pass)
            self.count("month", month, "first_n")
            self.count("month", month, "first_hits", by=found.first_pass)

    def _flag(self, flag: FlagFigures, case: CaseFigures, month: str) -> None:
        verdict = judged(flag)
        protocol = " ".join(case.protocol or (NOT_RECORDED,))
        for group in ("", protocol):
            self.count("flags", group, flag.rule, "raised")
            self.count("flags", group, flag.rule, flag.action or "unanswered")
            self.count("flags", group, flag.rule, f"cleared_{flag.because or 'not'}")
            self.count("flags", group, flag.rule, verdict or "not_judged")
            if flag.seen_after_ms is not None:
                self.tally(max(0, flag.seen_after_ms) // SECOND, "flags", group, flag.rule, "seen")
        if flag.action == "declined":
            known = flag.reason in WORDS["decline"]
            self.count("declined", flag.rule, (flag.reason or NOT_RECORDED) if known else OWN_WORDS)
        self.count("month", month, "flags")
        self.count("month", month, "flags_answered", by=flag.action in ("accepted", "declined"))

    def _quality(self, case: CaseFigures, month: str) -> None:
        found = case.quality
        if found.score is not None:
            self.tally(found.score, "quality", "score")
            self.tally(found.score, "month", month, "score")
        for id, percent in found.parts:
            self.tally(percent, "quality", id)
        if found.longest_silence_ms is not None:
            self.tally(found.longest_silence_ms // SECOND, "silence")
        for name in ("entries", "late", "amended", "retracted"):
            self.count("quality", name, by=getattr(found, name))


def judged(flag: FlagFigures) -> str | None:
    """`good` where a flag was accepted or what it asks for was done, `false` where it was declined and was not.

    None: nobody judged it, or the entry behind it was corrected.
    """
    if flag.because == "retracted":
        return None
    if flag.action == "accepted" or flag.because == "answered":
        return GOOD
    return FALSE if flag.action == "declined" else None


@dataclass
class Cohorts:
    """The sums by mode, and the cases that could not be counted. `not_selected` counts the others."""

    by_mode: dict[str, Cohort] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    not_selected: int = 0

    def add(self, case: CaseFigures) -> None:
        """Take in one case."""
        self.by_mode.setdefault(case.mode or NOT_RECORDED, Cohort()).add(case)

    def merge(self, other: Cohorts) -> None:
        """Take over what was gathered of other cases."""
        for mode, cohort in other.by_mode.items():
            self.by_mode.setdefault(mode, Cohort()).merge(cohort)
        self.left_out += other.left_out
        self.not_selected += other.not_selected
