"""PDFs: accessible, the same for the same document, and inert whatever somebody wrote."""

import io
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.languages import SPOKEN, Language
from mail.rendering import Block, Line
from printing import typesetting
from printing.document import Section, Table
from printing.typesetting import CannotPrint, Typesetter, typeset
from tests.printing.reading import squeezed, tags_of, words_of
from tests.printing.samples import TEMPLATE, TEMPLATES, WRITTEN_AT, a_document, paragraph

ALL_KINDS = a_document(
    paragraph("Goedendag,", "een regel."),
    Block(items=("een punt", "nog een punt")),
    Block(quoted=(("wat iemand schreef", "op twee regels"), ("en nog iets",))),
    Block(lines=(Line("https://wederhoor.example/x", link=True),)),
    Table(columns=("Dag", "Wat"), rows=(("maandag", "een brief"),)),
)


class TestAPdf:
    @pytest.mark.parametrize("language", SPOKEN)
    def test_says_that_it_is_accessible_and_what_it_is(self, language: Language) -> None:
        made = typeset(TEMPLATE, replace(ALL_KINDS, language=language))

        with pikepdf.open(io.BytesIO(made)) as document, document.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Een brief"
            assert document.Root.Lang == language.value
            assert document.Root.MarkInfo.Marked
            assert document.Root.ViewerPreferences.DisplayDocTitle
            assert str(document.docinfo.CreationDate) == "D:20261123093000Z"

    def test_has_a_tag_for_each_kind_of_part(self) -> None:
        tags = tags_of(typeset(TEMPLATE, ALL_KINDS))

        assert {"P", "L", "LI", "BlockQuote", "Link", "Table", "TH", "TD"} <= set(tags)

    def test_has_a_heading_for_each_titled_section(self) -> None:
        sections = [Section(title=title, parts=(paragraph("…"),)) for title in ("Een", "Twee")]

        made = typeset(TEMPLATE, replace(ALL_KINDS, sections=sections))

        assert tags_of(made).count("H1") == 2

    def test_is_read_in_the_order_in_which_it_was_written(self) -> None:
        words = words_of(typeset(TEMPLATE, ALL_KINDS))

        said = ("Een brief", "Goedendag,", "een punt", "wat iemand", "https", "maandag")
        assert [words.index(part) for part in said] == sorted(words.index(part) for part in said)
        assert "Zaaknummer lusab-babad-r" in words
        assert "Bladzijde 1 van 1" in words

    def test_holds_its_fonts(self) -> None:
        with pikepdf.open(io.BytesIO(typeset(TEMPLATE, ALL_KINDS))) as document:
            fonts = [
                descendant.FontDescriptor
                for it in document.objects
                if isinstance(it, pikepdf.Dictionary) and it.get("/Type") == "/Font"
                for descendant in it.get("/DescendantFonts", [])
            ]
        assert fonts
        assert all({"/FontFile2", "/FontFile3"} & set(it.keys()) for it in fonts)

    def test_counts_its_pages(self) -> None:
        long = a_document(*(paragraph("Een regel van een brief.") for _ in range(80)))

        words = words_of(typeset(TEMPLATE, long))

        assert "Bladzijde 1 van 3" in words
        assert "Bladzijde 3 van 3" in words

    def test_has_the_same_bytes_for_the_same_document_in_another_process(self) -> None:
        code = (
            "import sys; from tests.printing import test_typesetting as it;"
            "sys.stdout.buffer.write(it.typeset(it.TEMPLATE, it.ALL_KINDS))"
        )
        root = Path(__file__).parents[2]

        other = subprocess.run(
            [sys.executable, "-c", code], cwd=root, capture_output=True, check=True
        )

        assert other.stdout == typeset(TEMPLATE, ALL_KINDS)

    def test_has_other_bytes_on_another_day(self) -> None:
        later = replace(ALL_KINDS, written_at=WRITTEN_AT + timedelta(days=1))

        assert typeset(TEMPLATE, later) != typeset(TEMPLATE, ALL_KINDS)


HOSTILE = (
    '#import "@preview/x:1.0.0": *',
    "#panic()",
    '#read("/etc/passwd")',
    "$ x^2 $ and *bold* _soft_ `raw`",
    "= Kop\\ einde \\u{41} // niets /* niets */ <label> @ref",
    '"]} {"kind": "list"}',
    "https://elders.example/",
    "őűșțãñßçœ ЩукаїЂћ ąćęł ΑΩ tiếng",
    "שלום سلام",
)


def in_a_list(words: str) -> Block:
    return Block(items=(words,))


def in_a_quotation(words: str) -> Block:
    return Block(quoted=((words,),))


def in_a_table(words: str) -> Table:
    return Table(columns=(words,), rows=((words,),))


class TestWhatSomebodyWrote:
    @pytest.mark.parametrize("words", HOSTILE)
    @pytest.mark.parametrize(
        "place",
        [
            paragraph,
            in_a_list,
            in_a_quotation,
            in_a_table,
        ],
    )
    def test_is_shown_as_it_is(self, words: str, place: Callable[[str], Block | Table]) -> None:
        made = typeset(TEMPLATE, a_document(place(words)))

        if words.isascii():  # the order of letters that run from right to left is the reader's
            assert squeezed(words) in squeezed(words_of(made))
        else:
            assert set(squeezed(words)) <= set(words_of(made))
        assert "Link" not in tags_of(made)

    def test_can_be_a_title(self) -> None:
        made = typeset(TEMPLATE, a_document(title="*b* #panic() $x$"))

        assert "*b* #panic() $x$" in words_of(made)

    def test_never_turns_the_direction_of_reading(self) -> None:
        made = typeset(TEMPLATE, a_document(paragraph("goed\u202efdp.exe\u2066 en verder")))

        assert squeezed("goedfdp.exe en verder") in squeezed(words_of(made))

    def test_stays_on_the_page_however_long_a_word_is(self) -> None:
        made = typeset(TEMPLATE, a_document(paragraph("w" * 3000)))

        with pikepdf.open(io.BytesIO(made)) as document:
            assert len(document.pages) > 1
        assert words_of(made).count("w") == 3000

    def test_is_marked_where_there_is_no_shape_for_it(self) -> None:
        words = words_of(
            typeset(TEMPLATE, a_document(paragraph("Hij stuurde \U0001f52a. 你好 😀!")))
        )

        assert squeezed("Hij stuurde [hocho]. ▯▯ [grinning face]!") in squeezed(words)
        assert "die wij hier niet konden tonen" in words

    def test_is_not_said_to_be_marked_where_nothing_was(self) -> None:
        words = words_of(typeset(TEMPLATE, a_document(paragraph("Щука"))))

        assert "niet konden tonen" not in words

    @settings(max_examples=60, deadline=None)
    @given(st.text(min_size=1, max_size=60))
    def test_can_be_anything(self, words: str) -> None:
        made = typeset(TEMPLATE, a_document(Block(quoted=((words,),)), paragraph(words)))

        assert "BlockQuote" in tags_of(made)


class TestWhatIsNotAccessible:
    def test_is_refused(self) -> None:
        picture = b"bytes(\"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>\")"

        with pytest.raises(CannotPrint) as refused:
            typeset(TEMPLATE + b"#image(" + picture + b")", ALL_KINDS)

        assert refused.value.__context__ is None
        assert typeset(TEMPLATE + b"#image(" + picture + b', alt: "Een vlak")', ALL_KINDS)


class TestTheTypesetter:
    async def test_makes_what_typesetting_makes(self) -> None:
        assert await Typesetter(TEMPLATES).pdf(ALL_KINDS) == typeset(TEMPLATE, ALL_KINDS)

    async def test_gives_up_what_takes_too_long(self, monkeypatch: pytest.MonkeyPatch) -> None:
        done = threading.Event()

        def waits(*_: object) -> bool:
            return done.wait()

        monkeypatch.setattr(typesetting, "typeset", waits)

        with pytest.raises(CannotPrint, match="too long"):
            await Typesetter(TEMPLATES, seconds=0.01).pdf(ALL_KINDS)

        done.set()
