"""The one thread that writes: requests go in by a queue, what became of them comes out by a callback.

What the store does not take is kept in the spill file and tried again, in order; what an earlier run left there is
entered first. An entry that could not even be spilled is told as such.
"""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from codelog.case.events import Event
from codelog.live.recorder import Recorded, Recorder, Request, RequestRefused
from codelog.live.spill import Spill, Spilled
from codelog.live.waiting import References, already_entered, frozen, latest

RETRY_SECONDS = 2.0
LOOK_SECONDS = 0.8
"""How often the log is asked whether another process wrote to it; and no wait for a deadline is longer, since the
timer of a wait may stand still while the machine is suspended."""


@dataclass(frozen=True, slots=True)
class Saved:
    """Durable: the entry of a ticket, and every event not told of before, flags and other processes' among them."""

    ticket: int
    recorded: Recorded


@dataclass(frozen=True, slots=True)
class Woken:
    """Durable: flags that came due by themselves, or entries that another process made; the store works."""

    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class NotSaved:
    """Not in the store, and waiting to be: why, and where it is kept meanwhile (None: in memory only)."""

    ticket: int
    why: str
    kept_in: str | None
    request: Request


@dataclass(frozen=True, slots=True)
class StoreFails:
    """The store cannot take the flags that come due, or nothing at all; it is tried again."""

    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Not entered, because it has no meaning."""

    ticket: int
    why: str


@dataclass(frozen=True, slots=True)
class RulesStopped:
    """Rules that are not running; recording goes on."""

    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotSigned:
    """The record is saved and goes on; no checkpoint of it could be signed, and this is why."""

    why: str


Outcome = Saved | Woken | NotSaved | StoreFails | Refused | RulesStopped | NotSigned


class Writer:
    """Owns the recorder of a case, whose clock runs at `pace`. `publish` is called from the writer's thread, in order."""

    def __init__(
        self, recorder: Recorder, spill: Spill, publish: Callable[[Outcome], None], pace: float = 1.0
    ) -> None:
        self._recorder = recorder
        self._pace = pace
        self._spill = spill
        self._publish = publish
        self._queue: queue.SimpleQueue[Spilled | None] = queue.SimpleQueue()
        self._tickets = itertools.count(1)
        self._waiting: list[Spilled] = []
        self._references = References()
        self._told: tuple[str, ...] = ()
        self._seen = 0
        self._store_fails = False
        self._not_signed: str | None = None
        self._finished = False
        self._thread = threading.Thread(target=self._work, name="codelog-writer", daemon=True)

    def start(self) -> None:
        """Begin; what an earlier run left in a spill file is entered first."""
        self._thread.start()

    def submit(self, request: Request, *, follows: int | None = None) -> int:
        """Hand over a request; returns its ticket at once.

        `follows` names the ticket of the entry it is about, when its number or seq is not known yet.
        """
        ticket = next(self._tickets)
        self._queue.put(Spilled(ticket, request, follows))
        return ticket

    def close(self, timeout: float = 5.0) -> bool:
        """Write what is in the queue and stop; whether all of it is in the store. What is not, waits in the spill."""
        self._queue.put(None)
        self._thread.join(timeout)
        return self._finished and not self._waiting

    def _work(self) -> None:
        try:
            self._spill.open()
            self._recover()
            self._wake()
            while self._turn():
                pass
            self._sign()
            self._finished = True
        except Exception as error:  # noqa: BLE001 - the last words of a thread that must not die in silence
            self._save_waiting()
            self._tell(StoreFails(f"the writer stopped ({type(error).__name__}); start codelog again"))
        finally:
            self._spill.close()

    def _turn(self) -> bool:
        """One round: wait for work or a deadline, and do it. False when there is to be no other."""
        try:
            batch = [self._queue.get(timeout=self._patience())]
        except queue.Empty:
            self._rest()
            return True
        while not self._queue.empty():
            batch.append(self._queue.get())
        items = [item for item in batch if item is not None]
        stop = len(items) < len(batch)
        if self._waiting:
            self._hold(items, "an earlier entry is still waiting for the store")
            self._retry()
        else:
            self._write_all(items)
        if stop and self._waiting:
            self._retry()
        return not stop

    def _rest(self) -> None:
        """Nobody wants anything entered: do what is due, and take in what others wrote; else leave the store alone."""
        if self._waiting:
            self._retry()
        elif self._store_fails or self._recorder.next_due() == 0 or self._behind():
            self._wake()
        else:
            self._sign()

    def _behind(self) -> bool:
        try:
            return self._recorder.behind()
        except Exception:  # noqa: BLE001 - as in _write; waking tells what is wrong with the store
            return True

    def _patience(self) -> float | None:
        if self._waiting or self._store_fails:
            return RETRY_SECONDS
        if not self._recorder.events:
            # Nothing is open yet; or what was in memory has been given up, and is to be read anew at once.
            return 0 if self._seen else None
        due = self._recorder.next_due()
        return LOOK_SECONDS if due is None else min(due / 1000 / self._pace, LOOK_SECONDS)

    def _write_all(self, items: list[Spilled]) -> None:
        """Write the items; from the first that the store does not take, all of them wait."""
        for place, item in enumerate(items):
            why = self._write(item)
            if why is not None:
                self._hold(items[place:], why)
                return

    def _write(self, item: Spilled) -> str | None:
        """Enter one item; why the store did not take it, or None."""
        try:
            recorded = self._recorder.record(self._references.resolved(item))
        except RequestRefused as error:
            self._references.refused(item.ticket)
            if item in self._waiting:
                self._spill.keep_refused(item)
            self._tell(Refused(item.ticket, str(error)))
            return None
        except Exception as error:  # noqa: BLE001 - whatever fails, the entry is kept and the thread goes on
            return str(error) or type(error).__name__
        self._done(item, recorded.entries[0])
        return None

    def _done(self, item: Spilled, entry: Event) -> None:
        self._store_fails = False
        self._references.entered(item.ticket, entry)
        self._tell(Saved(item.ticket, Recorded((entry,), self._news())))
        self._tell_failures()

    def _retry(self) -> None:
        """Try what waits once more, in order; an entry that turns out to be durable is not entered again."""
        if not self._woken():
            return
        done = 0
        for item in self._waiting:
            already = already_entered(item.request, self._recorder.events)
            if already is not None:
                self._done(item, already)
            elif self._write(item) is not None:
                break
            done += 1
        if done:
            del self._waiting[:done]
            self._save_waiting()
            if not self._waiting:
                self._spill.open()

    def _wake(self) -> None:
        failed = self._store_fails
        if self._woken():
            news = self._news()
            # Also without news, when the store works again: whoever was told that it fails wants to know.
            if news or failed:
                self._tell(Woken(news))
            self._tell_failures()

    def _woken(self) -> bool:
        """Bring the recorder up to date and the flags that are due into the log; whether the store let us."""
        try:
            self._recorder.wake()
        except Exception as error:  # noqa: BLE001 - as in _write
            self._store_fails = True
            self._tell(StoreFails(str(error) or type(error).__name__))
            return False
        self._store_fails = False
        return True

    def _sign(self) -> None:
        """Have signed what is due, now that nobody waits for an entry."""
        try:
            self._recorder.sign()
        except Exception as error:  # noqa: BLE001 - as in _write; the record itself does not depend on it
            why = str(error) or type(error).__name__
            if why != self._not_signed:
                self._tell(NotSigned(why))
            self._not_signed = why
        else:
            self._not_signed = None

    def _news(self) -> tuple[Event, ...]:
        """The events not yet published, those that other processes wrote among them."""
        events = self._recorder.events
        news = tuple(events[self._seen :])
        self._seen = len(events)
        return news

    def _hold(self, items: list[Spilled], why: str) -> None:
        """Keep items until the store takes them: first on disk, then tell."""
        held = [self._frozen(item) for item in items]
        self._waiting += held
        kept = self._save_waiting()
        for item in held:
            self._tell(NotSaved(item.ticket, why, kept, item.request))

    def _frozen(self, item: Spilled) -> Spilled:
        try:
            request = self._references.resolved(item)
        except RequestRefused:
            request = item.request
        return frozen(item, request, self._recorder.instant)

    def _save_waiting(self) -> str | None:
        try:
            path = self._spill.write(self._waiting)
        except OSError:
            return None
        return None if path is None else str(path)

    def _recover(self) -> None:
        """Take over what writers that are gone left behind: into our own file first, then into the store."""
        left = self._spill.read()
        if not left:
            return
        tickets = {spilled.ticket: next(self._tickets) for spilled in left}
        for spilled in left:
            follows = None if spilled.follows is None else tickets.get(spilled.follows)
            self._waiting.append(Spilled(tickets[spilled.ticket], spilled.request, follows, spilled.key))
        self._recorder.not_before(latest(self._waiting))
        kept = self._save_waiting()
        if kept is not None:
            self._spill.discard_left_behind()
        for item in self._waiting:
            self._tell(NotSaved(item.ticket, "it was not saved when the program ended", kept, item.request))
        self._retry()

    def _tell_failures(self) -> None:
        stopped = tuple(sorted(self._recorder.failures))
        if stopped != self._told:
            self._told = stopped
            self._tell(RulesStopped(stopped))

    def _tell(self, outcome: Outcome) -> None:
        """Publish; whoever cannot listen must not stop the writing."""
        try:
            self._publish(outcome)
        except Exception:  # noqa: BLE001, S110 - nobody is left to tell
            pass
