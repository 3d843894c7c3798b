"""All that the record lacks, by subject, while the case is being signed off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content

from codelog.debrief.gaps import Gap
from codelog.debrief.plain import plain

Part = tuple[str, str]
_LONGEST = 120


def signoff_sheet(gaps: Sequence[Gap], numbered: Mapping[Gap, int]) -> Content:
    """The gaps under their subjects, with the digits of those that can be chosen now; what is not known with its reason."""
    open_gaps = sum(gap.unknown is None for gap in gaps)
    parts: list[Part] = [("Sign-off", "bold $primary"), (f"   {_count(open_gaps)}\n", "$quiet")]
    if not gaps:
        parts.append(("\nEvery detail is recorded.", "$success"))
    by_subject: dict[str, list[Gap]] = {}
    for gap in gaps:
        by_subject.setdefault(gap.subject, []).append(gap)
    for subject, lacking in by_subject.items():
        parts.append((f"\n{plain(subject, _LONGEST)}\n", "bold"))
        for gap in lacking:
            digit = str(numbered.get(gap, ""))
            tone = "$warning" if gap.unknown is None else "$quiet"
            parts += [(f"{digit:>3} ", "bold $key"), (f"{plain(gap.words, _LONGEST)}\n", tone)]
    return Content.assemble(*parts).rstrip()


def _count(number: int) -> str:
    return "nothing to fill" if not number else f"{number} {'gap' if number == 1 else 'gaps'} to fill"
