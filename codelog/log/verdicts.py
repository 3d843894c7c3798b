"""What is to be said of one stream: its chain held against its checkpoints, and their signatures against keys."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from codelog.log.chain import Break, Intact, Survey
from codelog.log.keys import PublicKey
from codelog.log.notes import Checkpoint, SignedCheckpoint

VERSION = 1
"""The version of the lines that this codelog reads."""

CHAIN_ALONE = "judged by its chain alone: a cut tail would not show"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of a stream, a file, or the store itself.

    `signed` is the newest checkpoint that fits and whose signature is right. `remarks` say what else is to be known;
    they are no findings.
    """

    name: str
    finding: Intact | Break
    signed: SignedCheckpoint | None = None
    remarks: tuple[str, ...] = ()

    @property
    def intact(self) -> bool:
        """Whether nothing is wrong."""
        return isinstance(self.finding, Intact)


def judge(
    name: str,
    finding: Intact | Break,
    survey: Survey,
    checkpoints: Iterable[SignedCheckpoint],
    keys: Mapping[str, PublicKey],
    known_kinds: Collection[str],
    *,
    whole: bool = False,
) -> Verdict:
    """Hold what was found of a stream's chain against its checkpoints. `survey` has the heads at their counts.

    `whole`: the stream was handed out with a checkpoint of its very end, so a line beyond it was added since, and
    with the key that made it.
    """
    signed: list[SignedCheckpoint] = []
    remarks: list[str] = []
    forged: Break | None = None
    for one in checkpoints:
        key = keys.get(one.note.key)
        if key is None and whole:
            forged = Break(0, f"{_words(one)} cannot be checked: its key is not here", "bad_signature")
        elif key is None:
            remarks.append(f"{_words(one)} cannot be checked: its key is not here")
        elif key.signer != one.note.signer or not key.signed(one.note):
            forged = Break(
                0,
                f"{_words(one)} has a bad signature: it was altered, or somebody else made it",
                "bad_signature",
            )
        else:
            signed.append(one)
    signed.sort(key=lambda one: one.checkpoint.count)
    fitting = [one for one in signed if survey.heads.get(one.checkpoint.count) == one.checkpoint.head]
    newest = fitting[-1] if fitting else None
    found = finding
    if isinstance(finding, Break):
        contradiction = _contradiction(finding.line - 1, survey, signed)
        if contradiction is not None:
            found = contradiction
    else:
        found = _against(finding, survey, signed, whole=whole)
        remarks += _unreadable(survey, known_kinds)
    if forged is not None:
        if isinstance(found, Break):
            remarks.append(forged.problem)
        else:
            found = forged
    if isinstance(found, Break) and newest is not None:
        remarks.append(f"lines 1 to {newest.checkpoint.count} are as signed at {newest.checkpoint.time}")
    if isinstance(found, Intact):
        remarks += _coverage(found, newest)
    return Verdict(name, found, newest, tuple(remarks))


def _against(
    chain: Intact, survey: Survey, signed: Sequence[SignedCheckpoint], *, whole: bool
) -> Intact | Break:
    contradiction = _contradiction(chain.count, survey, signed)
    if contradiction is not None:
        return contradiction
    if not signed:
        return chain
    last = signed[-1].checkpoint
    if last.count > chain.count:
        problem = (
            f"the tail is cut: {last.count} lines were signed at {last.time}, and {chain.count} are here; "
            f"line {chain.count + 1} is the first that is missing"
        )
        return Break(chain.count + 1, problem, "tail_cut")
    if whole and last.count < chain.count:
        problem = f"line {chain.count if last.count + 1 == chain.count else last.count + 1} was added: {last.count} lines were signed at {last.time}, and {chain.count} are here"
        return Break(last.count + 1, problem, "appended")
    return chain


def _contradiction(count: int, survey: Survey, signed: Sequence[SignedCheckpoint]) -> Break | None:
    """The first checkpoint of the `count` lines that link whose head is another one."""
    before = 0
    for one in signed:
        said = one.checkpoint
        if said.count > count:
            return None
        if survey.heads.get(said.count) == said.head:
            before = said.count
            continue
        return _rewritten(said, before, count)
    return None


def _rewritten(said: Checkpoint, before: int, count: int) -> Break:
    here = f"line {said.count} does not hash to the head that was signed at {said.time}"
    if before + 1 == said.count:
        return Break(said.count, f"{here}, and line {before} does: line {said.count} was edited", "edited")
    if said.count == count:
        problem = (
            f"{here}: it was edited, or some of lines {before + 1} to {said.count} were and the chain was made anew, "
            "or this is another history of the same stream (a fork)"
        )
        return Break(said.count, problem, "altered")
    problem = (
        f"{here}, though the lines link: some of lines {before + 1} to {said.count} were altered and the chain was made "
        "anew, or this is another history of the same stream (a fork)"
    )
    return Break(said.count, problem, "forked")


def _coverage(chain: Intact, newest: SignedCheckpoint | None) -> list[str]:
    if newest is None:
        return [CHAIN_ALONE]
    beyond = chain.count - newest.checkpoint.count
    said = f"signed up to line {newest.checkpoint.count} at {newest.checkpoint.time} by {_by(newest)}"
    return [said if not beyond else f"{said}; the {beyond} after it {CHAIN_ALONE}"]


def _unreadable(survey: Survey, known_kinds: Collection[str]) -> list[str]:
    """Why this version cannot read an intact stream: one reason of each sort, by its first line."""
    reasons = []
    newer = {version: line for version, line in survey.versions.items() if version != VERSION}
    for version, line in list(newer.items())[:1]:
        if isinstance(version, int):
            reasons.append(f"line {line} is of log version {version}, and this codelog reads {VERSION}")
        else:
            reasons.append(f"line {line} does not say its version")
    unknown = {kind: line for kind, line in survey.kinds.items() if kind not in known_kinds}
    for kind, line in list(unknown.items())[:1]:
        reasons.append(
            f"line {line} is of the kind {kind!a}, which this codelog does not know"
            if isinstance(kind, str)
            else f"line {line} does not say its kind"
        )
    if survey.fraction is not None:
        reasons.append(f"line {survey.fraction} has a number that is not whole, which no codelog writes")
    return [f"not readable by this version: {reason}" for reason in reasons]


def _words(one: SignedCheckpoint) -> str:
    return f"the checkpoint of line {one.checkpoint.count} by {_by(one)}"


def _by(one: SignedCheckpoint) -> str:
    return f"{one.note.signer} (key {one.note.key})"
