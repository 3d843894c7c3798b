"""io-consider: access is wanted, no line works, and a reason to consider the intraosseous route has come due."""

from __future__ import annotations

from dataclasses import dataclass

from codelog.case.access import Attempt, Episode
from codelog.case.events import Ref
from codelog.case.flags import Flag
from codelog.case.instants import SECOND, format_instant, parse_instant
from codelog.case.state import State
from codelog.rules.bones import Bones, systemic, systemic_by
from codelog.rules.rule import Finding, Reasons, Rule, View, clock

IO_FAILED, IO_OPEN, FURTHER_ATTEMPT = "io_failed", "io_open", "further_attempt"
LIMITS = ("attempts", "elapsed")
ORDER = ("arrest", "operator", "uvc_failed", "attempts", "elapsed")
"""At one instant the first of these names the basis."""


@dataclass(frozen=True, slots=True)
class Basis:
    """A reason that holds now, since when, and the entries that show it."""

    name: str
    due_at: int
    evidence: tuple[Ref, ...]

    @property
    def rank(self) -> tuple[int, int]:
        """Earliest due first, at one instant the first of `ORDER`."""
        return self.due_at, ORDER.index(self.name)


class IoConsider(Rule):
    """Consider intraosseous access."""

    id = "io-consider"
    title = "Consider intraosseous access"

    def findings(self, view: View) -> list[Finding]:
        """The one finding of the episode, or none."""
        episode = view.state.access.episode
        if episode is None or self._silenced(view.state, view.now):
            return []
        bases = self._bases(view.state, episode, view.now)
        if not bases:
            return []
        finding = self._finding(view, episode, bases)
        return [] if finding is None else [finding]

    def next_due(self, view: View) -> int | None:
        """When the time limit is reached, or when an IO attempt has silenced for as long as it may."""
        access = view.state.access
        candidates = [self._silent_until(attempt) for attempt in self._io_in_progress(view.state)]
        episode = access.episode
        limit = self.thresholds.seconds_limit
        if episode is not None and limit is not None and episode.pressing[-1][1] is None:
            candidates.append(max(episode.t0.at + limit * SECOND, episode.pressing[-1][0]))
        return min((due for due in candidates if due > view.now), default=None)

    def answered(self, view: View, flag: Flag) -> tuple[Ref, ...]:
        """An IO attempt that silences at or after the flag's `due_at`, or any line established since the need began.

        What was known when the flag was raised cannot have answered it.
        """
        needed_at, raised = parse_instant(str(flag.facts["needed_at"])), flag.raised.seq
        for line in view.state.access.established:
            if line.established is None or max(line.start.seq, line.established.seq) < raised:
                continue
            if line.established.at >= needed_at:
                return (line.established.seq,)
        for attempt in view.state.access.io_attempts:
            if attempt.start.seq < raised or self._silent_until(attempt) <= flag.due_at:
                continue
            if attempt.end is None or attempt.end.at > flag.due_at:
                return (attempt.start.seq,)
        return ()

    def _silenced(self, state: State, instant: int) -> bool:
        return any(self._silent_until(attempt) > instant for attempt in self._io_in_progress(state))

    def _silent_until(self, attempt: Attempt) -> int:
        return attempt.start.at + self.thresholds.io_silence_seconds * SECOND

    @staticmethod
    def _io_in_progress(state: State) -> list[Attempt]:
        return [attempt for attempt in state.access.in_progress.values() if attempt.route == "io"]

    def _bases(self, state: State, episode: Episode, now: int) -> list[Basis]:
        """Every basis that holds at `now`, the one that names the flag first."""
        found = [
            basis
            for basis in (
                self._arrest(state, episode),
                self._operator(state, episode),
                self._uvc_failed(state, episode),
                self._attempts(episode),
                self._elapsed(episode),
            )
            if basis is not None and basis.due_at <= now
        ]
        found.sort(key=lambda basis: basis.rank)
        return found

    def _arrest(self, state: State, episode: Episode) -> Basis | None:
        if not self.thresholds.io_first_in_arrest or state.arrest is None:
            return None
        return Basis("arrest", max(episode.t0.at, state.arrest.at), (state.arrest.seq,))

    def _operator(self, state: State, episode: Episode) -> Basis | None:
        opened, nobody = state.opened, state.no_uvc_hand_since
        if not self.thresholds.operator_rule or opened is None or opened.setting != "delivery_room":
            return None
        need = next((need for need in episode.needs if need.urgency == "emergent"), None)
        if need is None or nobody is None:
            return None
        return Basis("operator", max(need.stamp.at, nobody.at), (need.stamp.seq, nobody.seq))

    def _uvc_failed(self, state: State, episode: Episode) -> Basis | None:
        if not self.thresholds.io_after_uvc:
            return None
        dues = []
        failure = next((attempt for attempt in episode.venous_failures if attempt.route == "uvc"), None)
        if failure is not None and failure.end is not None:
            dues.append((failure.end.at, failure.end.seq))
        cord = state.known("cord")
        if cord is not None and cord.value == "unusable":
            dues.append((max(episode.t0.at, cord.stamp.at), cord.stamp.seq))
        if not dues:
            return None
        due_at, seq = min(dues)
        return Basis("uvc_failed", due_at, (seq,))

    def _attempts(self, episode: Episode) -> Basis | None:
        limit = self.thresholds.attempts_limit
        if limit is None or len(episode.venous_failures) < limit:
            return None
        counted = [attempt.end for attempt in episode.venous_failures[:limit] if attempt.end is not None]
        return Basis("attempts", counted[-1].at, tuple(end.seq for end in counted))

    def _elapsed(self, episode: Episode) -> Basis | None:
        limit = self.thresholds.seconds_limit
        since, until = episode.pressing[-1]
        if limit is None or until is not None:
            return None
        return Basis("elapsed", max(episode.t0.at + limit * SECOND, since), (episode.t0.seq,))

    def _finding(self, view: View, episode: Episode, bases: list[Basis]) -> Finding | None:
        opened = next(
            (flag for flag in view.flags.open_flags(self.id) if not self.answered(view, flag)), None
        )
        special = self._after_io(view, episode, bases)
        if special is not None and (opened is None or special.due_at >= opened.due_at):
            return special
        last = view.flags.last_flag(self.id)
        said = last.acknowledged if last is not None and last.raised.at >= episode.t0.at else None
        if said is not None:
            renewal = self._renewal(episode, bases, said.at, view.now)
            if renewal is not None:
                return _flagged(renewal, renews=True)
            if opened is None:
                return None
        if opened is not None:
            return Finding(opened.basis, opened.due_at, "medium")
        return _flagged(bases[0])

    def _after_io(self, view: View, episode: Episode, bases: list[Basis]) -> Finding | None:
        """The flag that an IO attempt calls for: it ended without access, or its end was perhaps forgotten."""
        held_since = min(basis.due_at for basis in bases)
        found = []
        ends = [attempt for attempt in episode.io_failures if attempt.end is not None]
        if ends and ends[-1].end is not None and held_since <= ends[-1].end.at:
            found.append((ends[-1], ends[-1].end.at, IO_FAILED, "medium", ends[-1].end.seq))
        waiting = self._io_in_progress(view.state)
        if waiting:
            newest = max(waiting, key=lambda attempt: attempt.start.at)
            due_at = self._silent_until(newest)
            if due_at <= view.now and held_since <= due_at:
                found.append((newest, due_at, IO_OPEN, "low", newest.start.seq))
        if not found:
            return None
        attempt, due_at, basis, priority, seq = max(found, key=lambda candidate: candidate[1])
        for flag in view.flags.of_rule(self.id):
            if (flag.basis, flag.facts.get("io_attempt")) == (
                basis,
                attempt.number,
            ) and flag.because != "retracted":
                return None
        return Finding(basis, due_at, priority, renews=True, evidence=(seq,))

    def _renewal(self, episode: Episode, bases: list[Basis], said_at: int, now: int) -> Basis | None:
        """What speaks again after an acknowledgement at `said_at`, or None while it silences."""
        limits = (self.thresholds.attempts_limit, self.thresholds.seconds_limit)
        first = self._first_limit(episode, now)
        if limits == (None, None) or (first is not None and first <= said_at):
            for attempt in episode.venous_failures:
                if attempt.end is not None and attempt.end.at > said_at:
                    return Basis(FURTHER_ATTEMPT, attempt.end.at, (attempt.end.seq,))
            return None
        return next((basis for basis in bases if basis.name in LIMITS and basis.due_at > said_at), None)

    def _first_limit(self, episode: Episode, now: int) -> int | None:
        """When a limit first came due in the episode, whether or not it still holds."""
        dues = []
        attempts = self._attempts(episode)
        if attempts is not None:
            dues.append(attempts.due_at)
        limit = self.thresholds.seconds_limit
        if limit is not None:
            reached = episode.t0.at + limit * SECOND
            for since, until in episode.pressing:
                due_at = max(reached, since)
                if due_at <= now and (until is None or due_at < until):
                    dues.append(due_at)
                    break
        return min(dues, default=None)

    def explain(self, view: View, finding: Finding) -> Reasons:
        """Facts with their times, the limit and its source, what is not known, and the alternatives in order."""
        state, now = view.state, view.now
        episode = state.access.episode
        assert episode is not None
        thresholds = self.thresholds
        failures = episode.venous_failures
        asked = systemic_by(state, self.tables, now)
        present = [name for name, (is_present, _) in asked.items() if is_present]
        bones = Bones(state, self.tables, thresholds.same_bone_hours, now)
        facts: dict[str, str | int] = {
            "needed_at": format_instant(episode.t0.at),
            "need_began_by": episode.cause,
            "seconds_without_access": (now - episode.t0.at) // SECOND,
            "venous_attempts_failed": len(failures),
            "urgency": episode.urgency,
        }
        if present:
            facts["systemic_cautions"] = ", ".join(present)
        evidence: list[Ref] = [episode.t0.seq, *(end.seq for a in failures if (end := a.end) is not None)]
        evidence += [seq for _, seq in asked.values()]
        evidence += self._io_facts(view, episode, finding, facts)
        unknown = tuple(name for name in systemic(self.tables) if name not in asked) + bones.unknown()
        threshold, source = self._threshold(finding.basis)
        return Reasons(
            text=self._text(view, episode, finding, threshold, source, facts),
            threshold=threshold,
            source=source,
            facts=facts,
            evidence=tuple(sorted(set(evidence) | set(finding.evidence))),
            unknown=unknown,
            alternatives=self._alternatives(state, episode, bones),
        )

    def _io_facts(
        self, view: View, episode: Episode, finding: Finding, facts: dict[str, str | int]
    ) -> list[Ref]:
        if finding.basis not in (IO_FAILED, IO_OPEN):
            return []
        candidates = episode.io_failures if finding.basis == IO_FAILED else self._io_in_progress(view.state)
        attempt = next(
            a for a in candidates if finding.evidence[0] in (a.start.seq, a.end.seq if a.end else None)
        )
        facts["io_attempt"] = attempt.number
        facts["io_started_at"] = format_instant(attempt.start.at)
        return [attempt.start.seq]

    def _alternatives(self, state: State, episode: Episode, bones: Bones) -> tuple[str, ...]:
        found = []
        opened = state.opened
        tried = any(a.route == "uvc" and a.without_access for a in state.access.attempts.values())
        if (
            opened is not None
            and opened.setting == "delivery_room"
            and state.value("cord") != "unusable"
            and not tried
        ):
            found.append("uvc")
        return (*found, *bones.open_sites(), "venous")

    def _threshold(self, basis: str) -> tuple[str, str]:
        thresholds, sources = self.thresholds, self.protocol.sources
        limits = []
        if thresholds.attempts_limit is not None:
            limits.append((f"{thresholds.attempts_limit} venous attempts", "attempts_limit"))
        if thresholds.seconds_limit is not None:
            limits.append((f"{thresholds.seconds_limit} s", "seconds_limit"))
        named = {
            "arrest": ("IO first in arrest", "io_first_in_arrest"),
            "operator": (
                "rapid access essential, nobody experienced with umbilical catheters",
                "operator_rule",
            ),
            "uvc_failed": ("umbilical vein not available", "io_after_uvc"),
            "attempts": (f"{thresholds.attempts_limit} venous attempts", "attempts_limit"),
            "elapsed": (f"{thresholds.seconds_limit} s", "seconds_limit"),
            IO_OPEN: (f"{thresholds.io_silence_seconds} s for one IO attempt", "io_silence_seconds"),
        }
        if basis in named:
            threshold, parameter = named[basis]
            return threshold, sources[parameter]
        if limits:
            return " or ".join(limit for limit, _ in limits), sources[limits[0][1]]
        return self.protocol.title, self.protocol.title

    def _text(
        self,
        view: View,
        episode: Episode,
        finding: Finding,
        threshold: str,
        source: str,
        facts: dict[str, str | int],
    ) -> str:
        state = view.state
        since = clock(episode.t0.at, state)
        waited = f"{facts['seconds_without_access']} s without access since {since}"
        failed = f"{len(episode.venous_failures)} venous attempts without access"
        limit = f"limit {threshold} ({source})"
        if finding.basis == IO_OPEN:
            started = clock(parse_instant(str(facts["io_started_at"])), state)
            return f"Check IO attempt {facts['io_attempt']}: started {started}, no end recorded; still going? {waited}."
        if finding.basis == IO_FAILED:
            return f"Consider IO again: IO attempt {facts['io_attempt']} ended without access; {waited}, {failed}; {limit}."
        if finding.basis == FURTHER_ATTEMPT:
            return f"Consider IO: a further venous attempt failed at {clock(finding.due_at, state)}; {waited}, {failed}; {limit}."
        if finding.basis == "attempts":
            return f"Consider IO: {failed}, the last at {clock(finding.due_at, state)}; {waited}; {limit}."
        if finding.basis == "elapsed":
            return f"Consider IO: {waited}, {failed}; {limit}."
        if finding.basis == "snooze_over":
            return f"Consider IO: snooze over at {clock(finding.due_at, state)}, still {waited}, {failed}; {limit}."
        return f"Consider IO: {threshold}; {waited}, {failed} ({source})."


def _flagged(basis: Basis, *, renews: bool = False) -> Finding:
    return Finding(basis.name, basis.due_at, "medium", renews=renews, evidence=basis.evidence)
