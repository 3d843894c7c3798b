"""The strip: questions about an act that a digit answers, one after the other. Nothing has to be answered.

Pure: what a digit does is in the functions that a step carries. A letter closes the strip with what was said so far,
so there is no mode to be caught in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

PAGE = 9
MORE = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """One numbered answer. `against`: why it is ruled out (it can be chosen all the same: it may have happened)."""

    words: str
    value: Any
    against: str | None = None
    remark: str | None = None
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A typed answer: whole digits up to `most`, shown as people read it by `words`."""

    words: Callable[[int], str]
    most: int
    least: int = 0

    def complete(self, typed: str) -> bool:
        """Whether no further digit could follow."""
        return bool(typed) and (int(typed) * 10 > self.most or typed == "0")


@dataclass(frozen=True, slots=True)
class Words:
    """A typed answer in words: `read` gives its value or raises ValueError with a sentence; `now` stands there already."""

    read: Callable[[str], Any]
    now: str = ""


def _nothing() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Step:
    """One question. `on_choice` gives the next; `on_skip` too, for Enter; `on_close` is for a letter in between.

    `anew` gives the choices again where what is to be said of them can change while they stand there. A question that
    `starts_over` has nothing before it: what was said so far is done with.
    """

    prompt: str
    on_choice: Callable[[Any], Step | None]
    choices: Sequence[Choice] = ()
    number: Number | None = None
    words: Words | None = None
    on_skip: Callable[[], Step | None] = _nothing
    on_close: Callable[[], None] = _nothing
    skips_to: str = "skip"
    anew: Callable[[], Sequence[Choice]] | None = None
    starts_over: bool = False

    def then(self, after: Callable[[], Step | None]) -> Step:
        """The same question with others after it: where its own end, those of `after` follow."""

        def followed(step: Step | None) -> Step | None:
            return after() if step is None else step.then(after)

        return replace(
            self,
            on_choice=lambda value: followed(self.on_choice(value)),
            on_skip=lambda: followed(self.on_skip()),
        )


class Strip:
    """The steps of one act: where it stands, what was typed, and what has been said so far."""

    def __init__(self, title: str, step: Step | None) -> None:
        self.title = title
        self.step = step
        self.said: list[str] = []
        self.typed = ""
        self.page = 0
        self.complaint = ""
        self._before: list[Step] = []

    @property
    def open(self) -> bool:
        """Whether a question is being asked."""
        return self.step is not None

    @property
    def first(self) -> bool:
        """Whether going back leaves the strip."""
        return not self._before and not self.typed

    @property
    def shown(self) -> Sequence[Choice]:
        """The choices of this page, the first under digit 1."""
        choices = () if self.step is None else self.step.choices
        return choices[self.page * PAGE : (self.page + 1) * PAGE]

    @property
    def pages(self) -> int:
        """How many pages the choices take."""
        return 0 if self.step is None else -(-len(self.step.choices) // PAGE)

    def refresh(self) -> None:
        """Say of the choices what holds now; new ones come last. Digits stay: somebody may be about to press one."""
        if self.step is not None and self.step.anew is not None:
            now = {choice.value: choice for choice in self.step.anew()}
            choices = [now.pop(choice.value, choice) for choice in self.step.choices]
            choices += now.values()
            self.step = replace(self.step, choices=choices)

    def digit(self, digit: int) -> None:
        """Answer the question, or type on; a digit that means nothing here does nothing."""
        step = self.step
        if step is None:
            return
        self.complaint = ""
        if step.number is not None:
            self._type(step, step.number, str(digit))
        elif digit == MORE:
            self.page = (self.page + 1) % max(1, self.pages)
        elif digit <= len(self.shown):
            choice = self.shown[digit - 1]
            self._go(step, choice.words, step.on_choice(choice.value))

    def enter(self) -> None:
        """Take what was typed, else pass over the question."""
        step = self.step
        if step is None:
            return
        if step.number is not None and self.typed:
            if self._in_range(step.number):
                self._answer(step, step.number)
            return
        self._go(step, "", step.on_skip())

    def text(self, typed: str) -> None:
        """Take words that were typed; nothing typed passes the question over, and what cannot be read is complained of."""
        step = self.step
        if step is None or step.words is None:
            return
        if not typed.strip():
            self._go(step, "", step.on_skip())
            return
        try:
            value = step.words.read(typed.strip())
        except ValueError as error:
            self.complaint = str(error)
            return
        self.complaint = ""
        self._go(step, typed.strip(), step.on_choice(value))

    def back(self) -> None:
        """Take back a typed digit, else ask the question before once more; at the first one, leave."""
        self.complaint = ""
        if self.typed:
            self.typed = self.typed[:-1]
        elif self._before:
            self.step = self._before.pop()
            self.page = 0
            if self.said:
                self.said.pop()
        else:
            self.step = None

    def close(self) -> None:
        """Leave, with what has been chosen so far; a number that was typed counts."""
        step = self.step
        if step is not None and step.number is not None and self.typed and self._in_range(step.number):
            self._answer(step, step.number)
            step = self.step
        if step is not None:
            self.step = None
            step.on_close()

    def _type(self, step: Step, number: Number, digit: str) -> None:
        if int(self.typed + digit) <= number.most:
            self.typed += digit
            if number.complete(self.typed) and self._in_range(number):
                self._answer(step, number)

    def _in_range(self, number: Number) -> bool:
        fits = number.least <= int(self.typed) <= number.most
        self.complaint = "" if fits else f"from {number.words(number.least)} to {number.words(number.most)}"
        return fits

    def _answer(self, step: Step, number: Number) -> None:
        value = int(self.typed)
        self.typed = ""
        self._go(step, number.words(value), step.on_choice(value))

    def _go(self, step: Step, said: str, following: Step | None) -> None:
        if said:
            self.said.append(said)
            self._before.append(step)
        if following is not None and following.starts_over:
            self.said.clear()
            self._before.clear()
        self.page = 0
        self.step = following
