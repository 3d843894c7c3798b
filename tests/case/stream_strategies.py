"""Random streams: entries in any order of time, late ones, contradictory ones, and corrections of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from codelog.case.events import Event
from codelog.case.instants import format_instant
from tests.case.casekit import OPENING, make_event, ms

seconds = st.integers(0, 12)
attempts = st.integers(1, 4)
routes = st.sampled_from(("piv", "uvc", "cvc", "io"))


def _one(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    return st.tuples(st.just(kind), st.fixed_dictionaries(fields))


access_facts = st.one_of(
    _one("access.needed", urgency=st.sampled_from(("emergent", "urgent", "routine"))),
    _one("access.attempt_started", attempt=attempts, route=routes),
    _one(
        "access.attempt_ended",
        attempt=attempts,
        outcome=st.sampled_from(("established", "failed", "abandoned")),
    ),
    _one("access.present", attempt=attempts, route=routes, since=st.sampled_from(("0 s", "12 min"))),
    _one("access.lost", attempt=attempts, reason=st.just("dislodged")),
    _one("access.removed", attempt=attempts),
)

other_facts = st.one_of(
    _one(
        "access.attempt_described",
        attempt=attempts,
        site=st.sampled_from(("hand", "foot")),
        side=st.just("left"),
    ),
    _one("access.confirmed", attempt=attempts, signs=st.just(["aspirate"])),
    _one("access.checked", attempt=attempts, finding=st.sampled_from(("ok", "swelling"))),
    _one("patient.described", weight=st.sampled_from(("1 kg", "1000 g", "2 kg"))),
    _one("patient.described", age_days=st.integers(0, 2), cord=st.sampled_from(("usable", "unusable"))),
    _one("condition.noted", condition=st.just("fracture"), bone=st.just("tibia"), present=st.booleans()),
    _one("team.noted", person=st.sampled_from("ab"), role=st.just("r"), uvc_experienced=st.booleans()),
    _one("team.noted", person=st.sampled_from("ab"), role=st.just("s")),
    _one(
        "drug.given", drug=st.just("adrenaline"), dose=st.just("1 mg"), route=st.just("iv"), attempt=attempts
    ),
    _one("infusion.started", infusion=st.integers(1, 2), fluid=st.just("saline_0_9"), route=st.just("iv")),
    _one("infusion.changed", infusion=st.integers(1, 2), rate=st.sampled_from(("1 mL/h", "2 mL/h"))),
    _one("infusion.stopped", infusion=st.integers(1, 2), volume=st.just("3 mL")),
    _one("kit.checked", items=st.dictionaries(st.sampled_from(("gauze", "gloves")), st.booleans())),
    _one("vital.recorded", heart_rate=st.integers(50, 60)),
    _one("care.started", care=st.just("compressions")),
    _one("care.ended", care=st.just("compressions")),
    _one("arrest.recognised"),
    _one("rosc.recognised"),
    _one("case.closed", outcome=st.just("recovered")),
    _one("case.reopened"),
    _one("flag.snoozed", flag=st.just(1), seconds=st.just(30)),
    _one("note.added", text=st.sampled_from("xy")),
)

changes = st.one_of(
    st.fixed_dictionaries({"at": seconds.map(lambda second: format_instant(ms(second)))}),
    st.fixed_dictionaries({"text": st.sampled_from("abc")}),
    st.fixed_dictionaries({"attempt": attempts}),
    st.fixed_dictionaries({"weight": st.sampled_from(("3 kg", None, "bad")), "route": st.just("io")}),
    st.sampled_from([{"side": None}, {"heart_rate": 70}, {"outcome": "failed"}, {"present": None}]),
)


@st.composite
def streams(
    draw: st.DrawFn, facts: st.SearchStrategy[tuple[str, dict[str, Any]]], *, longest: int = 14
) -> list[Event]:
    """An opened case with facts, and corrections of any entry above."""
    events = [make_event("case.opened", OPENING)]
    for seq in range(2, 2 + draw(st.integers(0, longest))):
        choice = draw(st.integers(0, 9))
        if choice < 2:
            data = {"target": draw(st.integers(1, seq - 1)), "reason": "r"}
            kind = "event.retracted" if choice else "event.amended"
            if not choice:
                data["changes"] = draw(changes)
        else:
            kind, data = draw(facts)
        events.append(make_event(kind, data, seq=seq, at=draw(seconds)))
    return events


any_stream = streams(access_facts | other_facts)
