"""What each letter tells of the facts of a case, and to whom nothing of them is told."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from catalogues.texts import text, written_date
from domain.languages import SPOKEN, Language
from domain.letters import Contact, Letter
from domain.parties import Party
from domain.waits import Wait
from mail.letter import LetterFacts
from mail.rendering import LetterRenderer
from tests.mail.reading import BARE, FACTS, Reader, every_sending, lines_of, rendered

REFERRAL = {Letter.REFERRAL_OFFER, Letter.WINDOW_CLOSING, Letter.CLOSING}

TOLD_IN: dict[str, tuple[str | date, set[Letter]]] = {
    "notices": ("- Planted notice one.", {Letter.ACKNOWLEDGEMENT}),
    "mediator_promise_days": (" 8 ", {Letter.ACKNOWLEDGEMENT, Letter.DELAY_AT_PORTAL}),
    "days_to_accept": (" 17 ", {Letter.ACKNOWLEDGEMENT}),
    "answer_by": (date(2027, 3, 9), {Letter.QUESTION_RECEIVED, Letter.QUESTION_ASSIGNED}),
    "consents_asked": ("- Planted title two? And why!", {Letter.CONSENT_REQUEST}),
    "sent_before": (": Planted letter", {Letter.CONSENT_REVOKED, Letter.NAME_WITHDRAWN}),
    "sent_before, the day": (date(2026, 8, 3), {Letter.CONSENT_REVOKED, Letter.NAME_WITHDRAWN}),
    "ground": (": the planted ground.", {Letter.CLOSING}),
    "route": (": The planted route.", {Letter.CLOSING}),
    "referral_body": (": the Plantbody.", REFERRAL),
    "referral_until": (date(2027, 11, 5), REFERRAL),
    "referral_source": (": Plantlaw 9:24.", REFERRAL),
    "timeline_text": ("- Planted day one.", {Letter.CLOSING}),
    "term_in_words": ("Planted term. Planted source.", {Letter.COMPLAINT_TO_INSTITUTION}),
    "silent_since": (date(2026, 9, 7), {Letter.NEXT_CONTACT}),
}
"""How each fact reads, and the letters that tell it; none does so in a complainant's e-mail."""

TO_ASKERS = (
    Letter.NOT_REOPENED,
    Letter.REOPENED,
    Letter.QUESTION_RECEIVED,
    Letter.ANSWER,
    Letter.ANSWER_DELAYED,
    Letter.ADVISER_ASKS,
    Letter.ADVISER_WROTE,
    Letter.QUESTION_CLOSED,
    Letter.FEEDBACK_REQUEST,
    Letter.NEW_RECEIPT_CODE,
)

ONLY_IN_THE_CASE_FILE = (
    "days_to_accept",
    "mediator_promise_days",
    "mediation",
    "notices",
    "consents_asked",
    "sent_before",
    "ground",
    "route",
    "referral_body",
    "referral_until",
    "referral_source",
    "timeline_text",
)
ONLY_TO_THE_INSTITUTION = ("contact", "extendable", "term_in_words", "silent_since", "signed_by")


def in_the_case_file(
    letter: Letter, facts: LetterFacts = FACTS, language: Language = Language.ENGLISH
) -> str:
    read = rendered(letter, Party.COMPLAINANT, by_mail=False, facts=facts, language=language)
    return read.text


def to_the_institution(letter: Letter, facts: LetterFacts = FACTS) -> str:
    return rendered(letter, Party.INSTITUTION, facts=facts).text


class TestALetterAboutAQuestion:
    @pytest.mark.parametrize("language", SPOKEN)
    @pytest.mark.parametrize("by_mail", [True, False])
    @pytest.mark.parametrize("letter", TO_ASKERS)
    def test_names_no_institution_and_leaves_no_gap(
        self, letter: Letter, by_mail: bool, language: Language
    ) -> None:
        facts = replace(FACTS, institution_name="")
        read = rendered(letter, Party.COMPLAINANT, by_mail=by_mail, language=language, facts=facts)
        assert "None" not in read.text
        assert "Plantstad" not in read.text


class TestAFact:
    @every_sending
    @pytest.mark.parametrize("fact", TOLD_IN)
    def test_is_told_where_it_must_be_and_nowhere_else(
        self, fact: str, letter: Letter, recipient: Party, by_mail: bool, language: Language
    ) -> None:
        mark, letters = TOLD_IN[fact]
        words = mark if isinstance(mark, str) else written_date(mark, language)

        read = rendered(letter, recipient, by_mail=by_mail, language=language)

        told = letter in letters and not (by_mail and recipient is Party.COMPLAINANT)
        assert (words in read.text) == told

    @pytest.mark.parametrize(
        ("recipient", "by_mail", "names"),
        [
            (Party.COMPLAINANT, True, (*ONLY_IN_THE_CASE_FILE, *ONLY_TO_THE_INSTITUTION)),
            (Party.MEDIATOR, True, (*ONLY_IN_THE_CASE_FILE, *ONLY_TO_THE_INSTITUTION)),
            (Party.ADVISER, True, (*ONLY_IN_THE_CASE_FILE, *ONLY_TO_THE_INSTITUTION)),
            (Party.INSTITUTION, True, ONLY_IN_THE_CASE_FILE),
            (Party.COMPLAINANT, False, ONLY_TO_THE_INSTITUTION),
        ],
        ids=["e-mail", "mediator", "adviser", "institution", "case file"],
    )
    def test_is_out_of_reach_of_a_template_for_anybody_else(
        self, tmp_path: Path, recipient: Party, by_mail: bool, names: tuple[str, ...]
    ) -> None:
        folder = tmp_path / "letters" / Letter.NEWS
        folder.mkdir(parents=True)
        (folder / "subject.txt").write_text("News")

        for name in names:
            (folder / "body.txt").write_text(f"{{{{ {name} }}}}")
            with pytest.raises(UndefinedError, match=name):
                LetterRenderer(tmp_path).render(
                    Letter.NEWS, recipient, Language.ENGLISH, replace(FACTS, by_mail=by_mail)
                )

    @pytest.mark.parametrize("words", ["- x\n\n- Loud\\ y", "> x\r\n> y", "[[reply-link]]\u2028z"])
    def test_stays_on_its_line_whatever_it_holds(self, words: str) -> None:
        facts = replace(
            FACTS,
            due_on=None,
            institution_name=words,
            notices=(words, words),
            consents_asked=((words, words),),
            sent_before=((words, date(2026, 8, 3)),),
            ground=words,
            route=words,
            referral_body=words,
            referral_source=words,
            timeline_text=(words,),
            term_in_words=(words, words),
        )
        for letter, recipient in (
            (Letter.ACKNOWLEDGEMENT, Party.COMPLAINANT),
            (Letter.CONSENT_REQUEST, Party.COMPLAINANT),
            (Letter.CONSENT_REVOKED, Party.COMPLAINANT),
            (Letter.NAME_WITHDRAWN, Party.COMPLAINANT),
            (Letter.EXTENSION_NOTED, Party.COMPLAINANT),
            (Letter.REFERRAL_OFFER, Party.COMPLAINANT),
            (Letter.CLOSING, Party.COMPLAINANT),
            (Letter.COMPLAINT_TO_INSTITUTION, Party.INSTITUTION),
        ):
            usual, read = (
                rendered(letter, recipient, by_mail=False, facts=told)
                for told in (replace(FACTS, due_on=None), facts)
            )
            fewer = 1 if letter in {Letter.CLOSING, Letter.CONSENT_REQUEST} else 0
            shown, as_usual = Reader(read.html), Reader(usual.html)

            assert shown.paragraphs == lines_of(read)
            assert len(lines_of(read)) == len(lines_of(usual)) - fewer
            assert shown.tags.count("li") == as_usual.tags.count("li") - fewer
            assert shown.tags.count("blockquote") == as_usual.tags.count("blockquote")
            assert shown.links == as_usual.links


class TestTheAcknowledgement:
    @pytest.mark.parametrize("language", SPOKEN)
    def test_speaks_of_decisions_where_it_has_to(self, language: Language) -> None:
        general = text(language, "letter.acknowledgement.objection")
        without = replace(FACTS, tells_of_objecting=False)

        assert general in in_the_case_file(Letter.ACKNOWLEDGEMENT, language=language)
        assert general not in in_the_case_file(Letter.ACKNOWLEDGEMENT, without, language)

    def test_promises_a_mediator(self) -> None:
        read = in_the_case_file(Letter.ACKNOWLEDGEMENT)

        assert "find one within 8 business days" in read
        assert "Plantbody" not in read

    @pytest.mark.parametrize("language", SPOKEN)
    def test_shows_only_the_way_where_we_do_not_mediate(self, language: Language) -> None:
        facts = replace(FACTS, mediation=False)

        read = in_the_case_file(Letter.ACKNOWLEDGEMENT, facts, language)

        assert ": the Plantbody." in read
        name = FACTS.institution_name
        assert text(language, "letter.acknowledgement.adviser", institution=name) in read
        assert " 8 " not in read
        assert text(language, "letter.acknowledgement.reads", institution=name) not in read
        assert text(language, "letter.acknowledgement.both_sides") not in read


class TestTheComplaintToAnInstitution:
    def test_says_what_can_be_answered_and_who_reads_it(self) -> None:
        read = to_the_institution(Letter.COMPLAINT_TO_INSTITUTION)

        assert "- You ask for more time. Please tell us why, and do so by 4 January 2027." in read
        assert "- You correct facts" in read
        assert "you see only what was addressed to you" in read

    @pytest.mark.parametrize("language", SPOKEN)
    @pytest.mark.parametrize(
        ("letter", "key"),
        [
            (Letter.COMPLAINT_TO_INSTITUTION, "more_time_until"),
            (Letter.INSTITUTION_REMINDER, "more_time"),
            (Letter.TERM_ENDS_TODAY, "more_time"),
        ],
    )
    def test_offers_more_time_only_where_the_rules_give_it(
        self, letter: Letter, key: str, language: Language
    ) -> None:
        day = {"day": FACTS.due_on} if key.endswith("until") else {}
        offer = text(language, f"letter.{letter}.{key}", **day)
        usual = rendered(letter, Party.INSTITUTION, language=language)
        without = rendered(
            letter, Party.INSTITUTION, language=language, facts=replace(FACTS, extendable=False)
        )

        assert offer in usual.text
        assert without.text == usual.text.replace(f"- {offer}\n", "").replace(f" {offer}", "")

    def test_speaks_of_terms_in_general_when_none_is_put_in_words(self) -> None:
        read = to_the_institution(Letter.COMPLAINT_TO_INSTITUTION, replace(FACTS, term_in_words=()))

        assert "the time limit that applies to your kind of institution" in read


class TestTheLetterToTheNextDesk:
    @pytest.mark.parametrize(
        ("contact", "desk"),
        [(Contact.COORDINATOR, "complaints coordinator"), (Contact.BOARD, "the board or")],
    )
    def test_names_the_desk(self, contact: Contact, desk: str) -> None:
        read = to_the_institution(Letter.NEXT_CONTACT, replace(FACTS, contact=contact))

        assert f"This letter is for the {desk.removeprefix('the ')}" in read
        assert "We have been waiting since 7 September 2026." in read

    def test_needs_no_desk(self) -> None:
        read = to_the_institution(Letter.NEXT_CONTACT, replace(BARE, contact=Contact.HANDLER))

        assert "This letter is for" not in read
        assert "waiting since" not in read


class TestTheQuestionForConsent:
    POLICE = "copy to the mayor"

    def test_lists_what_is_asked(self) -> None:
        read = in_the_case_file(Letter.CONSENT_REQUEST)

        assert "- Planted title one? Planted explanation.\n- Planted title two? And why!" in read
        assert self.POLICE not in read

    def test_tells_of_the_police_in_general_when_nothing_is_listed(self) -> None:
        assert self.POLICE in in_the_case_file(Letter.CONSENT_REQUEST, BARE)


class TestTheLetterAboutRevokedConsent:
    def test_lists_what_had_been_sent(self) -> None:
        read = in_the_case_file(Letter.CONSENT_REVOKED)

        assert "- 3 August 2026: Planted letter" in read
        assert "cannot be taken back" in read

    def test_says_that_nothing_was_sent(self) -> None:
        read = in_the_case_file(Letter.CONSENT_REVOKED, BARE)

        assert "had not sent the institution anything" in read
        assert "cannot be taken back" not in read


class TestTheOfferOfAnotherBody:
    def test_names_a_day_to_answer_only_when_there_is_one(self) -> None:
        choosing = replace(FACTS, wait=Wait.COMPLAINANT_CHOOSES_ROUTE)

        assert "Please tell us by 4 January 2027" in in_the_case_file(
            Letter.REFERRAL_OFFER, choosing
        )
        assert "Please tell us by" not in in_the_case_file(Letter.REFERRAL_OFFER)
        assert "ended on 4 January 2027" in in_the_case_file(Letter.REFERRAL_OFFER)

    def test_says_so_when_no_last_day_is_known(self) -> None:
        facts = replace(FACTS, referral_until=None)

        read = in_the_case_file(Letter.REFERRAL_OFFER, facts)

        assert "We know of no last day." in read
        assert "Plantlaw" not in read

    @pytest.mark.parametrize("language", SPOKEN)
    def test_is_reminded_of(self, language: Language) -> None:
        facts = replace(FACTS, wait=Wait.COMPLAINANT_CHOOSES_ROUTE)

        read = in_the_case_file(Letter.YOUR_TURN, facts, language)

        name = FACTS.institution_name
        assert text(language, "letter.your_turn.chooses_route", institution=name) in read

    def test_is_named_to_the_mediator_when_nobody_answered(self) -> None:
        facts = replace(FACTS, wait=Wait.COMPLAINANT_CHOOSES_ROUTE)

        assert (
            "This has not come:" in rendered(Letter.WAIT_PASSED, Party.MEDIATOR, facts=facts).text
        )


class TestTheLettersAboutMoreTime:
    @pytest.mark.parametrize("letter", [Letter.EXTENSION_NOTED, Letter.EXTENSION_ASKED])
    def test_quote_the_reason(self, letter: Letter) -> None:
        assert "The institution adds:\n\n> Planted words, first line." in in_the_case_file(letter)

    def test_tell_the_new_last_day_once_it_holds(self) -> None:
        assert "new last day is 4 January 2027" in in_the_case_file(Letter.EXTENSION_NOTED)
        assert "2027" not in in_the_case_file(Letter.EXTENSION_ASKED)


class TestTheClosingLetter:
    @pytest.mark.parametrize("language", SPOKEN)
    def test_ends_with_its_annex(self, language: Language) -> None:
        read = in_the_case_file(Letter.CLOSING, language=language)

        assert read.endswith("\n\n- Planted day one.\n- Planted day two.\n")
        assert read.index("Wederhoor") < read.index("Planted day one")

    def test_has_no_annex_without_a_timeline(self) -> None:
        assert "nnex" not in in_the_case_file(Letter.CLOSING, replace(FACTS, timeline_text=()))

    def test_warns_in_general_when_it_names_no_next_body(self) -> None:
        general = "another body or to court"

        assert general in in_the_case_file(Letter.CLOSING, BARE)
        assert general not in in_the_case_file(Letter.CLOSING)

    def test_tells_the_institution_the_outcome_and_no_ground(self) -> None:
        read = to_the_institution(Letter.CLOSING_TO_INSTITUTION)

        assert "The outcome: not settled." in read
        assert "ground" not in read
