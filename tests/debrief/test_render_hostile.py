"""What people wrote is text wherever it is printed: never markup, never a command to a terminal, never reordering."""

from __future__ import annotations

import unicodedata

import pytest

from codelog.debrief.render import pdf
from codelog.debrief.render.formats import FORMATS, printed
from codelog.debrief.render.html import report_html
from codelog.debrief.render.pdf import report_pdf
from codelog.debrief.render.text import report_text
from codelog.debrief.report.as_json import report_json
from tests.debrief.renderkit import MORE, Tags, hostile, pdf_text, text_fields

HTML = (
    "</title></style></svg>\"'><script>alert(1)</script><img src=x onerror=alert(1)><!--{{7*7}}{%x%}&lt;]]>"
)
TYPST = '#panic("x")*bold*_em_$x^2$@ref<lab>#read("/etc/passwd")`raw`\\u{41}=head//c/*c*/"]'
ANSI = "a\x1b[31mred\x1b]0;title\x07b\x9b2Jc\x08\x7fd\re\nf\tg"
BIDI = "a\u202eevil\u202c\u2066b\u2069\u200fc\ufeffd\u2028e\u00ad"
ALL = [HTML, TYPST, ANSI, BIDI, "x" * 5000, " ", "-", "*", "🧸 שלום مرحبا 漢字 é\u0301"]
NAMES = ["html", "typst", "ansi", "bidi", "long", "space", "dash", "star", "scripts"]


def test_that_every_text_of_the_log_is_tried() -> None:
    assert {kind for kind, _ in text_fields()} <= {kind for _, kind, _ in MORE} | {
        "case.opened",
        # Nothing of these is more than words beside a line that is there.
        *("access.present", "access.attempt_described", "access.removed", "kit.checked"),
    }


@pytest.mark.parametrize("words", ALL, ids=NAMES)
def test_that_nothing_acts_on_a_terminal(words: str) -> None:
    lines = list(report_text(hostile(words), 90))
    hidden = {c for line in lines for c in line if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")}
    assert hidden - {"\u200c", "\u200d"} == set()
    assert len(lines) > 100


@pytest.mark.parametrize("words", ALL, ids=NAMES)
def test_that_a_page_has_the_same_tags_whatever_people_wrote(words: str) -> None:
    harmless, page = Tags(report_html(hostile("words"))), Tags(report_html(hostile(words)))
    assert page.shapes() <= harmless.shapes()
    assert not {"script", "img", "link", "iframe", "object", "base", "form"} & {tag for tag, _ in page.tags}
    values = [value or "" for _, attributes in page.tags for value in attributes.values()]
    assert not any("javascript:" in value for value in values)
    assert not any(unicodedata.category(c) in ("Cf", "Zl") for c in page.text if c not in "\u200c\u200d")
    assert set(page.text) & {chr(code) for code in range(32)} <= {"\n"}


def test_that_markup_is_printed_as_it_was_written() -> None:
    text = Tags(report_html(hostile(HTML))).text
    assert text.count(HTML) > 100
    (line,) = {line for line in report_text(hostile("<b>bold</b>"), 400) if line.startswith("Other clock")}
    assert "<b>bold</b>" in line


def test_that_typst_is_printed_as_it_was_written() -> None:
    text = "".join(pdf_text(report_pdf(hostile(TYPST))))
    assert "\u200b" not in text
    assert text.count("#panic(") > 20 and "root:" not in text
    for part in (
        '#panic("x")',
        "*bold*",
        "_em_",
        "$x^2$",
        "@ref",
        "<lab>",
        '#read("/etc',
        "`raw`",
        "\\u{41}",
    ):
        assert part in text, part


@pytest.mark.parametrize("words", ALL, ids=NAMES)
def test_that_a_pdf_is_made_whatever_people_wrote(words: str) -> None:
    assert len(pdf_text(report_pdf(hostile(words)))) < 60


def test_that_typst_has_every_letter_that_it_is_trusted_with() -> None:
    letters = "".join(chr(code) for code in range(0x20, 0x3000) if pdf._OWN_LETTERS.fullmatch(chr(code)))
    assert len(letters) > 400
    words = " ".join(letters[at : at + 12] for at in range(0, len(letters), 12))
    assert "\\u{" not in "".join(pdf_text(report_pdf(hostile(words))))


def test_that_a_letter_without_a_font_is_told_by_its_number() -> None:
    text = "".join(pdf_text(report_pdf(hostile("\U00013000 and \U0001fa77"))))
    assert "\\u{13000}and" in text


def test_that_a_long_text_is_cut_and_says_so() -> None:
    text = "\n".join(report_text(hostile("x" * 5000), 200))
    assert "(3500 more characters)" in " ".join(text.split())
    assert "x" * 5000 in report_json(hostile("x" * 5000))


@pytest.mark.parametrize("form", FORMATS)
def test_that_the_same_report_is_the_same_bytes(form: str) -> None:
    assert printed(hostile(BIDI), form) == printed(hostile(BIDI), form)  # type: ignore[arg-type]
