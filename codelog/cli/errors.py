"""Which errors have a sentence for the user, and the exit code of each."""

from __future__ import annotations

import sys

from codelog.cli.exits import BAD_INPUT, STORE

# By module and name, so that asking does not import what the command did not need.
_CODES = {
    ("codelog.case.scenario", "ScenarioError"): BAD_INPUT,
    ("codelog.case.codec", "LineError"): STORE,
    ("codelog.case.instants", "InstantError"): BAD_INPUT,
    ("codelog.live.recorder", "RequestRefused"): BAD_INPUT,
    ("codelog.live.cases", "NotOurs"): BAD_INPUT,
    ("codelog.clinical.problems", "ClinicalDataError"): BAD_INPUT,
    ("codelog.terminal.training.script", "ScriptError"): BAD_INPUT,
    ("codelog.debrief.render.pdf", "NoTypst"): BAD_INPUT,
    ("codelog.audit.folder", "TargetRefused"): BAD_INPUT,
    ("codelog.audit.folder", "FolderFailed"): STORE,
    ("codelog.audit.parquet_tables", "NoPyarrow"): BAD_INPUT,
    ("codelog.audit.importing", "NotAnExport"): BAD_INPUT,
    ("codelog.log.errors", "CaseNotFound"): BAD_INPUT,
    ("codelog.log.errors", "CaseAmbiguous"): BAD_INPUT,
    ("codelog.log.errors", "StoreError"): STORE,
}


def exit_code(error: Exception) -> int | None:
    """The exit code of an error made for the user, or None."""
    for (module, name), code in _CODES.items():
        kind = getattr(sys.modules.get(module), name, None)
        if kind is not None and isinstance(error, kind):
            return code
    return None
