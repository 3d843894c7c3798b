"""What other threads say to the application. Posting is the only thing they do with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.message import Message

if TYPE_CHECKING:
    from codelog.live.writer import Outcome


class WriterSaid(Message):
    """What became of an entry of a case."""

    def __init__(self, case: object, outcome: Outcome) -> None:
        super().__init__()
        self.case = case
        self.outcome = outcome


class Done(Message):
    """Slow work is over: `then` takes its result, or `failed` the error."""

    def __init__(self, then: Callable[[Any], None], result: Any, error: Exception | None) -> None:
        super().__init__()
        self.then = then
        self.result = result
        self.error = error
