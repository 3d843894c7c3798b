"""The questions at the opening of a case. Each is one digit or a typed number, and each can be passed over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from codelog.case.vocabulary import CASE_ZEROS, MODES, SETTINGS
from codelog.debrief.wording import word
from codelog.terminal.acts.access import WHOLE_TEAM
from codelog.terminal.acts.record import ago_words
from codelog.terminal.session import Press, Session
from codelog.terminal.strip import Choice, Number, Step, Strip

Following = Callable[[], Step | None]
_GRAMS = Number(lambda grams: f"{grams} g", most=150_000, least=200)
_WEEKS = Number(lambda weeks: f"{weeks} weeks", most=45, least=20)


class Opening:
    """What is said of a case that is about to be opened; `finish` is called once, with or without answers."""

    def __init__(self, boot_ms: int, finish: Callable[[Opening], None], ago_seconds: Sequence[int]) -> None:
        self._press = boot_ms
        self._finish = finish
        self._ago_seconds = ago_seconds
        self._said: dict[str, Any] = {"setting": "other", "zero": "opened", "mode": "clinical"}
        self._ago_ms = 0
        self._child: dict[str, Any] = {}
        self._uvc: bool | None = None

    def strip(self) -> Strip:
        """The strip with its first question."""
        return Strip("New case", self._setting())

    def enter(self, session: Session) -> None:
        """Enter the case as described, at the instant of the key that began it."""
        session.submit("case.opened", self._said, Press(self._press, self._ago_ms))
        if self._child:
            session.submit("patient.described", self._child, Press(self._press))
        if self._uvc is not None:
            team = {"person": WHOLE_TEAM, "role": WHOLE_TEAM, "uvc_experienced": self._uvc}
            session.submit("team.noted", team, Press(self._press))

    def _setting(self) -> Step:
        choices = [Choice(word("setting", setting), setting) for setting in SETTINGS]
        return self._ask("where?", choices, self._keep("setting"), self._zero)

    def _zero(self) -> Step:
        choices = [Choice(word("zero", zero), zero) for zero in CASE_ZEROS]
        return self._ask("the clock counts from?", choices, self._keep("zero"), self._ago)

    def _ago(self) -> Step | None:
        if self._said["zero"] == "opened":
            return self._mode()

        def keep(seconds: int) -> None:
            self._ago_ms = seconds * 1000

        choices = [Choice("now", 0)] + [
            Choice(f"{ago_words(seconds)} ago", seconds) for seconds in self._ago_seconds
        ]
        return self._ask(
            f"when was {word('zero', self._said['zero'])}?", choices, keep, self._mode, skips_to="now"
        )

    def _mode(self) -> Step:
        choices = [Choice(word("mode", mode), mode) for mode in MODES]
        return self._ask(
            "clinical or training?", choices, self._keep("mode"), self._weight, skips_to="clinical"
        )

    def _weight(self) -> Step:
        def keep(grams: int) -> None:
            self._child["weight"] = _GRAMS.words(grams)

        return self._ask("weight in grams, then Enter", _GRAMS, keep, self._gestation, skips_to="not known")

    def _gestation(self) -> Step | None:
        def keep(weeks: int) -> None:
            self._child["gestation_weeks"] = weeks

        return self._ask("weeks of gestation, typed", _WEEKS, keep, self._experience, skips_to="not known")

    def _experience(self) -> Step | None:
        if self._said["setting"] != "delivery_room":
            self._over()
            return None

        def keep(experienced: bool) -> None:
            self._uvc = experienced

        choices = [Choice("yes", True), Choice("nobody", False)]
        return self._ask("somebody here experienced with umbilical catheters?", choices, keep, self._over)

    def _over(self) -> None:
        self._finish(self)

    def _keep(self, field: str) -> Callable[[Any], None]:
        def keep(value: Any) -> None:
            self._said[field] = value

        return keep

    def _ask(
        self,
        prompt: str,
        answers: list[Choice] | Number,
        keep: Callable[[Any], None],
        following: Following,
        skips_to: str = "skip",
    ) -> Step:
        def chosen(value: Any) -> Step | None:
            keep(value)
            return following()

        if isinstance(answers, Number):
            return Step(
                prompt, chosen, number=answers, on_skip=following, on_close=self._over, skips_to=skips_to
            )
        return Step(prompt, chosen, answers, on_skip=following, on_close=self._over, skips_to=skips_to)
