"""Letters as they are read: what they say, what they keep to themselves, and what stays inert."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from catalogues.texts import text
from domain.digest import DigestFigures
from domain.languages import SPOKEN, Language
from domain.letters import Letter
from domain.parties import Party
from domain.stages import Outcome
from domain.waits import Wait
from mail import rendering
from mail.letter import REPLY_LINK_PLACE, LetterFacts, RenderedLetter
from mail.rendering import LetterRenderer, readable, with_reply_link
from tests.mail.reading import (
    BARE,
    DESK_PAGE,
    FACTS,
    PORTAL,
    RENDERER,
    SENDINGS,
    TEMPLATES,
    TO_COMPLAINANT,
    TO_INSTITUTION,
    TO_MEDIATOR,
    Reader,
    code_page,
    every_sending,
    halves_page,
    lines_of,
    rendered,
)


class TestEveryLetter:
    def test_has_its_folder_and_no_folder_lacks_a_letter(self) -> None:
        folders = {path.name for path in (TEMPLATES / "letters").iterdir() if path.is_dir()}

        assert folders == {letter.value for letter in Letter}
        assert {letter for letter, _, _ in SENDINGS} == set(Letter)

    @every_sending
    @pytest.mark.parametrize("facts", [FACTS, BARE], ids=["all facts", "only what is required"])
    def test_renders_and_names_its_case(
        self,
        letter: Letter,
        recipient: Party,
        by_mail: bool,
        language: Language,
        facts: LetterFacts,
    ) -> None:
        read = rendered(letter, recipient, by_mail=by_mail, language=language, facts=facts)

        assert (read.letter, read.recipient, read.language) == (letter, recipient, language)
        assert "lusab-babad-r" in read.text
        assert "Wederhoor" in read.text
        assert "\n\n\n" not in read.text
        assert not re.search(r"[{}\\]|None", read.text)
        assert all(line == line.strip() and ".." not in line for line in read.text.splitlines())

    @every_sending
    def test_says_the_same_as_text_and_as_html(
        self, letter: Letter, recipient: Party, by_mail: bool, language: Language
    ) -> None:
        read = rendered(letter, recipient, by_mail=by_mail, language=language)

        assert Reader(read.html).paragraphs == lines_of(read)

    @every_sending
    def test_brings_nothing_remote_and_no_script(
        self, letter: Letter, recipient: Party, by_mail: bool, language: Language
    ) -> None:
        reader = Reader(rendered(letter, recipient, by_mail=by_mail, language=language).html)

        assert not {"img", "script", "link", "style", "iframe", "form"} & set(reader.tags)
        assert set(reader.links) <= {
            PORTAL,
            REPLY_LINK_PLACE,
            DESK_PAGE,
            code_page(language),
            halves_page(language),
        }

    @every_sending
    def test_has_a_subject_line_that_tells_nothing(
        self, letter: Letter, recipient: Party, by_mail: bool, language: Language
    ) -> None:
        full = rendered(letter, recipient, by_mail=by_mail, language=language)
        bare = rendered(letter, recipient, by_mail=by_mail, language=language, facts=BARE)

        assert full.subject == bare.subject
        assert full.subject.isprintable()
        assert 10 < len(full.subject) < 60
        assert not re.search(r"(?i)\bse[kx]|werker|worker|klacht|complaint|plant", full.subject)

    def test_writes_dates_in_the_words_of_its_language(self) -> None:
        dutch = rendered(Letter.CASE_OFFER, Party.MEDIATOR, language=Language.DUTCH)
        english = rendered(Letter.CASE_OFFER, Party.MEDIATOR, language=Language.ENGLISH)

        assert "Datum: 23 november 2026" in dutch.text
        assert "4 januari 2027" in dutch.text
        assert "Date: 23 November 2026" in english.text
        assert 'lang="nl"' in dutch.html


class TestALanguageThatNobodyHasChecked:
    @every_sending
    def test_says_so_under_every_letter(
        self,
        monkeypatch: pytest.MonkeyPatch,
        letter: Letter,
        recipient: Party,
        by_mail: bool,
        language: Language,
    ) -> None:
        for unchecked in (True, False):
            monkeypatch.setattr(rendering, "has_unchecked", {language: unchecked}.__getitem__)
            read = rendered(letter, recipient, by_mail=by_mail, language=language)
            assert (text(language, "language.unchecked") in lines_of(read)) == unchecked

    def test_says_so_under_the_digest(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rendering, "has_unchecked", {Language.ENGLISH: True}.__getitem__)
        read = RENDERER.render_digest(Language.ENGLISH, DigestFigures(due_today=1), PORTAL)
        assert text(Language.ENGLISH, "language.unchecked") in read.text


class TestWhatLeavesByMail:
    @pytest.mark.parametrize("language", SPOKEN)
    @pytest.mark.parametrize("letter", TO_COMPLAINANT)
    def test_tells_a_complainant_no_content(self, letter: Letter, language: Language) -> None:
        read = rendered(letter, Party.COMPLAINANT, language=language)
        other = replace(BARE, institution_name="Bank", due_on=FACTS.due_on, outcome=Outcome.SETTLED)

        assert "plant" not in (read.text + read.html).lower()
        assert read == rendered(letter, Party.COMPLAINANT, language=language, facts=other)
        assert not re.search(r"(?i)klacht|complaint|instelling|institution", read.text)

    @pytest.mark.parametrize("language", SPOKEN)
    @pytest.mark.parametrize("letter", TO_COMPLAINANT)
    def test_leads_a_complainant_to_the_page_that_asks_for_what_they_have(
        self, letter: Letter, language: Language
    ) -> None:
        read = rendered(letter, Party.COMPLAINANT, language=language)
        renewing = letter is Letter.NEW_RECEIPT_CODE
        place = halves_page(language) if renewing else code_page(language)

        assert Reader(read.html).links == [place]
        assert place in lines_of(read)

    @pytest.mark.parametrize("language", SPOKEN)
    def test_asks_a_complainant_for_nothing_but_the_code(self, language: Language) -> None:
        number = text(language, "letters.case_number", number="").strip(": ").lower()

        assert number not in text(language, "letters.not_in_mail").lower()

    @pytest.mark.parametrize("portal_url", [PORTAL, f"{PORTAL}/"])
    def test_leads_to_the_same_page_however_our_address_is_written(self, portal_url: str) -> None:
        facts = replace(FACTS, portal_url=portal_url)
        read = rendered(Letter.CLOSING, Party.COMPLAINANT, facts=facts)

        assert Reader(read.html).links == [code_page(Language.ENGLISH)]

    @pytest.mark.parametrize("language", SPOKEN)
    @pytest.mark.parametrize("letter", TO_MEDIATOR)
    def test_points_a_mediator_to_the_desk_only(self, letter: Letter, language: Language) -> None:
        read = rendered(letter, Party.MEDIATOR, language=language)
        other = replace(
            BARE,
            institution_name="Bank",
            due_on=FACTS.due_on,
            wait=FACTS.wait,
            recipient_name=FACTS.recipient_name,
        )

        shown = (read.text + read.html).replace("Recipient Plantname", "").lower()
        assert read == rendered(letter, Party.MEDIATOR, language=language, facts=other)
        assert "plant" not in shown

    @pytest.mark.parametrize("language", SPOKEN)
    @pytest.mark.parametrize(
        ("letter", "recipient"),
        [(letter, to) for letter, to, _ in SENDINGS if to in {Party.MEDIATOR, Party.ADVISER}],
    )
    def test_leads_the_staff_to_the_desk(
        self, letter: Letter, recipient: Party, language: Language
    ) -> None:
        read = rendered(letter, recipient, language=language)

        assert Reader(read.html).links == [DESK_PAGE]
        assert DESK_PAGE in lines_of(read)

    @pytest.mark.parametrize("language", SPOKEN)
    def test_leads_from_the_digest_to_the_desk(self, language: Language) -> None:
        read = RENDERER.render_digest(language, DigestFigures(due_today=1), PORTAL)

        assert Reader(read.html).links == [DESK_PAGE]

    def test_cannot_tell_more_when_a_template_tries(self, tmp_path: Path) -> None:
        folder = tmp_path / "letters" / Letter.CLOSING
        folder.mkdir(parents=True)
        (folder / "subject.txt").write_text("News")
        (folder / "body.txt").write_text("{{ institution_name }}")
        renderer = LetterRenderer(tmp_path)

        with pytest.raises(UndefinedError):
            renderer.render(Letter.CLOSING, Party.COMPLAINANT, Language.ENGLISH, FACTS)

    def test_cannot_tell_anything_in_a_subject(self, tmp_path: Path) -> None:
        folder = tmp_path / "letters" / Letter.CLOSING
        folder.mkdir(parents=True)
        (folder / "subject.txt").write_text("News in {{ case_number }}")
        renderer = LetterRenderer(tmp_path)

        with pytest.raises(UndefinedError):
            renderer.render(Letter.CLOSING, Party.COMPLAINANT, Language.ENGLISH, FACTS)


class TestWhatWaitsInTheCaseFile:
    def test_tells_the_outcome_and_what_the_mediator_wrote(self) -> None:
        read = rendered(Letter.CLOSING, Party.COMPLAINANT, by_mail=False)

        assert "The outcome: not settled." in read.text
        assert "> Second planted line." in read.text
        assert "6 weeks after" in read.text
        assert "13 months after" in read.text

    def test_reminds_of_what_is_awaited(self) -> None:
        facts = replace(FACTS, wait=Wait.COMPLAINANT_CONSENTS)
        read = rendered(Letter.YOUR_TURN, Party.COMPLAINANT, by_mail=False, facts=facts)

        assert "whether we may contact Gemeente Plantstad" in read.text


class TestALetterToAnInstitution:
    @pytest.mark.parametrize("language", SPOKEN)
    def test_carries_the_complaint_as_one_side_and_asks_for_the_other(
        self, language: Language
    ) -> None:
        read = rendered(Letter.COMPLAINT_TO_INSTITUTION, Party.INSTITUTION, language=language)

        assert "> Planted words, first line.\n> Second planted line.\n>\n> Another" in read.text
        assert "Signer Plantname" in read.text
        assert "2027" in read.text

    @pytest.mark.parametrize("letter", TO_INSTITUTION)
    def test_offers_the_reply_link_until_the_case_is_closed(self, letter: Letter) -> None:
        read = rendered(letter, Party.INSTITUTION)

        offered = REPLY_LINK_PLACE in lines_of(read)
        assert offered == (letter is not Letter.CLOSING_TO_INSTITUTION)
        assert (REPLY_LINK_PLACE in Reader(read.html).links) == offered

    def test_gets_its_reply_link_only_while_it_is_sent(self) -> None:
        stored = rendered(Letter.TERM_PASSED, Party.INSTITUTION)
        url = f"{PORTAL}/reply?a=1&b=2"

        sent = with_reply_link(stored, url)

        assert url in lines_of(sent)
        assert url in Reader(sent.html).links
        assert REPLY_LINK_PLACE not in sent.text + sent.html

    def test_gives_no_name_when_none_was_given(self) -> None:
        read = rendered(
            Letter.COMPLAINT_TO_INSTITUTION,
            Party.INSTITUTION,
            facts=replace(FACTS, signed_by=" \u202e\n"),
        )

        assert "gives you no name" in read.text


class TestUntrustedText:
    def of(self, *quoted: str) -> RenderedLetter:
        facts = replace(FACTS, quoted=quoted)
        return rendered(Letter.COMPLAINT_TO_INSTITUTION, Party.INSTITUTION, facts=facts)

    def test_is_never_markup(self) -> None:
        read = self.of('<script>alert(1)</script><a href="https://x.example">x</a> &amp; <b>')

        assert "script" not in Reader(read.html).tags
        assert "https://x.example" not in Reader(read.html).links
        assert Reader(read.html).paragraphs == lines_of(read)

    def test_is_never_a_template(self) -> None:
        assert "> {{7*7}} {% raise %}" in self.of("{{7*7}} {% raise %}").text

    def test_is_never_a_format(self) -> None:
        name = "{institution} {0.__class__} {{n}} }"
        facts = replace(FACTS, institution_name=name, signed_by=name, quoted=(name,))
        read = rendered(Letter.COMPLAINT_TO_INSTITUTION, Party.INSTITUTION, facts=facts)

        assert f"a complaint about {name}." in read.text
        assert f"made by {name}." in read.text
        assert f"> {name}" in read.text

    def test_cannot_leave_its_quotation(self) -> None:
        read = self.of("quiet\r\n\r\n\r\nLoud\rLouder\u2028Loudest\x85Last\\", "> - item")

        for line in ("Loud", "Louder", "Loudest", "Last\\", "> - item"):
            assert f"> {line}" in lines_of(read)
        assert Reader(read.html).paragraphs == lines_of(read)

    def test_cannot_take_the_place_of_the_reply_link(self) -> None:
        read = self.of(f"Look: {REPLY_LINK_PLACE}", "[[reply\u200b-link]]", PORTAL)

        assert read.text.count(REPLY_LINK_PLACE) == 1
        assert Reader(read.html).links.count(PORTAL) == 1

    def test_loses_what_deceives_the_eye(self) -> None:
        assert readable("a\u202eb\u2066c\u200bd\ufeffe\u00adf") == "abcdef"
        assert readable("nul\x00 esc\x1b half\ud800") == "nul\ufffd esc\ufffd half\ufffd"
        assert readable("z" + "\u0301" * 40) == "z" + "\u0301" * 4
        assert readable("تو می\u200cروی, ș ț, ő, \U0001f469\u200d\U0001f467") == (
            "تو می\u200cروی, ș ț, ő, \U0001f469\u200d\U0001f467"
        )

    def test_in_a_name_stays_on_its_line(self) -> None:
        name = "Bank\r\nBcc: x@x.example\n\n> quoted\\\n- <b>{{7*7}}</b>"
        read = rendered(
            Letter.COMPLAINT_TO_INSTITUTION,
            Party.INSTITUTION,
            facts=replace(FACTS, institution_name=name, recipient_name=name, signed_by=name),
        )

        assert Reader(read.html).paragraphs == lines_of(read)
        assert "To: Bank Bcc: x@x.example > quoted/ - <b>{{7*7}}</b>" in lines_of(read)
        assert "b" not in Reader(read.html).tags
        assert "\n" not in read.subject

    @given(st.lists(st.text(st.characters(), max_size=80), max_size=4))
    def test_of_any_kind_is_only_quoted(self, quoted: list[str]) -> None:
        ours = [line for line in lines_of(self.of()) if not line.startswith(">")]
        read = self.of(*quoted)

        assert [line for line in lines_of(read) if not line.startswith(">")] == ours
        assert set(Reader(read.html).links) == {PORTAL, REPLY_LINK_PLACE}
        read.text.encode("utf-8")
