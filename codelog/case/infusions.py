"""What was given: drugs and infusions."""

from __future__ import annotations

from dataclasses import dataclass

from codelog.case.access import Stamp
from codelog.case.events import Ref
from codelog.case.quantities import Quantity


@dataclass(frozen=True, slots=True)
class Given:
    """A drug or the start of an infusion, as far as the line it goes through is concerned."""

    stamp: Stamp
    what: str
    route: str
    attempt: Ref | None


@dataclass(slots=True)
class Infusion:
    """One infusion. `ordered` and `given` are absolute volumes; None means not recorded."""

    number: Ref
    fluid: str
    route: str
    start: Stamp
    attempt: Ref | None = None
    ordered: Quantity | None = None
    rate: Quantity | None = None
    dose_rate: Quantity | None = None
    given: Quantity | None = None
    stop: Stamp | None = None
    reason: str | None = None

    @property
    def running(self) -> bool:
        """Whether it has not been stopped."""
        return self.stop is None

    @property
    def volume(self) -> Quantity | None:
        """What its stop says was given, else what was ordered at its start."""
        return self.given if self.given is not None else self.ordered
