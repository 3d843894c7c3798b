"""Instants and elapsed times: one form each, whole milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codelog.case.instants import (
    DAY,
    HOUR,
    LATEST,
    MINUTE,
    SECOND,
    InstantError,
    format_elapsed,
    format_instant,
    parse_elapsed,
    parse_instant,
)
from tests.case.event_strategies import instants


@settings(max_examples=100, derandomize=True, deadline=None)
@given(instants)
def test_an_instant_comes_back_from_its_text(instant: int) -> None:
    assert parse_instant(format_instant(instant)) == instant


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)))
def test_an_instant_is_written_as_the_calendar_has_it(moment: datetime) -> None:
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    since_epoch = (moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)

    expected = moment.strftime("%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
    assert format_instant(since_epoch) == f"{moment.year:04d}-{expected}"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("1970-01-01T00:00:00.000Z", 0),
        ("1969-12-31T23:59:59.999Z", -1),
        ("2000-01-01T00:00:00.000Z", 946_684_800_000),
        ("2024-02-29T12:00:00.001Z", 1_709_208_000_001),
        ("9999-12-31T23:59:59.999Z", LATEST),
    ],
)
def test_known_instants(text: str, instant: int) -> None:
    assert parse_instant(text) == instant
    assert format_instant(instant) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-22T16:27:52Z",
        "2026-11-22T16:27:52.12Z",
        "2026-11-22T16:27:52.1234Z",
        "2026-11-22T16:27:52,123Z",
        "2026-11-22T16:27:52.123",
        "2026-11-22T16:27:52.123z",
        "2026-11-22t16:27:52.123Z",
        "2026-11-22 16:27:52.123Z",
        "2026-11-22T16:27:52.123+00:00",
        " 2026-11-22T16:27:52.123Z",
        "2026-11-22T16:27:52.123Z\n",
        "2026-13-01T00:00:00.000Z",
        "2026-02-29T00:00:00.000Z",
        "2026-11-22T25:00:00.000Z",
        "2026-11-22T23:60:00.000Z",
        "2026-11-22T23:59:60.000Z",
        "0000-01-01T00:00:00.000Z",
        "12026-11-22T16:27:52.123Z",
        "-026-11-22T16:27:52.123Z",
        "２026-11-22T16:27:52.123Z",
        "x" * 1_000_000,
    ],
)
def test_any_other_form_of_an_instant_is_refused(text: str) -> None:
    with pytest.raises(InstantError, match="write UTC like 2026-11-22T16:27:52.123Z") as caught:
        parse_instant(text)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("0:00", 0),
        ("0:00.001", 1),
        ("1:30", 90 * SECOND),
        ("1:30.000", 90 * SECOND),
        ("0:59.999", 59_999),
        ("59:59", 59 * MINUTE + 59 * SECOND),
        ("60:00", HOUR),
        ("90:00", 90 * MINUTE),
        ("0:00:00", 0),
        ("1:00:00", HOUR),
        ("01:02:03.004", HOUR + 2 * MINUTE + 3 * SECOND + 4),
        ("24:00:00", DAY),
        ("100:59:59.999", 100 * HOUR + 59 * MINUTE + 59_999),
    ],
)
def test_elapsed_times_in_both_forms(text: str, span: int) -> None:
    assert parse_elapsed(text) == span


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        ":30",
        "1:",
        "1:5",
        "1:60",
        "1:99",
        "1:005",
        "1:60:00",
        "1:5:00",
        "1:005:00",
        "1:00:60",
        "1:1:00:00",
        "-1:00",
        "-0:00",
        "+1:00",
        "1:-5",
        "1:30.",
        "1:30.5",
        "1:30.50",
        "1:30.5000",
        "1:30,500",
        " 1:30",
        "1:30 ",
        "1:30\n",
        "1 :30",
        "١:٣٠",
        "1m30s",
        "90",
        "1:30Z",
        "9" * 1_000_000 + ":00",
    ],
)
def test_any_other_form_of_an_elapsed_time_is_refused(text: str) -> None:
    with pytest.raises(InstantError, match="write M:SS or H:MM:SS") as caught:
        parse_elapsed(text)
    assert len(str(caught.value)) < 200


@settings(max_examples=100, derandomize=True, deadline=None)
@given(st.integers(0, 1_000 * HOUR))
def test_an_elapsed_time_comes_back_from_its_text(span: int) -> None:
    assert parse_elapsed(format_elapsed(span)) == span
    assert parse_elapsed(format_elapsed(span, millis=False)) == span // SECOND * SECOND


@pytest.mark.parametrize(
    ("span", "text", "short"),
    [
        (0, "0:00.000", "0:00"),
        (59_999, "0:59.999", "0:59"),
        (HOUR - 1, "59:59.999", "59:59"),
        (HOUR, "1:00:00.000", "1:00:00"),
        (DAY + 61_001, "24:01:01.001", "24:01:01"),
        (-1_500, "-0:01.500", "-0:01"),
    ],
)
def test_hours_are_written_from_one_hour_on(span: int, text: str, short: str) -> None:
    assert format_elapsed(span) == text
    assert format_elapsed(span, millis=False) == short
