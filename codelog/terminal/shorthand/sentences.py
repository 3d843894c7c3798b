"""What every sentence has: the slots that are open after what was said, and the entries that it makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from codelog.debrief.wording import word
from codelog.terminal.session import Target
from codelog.terminal.shorthand.context import Context
from codelog.terminal.shorthand.shapes import Numbered
from codelog.terminal.shorthand.slots import Figure, Pick, Rest, Slot
from codelog.terminal.shorthand.terms import Term, fixed, term


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: `data` is ready to be submitted.

    `about` is the attempt it concerns, for one that is not saved yet; `follows` is the place in the line of the
    start that it refers to, counted from 0.
    """

    kind: str
    data: Mapping[str, Any]
    about: Target | None = None
    follows: int | None = None


class Said(dict[str, Any]):
    """What was said so far, by the name of its slot; a slot that may be filled more than once has a tuple."""

    def only(self, *names: str) -> dict[str, Any]:
        """What was said of these."""
        return {name: self[name] for name in names if name in self}


class Unsaid(ValueError):
    """Something is still missing; the message says what."""

    def __init__(self, message: str, suggestions: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.suggestions = tuple(suggestions)


class Unfit(ValueError):
    """What fills the slot `name` cannot be; the message says what would be right."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True, slots=True)
class Sentence:
    """`slots` are those that this sentence has after what was said; `enter` raises Unsaid and Unfit."""

    slots: Callable[[Said, Context], Sequence[Slot]]
    enter: Callable[[Said, Context], Sequence[Entry]]


@dataclass(frozen=True, slots=True)
class Verb:
    """How a line begins: its sentence, and what the verb alone says."""

    sentence: Sentence
    said: Mapping[str, Any] = field(default_factory=dict)


VERB = "verb"

OTHER = (term(None, "other"),)
BECAUSE = Rest("reason", "a reason after because", lead=(term(None, "because"),))
YES_NO = (term(True, "yes", "present"), term(False, "no", "absent"))


def verb(sentence: Sentence, *said: str, offered: bool = True, **known: Any) -> Term:
    """The term of a verb that is said in these ways."""
    return replace(term(Verb(sentence, known), *said), offered=offered)


def verbs(sentence: Sentence, name: str, found: Sequence[Term], *, offered: bool = True) -> list[Term]:
    """A verb for each term, which fills the slot `name`."""
    return [Term(Verb(sentence, {name: one.value}), one.phrases, offered) for one in found]


def which(targets: Sequence[Target], said: Said, context: Context) -> list[Slot]:
    """The slots that tell one attempt from the others: its number or its route."""
    left = [target for target in targets if said.get("of") in (None, target.route)]
    routes = fixed("access_routes", list(dict.fromkeys(target.route for target in targets)))
    if "number" in said:
        routes = [replace(route, offered=False) for route in routes]
    return [
        Figure("number", "the number of an attempt", shape=Numbered("#1"), offers=numbers(left, context)),
        Pick("of", "its route", terms=routes),
    ]


def numbers(targets: Sequence[Target], context: Context) -> list[str]:
    """The numbers of attempts as they are typed."""
    return [f"#{number}" for number in map(context.number, targets) if number is not None]


def the_one(targets: Sequence[Target], said: Said, context: Context, none: str) -> Target:
    """The attempt that is meant. Unfit with `none` where there is none at all, Unsaid where several may be meant."""
    if not targets:
        raise Unfit(VERB, none)
    number, route = said.get("number"), said.get("of")
    meant = [t for t in targets if number is None or context.number(t) == number]
    if not meant:
        raise Unfit("number", f"#{number} is not one of {', '.join(t.words for t in targets)}")
    of_route = [t for t in meant if route is None or t.route == route]
    if not of_route:
        raise Unfit("of", f"#{number} is no {word('access_route', str(route))}")
    if len(of_route) > 1:
        return _ask(of_route, context)
    return of_route[0]


def _ask(targets: Sequence[Target], context: Context) -> Target:
    named = [f"#{context.number(t)} ({t.words})" for t in targets]
    raise Unsaid(f"say which one: {' or '.join(named)}", [f"#{context.number(t)}" for t in targets])


def ask_which(targets: Sequence[Target], context: Context) -> None:
    """Nothing where there is one at most; Unsaid where one of several has to be named."""
    if len(targets) > 1:
        _ask(targets, context)


def about(kind: str, data: Mapping[str, Any], target: Target | None) -> Entry:
    """An entry about an attempt."""
    if target is None or target.number is None:
        return Entry(kind, data, target)
    return Entry(kind, {**data, "attempt": target.number}, target)
