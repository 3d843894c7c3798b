"""The reading of a line: the entries it makes, what is wrong with it, how it can go on. The line itself is never changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codelog.case.events import read_data
from codelog.case.fields import FieldError
from codelog.case.instants import format_elapsed
from codelog.case.scenario import NUMBERED
from codelog.debrief.plain import plain
from codelog.debrief.wording import describe
from codelog.terminal.shorthand.access import access_verbs
from codelog.terminal.shorthand.child import (
    PATIENT_SENTENCE,
    PATIENT_SLOTS,
    VITAL_SLOTS,
    VITALS_SENTENCE,
    child_verbs,
)
from codelog.terminal.shorthand.context import Context
from codelog.terminal.shorthand.give import give_verbs
from codelog.terminal.shorthand.record import record_verbs
from codelog.terminal.shorthand.sentences import VERB, Entry, Said, Sentence, Unfit, Unsaid
from codelog.terminal.shorthand.shapes import Ago, Misread
from codelog.terminal.shorthand.slots import (
    Figure,
    Led,
    Pick,
    Rest,
    Slot,
    Taken,
    Unread,
    offers,
    split,
    take,
)
from codelog.terminal.shorthand.terms import Term

_AGO = Figure("ago", "how long ago, such as -2m", shape=Ago("-2m"))
_SENTENCES: Mapping[str, Sentence] = {slot.name: VITALS_SENTENCE for slot in VITAL_SLOTS} | {
    slot.name: PATIENT_SENTENCE for slot in PATIENT_SLOTS
}
"""The sentence of a line that begins without a verb, by the slot that its first word fills."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line makes no entry: one sentence, and the word it is about, from `start` up to `end` of the line.

    `unfinished`: nothing is wrong, more has to be typed; the word is then the last one, or empty.
    """

    text: str
    word: str
    start: int
    end: int
    suggestions: tuple[str, ...] = ()
    unfinished: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a line says. `ago_ms` holds for all its entries; `completions` replace the line from `typing` on."""

    line: str
    entries: tuple[Entry, ...]
    ago_ms: int
    problem: Problem | None
    completions: tuple[str, ...]
    typing: int
    preview: tuple[str, ...]

    def completed(self, completion: str) -> str:
        """The line with its last word completed, ready for the next one."""
        return f"{self.line[: self.typing]}{completion} "


def read(line: str, context: Context) -> Reading:
    """Read a line as far as it goes. Never raises: what is wrong with it is its `problem`."""
    walk = _Walk(line, context)
    problem = walk.through()
    entries: tuple[Entry, ...] = ()
    preview: tuple[str, ...] = ()
    if problem is None and walk.words:
        entries, preview, problem = walk.entered()
    words = walk.words
    typing = words[-1].start if words and words[-1].end == len(line) else len(line)
    completions = tuple(dict.fromkeys(walk.completions()))
    return Reading(line, entries, walk.said.get("ago", 0), problem, completions, typing, preview)


class _Walk:
    """One pass over the words. `stops` are the places where something could be said, each with its open slots."""

    def __init__(self, line: str, context: Context) -> None:
        self.line = line
        self.context = context
        self.words = split(line)
        self.said = Said()
        self._where: dict[str, tuple[int, int]] = {}
        self._sentence: Sentence | None = None
        self._led: Led | None = None
        self._stops: list[tuple[int, Sequence[Slot]]] = []
        self._next = 0

    def through(self) -> Problem | None:
        """Read every word; the problem of the first that cannot be."""
        while self._next < len(self.words):
            slots = self._open()
            self._stops.append((self._next, slots))
            try:
                taken = take(slots, [word.text for word in self.words[self._next :]])
            except Unread as error:
                return self._unread(error)
            self._take(taken)
            if isinstance(taken.slot, Rest):
                return self._rest(taken.slot)
        self._stops.append((self._next, self._open()))
        if self._led is not None:
            return self._missing(f"say {self._led.then.what} after it", ())
        if self._sentence is None and self.words:
            return self._missing("say what happened", ())
        return None

    def entered(self) -> tuple[tuple[Entry, ...], tuple[str, ...], Problem | None]:
        """The entries of a line that was read to its end, in words too; or what is missing or cannot be."""
        assert self._sentence is not None
        try:
            entries = tuple(self._sentence.enter(self.said, self.context))
            return entries, tuple(self._in_words(entries)), None
        except Unsaid as error:
            return (), (), self._missing(str(error), error.suggestions)
        except Unfit as error:
            first, last = self._where.get(error.name, (0, len(self.words)))
            return (), (), self._about(str(error), first, last)
        except FieldError as error:
            return (), (), self._about(str(error), 0, len(self.words))

    def completions(self) -> Iterator[str]:
        """How the last word can go on, or which word can come next; the places nearest the end first."""
        typed = [word.text for word in self.words]
        if not self.words or self.words[-1].end < len(self.line):
            typed.append("")
        for first, slots in reversed(self._stops):
            if first < len(typed):
                yield from (each for each in offers(slots, typed[first:]) if each != typed[-1])

    def _open(self) -> Sequence[Slot]:
        if self._led is not None:
            return [self._led.then]
        ago = [] if "ago" in self.said else [_AGO]
        if self._sentence is None:
            return [Pick(VERB, "a verb", terms=_verbs(self.context)), *VITAL_SLOTS, *PATIENT_SLOTS, *ago]
        slots = self._sentence.slots(self.said, self.context)
        return [*(slot for slot in slots if slot.many or slot.name not in self.said), *ago]

    def _take(self, taken: Taken) -> None:
        slot, first = taken.slot, self._next
        self._next += taken.count
        if isinstance(slot, (Led, Rest)):
            self._led = slot if isinstance(slot, Led) else None
            self._where[slot.name] = first, self._next
            self._sentence = self._sentence or _SENTENCES.get(slot.name)
            return
        since = self._where[slot.name][0] if self._led is not None else first
        self._led = None
        self._where[slot.name] = since, self._next
        if slot.name == VERB:
            self._sentence = taken.value.sentence
            self.said.update(taken.value.said)
            self._where.update(dict.fromkeys(taken.value.said, (first, self._next)))
            return
        self._sentence = self._sentence or _SENTENCES.get(slot.name)
        self.said[slot.name] = (*self.said.get(slot.name, ()), taken.value) if slot.many else taken.value

    def _rest(self, slot: Rest) -> Problem | None:
        """Take the rest of the line as it is; a time at its very end still says when."""
        last = len(self.words)
        if "ago" not in self.said and last > self._next:
            try:
                ago = _AGO.shape.read(self.words[-1].text)
            except Misread:
                ago = None
            if ago is not None:
                self.said["ago"] = ago
                last -= 1
        if last == self._next:
            return self._missing(f"write the words after {plain(self.words[last - 1].text, 40)}", ())
        self.said[slot.name] = self.line[self.words[self._next].start : self.words[last - 1].end]
        self._where[slot.name] = self._next, last
        return None

    def _unread(self, error: Unread) -> Problem:
        last = len(self.words) - 1
        first = self._next + error.at
        typing = first == last and self.words[-1].end == len(self.line)
        begun = typing and any(self.completions())
        text = str(error) if error.known else self._again() or self._no_beginning(error) or str(error)
        return self._about(
            text,
            first,
            first + 1,
            error.suggestions,
            unfinished=begun or (error.unfinished and first == last),
        )

    def _again(self) -> str | None:
        """That a word fills a slot which is filled already."""
        if self._sentence is None or self._led is not None:
            return None
        filled = [*self._sentence.slots(self.said, self.context), _AGO]
        filled = [slot for slot in filled if slot.name in self.said and not slot.many]
        try:
            taken = take(filled, [word.text for word in self.words[self._next :]])
        except Unread:
            return None
        return f"{plain(self.words[self._next].text, 40)} is one too many: {taken.slot.what} was said already"

    def _no_beginning(self, error: Unread) -> str | None:
        if self._sentence is not None or error.suggestions:
            return None
        shown = plain(self.words[self._next].text, 40)
        return f"{shown} begins no entry; begin with what happened, such as piv, adr, hr or note"

    def _missing(self, text: str, suggestions: Sequence[str]) -> Problem:
        end = len(self.line)
        return Problem(text, "", end, end, tuple(suggestions), unfinished=True)

    def _about(
        self, text: str, first: int, last: int, suggestions: Sequence[str] = (), *, unfinished: bool = False
    ) -> Problem:
        start, end = self.words[first].start, self.words[max(first, last - 1)].end
        return Problem(text, self.line[start:end], start, end, tuple(suggestions), unfinished)

    def _in_words(self, entries: Sequence[Entry]) -> Iterator[str]:
        """What each entry will be called, with the numbers that it will most likely get. Raises FieldError."""
        ago = self.said.get("ago", 0)
        after = f" ({format_elapsed(ago, millis=False)} ago)" if ago else ""
        for entry in entries:
            filled: dict[str, Any] = {**self._numbers(entry), **entry.data}
            data = read_data(entry.kind, filled, self.context.tables.vocabulary())
            yield plain(describe(data, self.context.tables)) + after

    def _numbers(self, entry: Entry) -> dict[str, Any]:
        field = NUMBERED.get(entry.kind)
        if field == "infusion":
            return {field: self.context.next_infusion}
        if entry.about is not None:
            return {"attempt": self.context.number(entry.about) or max(1, self.context.next_attempt - 1)}
        return {} if field is None else {field: self.context.next_attempt}


def _verbs(context: Context) -> Sequence[Term]:
    return [*access_verbs(context), *give_verbs(context), *child_verbs(context), *record_verbs(context)]
