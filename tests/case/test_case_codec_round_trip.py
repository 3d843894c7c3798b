"""An event, its line, and the event again."""

from __future__ import annotations

import hashlib
import json

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from codelog.case.codec import decode, digest, encode
from codelog.case.events import KINDS, Event
from tests.case.casekit import make_event
from tests.case.event_strategies import HOSTILE, any_event, events_of


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15, derandomize=True, deadline=None)
@given(data=st.data())
def test_an_event_of_every_kind_comes_back_from_its_line(kind: str, data: st.DataObject) -> None:
    event = data.draw(events_of(kind))

    line = encode(event)

    assert decode(line) == event
    assert encode(decode(line)) == line


@settings(max_examples=150, derandomize=True, deadline=None)
@given(any_event)
def test_a_line_is_canonical_json_in_utf_8_and_one_line_feed(event: Event) -> None:
    line = encode(event).encode()

    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert rfc8785.dumps(json.loads(line)) + b"\n" == line


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_back_as_it_was(text: str) -> None:
    line = encode(make_event("note.added", {"text": text}))

    back = decode(line)

    assert back == make_event("note.added", {"text": text})
    assert json.loads(line)["data"]["text"] == text


def test_a_megabyte_of_text_comes_back_as_it_was() -> None:
    event = make_event("note.added", {"text": "\x1b\U0001f9b4[é" * 150_000})

    assert len(encode(event).encode()) > 2**20
    assert decode(encode(event)) == event


def test_a_line_has_the_fields_of_the_log_format() -> None:
    line = json.loads(encode(make_event("note.added", {"text": "a"})))

    assert set(line) == {
        "v",
        "case",
        "terminal",
        "seq",
        "prev",
        "kind",
        "at",
        "basis",
        "within_ms",
        "recorded_at",
        "boot",
        "boot_ms",
        "by",
        "data",
    }
    assert line["v"] == 1
    assert line["within_ms"] is None


def test_instants_are_utc_with_milliseconds() -> None:
    line = json.loads(encode(make_event("note.added", {"text": "a"}, at=0.007, recorded=61)))

    assert line["at"] == "2001-09-09T01:46:40.007Z"
    assert line["recorded_at"] == "2001-09-09T01:47:41.000Z"


def test_what_was_not_recorded_is_left_out_of_the_data() -> None:
    line = json.loads(encode(make_event("access.attempt_started", {"attempt": 1, "route": "io"})))

    assert line["data"] == {"attempt": 1, "route": "io"}


def test_a_quantity_keeps_its_digits() -> None:
    line = encode(make_event("drug.given", {"drug": "adrenaline", "dose": "0.60 mg", "route": "iv"}))

    assert json.loads(line)["data"]["dose"] == "0.60 mg"


def test_a_line_is_read_without_its_line_feed_too() -> None:
    event = make_event("arrest.recognised", {})

    assert decode(encode(event).removesuffix("\n")) == event


def test_the_digest_is_that_of_the_bytes_with_the_line_feed() -> None:
    line = encode(make_event("note.added", {"text": "\u00e9\U0001f9b4"}))

    assert digest(line) == hashlib.sha256(line.encode("utf-8")).hexdigest()
    assert digest(line) != digest(line.removesuffix("\n"))


def test_ids_of_a_site_with_longer_lists_are_read() -> None:
    event = make_event("drug.given", {"drug": "local_remedy", "dose": "1 mg", "route": "iv"})

    assert decode(encode(event)) == event
