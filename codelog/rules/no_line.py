"""no-line: something was given by a route for which no line worked, or through a line that did not work."""

from __future__ import annotations

from codelog.case.events import Ref
from codelog.case.flags import Subject
from codelog.case.infusions import Given
from codelog.case.state import State
from codelog.clinical.protocols import Protocol
from codelog.clinical.tables import Tables
from codelog.rules.rule import Changes, Finding, Reasons, Rule, View, clock

LINES_FOR = {"iv": ("piv", "cvc", "uvc"), "uvc": ("uvc",), "io": ("io",)}
"""Route of a dose -> the routes of the lines that can carry it."""


class NoLine(Rule):
    """Check the route of what was given."""

    id = "no-line"
    title = "Check the line"

    def __init__(self, protocol: Protocol, tables: Tables) -> None:
        super().__init__(protocol, tables)
        self._standing: dict[Ref, tuple[Finding, Given]] = {}
        self._changes = Changes()

    def settle(self, state: State) -> None:
        """Judge everything given at this instant by the lines that work after all of its entries."""
        for given in state.given_now:
            basis = _basis(state, given)
            seq = given.stamp.seq
            if basis is None:
                if self._standing.pop(seq, None) is not None:
                    self._changes.note(entry=seq)
            else:
                self._changes.note(entry=seq)
                finding = Finding(basis, given.stamp.at, "medium", entry=seq, evidence=(seq,))
                self._standing[seq] = finding, given

    def findings(self, view: View) -> list[Finding]:
        """One finding for every entry that had no line."""
        return [finding for finding, _ in self._standing.values()]

    def changed(self) -> set[Subject] | None:
        """The entries judged since."""
        return self._changes.take()

    def finding(self, view: View, subject: Subject) -> Finding | None:
        """What is held against one entry."""
        standing = self._standing.get(subject[1] or 0)
        return None if standing is None else standing[0]

    def explain(self, view: View, finding: Finding) -> Reasons:
        """What was given, when, by which route, and what was in place."""
        given = self._standing[finding.entry or 0][1]
        lines = [f"{line.number} ({line.route})" for line in view.state.access.working.values()]
        at = clock(given.stamp.at, view.state)
        through = "" if given.attempt is None else f" through attempt {given.attempt}"
        why = (
            "is no working line then"
            if finding.basis == "line_not_working"
            else f"no working {given.route} line then"
        )
        return Reasons(
            text=f"Check the line: {given.what} by {given.route}{through} at {at}, {why}.",
            threshold="a working line for the route",
            source="the record of this case",
            facts={
                "given": given.what,
                "route": given.route,
                "at": at,
                "lines_now": ", ".join(lines) or "none",
            },
            evidence=finding.evidence,
        )


def _basis(state: State, given: Given) -> str | None:
    routes = LINES_FOR.get(given.route)
    if routes is None:
        return None
    if not state.access.working_by(*routes):
        return "no_line"
    if given.attempt is not None and given.attempt not in state.access.working:
        return "line_not_working"
    return None
