"""How each intraosseous site is marked, the same in the list and in the drawing: by the digit of the site strip, or why not."""

from __future__ import annotations

from dataclasses import dataclass

from codelog.case.access import Attempt
from codelog.clinical.tables import Tables
from codelog.debrief.plain import plain
from codelog.debrief.wording import label
from codelog.live.view import CaseView
from codelog.rules.bones import OFFERED, RuledOut, SiteStatus
from codelog.terminal.strip import MORE, PAGE
from codelog.terminal.widgets.anatomy import Mark, SitePlace

WORKS, TRYING, CLOSED, TRIED, DISPUTED = "[+]", "[~]", "×", "[×]", "?"
"""A line that works, an attempt in progress, a bone that is ruled out, the last attempt, a site that texts dispute."""


@dataclass(frozen=True, slots=True)
class MarkedSite:
    """A site on one side with its mark, and how it stands in words."""

    status: SiteStatus
    mark: Mark
    words: str

    @property
    def place(self) -> SitePlace:
        """Site and side by id."""
        return self.status.site.id, self.status.side


def marked_sites(view: CaseView) -> list[MarkedSite]:
    """The sites that are offered at the age or were tried, in the order of the site strip."""
    tried = _tried(view)
    newest = next(reversed(tried), None)
    found = []
    for index, status in enumerate(view.bones().sites()):
        place = (status.site.id, status.side)
        attempt = tried.get(place)
        if attempt is not None and attempt.works:
            found.append(MarkedSite(status, Mark(WORKS, "bold $success"), f"line {attempt.number} works"))
        elif attempt is not None and attempt.in_progress:
            words = f"attempt {attempt.number} goes on"
            found.append(MarkedSite(status, Mark(TRYING, "bold $warning"), words))
        elif status.ruled_out is not None and (attempt is not None or status.preference in OFFERED):
            mark = Mark(TRIED if place == newest else CLOSED, "bold $error")
            found.append(MarkedSite(status, mark, _why(status.ruled_out, attempt, view.tables)))
        elif status.open:
            found.append(_open(status, index))
    return found


def _open(status: SiteStatus, index: int) -> MarkedSite:
    disputed = status.preference == "disputed"
    mark = Mark(keys_of(index) + (DISPUTED if disputed else ""), "bold $warning" if disputed else "bold $key")
    return MarkedSite(status, mark, status.preference)


def _why(ruled_out: RuledOut, attempt: Attempt | None, tables: Tables) -> str:
    why = plain(label(tables.conditions, ruled_out.why), 60)
    if attempt is None:
        return why
    return f"{why}, {attempt.outcome if attempt.established is None else attempt.gone_by}"


def keys_of(index: int) -> str:
    """The digits that choose the choice at an index of a strip."""
    return str(MORE) * (index // PAGE) + str(index % PAGE + 1)


def _tried(view: CaseView) -> dict[SitePlace, Attempt]:
    """The newest attempt at each site, in order of their starts."""
    tried: dict[SitePlace, Attempt] = {}
    for attempt in view.state().access.io_attempts:
        place = _place(attempt, view.tables)
        if place is not None:
            tried.pop(place, None)
            tried[place] = attempt
    return tried


def _place(attempt: Attempt, tables: Tables) -> SitePlace | None:
    site = tables.io_sites.get(attempt.text("site") or "")
    if site is None:
        return None
    side = site.sides[0] if len(site.sides) == 1 else attempt.text("side")
    return None if side is None else (site.id, side)
