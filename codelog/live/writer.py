"""The one thread that writes: requests go in by a queue, what became of them comes out by a callback.

Nothing is lost on the way: what the store does not take is kept in the spill file and tried again, in order.
"""

from __future__ import annotations

import dataclasses
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from codelog.case.events import AccessPresent, AttemptStarted, Event, InfusionStarted, Ref, write_data
from codelog.case.scenario import NUMBERED
from codelog.live.recorder import Recorded, Recorder, Request, RequestRefused
from codelog.live.spill import Spill, Spilled

RETRY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Saved:
    """Durable: the entry of a ticket, and everything written with it, flags included."""

    ticket: int
    recorded: Recorded


@dataclass(frozen=True, slots=True)
class Woken:
    """Durable: flags that came due by themselves, or entries that another process made."""

    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class NotSaved:
    """Not in the store, and waiting to be: why, and where it is kept meanwhile (None: in memory only)."""

    ticket: int
    why: str
    kept_in: str | None


@dataclass(frozen=True, slots=True)
class StoreFails:
    """Nothing of anybody's waits, but the store cannot take the flags that come due; it is tried again."""

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


Outcome = Saved | Woken | NotSaved | StoreFails | Refused | RulesStopped


class Writer:
    """Owns the recorder of a case. `publish` is called from the writer's thread, in order."""

    def __init__(self, recorder: Recorder, spill: Spill, publish: Callable[[Outcome], None]) -> None:
        self._recorder = recorder
        self._spill = spill
        self._publish = publish
        self._queue: queue.SimpleQueue[Spilled | None] = queue.SimpleQueue()
        self._waiting: list[Spilled] = []
        self._numbers: dict[int, Ref] = {}
        self._told: tuple[str, ...] = ()
        self._seen = 0
        self._store_fails = False
        self._last_ticket = 0
        self._thread = threading.Thread(target=self._work, name="codelog-writer", daemon=True)

    def start(self) -> None:
        """Begin; what an earlier run left in the spill file is entered first."""
        self._thread.start()

    def submit(self, request: Request, *, follows: int | None = None) -> int:
        """Hand over a request; returns its ticket at once.

        `follows` names the ticket of the attempt or infusion it is about, when its number is not known yet.
        """
        self._last_ticket += 1
        self._queue.put(Spilled(self._last_ticket, request, follows))
        return self._last_ticket

    def close(self, timeout: float = 5.0) -> bool:
        """Write what is in the queue and stop; whether that was done in time."""
        self._queue.put(None)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _work(self) -> None:
        self._recover()
        self._wake()
        while True:
            try:
                item = self._queue.get(timeout=self._patience())
            except queue.Empty:
                self._retry() if self._waiting else self._wake()
                continue
            if item is None:
                self._retry()
                if not self._waiting:
                    self._spill.release()
                return
            if self._waiting:
                self._waiting.append(item)
                self._keep(item, "an earlier entry is still waiting for the store")
                self._retry()
            else:
                self._write(item)

    def _patience(self) -> float | None:
        if self._waiting or self._store_fails:
            return RETRY_SECONDS
        if not self._recorder.events:
            # Nothing is open yet; or what was in memory has been given up, and is to be read anew at once.
            return 0 if self._seen else None
        due = self._recorder.next_due()
        return None if due is None else due / 1000

    def _write(self, item: Spilled) -> bool:
        try:
            recorded = self._recorder.record(self._numbered(item))
        except RequestRefused as error:
            self._publish(Refused(item.ticket, str(error)))
            return True
        except Exception as error:  # noqa: BLE001 - whatever fails, the entry is kept and the thread goes on
            if item not in self._waiting:
                self._waiting.append(item)
                self._keep(item, str(error))
            return False
        self._remember(item.ticket, recorded.entries[0])
        self._publish(Saved(item.ticket, Recorded(recorded.entries, self._news())))
        self._tell_failures()
        return True

    def _retry(self) -> None:
        done = 0
        for item in self._waiting:
            if not self._write(item):
                break
            done += 1
        if done:
            del self._waiting[:done]
            self._save_waiting()

    def _wake(self) -> None:
        try:
            self._recorder.wake()
        except Exception as error:  # noqa: BLE001 - whatever fails, the entry is kept and the thread goes on
            self._store_fails = True
            self._publish(StoreFails(str(error)))
            return
        self._store_fails = False
        news = self._news()
        if news:
            self._publish(Woken(news))
        self._tell_failures()

    def _news(self) -> tuple[Event, ...]:
        """The events not yet published, those that other processes wrote among them."""
        events = self._recorder.events
        news = tuple(events[self._seen :])
        self._seen = len(events)
        return news

    def _numbered(self, item: Spilled) -> Request:
        field = NUMBERED.get(item.request.kind, "attempt")
        if item.follows is None or item.follows not in self._numbers:
            return item.request
        data = {**item.request.data, field: self._numbers[item.follows]}
        return dataclasses.replace(item.request, data=data)

    def _remember(self, ticket: int, entry: Event) -> None:
        data = entry.data
        if isinstance(data, (AttemptStarted, AccessPresent)):
            self._numbers[ticket] = data.attempt
        elif isinstance(data, InfusionStarted):
            self._numbers[ticket] = data.infusion

    def _keep(self, item: Spilled, why: str) -> None:
        kept = self._save_waiting()
        self._publish(NotSaved(item.ticket, why, kept))

    def _save_waiting(self) -> str | None:
        try:
            path = self._spill.write(self._placed(item) for item in self._waiting)
        except OSError:
            return None
        return None if path is None else str(path)

    def _placed(self, item: Spilled) -> Spilled:
        """The item as it must be read in another run: with an instant instead of a reading of this boot's clock."""
        request = self._numbered(item)
        if request.at is None or request.ago:
            basis = request.basis or ("stated" if request.stated else "live")
            at = self._recorder.instant(request)
            request = dataclasses.replace(request, at=at, since_zero=None, pressed=None, ago=0, basis=basis)
        return dataclasses.replace(item, request=request)

    def _recover(self) -> None:
        left = self._spill.read()
        self._spill.reserve()
        if not left:
            return
        self._wake()
        tickets: dict[int, int] = {}
        for spilled in left:
            self._last_ticket += 1
            tickets[spilled.ticket] = self._last_ticket
            follows = None if spilled.follows is None else tickets.get(spilled.follows)
            item = Spilled(self._last_ticket, spilled.request, follows)
            already = self._entered(item)
            if already is None:
                self._waiting.append(item)
            else:
                self._remember(item.ticket, already)
        self._retry()
        if not self._waiting:
            self._save_waiting()

    def _tell_failures(self) -> None:
        stopped = tuple(sorted(self._recorder.failures))
        if stopped != self._told:
            self._told = stopped
            self._publish(RulesStopped(stopped))

    def _entered(self, item: Spilled) -> Event | None:
        """The event of a request that became durable just before the program ended, if it did."""
        request = item.request
        for event in reversed(self._recorder.events):
            if (event.kind, event.at, event.by) == (request.kind, request.at, request.by):
                written = write_data(event.data)
                if all(written.get(name) == value for name, value in request.data.items()):
                    return event
        return None
