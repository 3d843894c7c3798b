"""What is entered in a resuscitation, as the benchmarks need it: the same twenty entries over and over.

Two attempts, one of them a line that is lost again, drugs, a fluid, care, notes, and vital signs between them. That
is far more attempts and drugs than a long case has, so what grows with their number shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

Entry = tuple[str, dict[str, Any]]

PERIOD = 20
SECONDS_BETWEEN = 5

OPENING: Entry = ("case.opened", {"setting": "nicu", "zero": "opened", "mode": "training"})
PATIENT: Entry = ("patient.described", {"age_days": 3, "weight": "3350 g", "weight_source": "measured"})


def entries(adrenaline: str = "0.06 mg") -> Iterator[Entry]:
    """The entries of a case without end, after `OPENING` and `PATIENT`."""
    for cycle in count():
        failed, line = 2 * cycle + 1, 2 * cycle + 2
        heart_rate = 90 + cycle % 60
        yield "access.attempt_started", {"attempt": failed, "route": "piv", "site": "hand", "side": "left"}
        yield "vital.recorded", {"heart_rate": heart_rate}
        yield "access.attempt_described", {"attempt": failed, "device": "cannula", "gauge": "24 G"}
        yield "access.attempt_ended", {"attempt": failed, "outcome": "failed", "reason": "blown"}
        yield "vital.recorded", {"heart_rate": heart_rate, "spo2": 84}
        yield "access.attempt_started", {"attempt": line, "route": "piv", "site": "foot", "side": "right"}
        yield "care.started", {"care": "ppv"}
        yield "access.attempt_ended", {"attempt": line, "outcome": "established"}
        yield "vital.recorded", {"heart_rate": heart_rate + 10}
        yield "drug.given", {"drug": "adrenaline", "dose": adrenaline, "route": "iv", "attempt": line}
        yield "vital.recorded", {"heart_rate": heart_rate + 20, "spo2": 88}
        yield (
            "infusion.started",
            {"infusion": cycle + 1, "fluid": "saline_0_9", "route": "iv", "volume": "30 mL"},
        )
        yield "note.added", {"text": "mother is in the room with the senior nurse"}
        yield "vital.recorded", {"heart_rate": heart_rate + 20, "spo2": 90}
        yield "access.checked", {"attempt": line, "finding": "ok"}
        yield "drug.given", {"drug": "glucose_10", "dose": "0.6 g", "route": "iv"}
        yield "infusion.stopped", {"infusion": cycle + 1, "volume": "30 mL"}
        yield "vital.recorded", {"heart_rate": heart_rate + 30, "spo2": 93}
        yield "care.ended", {"care": "ppv"}
        yield "access.lost", {"attempt": line, "reason": "infiltrated"}
