"""The words of the log.

Two sorts of list. What the log format itself fixes (routes, outcomes, settings) stands here as constants.
What a hospital may extend (sites, devices, drugs, conditions) lives in the tables of `codelog.clinical`
and is handed in as a `Vocabulary`; this package never names a site, a device or a drug of its own accord.
"""

from __future__ import annotations

from dataclasses import dataclass

SETTINGS = ("delivery_room", "nicu", "ward", "emergency_department", "prehospital", "other")
CASE_ZEROS = ("birth", "arrest", "arrival", "opened")
MODES = ("clinical", "training")
BASES = ("live", "stated", "device", "reconstructed")
WEIGHT_SOURCES = ("measured", "estimated", "length_based")
CORD_STATES = ("usable", "unusable")
URGENCIES = ("emergent", "urgent", "routine")
ACCESS_ROUTES = ("piv", "uvc", "cvc", "io")
VENOUS_ROUTES = ("piv", "uvc", "cvc")
GIVEN_ROUTES = ("iv", "io", "uvc", "ett", "im", "other")
SIDES = ("left", "right", "midline")
ATTEMPT_OUTCOMES = ("established", "failed", "abandoned")
LOSS_REASONS = ("dislodged", "infiltrated", "occluded", "removed_in_error", "other")
CARES = ("ppv", "cpap", "compressions", "intubation", "cord_clamping", "cooling", "other")
PRIORITIES = ("low", "medium", "high")
ANSWERS = ("accepted", "declined")
CLEARED_BECAUSE = ("retracted", "answered", "condition_ended", "replaced", "case_closed")
FOREIGN_CLOCKS = ("defibrillator", "monitor", "room", "other")
CASE_OUTCOMES = ("transferred", "recovered", "died", "other")
SIGNATURE_MEANINGS = ("recorded", "reviewed", "led")
DEBRIEF_PARTS = ("well", "improve", "action")

WATCHER = "codelog"
"""The `by` of every line that the rule watcher or the program itself writes."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The extensible id lists, each in the order in which the tables name them."""

    vein_sites: tuple[str, ...]
    io_sites: tuple[str, ...]
    bones: tuple[str, ...]
    devices: tuple[str, ...]
    conditions: tuple[str, ...]
    complications: tuple[str, ...]
    drugs: tuple[str, ...]
    fluids: tuple[str, ...]
    kit: tuple[str, ...]
    signs: tuple[str, ...]

    def ids(self, name: str) -> tuple[str, ...]:
        """The ids of one list; `sites` is vein and IO sites together."""
        if name == "sites":
            return self.vein_sites + tuple(s for s in self.io_sites if s not in self.vein_sites)
        ids: tuple[str, ...] = getattr(self, name)
        return ids
