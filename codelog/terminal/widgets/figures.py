"""The figures of a case that every screen shows: time without access, the attempts. Knows nothing of the screen."""

from __future__ import annotations

from dataclasses import dataclass

from codelog.case.instants import SECOND, format_elapsed
from codelog.debrief.wording import site_words, word
from codelog.live.view import CaseView

CALM, WORTH_A_LOOK, ALARM = "calm", "look", "alarm"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one tile shows: a title, the figure, a line beneath, and how pressing it is."""

    title: str
    figure: str
    beneath: str = ""
    tone: str = CALM


def clock(span: int) -> str:
    """A span in whole seconds."""
    return format_elapsed(span, millis=False)


@dataclass(frozen=True, slots=True)
class Waiting:
    """For how long access has been wanted and is not there: `waited` and `limit` are spans; `limit` None: there is none."""

    waited: int
    limit: int | None
    urgency: str

    @property
    def pressing(self) -> bool:
        """Whether the limit is reached where that matters."""
        return self.limit is not None and self.waited >= self.limit and self.urgency != "routine"

    @property
    def tone(self) -> str:
        """How it looks."""
        return ALARM if self.pressing else WORTH_A_LOOK


def instant_shown(view: CaseView) -> int:
    """The instant at which clocks stand: now, or when the case was closed."""
    closed = view.state().closed
    return view.now() if closed is None else closed.at


def waiting(view: CaseView) -> Waiting | None:
    """The wait for access that is running, or None."""
    episode = view.state().access.episode
    if episode is None:
        return None
    seconds = view.protocol.thresholds.seconds_limit
    limit = None if seconds is None else seconds * SECOND
    return Waiting(max(0, instant_shown(view) - episode.t0.at), limit, episode.urgency)


def access_clock(view: CaseView) -> Reading:
    """How long access has been wanted and is not there, or the line that works."""
    access, wait = view.state().access, waiting(view)
    if wait is not None:
        beside = "" if wait.limit is None else f" / {clock(wait.limit)}"
        return Reading("WITHOUT ACCESS", f"{clock(wait.waited)}{beside}", wait.urgency, wait.tone)
    if not access.working:
        return Reading("ACCESS", "none", "no need noted")
    line = list(access.working.values())[-1]
    where = site_words(line.text("site"), line.text("side"), view.tables)
    more = f" +{len(access.working) - 1}" if len(access.working) > 1 else ""
    figure = f"line {line.number} {word('access_route', line.route)}{more}"
    if line.route == "io" and line.confirmed is None:
        return Reading("ACCESS", figure, "not confirmed (s)")
    return Reading("ACCESS", figure, where or "site not described")


def attempts(view: CaseView) -> Reading:
    """Venous attempts without access in this need, and the limit."""
    access = view.state().access
    limit = view.protocol.thresholds.attempts_limit
    beside = "" if limit is None else f" / {limit}"
    if access.episode is None:
        return Reading("ATTEMPTS", str(len([a for a in access.attempts.values() if not a.present])), "in all")
    count = len(access.episode.venous_failures)
    io = len(access.episode.io_failures)
    tone = CALM if limit is None or count < limit else ALARM
    return Reading("VEIN ATTEMPTS", f"{count}{beside}", "failed" + (f", IO {io}" if io else ""), tone)
