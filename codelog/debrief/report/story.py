"""The case in one paragraph, each sentence with the entries that it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from codelog.case.events import Ref
from codelog.debrief.report.access_story import AccessStory, AttemptStory
from codelog.debrief.report.course import Course
from codelog.debrief.report.figures import Moment, Sentence, span_words
from codelog.debrief.report.flag_story import FlagStories
from codelog.debrief.report.given import DrugTotal, Given
from codelog.debrief.report.header import Child, Header
from codelog.debrief.report.needs import NeedStory
from codelog.debrief.report.quality import Quality
from codelog.debrief.report.targets import ADRENALINE

_CAUSES = {
    "need": "Access was needed at {}",
    "attempt": "Access was first tried at {}",
    "loss": "The last line was lost at {}",
}


def story(
    header: Header,
    access: AccessStory,
    given: Given,
    flags: FlagStories,
    course: Course,
    quality: Quality,
) -> tuple[Sentence, ...]:
    """The paragraph, sentence by sentence."""
    return (
        *_opening(header),
        *_arrest(course),
        *(sentence for need in access.needs for sentence in _need(need, access)),
        *_harm(access),
        *_adrenaline(given),
        *_fluids(given),
        *_flags(flags),
        *_recovery(course),
        *_ending(header),
        *_quality(quality),
    )


def _opening(header: Header) -> Iterator[Sentence]:
    if header.setting is None or header.zero_is is None:
        yield Sentence("The opening of the case cannot be read.", ())
        return
    kind = "training" if header.mode == "training" else "clinical"
    place = "" if header.place is None else f" ({header.place})"
    where = f"{header.setting.label}{place}, {kind}"
    yield Sentence(f"Setting: {where}; times count from {header.zero_is.label}.", header.events)
    child = header.child
    known = [
        None if child.gestation_weeks is None else f"{child.gestation_weeks} weeks of gestation",
        None if child.age_days is None else _age(child.age_days),
        _weight(child),
    ]
    said = [part for part in known if part is not None]
    if said:
        yield Sentence(f"Child: {', '.join(said)}.", child.events or header.events)


def _age(days: int) -> str:
    return f"{_counted(days, 'day')} old" if days else "on the day of birth"


def _weight(child: Child) -> str | None:
    if child.weight is None:
        return None
    source = "" if child.weight_source is None else f" ({child.weight_source.label})"
    return f"{child.weight}{source}"


def _arrest(course: Course) -> Iterator[Sentence]:
    arrests = [milestone.moment for milestone in course.milestones if milestone.kind == "arrest.recognised"]
    if arrests:
        yield Sentence(f"An arrest was recognised at {_clocks(arrests)}.", _events(arrests))
    for stretch in course.care:
        if stretch.care.id == "compressions":
            until = (
                "" if stretch.until is None else f" to {stretch.until.clock} ({span_words(stretch.ms or 0)})"
            )
            text = f"Chest compressions ran from {stretch.since.clock}{until}."
            yield Sentence(text, _events([stretch.since, *([stretch.until] if stretch.until else [])]))


def _need(need: NeedStory, access: AccessStory) -> Iterator[Sentence]:
    attempts = {attempt.number: attempt for attempt in access.attempts}
    began = _CAUSES[need.cause].format(need.began.clock)
    line = None if need.over_by is None else attempts.get(need.over_by)
    if line is None or need.over is None:
        yield Sentence(f"{began}; no line was established in the record.", need.events)
    else:
        span = span_words(need.over.at - need.began.at)
        text = f"{began}; {_called(line)} was in at {need.over.clock}, {span} later."
        yield Sentence(text, _events([need.began, need.over]))
    failed = [attempts[number] for number in need.attempts if _gave_none(attempts[number])]
    if failed:
        text = f"{_counted(len(failed), 'attempt')} gave no access: {'; '.join(map(_failure, failed))}."
        ends = [attempt.end for attempt in failed if attempt.end is not None]
        yield Sentence(text, _events([*(attempt.start for attempt in failed), *ends]))


def _gave_none(attempt: AttemptStory) -> bool:
    return attempt.end is not None and attempt.established is None


def _failure(attempt: AttemptStory) -> str:
    outcome = "" if attempt.outcome is None else attempt.outcome.label
    reason = "" if attempt.reason is None else f", {attempt.reason.label}"
    return f"{_called(attempt)} {outcome}{reason}"


def _called(attempt: AttemptStory) -> str:
    place = "" if attempt.route.id == "uvc" else attempt.place
    return " ".join(part for part in (attempt.route.label, place) if part)


def _harm(access: AccessStory) -> Iterator[Sentence]:
    found = [(attempt, harm) for attempt in access.attempts for harm in attempt.complications]
    parts = [f"{harm.complication.label} of {_called(a)} at {harm.moment.clock}" for a, harm in found]
    parts += [f"{harm.complication.label} at {harm.moment.clock}" for harm in access.complications]
    moments = [harm.moment for _, harm in found] + [harm.moment for harm in access.complications]
    if parts:
        yield Sentence(f"Complications: {'; '.join(parts)}.", _events(moments))


def _adrenaline(given: Given) -> Iterator[Sentence]:
    doses = [dose for dose in given.doses if dose.drug.id == ADRENALINE]
    if not doses:
        return
    totals = [_total(total) for total in given.drug_totals if total.drug.id == ADRENALINE]
    times = _list(f"{dose.moment.clock} by {dose.route.label}" for dose in doses[:_NAMED])
    more = f" and {len(doses) - _NAMED} more" if len(doses) > _NAMED else ""
    text = f"Adrenaline: {_counted(len(doses), 'dose')}, {_list(totals)}: {times}{more}."
    yield Sentence(text, tuple(ref for dose in doses for ref in dose.events))


def _total(total: DrugTotal) -> str:
    return f"{total.total} in all" + ("" if total.per_kg is None else f" ({total.per_kg})")


def _fluids(given: Given) -> Iterator[Sentence]:
    total = given.fluids
    if not total.infusions:
        return
    per_kg = "" if total.per_kg is None else f" ({total.per_kg})"
    kinds = _list(
        f"{one.fluid.label} {one.volume}" for one in given.fluid_totals if one.uncounted < one.infusions
    )
    uncounted = f"; {total.uncounted} without a recorded volume" if total.uncounted else ""
    count = _counted(total.infusions, "infusion")
    what = f"{total.volume}{per_kg}: {kinds}" if kinds else "volume not known"
    yield Sentence(f"Fluids: {count}, {what}{uncounted}.", total.events)


def _flags(flags: FlagStories) -> Iterator[Sentence]:
    count = flags.all
    if not count.raised:
        yield Sentence("No flag was raised.", ())
        return
    text = (
        f"{count.raised} {'flag was' if count.raised == 1 else 'flags were'} raised, {count.seen} answered by "
        f"somebody, {count.answered} by what they ask for."
    )
    yield Sentence(text, count.events)


def _recovery(course: Course) -> Iterator[Sentence]:
    pulses = [milestone.moment for milestone in course.milestones if milestone.kind == "rosc.recognised"]
    if pulses:
        yield Sentence(f"Circulation returned at {_clocks(pulses)}.", _events(pulses))


def _ending(header: Header) -> Iterator[Sentence]:
    if header.closed is None:
        last = "" if header.last_entry is None else f" The last entry is of {header.last_entry.clock}."
        events = () if header.last_entry is None else header.last_entry.events
        yield Sentence(f"The case is open: this report is interim.{last}", events)
        return
    outcome = "" if header.outcome is None else f": {header.outcome.label}"
    yield Sentence(f"The case was closed at {header.closed.clock}{outcome}.", header.closed.events)


def _quality(quality: Quality) -> Iterator[Sentence]:
    silence = quality.longest_silence
    if quality.details.percent is not None:
        text = f"{quality.details.percent} % of the details are accounted for; late entries: {len(quality.late)}."
        yield Sentence(text, quality.events)
    if silence is not None:
        since, until = silence.since.clock, silence.until.clock
        yield Sentence(
            f"The longest silence was {span_words(silence.ms)}, {since} to {until}.", silence.events
        )


_NAMED = 6
"""Of more doses than this, the paragraph names the first."""


def _list(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _counted(number: int, one: str) -> str:
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def _clocks(moments: list[Moment]) -> str:
    return ", ".join(moment.clock for moment in moments)


def _events(moments: list[Moment]) -> tuple[Ref, ...]:
    return tuple(dict.fromkeys(ref for moment in moments for ref in moment.events))
