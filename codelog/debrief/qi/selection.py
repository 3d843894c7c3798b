"""Which cases are counted: by date, setting, age, protocol, and whether they were trainings."""

from __future__ import annotations

from dataclasses import dataclass

from codelog.case.instants import format_instant
from codelog.debrief.qi.case_figures import CaseFigures

UNKNOWN = "unknown"
"""What selects the cases of which the age is not known."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What a case must be to be counted; None is anything. Dates (`2026-11-22`) are those of case zero in UTC, both included.

    `mode` None: the clinical cases, or the trainings where no clinical one was found.
    """

    since: str | None = None
    until: str | None = None
    setting: str | None = None
    age_band: str | None = None
    protocol: str | None = None
    mode: str | None = None

    def takes(self, case: CaseFigures) -> bool:
        """Whether a case is one of these, its mode aside."""
        day = format_instant(case.zero)[:10]
        return (
            (self.since is None or day >= self.since)
            and (self.until is None or day <= self.until)
            and (self.setting is None or case.setting == self.setting)
            and (self.age_band is None or (case.age_band or UNKNOWN) == self.age_band)
            and (self.protocol is None or (case.protocol or (UNKNOWN,))[0] == self.protocol)
        )
