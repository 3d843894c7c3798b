"""What may come next in a line, and how the next words are taken."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from codelog.debrief.plain import plain
from codelog.terminal.shorthand.shapes import Misread, Shape
from codelog.terminal.shorthand.terms import Phrase, Term

_NUMERIC = re.compile(r"[0-9.]+")
_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the line, from `start` up to `end`."""

    text: str
    start: int
    end: int


def split(line: str) -> list[Word]:
    """The words of a line."""
    return [Word(match[0], match.start(), match.end()) for match in re.finditer(r"\S+", line)]


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing that may be said: `name` is its field, `what` its name in a sentence. `many`: more than once."""

    name: str
    what: str
    many: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick(Slot):
    """One of these terms."""

    terms: Sequence[Term]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Slot):
    """Figures of a shape; `offers` are those that are likely."""

    shape: Shape
    offers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Name(Slot):
    """One of these terms, or any one word that nothing else takes."""

    terms: Sequence[Term] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Led(Slot):
    """A word such as `hr`, and after it another slot of the same name."""

    lead: Sequence[Term]
    then: Slot


@dataclass(frozen=True, slots=True)
class Rest(Slot):
    """Everything to the end of the line; after a word that leads it in, if there is one."""

    lead: Sequence[Term] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """A slot was filled by the next `count` words; of a Led or a Rest by what leads it."""

    slot: Slot
    value: Any
    count: int


class Unread(ValueError):
    """A word cannot be read, the one `at` words further on; the message says what would be right.

    `known`: the word means something here, though not one thing for certain.
    """

    def __init__(
        self,
        message: str,
        *,
        suggestions: Sequence[str] = (),
        unfinished: bool = False,
        known: bool = True,
        at: int = 0,
    ) -> None:
        super().__init__(message)
        self.suggestions = tuple(suggestions)
        self.unfinished = unfinished
        self.known = known
        self.at = at


def take(slots: Sequence[Slot], words: Sequence[str]) -> Taken:
    """Fill a slot with the first of the words, or with as many as one phrase has. Raises Unread."""
    for slot in slots:
        if isinstance(slot, Rest) and not slot.lead:
            return Taken(slot, None, 0)
    misread: Unread | None = None
    for slot in slots:
        if isinstance(slot, Figure):
            try:
                taken = _figures(slot, words)
            except Unread as error:
                misread = misread or error
            else:
                if taken is not None:
                    return taken
    said = _said(slots, words)
    if said is not None:
        return said
    if misread is not None:
        raise misread
    for slot in slots:
        if isinstance(slot, Name):
            return Taken(slot, words[0], 1)
    raise _unknown(slots, words[0])


def offers(slots: Iterable[Slot], words: Sequence[str]) -> Iterator[str]:
    """How the last of the words can go on, so that all of them together fill a slot."""
    typed = [word.casefold() for word in words]
    for slot in slots:
        for found in _phrases(slot):
            for phrase in found.phrases if found.offered else ():
                if _matching(phrase, typed[:-1]) == len(typed) - 1 and _goes_on(phrase, typed):
                    yield " ".join(phrase[len(typed) - 1 :])
                    break
        if isinstance(slot, Figure) and len(typed) == 1:
            yield from (offer for offer in slot.offers if offer.casefold().startswith(typed[0]))


def _figures(slot: Figure, words: Sequence[str]) -> Taken | None:
    """A number and its unit may be two words."""
    apart = len(words) > 1 and _NUMERIC.fullmatch(words[0]) and not words[1][:1].isdigit()
    for count in (2, 1) if apart else (1,):
        try:
            value = slot.shape.read("".join(words[:count]))
        except Misread as error:
            raise Unread(str(error), unfinished=error.unfinished, at=count - 1) from None
        if value is not None:
            return Taken(slot, value, count)
    return None


def _said(slots: Sequence[Slot], words: Sequence[str]) -> Taken | None:
    """The term of the longest phrase that the words begin with; one said in full goes before one begun."""
    typed = [word.casefold() for word in words]
    found: list[tuple[int, bool, Slot, Term, Phrase]] = []
    for slot in slots:
        for term in _phrases(slot):
            for phrase in term.phrases:
                count = _matching(phrase, typed)
                if count:
                    found.append((count, phrase == tuple(typed[:count]), slot, term, phrase))
    if not found:
        return None
    rank = max(match[:2] for match in found)
    best = [(slot, term, phrase) for count, full, slot, term, phrase in found if (count, full) == rank]
    slot, term, _ = best[0]
    if any((other.name, meant.value) != (slot.name, term.value) for other, meant, _ in best):
        raise _ambiguous([(each, phrase) for _, each, phrase in best], words, rank[0])
    return Taken(slot, term.value, rank[0])


def _ambiguous(best: Sequence[tuple[Term, Phrase]], words: Sequence[str], count: int) -> Unread:
    """Several terms begin with these words. Where one more word follows, it may be that one which is not right."""
    nexts = [phrase[count] for _, phrase in best if len(phrase) > count]
    close = difflib.get_close_matches(words[count].casefold()[:40], nexts) if len(words) > count else []
    if close:
        shown = plain(words[count], 40)
        return Unread(f"{shown} is not known here; did you mean {_or(close)}?", suggestions=close, at=count)
    names: list[str] = []
    told: list[Term] = []
    for term, phrase in best:
        if term not in told:
            told.append(term)
            names.append(" ".join(phrase))
    shown = plain(" ".join(words[:count]), 40)
    return Unread(f"{shown} could be {_or(names)}", suggestions=names, unfinished=True)


def _matching(phrase: Phrase, typed: Sequence[str]) -> int:
    """How many words begin the phrase's words, one each; figures count only when they are said in full."""
    count = 0
    for said, word in zip(phrase, typed, strict=False):
        if word == said or (said.startswith(word) and not word[:1].isdigit()):
            count += 1
        else:
            break
    return count


def _goes_on(phrase: Phrase, typed: Sequence[str]) -> bool:
    return len(phrase) >= len(typed) and phrase[len(typed) - 1].startswith(typed[-1])


def _phrases(slot: Slot) -> Sequence[Term]:
    if isinstance(slot, (Pick, Name)):
        return slot.terms
    return slot.lead if isinstance(slot, (Led, Rest)) else ()


def _unknown(slots: Sequence[Slot], word: str) -> Unread:
    names = [" ".join(phrase) for slot in slots for term in _phrases(slot) for phrase in term.phrases]
    close = difflib.get_close_matches(word.casefold()[:40], names, n=3)
    shown = plain(word, 40)
    if close:
        return Unread(
            f"{shown} is not known here; did you mean {_or(close)}?", suggestions=close, known=False
        )
    could = list(dict.fromkeys(slot.what for slot in slots))
    expected = f"; {_or(could)} could stand here" if could else "; nothing more belongs in this line"
    return Unread(f"{shown} is not known here{expected}", known=False)


def _or(names: Sequence[str]) -> str:
    shown = list(names[:_MOST_NAMED])
    if len(names) > _MOST_NAMED:
        return f"{', '.join(shown)} or {len(names) - _MOST_NAMED} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
