"""The texts that somebody asks for, by their keys."""

import re
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from domain.attachments import ScanState
from domain.clocks import Ending
from domain.decision_forms import FORMS, Item
from domain.entries import READINGS, EntryKind, Refusal
from domain.figures import Answer, Duration, Measure, NotSaid, Promise, QuestionAnswer, Whether
from domain.grounds import Ground
from domain.guide import DeadlineKind
from domain.institutions import InstitutionKind
from domain.intake import About, NoticeKind
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
    "desk.glass.scope": ReadingScope,
    "figures.measure": Measure,
    "figures.subject": About,
    "figures.duration": Duration,
    "figures.institution": Answer,
    "figures.promise": Promise,
    "figures.whether": Whether,
    "figures.question_answer": QuestionAnswer,
    "figures.kind": NotSaid,
}

NAMES = {
    *(f"decision.{decision}.then" for decision in KEYS_OF["decision"]),
    *(f"entry.{kind}.{scope}" for kind in READINGS for scope in ReadingScope),
    "break_glass.expired",
    "break_glass.asker_left",
    *(f"desk.glass.{what}" for what in ("scope", "answer.true", "answer.false")),
    *(f"purpose.{purpose}.explained" for purpose in Purpose),
    *(f"ground.{ground}.route" for ground in Ground),
    *(f"span.{unit}" for unit in Unit),
    "language.unchecked",
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

_PLAIN_FIGURES = (
    *("lead", "none", "all_years", "received", "closed", "kinds_together", "reopened", "withheld"),
    *("hidden", "kind", "all_kinds", "total", "table", "csv", "json"),
    *("questions", "questions.received", "questions.closed"),
    *("questions.kinds_together", "questions.became_complaint"),
)

OF_WHO_COMPLAINED: dict[str, set[str]] = {
    **{f"wait.{wait}": set[str]() for wait in Wait if wait.party is Party.COMPLAINANT},
    "wait.mediator_found.then": {"due"},
    "wait.institution_replies.then": {"due"},
    "wait.adviser_answers.then": {"due"},
    "step.remind.complainant": set[str](),
    "step.pass.mediator_found": set[str](),
    "step.pass.institution_replies": set[str](),
    "step.pass.adviser_answers": set[str](),
    "step.offer_referral": set[str](),
    "why.with_consent": set[str](),
    "why.without_consent": set[str](),
    "why.paused": {"day"},
    "why.not_moved": set[str](),
}
"""Texts with an own wording for whoever complained, and their placeholders."""
del OF_WHO_COMPLAINED[f"wait.{Wait.NEXT_BODY_WINDOW}"]  # it speaks of nobody

OF_ADVICE: dict[str, set[str]] = {
    **{
        f"stage.{stage}": set[str]()
        for stage in (Stage.FINDING_MEDIATOR, Stage.HEARING_BOTH_SIDES, Stage.OUTCOME_PROPOSED)
    },
    **{
        f"wait.{wait}{end}": names
        for wait in (
            Wait.MEDIATOR_FOUND,
            Wait.MEDIATOR_AVAILABLE,
            Wait.MEDIATOR_ACCEPTS,
            Wait.MEDIATOR_PROPOSES,
            Wait.COMPLAINANT_RESPONDS,
        )
        for end, names in (("", set[str]()), (".then", {"due"}))
    },
    "step.pass.mediator_accepts": set[str](),
    "step.remind.mediator": set[str](),
}
"""Texts with another wording where we do not mediate and only show the way."""

SENTENCES = {
    **{f"{key}.advice": names for key, names in OF_ADVICE.items()},
    **{f"{key}.own": names for key, names in OF_WHO_COMPLAINED.items()},
    **{f"deadline.{kind}": {"day", "source"} for kind in DeadlineKind},
    **{f"deadline.{kind}.unknown": {"source"} for kind in DeadlineKind},
    "why.about": {"what"},
    "why.round": {"n"},
    "why.since": {"day"},
    "why.law": {"term", "source"},
    "why.service_level": {"term"},
    "why.unverified": set[str](),
    "why.free_day": {"day", "why"},
    "why.rolled": {"days", "until"},
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
    "dossier.nobody": set[str](),
    "dossier.title": {"number"},
    "dossier.about": {"day", "institution"},
    "dossier.neutral": set[str](),
    "dossier.holds": set[str](),
    "dossier.answer.title": set[str](),
    "dossier.standing.not_asked": set[str](),
    "dossier.standing.awaited": set[str](),
    "dossier.standing.answered": {"day"},
    "dossier.standing.answered.undated": set[str](),
    "dossier.standing.answered_late": {"day", "last"},
    "dossier.standing.objected": {"day"},
    "dossier.standing.silent": {"last", "until"},
    "dossier.standing.no_longer_awaited": set[str](),
    "dossier.term.title": set[str](),
    "dossier.term.none": set[str](),
    "dossier.term.moved": set[str](),
    "dossier.letters.title": set[str](),
    "dossier.letters.none": set[str](),
    "dossier.letters.known": set[str](),
    "dossier.column.day": set[str](),
    "dossier.column.letter": set[str](),
    "dossier.column.desk": set[str](),
    "dossier.column.state": set[str](),
    "dossier.desk.handler": set[str](),
    "dossier.desk.coordinator": set[str](),
    "dossier.desk.board": set[str](),
    "dossier.letter.queued": set[str](),
    "dossier.letter.in_file": set[str](),
    "dossier.letter.sent": {"day"},
    "dossier.letter.failed": set[str](),
    "dossier.letter.cancelled": set[str](),
    "dossier.next.title": set[str](),
    "dossier.next.none": set[str](),
    "dossier.exchange.title": set[str](),
    "dossier.annex": {"n", "title"},
    "export.title": {"number"},
    "export.about": {"day"},
    "export.case.title": set[str](),
    "export.consents.title": set[str](),
    "export.consent.given": set[str](),
    "export.consent.not_given": set[str](),
    "export.entries.title": set[str](),
    "export.letters.title": set[str](),
    "export.files.title": set[str](),
    "export.sent.title": set[str](),
    "export.nothing": set[str](),
    "export.readme.what": {"day", "number"},
    "export.readme.pdf": set[str](),
    "export.readme.json": set[str](),
    "export.readme.files": set[str](),
    "export.readme.safe": set[str](),
    "export.readme.right": set[str](),
    "export.readme.missing": set[str](),
    "pdf.portal": set[str](),
    "pdf.tagline": set[str](),
    "pdf.case_number": {"number"},
    "pdf.page": {"page", "pages"},
    "pdf.unshown": {"mark"},
    "timeline.title": set[str](),
    "timeline.opened": {"day"},
    "timeline.today": {"day"},
    "timeline.none": set[str](),
    "timeline.more": {"n"},
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
    "figures": set[str](),
    **{f"figures.{name}": set[str]() for name in _PLAIN_FIGURES},
    "figures.title": {"year"},
    "figures.published": {"day"},
    "figures.revised": {"n"},
    "figures.few": {"least"},
    "figures.median": {"band"},
    "figures.questions.median": {"band"},
    "figures.rule": {"least"},
    "figures.plot": {"what", "year"},
    "figures.bar": {"value", "count"},
}

PAGES = "".join(file.read_text() for file in Path("templates/desk").glob("*.html"))
VIEWS = ("needs_me", "all", "overdue", "danger", "closed_too")
ON_PAGES = set(re.findall(r"""["'](desk(?:\.\w+)+)["']""", PAGES)) | {
    f"desk.view.{name}" for name in VIEWS
}

_ON_PAGES_FOR_PEOPLE = re.compile(r"""["']((?:portal|pages|answering)\.[a-z_.]+)""", re.IGNORECASE)
ASKED_FOR_ON_PAGES = {
    key
    for folder, files in (("templates", "*.html"), ("api", "*.py"))
    for file in Path(folder).rglob(files)
    for key in _ON_PAGES_FOR_PEOPLE.findall(file.read_text())
}
"""Keys of texts on pages for people, and beginnings of such keys."""
IN_LETTERS = {
    key
    for file in Path("templates").rglob("*.txt")
    for key in re.findall(r'\bt\("([\w.]*\w)"', file.read_text())
}

PROBLEMS = (
    "invalid-request",
    "malformed-json",
    "unauthenticated",
    "forbidden",
    "for-the-complainant",
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
    "preview-unavailable",
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
    "day": set[str](),
    "address": set[str](),
    "unreadable-characters": set[str](),
    "value": set[str](),
    "unknown-institution": set[str](),
    "unknown-staff": set[str](),
    "advises": set[str](),
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
