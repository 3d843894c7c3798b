"""The report over many cases laid out: which figures stand where, and in which words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from codelog.case.instants import SECOND, format_instant
from codelog.debrief.charts import Bar, Dot, Stairs, bars, series, stairs
from codelog.debrief.qi.control import LEAST_FOR_LIMITS, LEAST_FOR_RUNS, SIGNALS, Chart, Point
from codelog.debrief.qi.curves import ROUND_TIMES, Curve
from codelog.debrief.qi.numbers import SMALLEST, Proportion, Spread
from codelog.debrief.qi.report import Counted, FirstPass, Part, QiReport, RuleFigures
from codelog.debrief.report.figures import span_words
from codelog.debrief.sheet.sheet import Block, Chapter, Column, Drawing, Sheet, grid, words
from codelog.debrief.wording import word

FOOT = (
    "An aid to documentation and review, not a medical device. Figures describe records, not people; "
    f"below n = {SMALLEST} there are counts and no percentages."
)
_MOST_DRAWN = 20
"""Of more rows than these, a chart of shares has the first; the table has them all."""
_LETTERS = dict(zip(SIGNALS, "OSTNHC", strict=True))
_PERIODS = {"month": "a month", "quarter": "a quarter", "year": "a year"}
_BY = {"site": "site", "device": "device", "role": "operator's role"}


def qi_sheet(report: QiReport) -> Sheet:
    """The report as a sheet."""
    counted = report.counted
    return Sheet(
        title="Figures over many cases",
        mark="TRAINING" if counted.mode == "training" else "",
        lead=tuple(_lead(report)),
        chapters=(
            Chapter("cases", "Which cases", tuple(_cases(counted))),
            Chapter("funnel", "From need to access", tuple(_funnel(report))),
            Chapter("intervals", "Intervals", tuple(_intervals(report))),
            Chapter("curves", "Time to access", tuple(_curves(report.curves))),
            Chapter("first-pass", "First-pass success", tuple(_first_pass(report))),
            Chapter("over-time", "Over time", tuple(_charts(report))),
            Chapter("flags", "Flags", tuple(_flags(report))),
            Chapter("quality", "Quality of the records", tuple(_quality(report))),
            Chapter("methods", "How this was counted", tuple(_methods())),
        ),
        foot=f"{report.version}, {format_instant(report.generated_at)[:16].replace('T', ' ')} UTC. {FOOT}",
    )


# Which cases


def _lead(report: QiReport) -> Iterator[str]:
    counted, chosen = report.counted, report.selection
    between = "" if counted.first_month is None else f", {counted.first_month} to {counted.last_month}"
    yield f"{_count(counted.cases, counted.mode + ' case')}{between}; {_count(report.funnel.needs, 'need')} for access."
    filters = [
        f"from {chosen.since}" if chosen.since else "",
        f"to {chosen.until}" if chosen.until else "",
        f"setting {word('setting', chosen.setting)}" if chosen.setting else "",
        f"age {chosen.age_band}" if chosen.age_band else "",
        f"protocol {chosen.protocol}" if chosen.protocol else "",
        f"{chosen.mode} only" if chosen.mode else "",
    ]
    said = ", ".join(part for part in filters if part)
    if said:
        yield f"Asked for: {said} (dates in UTC). {_count(counted.not_selected, 'case')} did not match."
    if not counted.chosen:
        if counted.mode == "training":
            yield "These are trainings: no clinical case was found."
        elif counted.of_other_mode:
            yield f"Trainings are not counted here; there are {counted.of_other_mode}."


def _cases(counted: Counted) -> Iterator[Block]:
    yield words(f"Closed: {counted.closed}. Still open, counted as far as they go: {counted.open}.")
    for name, parts in (
        ("setting", counted.settings),
        ("age", counted.ages),
        ("protocol", counted.protocols),
    ):
        if parts:
            yield _parts(name, parts)
    if counted.left_out:
        columns = (Column("case", 30, False), Column("why", 70, False))
        rows = ((left.case, left.why) for left in counted.left_out)
        yield grid(f"Not counted, for they could not be read ({len(counted.left_out)})", columns, rows)


def _parts(name: str, parts: Sequence[Part]) -> Block:
    columns = (Column(name, 60, False), Column("cases", 20), Column("share", 20))
    rows = ((part.of.label, str(part.cases.hits), _percent(part.cases)) for part in parts)
    return grid(f"Cases by {name}", columns, rows)


# Access


def _funnel(report: QiReport) -> Iterator[Block]:
    funnel = report.funnel
    steps = [
        ("needs for access", Proportion(funnel.needs, funnel.needs, None, None, None)),
        ("an attempt was made", funnel.tried),
        *((f"tried by {step.route.label}", step.tried) for step in funnel.by_route),
        ("access was gained", funnel.met),
        *((f"gained by {step.route.label}", step.met) for step in funnel.by_route),
        ("closed without access", funnel.not_met),
    ]
    if not funnel.needs:
        yield words("No need for access was recorded.")
        return
    drawn = [Bar(label, found.percent, found.low, found.high, _of(found)) for label, found in steps[1:]]
    yield Drawing(
        "From need to access", bars("From need to access", drawn), "of the needs, with 95 % intervals."
    )
    columns = (
        Column("step", 40, False),
        Column("needs", 20),
        Column("share", 15),
        Column("95 % interval", 25),
    )
    rows = ((label, str(found.hits), _percent(found), _interval(found)) for label, found in steps)
    yield grid(
        f"Funnel of {_count(funnel.needs, 'need')}; more than one route may be tried in a need", columns, rows
    )
    if funnel.open:
        yield words(f"{_count(funnel.open, 'need')} in cases still open had no access yet.")
    columns = (
        Column("route", 40, False),
        Column("attempts", 20),
        Column("gave access", 20),
        Column("share", 20),
    )
    rows = (
        (one.route.label, str(one.established.n), str(one.established.hits), _percent(one.established))
        for one in report.attempts
    )
    yield grid("All attempts", columns, rows)


def _intervals(report: QiReport) -> Iterator[Block]:
    columns = (
        Column("interval", 34, False),
        *_spread_columns(),
        Column("no end", 8),
        Column("not known", 8),
        Column("met", 16),
    )
    rows = (
        (one.label, *_spread(one.spread), str(one.going_on), str(one.unknown), _met(one.met))
        for one in report.intervals
        if one.spread.n or one.going_on
    )
    yield grid("Every interval of every case", columns, rows)
    yield words(
        "No end: it had not ended when the case did. Not known: the record does not say. "
        "Met: of those held against a target, each against that of its own case's protocol."
    )


def _met(met: Proportion) -> str:
    return f"{met.hits} of {met.n}{'' if met.percent is None else f', {met.percent} %'}" if met.n else ""


def _curves(curves: Sequence[Curve]) -> Iterator[Block]:
    for id in dict.fromkeys(one.id for one in curves):
        of = [one for one in curves if one.id == id]
        drawn = [one for one in of if one.steps]
        if drawn:
            name = f"{drawn[0].label}, percent reached"
            yield Drawing(name, stairs(name, [_stairs(one) for one in drawn], _marks(drawn)), _medians(of))
        columns = (
            Column("cases", 26, False),
            Column("needs", 8),
            Column("reached", 8),
            Column("no end", 8),
            Column("half by", 12),
            *(Column(_clock(at), 12) for at in ROUND_TIMES),
        )
        rows = (
            (
                _group(one),
                str(one.n),
                str(one.events),
                str(one.censored),
                _seconds(one.median_s),
                *(_reached(one, at) for at in ROUND_TIMES),
            )
            for one in of
        )
        yield grid(
            f"{of[0].label}: percent reached by then, in brackets how many were still waiting", columns, rows
        )
    if not curves:
        yield words("There is nothing to draw a curve of.")


def _stairs(one: Curve) -> Stairs:
    last = one.steps[-1].at_s
    cut = min(last, _LONGEST_DRAWN_S)
    steps = [
        (float(step.at_s), float(step.reached)) for step in one.steps if step.events and step.at_s <= cut
    ]
    ticks = [float(step.at_s) for step in one.steps if step.censored and step.at_s <= cut]
    titles = [f"{_clock(step.at_s)}: {step.reached} %" for step in one.at]
    return Stairs(f"{_group(one)} (n = {one.n})", steps, float(cut), ticks, titles)


_LONGEST_DRAWN_S = 900
"""What comes later is in the table and the JSON; a curve that showed it would squeeze the minutes that matter."""


def _marks(curves: Sequence[Curve]) -> list[int]:
    last = max(one.steps[-1].at_s for one in curves)
    return [at for at in ROUND_TIMES if at <= last] or [ROUND_TIMES[0]]


def _medians(curves: Sequence[Curve]) -> str:
    said = "; ".join(
        f"{_group(one)}: half by {_seconds(one.median_s)}" for one in curves if one.median_s is not None
    )
    return (
        f"{said or 'half of the needs were never reached'}. Small strokes: not reached when the case ended."
    )


def _group(one: Curve) -> str:
    return one.group or "all cases"


def _reached(one: Curve, at: int) -> str:
    step = next((step for step in one.at if step.at_s == at), None)
    return "" if step is None else f"{step.reached} % ({step.at_risk})"


# First pass


def _first_pass(report: QiReport) -> Iterator[Block]:
    if not report.first_pass:
        yield words("No attempt was recorded.")
        return
    rows = [row for row in report.first_pass if row.by in (None, "site", "device", "role")]
    wholes = [row for row in rows if row.by is None]
    yield _success("First-pass success by route", "route", wholes, lambda row: row.route.label)
    for whole in wholes:
        for by, name in _BY.items():
            of = [row for row in rows if row.by == by and row.route == whole.route]
            if not of:
                continue
            caption = f"{whole.route.label} first-pass success by {name}"
            if sum(row.success.percent is not None for row in of) > 1:
                drawn = [
                    Bar(_what(row), row.success.percent, row.success.low, row.success.high, _of(row.success))
                    for row in of[:_MOST_DRAWN]
                ]
                yield Drawing(caption, bars(caption, drawn), "with 95 % intervals; the table follows.")
            yield _success(caption, name, of, _what)


def _success(caption: str, name: str, rows: Sequence[FirstPass], label: Callable[[FirstPass], str]) -> Block:
    columns = (
        Column(name, 40, False),
        Column("first attempts", 15),
        Column("gave access", 15),
        Column("share", 10),
        Column("95 % interval", 20),
    )
    return grid(
        caption,
        columns,
        (
            (
                label(row),
                str(row.success.n),
                str(row.success.hits),
                _percent(row.success),
                _interval(row.success),
            )
            for row in rows
        ),
    )


def _what(row: FirstPass) -> str:
    return "not recorded" if row.of is None else row.of.label


# Over time


def _charts(report: QiReport) -> Iterator[Block]:
    yield words(f"Each point is {_PERIODS[report.period]}, by case zero in UTC.")
    for chart in report.charts:
        if not chart.points:
            continue
        if any(point.value is not None for point in chart.points):
            yield Drawing(f"{chart.label} ({_kind(chart)})", _drawn(chart), _told(chart))
        columns = (
            Column(report.period, 16, False),
            Column("n", 10),
            Column("value", 14),
            Column("limits", 22),
            Column("signs", 38, False),
        )
        rows = (
            (
                point.period,
                str(point.n),
                "" if point.value is None else _value(chart, point.value),
                _limits(chart, point),
                ", ".join(f"{_LETTERS[sign]} {SIGNALS[sign]}" for sign in point.signals),
            )
            for point in chart.points
        )
        yield grid(f"{chart.label}{_centre(chart)}", columns, rows)


def _kind(chart: Chart) -> str:
    return {"p": "p-chart", "xmr": "XmR chart", "run": "run chart"}[chart.kind]


def _centre(chart: Chart) -> str:
    if chart.centre is None:
        return ""
    return f"; {'median' if chart.kind == 'run' else 'mean'} {_value(chart, chart.centre)}"


def _told(chart: Chart) -> str:
    if not chart.judged:
        return f"too few points to look for signs ({LEAST_FOR_RUNS} are needed)."
    if not chart.signals:
        return "no sign of anything but chance."
    found = "; ".join(f"{_LETTERS[sign]} = {SIGNALS[sign]}" for sign in chart.signals)
    return f"signs that this was no chance: {found}."


def _drawn(chart: Chart) -> str:
    values = [v for p in chart.points for v in (p.value, p.upper) if v is not None]
    most = 100.0 if chart.unit == "%" else float(max(values, default=Decimal(1))) * 1.1

    def said(value: float) -> str:
        return _value(chart, Decimal(str(round(value, 1))))

    dots = [
        Dot(
            point.period,
            None if point.value is None else float(point.value),
            None if point.lower is None else float(point.lower),
            None if point.upper is None else float(point.upper),
            "".join(_LETTERS[sign] for sign in point.signals),
            f"{point.period}: {'too few' if point.value is None else _value(chart, point.value)}, n = {point.n}",
        )
        for point in chart.points
    ]
    centre = None if chart.centre is None else float(chart.centre)
    return series(chart.label, dots, centre, chart.unit, most, said)


def _limits(chart: Chart, point: Point) -> str:
    if point.lower is None or point.upper is None:
        return ""
    return f"{_value(chart, point.lower)} - {_value(chart, point.upper)}"


def _value(chart: Chart, value: Decimal) -> str:
    return span_words(round(value * SECOND)) if chart.unit == "s" else f"{value} %"


# Flags


def _flags(report: QiReport) -> Iterator[Block]:
    if not report.flags:
        yield words("No flag was raised.")
        return
    yield _rules("Flags by rule", report.flags, protocol=False)
    yield words(
        "Right: of the flags that were judged, those accepted or after which what they ask for was done; "
        "against them, those declined and not done. Corrected: the entry behind the flag was. "
        "To answer: from the flag to the first answer, a snooze included."
    )
    if report.declined:
        columns = (
            Column("rule", 40, False),
            Column("reason", 30, False),
            Column("declined", 15),
            Column("share", 15),
        )
        rows = (
            (one.rule.id, one.reason.label, str(one.of_declined.hits), _percent(one.of_declined))
            for one in report.declined
        )
        yield grid("Why flags were declined", columns, rows)
    yield _rules("Flags by protocol and rule", report.flags_by_protocol, protocol=True)


def _rules(caption: str, rows: Sequence[RuleFigures], *, protocol: bool) -> Block:
    columns = (
        *((Column("protocol", 14, False),) if protocol else ()),
        Column("rule", 24, False),
        *(
            Column(name, 9)
            for name in ("raised", "accepted", "declined", "snoozed", "no answer", "done", "corrected")
        ),
        Column("right", 20),
        Column("to answer", 12),
    )
    return grid(
        caption,
        columns,
        (
            (
                *((row.protocol or "",) if protocol else ()),
                row.rule.id,
                *map(
                    str,
                    (
                        row.raised,
                        row.accepted,
                        row.declined,
                        row.snoozed,
                        row.unanswered,
                        row.done,
                        row.corrected,
                    ),
                ),
                _right(row.precision),
                "" if row.seen_after.median is None else f"{_of_unit(row.seen_after, row.seen_after.median)}",
            )
            for row in rows
        ),
    )


def _right(found: Proportion) -> str:
    if not found.n:
        return ""
    return f"{found.hits} of {found.n}{'' if found.percent is None else f', {found.percent} % ({_interval(found)})'}"


# Quality


def _quality(report: QiReport) -> Iterator[Block]:
    found = report.quality
    columns = (Column("of each record", 34, False), *_spread_columns())
    rows = [(score.of.label, *_spread(score.spread)) for score in found.scores]
    rows.append(("longest time without an entry", *_spread(found.longest_silence)))
    yield grid("The score and its parts, in percent, and the longest silence", columns, rows)
    late = found.late
    yield words(
        f"Entries: {found.entries}; late: {late.hits}{'' if late.percent is None else f' ({late.percent} %)'};",
        f"amended: {found.amended}; taken back: {found.retracted}.",
    )


def _methods() -> Iterator[Block]:
    for sentence in (
        f"Below n = {SMALLEST} there is no percentage, interval, median or quartile. Percentages are whole, halves up.",
        "Times are counted in whole seconds, as they are shown. Quartiles are linear between neighbours.",
        "Intervals of shares: Wilson's score, 95 %, without continuity correction (Wilson, J Am Stat Assoc 1927).",
        (
            "Time to access: Kaplan and Meier (J Am Stat Assoc 1958); a need without access counts until the case ended. "
            "95 % intervals in the JSON: Greenwood, log(-log). Each need counts by itself, also where a case has several. "
            "A curve is drawn up to 15 min."
        ),
        "First pass: the first attempt by its route in a case, by the site, device and role recorded of it.",
        (
            f"Charts of at least {LEAST_FOR_LIMITS} points have control limits: three sigma of the binomial (p-chart) or "
            "2.66 mean moving ranges (XmR) about the mean. Signs: O outside the limits; S eight on one side of the centre; "
            "T six rising or falling; N two of three in the outer third; H fifteen in the inner third (Provost and Murray, "
            "The Health Care Data Guide, as secondary pages report them)."
        ),
        (
            f"Fewer points make a run chart about the median, judged from {LEAST_FOR_RUNS} on: S six on one side, T five "
            "rising or falling (Perla, BMJ Qual Saf 2011, as secondary pages report it); C fewer crossings of the median "
            "than chance makes 19 times of 20 (Anhoej and Olesen, PLoS ONE 2014)."
        ),
        "Many signs are looked for at once, and some come by chance: a sign is a reason to look, not a verdict.",
    ):
        yield words(sentence)


# Words for figures


def _spread_columns() -> tuple[Column, ...]:
    return (Column("n", 8), Column("median", 12), Column("quartiles", 20), Column("least - most", 20))


def _spread(found: Spread) -> tuple[str, str, str, str]:
    def said(value: Decimal | None) -> str:
        return "" if value is None else _of_unit(found, value)

    quartiles = "" if found.lower is None else f"{said(found.lower)} - {said(found.upper)}"
    ends = "" if found.least is None else f"{said(found.least)} - {said(found.most)}"
    return str(found.n), said(found.median), quartiles, ends


def _of_unit(found: Spread, value: Decimal) -> str:
    return span_words(int(value * SECOND)) if found.unit == "s" else f"{value:f} %"


def _percent(found: Proportion) -> str:
    return "" if found.percent is None else f"{found.percent} %"


def _interval(found: Proportion) -> str:
    return "" if found.low is None else f"{found.low} - {found.high} %"


def _of(found: Proportion) -> str:
    return f"{found.hits} of {found.n}"


def _seconds(value: int | None) -> str:
    return "" if value is None else span_words(value * SECOND)


def _clock(at: int) -> str:
    return f"{at // 60}:{at % 60:02}"


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"
