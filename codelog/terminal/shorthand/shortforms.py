"""Short forms that people say for ids of the tables and of the log format. Language only: nothing is decided here.

By list and id. For an id that has a number in it the first one is offered; else the words of the id are.
"""

from __future__ import annotations

from collections.abc import Mapping

SHORT: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "access_routes": {
        "piv": ("iv", "cannula"),
        "uvc": ("umbilical",),
        "cvc": ("central",),
        "io": ("intraosseous",),
    },
    "given_routes": {"ett": ("et", "tube", "tracheal"), "im": ("intramuscular",)},
    "sides": {"left": ("l",), "right": ("r",), "midline": ("mid",)},
    "vein_sites": {
        "hand": ("dorsum",),
        "antecubital": ("acf", "elbow"),
        "external_jugular": ("ej",),
        "internal_jugular": ("ij",),
        "femoral_vein": ("femoral",),
    },
    "io_sites": {
        "tibia_prox": ("prox tibia", "tibia", "pt"),
        "tibia_dist": ("dist tibia", "dt"),
        "femur_dist": ("dist femur", "femur", "df"),
        "humerus_prox": ("prox humerus", "humerus", "ph"),
        "sternum_manubrium": ("sternum", "manubrium"),
        "iliac_crest": ("crest", "ilium"),
        "radius_dist": ("dist radius", "radius"),
    },
    "devices": {
        "ezio_15": ("ezio 15mm", "ezio 15", "pink"),
        "ezio_25": ("ezio 25mm", "ezio 25", "blue"),
        "ezio_45": ("ezio 45mm", "ezio 45", "yellow"),
        "fast1": ("fast",),
    },
    "outcomes": {
        "established": ("est", "ok"),
        "abandoned": ("aborted",),
    },
    "failure_reasons": {
        "not_found": ("no vein",),
        "vein_ruptured": ("vein blown", "blown", "blew", "burst", "ruptured"),
        "would_not_thread": ("no thread",),
        "arterial": ("artery",),
        "missed_bone": ("missed",),
        "in_cortex": ("cortex",),
        "swelling": ("swollen",),
        "needle_bent": ("bent", "blocked"),
    },
    "loss_reasons": {"dislodged": ("out",), "infiltrated": ("tissued",), "occluded": ("blocked",)},
    "signs": {
        "stands_unsupported": ("firm",),
        "aspirate": ("blood", "marrow"),
        "flush_free": ("flushes", "flush"),
        "flow_under_pressure": ("flow",),
        "drug_effect": ("effect",),
        "ultrasound": ("us",),
        "xray": ("x-ray",),
    },
    "findings": {"ok": ("fine",), "swelling": ("swollen",), "leak": ("leaking",)},
    "kit": {
        "io_device": ("io", "needle"),
        "saline_flush": ("flush", "saline"),
        "iv_fluid": ("fluid",),
        "infusion_set": ("set",),
        "sterile_towels": ("towels",),
    },
    "substances": {
        "adrenaline": ("adr", "epi", "epinephrine"),
        "sodium_bicarbonate_4_2": ("bicarb 4.2%",),
        "sodium_bicarbonate_8_4": ("bicarb 8.4%",),
        "calcium_gluconate_10": ("calcium",),
        "glucose_10": ("glucose", "dextrose", "d10"),
        "naloxone": ("narcan",),
        "lidocaine": ("lignocaine",),
        "saline_0_9": ("saline", "nacl", "ns"),
        "ringer_lactate": ("rl",),
        "blood_o_neg": ("blood", "oneg"),
        "plasma": ("ffp",),
        "albumin_5": ("albumin",),
        "noradrenaline": ("norepinephrine",),
    },
    "cares": {
        "ppv": ("ventilation", "bagging"),
        "compressions": ("cpr",),
        "intubation": ("intubated",),
        "cord_clamping": ("cord clamped", "clamped"),
    },
    "vitals": {
        "heart_rate": ("hr", "pulse"),
        "spo2": ("sats",),
        "resp_rate": ("rr",),
        "temperature": (),
        "systolic": ("bp", "sbp"),
        "apgar": (),
    },
    "weight_sources": {"length_based": ("by length",)},
}
