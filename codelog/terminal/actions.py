"""The one list of what can be done in a live case: keys, help, footer and the key card are made from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """`id` never changes; `key` may. `name` stands at the foot if `in_foot`, `words` in the help."""

    id: str
    key: str
    name: str
    words: str
    group: str
    in_foot: bool = True

    @property
    def key_words(self) -> str:
        """The key as it is printed."""
        return _KEY_WORDS.get(self.key, self.key.upper() if len(self.key) > 1 else self.key)


SIGNS = {
    "colon": ":",
    "comma": ",",
    "full_stop": ".",
    "semicolon": ";",
    "minus": "-",
    "plus": "+",
    "slash": "/",
    "equals_sign": "=",
    "question_mark": "?",
}
"""The signs that can be keys: how a terminal names them, and as they are printed."""

_KEY_WORDS = SIGNS | {
    "tab": "Tab",
    "enter": "Enter",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}

GROUPS = ("Access", "Line", "Give", "Child", "Record", "Flag", "Screen", "Entry")

ACTIONS = (
    Action("attempt.piv", "p", "PIV", "a peripheral vein is tried", "Access"),
    Action("attempt.uvc", "u", "UVC", "an umbilical vein catheter is tried", "Access"),
    Action("attempt.cvc", "c", "CVC", "a central vein is tried", "Access"),
    Action("attempt.io", "i", "IO", "an intraosseous needle is tried", "Access"),
    Action("attempt.established", "e", "established", "the attempt gave a working line", "Access"),
    Action("attempt.failed", "f", "failed", "the attempt failed; a digit gives the reason", "Access"),
    Action(
        "attempt.abandoned",
        "b",
        "abandoned",
        "the attempt was broken off; a digit gives the reason",
        "Access",
    ),
    Action("access.need", "n", "need", "access is needed: emergent, urgent or routine", "Line"),
    Action("line.signs", "s", "signs", "a sign confirms the line", "Line"),
    Action("line.limb", "k", "limb", "the limb of an IO line was checked", "Line"),
    Action("line.lost", "l", "lost", "a line does not work any more", "Line"),
    Action("line.removed", "x", "removed", "a line was taken out as planned", "Line"),
    Action("drug.adrenaline", "a", "adrenaline", "adrenaline, by weight", "Give"),
    Action("drug.other", "d", "drug", "another drug", "Give"),
    Action("drug.repeat", "y", "repeat", "the last drug once more, the same dose", "Give"),
    Action("fluid", "g", "fluid", "a fluid bolus by weight, or another volume", "Give"),
    Action("circulation", "r", "arrest/ROSC", "arrest recognised, or circulation back", "Child"),
    Action("compressions", "m", "compressions", "chest compressions start, or end", "Child"),
    Action("ventilation", "v", "PPV", "ventilation starts, or ends", "Child"),
    Action("heart_rate", "h", "heart rate", "the heart rate, typed", "Child"),
    Action("vitals", "o", "vitals", "SpO2, breathing, temperature, pressure, Apgar", "Child"),
    Action("patient", "w", "weight", "weight, gestation, age, cord, cooling", "Child"),
    Action("condition", "q", "condition", "a contraindication asked about: present or absent", "Record"),
    Action("note", "t", "text", "a note in words", "Record"),
    Action(
        "more", "j", "more", "infusion stopped, complication, team, equipment, care, line in place", "Record"
    ),
    Action("earlier", "tab", "earlier", "the next entry happened some time ago", "Record"),
    Action("undo", "z", "undo", "the newest entry was a mistake; it stays visible, struck through", "Record"),
    Action("finish", "f10", "close", "close the case with its outcome, or leave it open", "Record"),
    Action("flag.why", "f3", "why", "why the flag was raised: facts, limit, source, alternatives", "Flag"),
    Action("flag.accept", "f4", "accept", "the flag is agreed with", "Flag"),
    Action("flag.decline", "f5", "decline", "the flag is declined; a digit gives the reason", "Flag"),
    Action("flag.snooze", "f6", "snooze", "the flag is put off; a digit says for how long", "Flag"),
    Action("help", "f1", "help", "what every key does", "Screen"),
    Action("sites", "f2", "sites", "the bones, landmarks, devices, and what to ask about", "Screen"),
    Action(
        "report",
        "f8",
        "report",
        "the debrief report of what is saved so far, to read or to send to a file",
        "Screen",
        in_foot=False,
    ),
    Action("palette", "f9", "find", "every action by its name, and the colours", "Entry"),
    Action("line", "colon", "type", "an entry as a line of words, with a preview", "Entry"),
    Action("entry.older", "up", "mend", "mark an entry, then the one before it", "Entry"),
    Action("entry.newer", "down", "newer", "mark the entry after it", "Entry", in_foot=False),
    Action(
        "entry.open",
        "enter",
        "open",
        "the marked entry whole: amend it, retract it, bring it back",
        "Entry",
        in_foot=False,
    ),
    Action("sheet.further", "right", "further", "further down the sheet", "Entry", in_foot=False),
    Action("sheet.back", "left", "back", "up the sheet; at its top, close it", "Entry", in_foot=False),
)

BY_ID = {action.id: action for action in ACTIONS}
