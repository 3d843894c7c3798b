"""Whatever a scenario file holds, it is played or refused with its line; nothing else comes out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codelog.case.codec import decode, encode
from codelog.case.events import KINDS, PROGRAM_KINDS, fields_of
from codelog.case.fields import Amount, Choice, FieldType, Id, ListOf, MapOf, Reference, Whole, YesNo
from codelog.case.instants import format_elapsed
from codelog.case.quantities import UNITS, dimension_of
from codelog.case.scenario import ScenarioError, read_scenario
from codelog.clinical.protocols import load_protocol
from codelog.live.replay import replay
from tests.live.replaykit import GOMELLA, TABLES, VOCABULARY

SCENARIOS = [path.read_bytes() for path in sorted((Path(__file__).parents[1] / "scenarios").glob("*.jsonl"))]
PROTOCOLS = [load_protocol(id) for id in ("gomella", "nrp", "pals", "ems-2-90", "erc-pls")]

odd_values = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        2**53 - 1,
        2**60,
        1.5,
        "",
        "0:00",
        "9:99",
        "-0:01",
        "1e3 mg",
        "0 g",
        "0 mg",
        "t/1",
        "\0",
        "\x1b[31m",
    ]
    + [
        "999999:59:59",
        "io",
        "at",
        "\u202e",
        [],
        {},
        [[]],
        {"a": 1},
        "adrenaline",
        "io-consider",
        "2000-01-01T00:00:00.000Z",
    ]
)


def _try(content: bytes) -> list[str] | None:
    """The log, or None where the file was refused as it should be."""
    try:
        scenario = read_scenario(content, VOCABULARY)
        lines = replay(scenario, GOMELLA, TABLES)
    except ScenarioError as error:
        assert 1 <= error.line <= content.count(b"\n") + 1
        assert error.message
        assert error.message.isprintable()
        return None
    for seq, line in enumerate(lines, start=1):
        event = decode(line)
        assert event.seq == seq
        assert encode(event) == line
    return lines


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.binary(max_size=200))
def test_arbitrary_bytes(content: bytes) -> None:
    _try(content)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 20), st.sampled_from(SCENARIOS))
def test_bytes_put_over_a_piece_of_a_valid_file(new: bytes, place: int, length: int, content: bytes) -> None:
    _try(content[:place] + new + content[place + length :])


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value inside a JSON value, its own included."""
    found = [path]
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in inner:
        found += _places(entry, (*path, key))
    return found


def _put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = _put(value[path[0]], path[1:], new)
    return copy


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.sampled_from(SCENARIOS), st.data())
def test_a_valid_file_with_odd_values(content: bytes, data: st.DataObject) -> None:
    rows: list[Any] = [json.loads(line) for line in content.splitlines()]
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(_places(rows)[1:]))
        rows = _put(rows, path, data.draw(odd_values))

    _try("".join(json.dumps(row) + "\n" for row in rows).encode())


@settings(max_examples=150, derandomize=True, deadline=None)
@given(st.sampled_from(SCENARIOS), st.data())
def test_a_valid_file_with_lines_dropped_doubled_and_swapped(content: bytes, data: st.DataObject) -> None:
    rows = content.splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 4))):
        one = data.draw(st.integers(0, len(rows) - 1))
        other = data.draw(st.integers(0, len(rows) - 1))
        match data.draw(st.sampled_from(("drop", "double", "swap"))):
            case "drop":
                del rows[one]
            case "double":
                rows.insert(one, rows[one])
            case _:
                rows[one], rows[other] = rows[other], rows[one]
        if not rows:
            break

    _try(b"".join(rows))


quantities = ("0", "1", "0.01", "3.2", "40", "1000", "999999999999999999999999", "0.0000000000000000000001")


def _values(name: str, type: FieldType) -> st.SearchStrategy[Any]:
    """Values that a field may hold, extreme ones among them."""
    match type:
        case Choice():
            return st.sampled_from(type.options)
        case Id():
            return st.sampled_from(VOCABULARY.ids(type.list_name))
        case Whole():
            return st.sampled_from(sorted({type.low, min(type.low + 10, type.high), 30, 9_000, type.high}))
        case YesNo():
            return st.booleans()
        case Reference():
            return st.integers(1, 3)
        case Amount():
            units = [unit for unit in UNITS if dimension_of(unit) in type.dimensions]
            return st.builds("{} {}".format, st.sampled_from(quantities), st.sampled_from(units))
        case ListOf():
            return st.lists(_values(name, type.item), max_size=2)
        case MapOf():
            return st.dictionaries(_values(name, type.key), _values(name, type.item), max_size=2)
    return st.sampled_from(["", "a", "\u202e\x1b[31m", "ok", "uvc_in_progress"])


PEOPLE_ENTER = [
    kind for kind in KINDS if kind not in (*PROGRAM_KINDS, "case.opened", "case.closed", "archive.received")
]
# Access and what is given through it meet most rules, so they come more often.
OFTEN = [kind for kind in PEOPLE_ENTER if kind.startswith(("access.", "drug.", "infusion.", "patient."))]


@st.composite
def _data(draw: st.DrawFn, kind: str, line: int) -> dict[str, Any]:
    found = {}
    for name, field in fields_of(kind).items():
        if name in ("attempt", "infusion", "flag") and draw(st.integers(0, 4)):
            continue
        if field.required or draw(st.booleans()):
            found[name] = draw(_values(name, field.type))
    if kind.startswith("event."):
        found["target"] = draw(st.integers(1, line - 1))
    if kind == "event.amended":
        found["changes"] = draw(_changes())
    if kind.startswith("flag."):
        found.pop("flag", None)
        found["rule"] = draw(
            st.sampled_from(("io-consider", "io-site", "no-line", "timing", "dose-range", "io-dwell"))
        )
    return found


def _changes() -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from(
        [
            {"at": "0:00"},
            {"at": "0:20"},
            {"at": "999:00:00"},
            {"route": "io"},
            {"attempt": 2},
            {"weight": "0 g"},
            {"weight": None},
            {"dose": "999999999999999999999999 mg"},
            {"outcome": "failed"},
            {"site": "tibia_prox", "side": None},
            {"zero": "birth", "setting": "delivery_room"},
        ]
    )


@st.composite
def _scenarios(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Scenarios whose every line reads well."""
    opening = {
        "setting": draw(st.sampled_from(("nicu", "delivery_room"))),
        "zero": draw(st.sampled_from(("birth", "arrest", "arrival"))),
        "mode": "training",
    }
    rows: list[dict[str, Any]] = [{"at": "0:00", "kind": "case.opened", "data": opening}]
    now = 0
    for line in range(2, 2 + draw(st.integers(1, 14))):
        kind = draw(st.sampled_from(OFTEN) | st.sampled_from(PEOPLE_ENTER))
        now += draw(st.sampled_from((0, 1, 500, 30_000, 90_000, 600_000, 90_000_000)))
        at = draw(st.integers(0, now)) if draw(st.integers(0, 3)) == 0 else now
        row: dict[str, Any] = {"at": format_elapsed(at), "kind": kind, "data": draw(_data(kind, line))}
        rows.append(row | ({"recorded": format_elapsed(now)} if at < now else {}))
    rows.append(
        {"at": format_elapsed(now + draw(st.sampled_from((0, 90_000, 200_000_000)))), "kind": "scenario.end"}
    )
    return rows


def _playable(rows: list[dict[str, Any]]) -> list[str]:
    """The log after leaving out, one by one, the lines that contradict the others."""
    while True:
        content = "".join(json.dumps(row) + "\n" for row in rows).encode()
        try:
            return replay(read_scenario(content, VOCABULARY), GOMELLA, TABLES)
        except ScenarioError as error:
            del rows[error.line - 1]


@settings(max_examples=120, derandomize=True, deadline=None)
@given(_scenarios())
def test_random_cases_without_the_lines_that_contradict(rows: list[dict[str, Any]]) -> None:
    lines = _playable(rows)

    assert [decode(line).seq for line in lines] == list(range(1, len(lines) + 1))
    assert [encode(decode(line)) for line in lines] == lines


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.id)
@settings(max_examples=25, derandomize=True, deadline=None)
@given(rows=_scenarios())
def test_random_cases_under_every_protocol(protocol: Any, rows: list[dict[str, Any]]) -> None:
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    try:
        replay(read_scenario(content, VOCABULARY), protocol, TABLES)
    except ScenarioError as error:
        assert error.line >= 2
