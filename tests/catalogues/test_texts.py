"""The texts of both languages: complete, alike, and filled only with what they ask for."""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from pathlib import Path
from string import Formatter

import pytest

from catalogues.texts import (
    MissingValue,
    UnknownText,
    best_language,
    catalogue,
    text,
    written_date,
)
from domain.attachments import ScanState
from domain.clocks import Ending
from domain.decision_forms import FORMS, Item
from domain.entries import READINGS, EntryKind, Refusal
from domain.grounds import Ground
from domain.guide import DeadlineKind
from domain.institutions import InstitutionKind
from domain.intake import NoticeKind
from domain.languages import Language
from domain.letters import Letter
from domain.parties import Audience, Party
from domain.policy.model import Purpose, Step
from domain.reading import GlassState, ReadingScope
from domain.situations import Happened, Nature, Paper, Wish
from domain.spans import Unit
from domain.stages import Outcome, Stage
from domain.todo import Need
from domain.waits import Attention, Wait
from storage.states import EntryStatus
from tests.domain.journey import POLICY, rules_for

KEYS_OF: dict[str, Iterable[StrEnum]] = {
    "stage": Stage,
    "outcome": Outcome,
    "wait": Wait,
    "attention": Attention,
    "need": Need,
    "institution_kind": InstitutionKind,
    "refusal": Refusal,
    "entry": EntryKind,
    "party": Party,
    "letter": Letter,
    "purpose": Purpose,
    "ground": Ground,
    "notice": NoticeKind,
    "ending": Ending,
    "scan": ScanState,
    "happened": Happened,
    "wish": Wish,
    "nature": Nature,
    "paper": Paper,
    "decision": FORMS,
    "desk.item": Item,
    "desk.readers": Audience,
    "desk.status": EntryStatus,
    "break_glass": GlassState,
}

NAMES = {
    *(f"decision.{decision}.then" for decision in KEYS_OF["decision"]),
    *(f"entry.{kind}.{scope}" for kind in READINGS for scope in ReadingScope),
    "break_glass.expired",
    *(f"purpose.{purpose}.explained" for purpose in Purpose),
    *(f"ground.{ground}.route" for ground in Ground),
    *(f"span.{unit}.{number}" for unit in Unit for number in ("one", "other")),
    *(f"body.{body.id}" for body in POLICY.bodies),
    *(f"helpline.{line.id}" for line in POLICY.helplines),
    *(f"side_route.{route.id}" for route in POLICY.side_routes),
    *(f"situation.{situation.id}" for situation in POLICY.situations),
    *(f"anonymous.{what}" for what in ("with_us", "needs_name", "no_name", "report")),
    *(f"draft.{nature}" for nature in (Nature.COMPLAINT, Nature.OBJECTION, Nature.DATA_REQUEST)),
    "deadline.reckoned",
    "source.NVB_sector_standard_of_November_2023",
    *(f"day.{free.name}" for free in rules_for().free_days),
    *(f"day.{name}" for name in ("saturday", "sunday", "two_ordinary_days")),
    "source.service_level",
    "source.rules_of_the_disputes_committee",
    "body.without_text",
    "referral.until",
    *(f"step.{Step.REMIND}.{party}" for party in {wait.party for wait in Wait}),
    *(f"step.{Step.PASS}.{wait}" for wait in Wait),
    *(f"step.{step}" for step in set(Step) - {Step.REMIND, Step.PASS}),
}

SENTENCES = {
    **{f"deadline.{kind}": {"day", "source"} for kind in DeadlineKind},
    **{f"deadline.{kind}.unknown": {"source"} for kind in DeadlineKind},
    "why.about": {"what"},
    "why.round": {"n"},
    "why.since": {"day"},
    "why.law": {"term", "source"},
    "why.service_level": {"term"},
    "why.unverified": set[str](),
    "why.free_day": {"day", "why"},
    "why.rolled.one": {"days", "until"},
    "why.rolled.other": {"days", "until"},
    "why.extended": {"term", "was", "day", "source"},
    "why.extended_by_mediator": {"term", "was", "day"},
    "why.extended_by_adviser": {"term", "was", "day"},
    "why.extended_by_supervisor": {"term", "was", "day"},
    "why.with_consent": set[str](),
    "why.without_consent": set[str](),
    "why.paused": {"day"},
    "why.paused_before": {"days"},
    "why.last_day": {"day"},
    "why.last_day_moves": {"day"},
    "why.passed": {"day"},
    "why.statutory": set[str](),
    "why.not_moved": set[str](),
    "why.otherwise": {"day", "then"},
    "why.nothing_while_paused": set[str](),
    "why.nothing_more": set[str](),
    "lost_code.keep": set[str](),
    "lost_code.letter": {"waiting", "usable"},
    "lost_code.seen": set[str](),
    "lost_code.otherwise": set[str](),
    "lost_code.under_way": {"asked", "letter"},
    "erasure.asked": {"day"},
    "erasure.goes": set[str](),
    "erasure.open_case": set[str](),
    "erasure.wait": {"days"},
    "erasure.stays": set[str](),
    "erasure.institution": set[str](),
    "erasure.backups": set[str](),
    "erasure.law": set[str](),
    "timeline.title": set[str](),
    "timeline.opened": {"day"},
    "timeline.today": {"day"},
    "timeline.none": set[str](),
    "timeline.more.one": {"n"},
    "timeline.more.other": {"n"},
    "timeline.now": set[str](),
    "timeline.before": set[str](),
    "timeline.dates": {"start", "day"},
    "timeline.running": {"what", "start", "day"},
    "timeline.passed": {"what", "start", "day"},
    "timeline.paused": {"what", "start", "day"},
    "timeline.still": {"day"},
    "timeline.stood": {"days"},
    "timeline.moved": {"was", "day"},
    "timeline.ended": {"what", "start", "day", "ended", "ending"},
    "timeline.state.running": set[str](),
    "timeline.state.passed": set[str](),
    "timeline.state.paused": {"day"},
    "timeline.state.stood": {"days"},
    "timeline.state.moved": {"was"},
    "timeline.state.ended": {"ending", "ended"},
}

PAGES = "".join(file.read_text() for file in Path("templates/desk").glob("*.html"))
ON_PAGES = set(re.findall(r"""\bt\(["'](desk\.\w+)["']""", PAGES))

_ON_PAGES_FOR_PEOPLE = re.compile(r"""["']((?:portal|pages)\.[a-z_.]+)""", re.IGNORECASE)
ASKED_FOR_ON_PAGES = {
    key
    for folder, files in (("templates", "*.html"), ("api", "*.py"))
    for file in Path(folder).rglob(files)
    for key in _ON_PAGES_FOR_PEOPLE.findall(file.read_text())
}
"""Keys of texts on pages for people, and beginnings of such keys."""

PROBLEMS = (
    "invalid-request",
    "malformed-json",
    "unauthenticated",
    "forbidden",
    "sign-in-unavailable",
    "sign-in-failed",
    "not-found",
    "method-not-allowed",
    "conflict-idempotency",
    "payload-too-large",
    "unsupported-media-type",
    "service-unavailable",
    "internal-error",
    "idempotency-key-required",
    "invalid-receipt",
    "invalid-halves",
    "too-many-requests",
    "reply-link-invalid",
    "unsupported-file",
    "unacceptable-file",
    "multipart-expected",
    "attachment-infected",
    "only-a-question",
    "break-glass-second-person",
    "break-glass-answered",
    "break-glass-expired",
    "break-glass-not-approved",
    "break-glass-asker-left",
)

FIELD_PROBLEMS = {
    "missing": set[str](),
    "extra": set[str](),
    "type": set[str](),
    "too-long": {"limit"},
    "too-short": set[str](),
    "choice": {"choices"},
    "format": set[str](),
    "unreadable-characters": set[str](),
    "value": set[str](),
    "unknown-institution": set[str](),
    "unknown-staff": set[str](),
    "subject-taken": set[str](),
    "last-administrator": set[str](),
    "contains-receipt-code": set[str](),
    "case-number": set[str](),
    "not-encrypted": set[str](),
    "unknown-key": set[str](),
    "damaged": set[str](),
    "already-encrypted": set[str](),
    "file-kind": set[str](),
    "file-size": {"limit"},
    "file-empty": set[str](),
    "file-damaged": set[str](),
    "file-encrypted": set[str](),
    "file-complex": set[str](),
    "file-number": {"limit"},
}


def placeholders(wording: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(wording) if name is not None}


@pytest.mark.parametrize("language", Language)
class TestTheCatalogueOfALanguage:
    def test_has_the_keys_and_placeholders_of_the_other(self, language: Language) -> None:
        ours, reference = catalogue(language), catalogue(Language.DUTCH)

        assert ours.keys() == reference.keys()
        assert {key: placeholders(words) for key, words in ours.items()} == {
            key: placeholders(words) for key, words in reference.items()
        }

    def test_leaves_no_text_empty_or_ragged(self, language: Language) -> None:
        for key, words in catalogue(language).items():
            assert words, key
            assert words == " ".join(words.split()), key

    def test_names_every_member_of_every_enumeration(self, language: Language) -> None:
        wanted = {f"{kind}.{member}" for kind, members in KEYS_OF.items() for member in members}

        assert wanted <= catalogue(language).keys()

    def test_explains_every_wait(self, language: Language) -> None:
        texts = catalogue(language)

        for wait in Wait:
            assert placeholders(texts[f"wait.{wait}"]) == set()
            assert placeholders(texts[f"wait.{wait}.then"]) == {"due"}
        for key, names in SENTENCES.items():
            assert placeholders(texts[key]) == names

    def test_explains_every_problem(self, language: Language) -> None:
        texts = catalogue(language)

        for slug in PROBLEMS:
            assert placeholders(texts[f"problem.{slug}.title"]) == set()
            assert placeholders(texts[f"problem.{slug}.detail"]) == set()
        for slug, names in FIELD_PROBLEMS.items():
            assert placeholders(texts[f"problem.field.{slug}"]) == names

    def test_holds_no_text_that_nobody_asks_for(self, language: Language) -> None:
        asked = {f"{kind}.{member}" for kind, members in KEYS_OF.items() for member in members}
        asked |= {f"wait.{wait}.then" for wait in Wait} | NAMES | SENTENCES.keys()
        asked |= {f"problem.{slug}.{part}" for slug in PROBLEMS for part in ("title", "detail")}
        asked |= {f"problem.field.{slug}" for slug in FIELD_PROBLEMS}
        on_pages = {key for key in catalogue(language) if key.startswith(("portal.", "pages."))}
        assert catalogue(language).keys() - on_pages == asked | ON_PAGES

    def test_holds_what_pages_for_people_ask_for_and_no_more(self, language: Language) -> None:
        def is_asked_for_by(wanted: str, key: str) -> bool:
            return key == wanted or key.startswith(wanted.rstrip(".") + ".")

        texts = [key for key in catalogue(language) if key.startswith(("portal.", "pages."))]
        for wanted in ASKED_FOR_ON_PAGES:
            assert any(is_asked_for_by(wanted, key) for key in texts), wanted
        for key in texts:
            assert any(is_asked_for_by(wanted, key) for wanted in ASKED_FOR_ON_PAGES), key


class TestText:
    def test_fills_its_placeholders(self) -> None:
        words = text(Language.ENGLISH, "problem.field.too-long", limit=500)

        assert words == "This is too long. Please use no more than 500 characters."

    def test_takes_values_as_they_are(self) -> None:
        words = text(Language.ENGLISH, "problem.field.choice", choices="{limit} {0.__class__}")

        assert "{limit} {0.__class__}" in words

    def test_refuses_an_unknown_key(self) -> None:
        with pytest.raises(UnknownText, match=r"stage\.unheard_of"):
            text(Language.DUTCH, "stage.unheard_of")

    def test_refuses_to_leave_a_placeholder_open(self) -> None:
        with pytest.raises(MissingValue, match="limit"):
            text(Language.DUTCH, "problem.field.too-long")


class TestBestLanguage:
    @pytest.mark.parametrize(
        ("header", "language"),
        [
            (None, Language.DUTCH),
            ("", Language.DUTCH),
            ("*", Language.DUTCH),
            ("en", Language.ENGLISH),
            ("EN-us,en;q=0.9", Language.ENGLISH),
            ("nl-BE, en;q=0.8", Language.DUTCH),
            ("en;q=0.3, nl;q=0.7", Language.DUTCH),
            ("hu, ro;q=0.9, en;q=0.1", Language.ENGLISH),
            ("hu, ro;q=0.9", Language.DUTCH),
            ("en;q=0", Language.DUTCH),
            ("en ; q = 1 , nl;q=0.5", Language.ENGLISH),
            ("en;q=nan", Language.DUTCH),
            ("en;q=2", Language.DUTCH),
            (";;;,,,=\x00\u202e", Language.DUTCH),
            ("../../nl", Language.DUTCH),
            ("xx," * 100_000 + "en", Language.DUTCH),
        ],
    )
    def test_is_the_first_wanted_one_that_we_speak(
        self, header: str | None, language: Language
    ) -> None:
        assert best_language(header) is language


class TestWrittenTime:
    def test_is_a_date_in_words(self) -> None:
        day = date(2026, 11, 3)

        assert written_date(day, Language.DUTCH) == "3 november 2026"
        assert written_date(day, Language.ENGLISH) == "3 November 2026"
