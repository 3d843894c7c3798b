"""The closed list of rules, in the order in which the watcher writes their flags."""

from __future__ import annotations

from importlib import import_module

from codelog.rules.dose_range import DoseRange
from codelog.rules.drug_repeat import DrugRepeat
from codelog.rules.examples import Example
from codelog.rules.io_caution import IoCaution
from codelog.rules.io_consider import IoConsider
from codelog.rules.io_device import IoDevice
from codelog.rules.io_dwell import IoDwell
from codelog.rules.io_remove import IoRemove
from codelog.rules.io_site import IoSite
from codelog.rules.io_unconfirmed import IoUnconfirmed
from codelog.rules.limb_check import LimbCheck
from codelog.rules.no_line import NoLine
from codelog.rules.rule import Rule
from codelog.rules.timing import Timing
from codelog.rules.volume_total import VolumeTotal

RULES: tuple[type[Rule], ...] = (
    IoConsider,
    IoSite,
    IoCaution,
    IoDevice,
    IoUnconfirmed,
    NoLine,
    LimbCheck,
    IoDwell,
    IoRemove,
    DoseRange,
    DrugRepeat,
    VolumeTotal,
    Timing,
)
"""Every rule, in the order of the rules' page."""

RULE_IDS: tuple[str, ...] = tuple(rule.id for rule in RULES)


def examples_of(rule: type[Rule]) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    """The examples on which a rule fires and those on which it stays quiet, read when they are asked for."""
    module = import_module(f"codelog.rules.examples.{rule.id.replace('-', '_')}")
    return module.FIRES, module.STAYS_QUIET
