"""How rows of the case file become answers, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic.alias_generators import to_camel

from api.answers import (
    ClockBody,
    CodeRequestBody,
    ConsentStateBody,
    EntryBody,
    HandedInBody,
    HelplineBody,
    InstitutionBody,
    LetterBody,
    LostCodeBody,
    MandateBody,
    MyCaseBody,
    OutcomeBody,
    ReceiptBody,
    ReferralBody,
    ReopeningBody,
    RepresentativeCodeBody,
    SideRouteBody,
    StageBody,
    WaitingBody,
)
from api.institution_answers import AwaitedBody
from catalogues.receipt_words import in_words
from catalogues.texts import Reader, text, text_if_any, text_to, written_date
from delivery.receipts import Receipt
from domain.calendar import civil_date
from domain.entries import EntryFacts
from domain.identifiers import EntryNumber
from domain.languages import Language
from domain.lost_code import USABLE, WAITING
from domain.overview import ClockView, OverviewDetails, Referral
from domain.parties import Party
from domain.policy.model import Purpose
from domain.policy.rows import HelplineRow, Policy, Row, SideRouteRow
from domain.receipt_code import ReceiptCode, grouped
from domain.stages import Outcome, Stage
from explanations import timeline, why
from storage.case_file import Body, FiledEntry
from storage.letter_book import LetterText
from storage.models import (
    CaseRow,
    CodeRequestRow,
    InstitutionRow,
    LetterRow,
    OverviewRow,
)


def institution_body(row: InstitutionRow) -> InstitutionBody:
    """Present an institution."""
    return InstitutionBody(id=row.id, kind=row.kind, name=row.name)


def awaited_body(view: ClockView, language: Language) -> AwaitedBody:
    """Present a term to the institution, and nothing of a standstill or of what we do next."""
    clock = view.clock
    return AwaitedBody(
        code=clock.wait,
        text=text(language, f"wait.{clock.wait}"),
        last_day=clock.day,
        passed=clock.passed,
        why=why.reasons_for_the_institution(why.explain(view, language)),
    )


def helpline_body(row: HelplineRow, language: Language) -> HelplineBody:
    """Present a telephone number."""
    return HelplineBody(
        code=row.id,
        name=_name(f"helpline.{row.id}", row, language),
        number=row.number,
        danger=row.danger,
        verified=row.verified,
    )


def side_route_body(row: SideRouteRow, language: Language) -> SideRouteBody:
    """Present another way, beside a complaint."""
    return SideRouteBody(
        code=row.id,
        text=_name(f"side_route.{row.id}", row, language),
        helpline=row.helpline,
        source=row.source,
        verified=row.verified,
    )


def _name(key: str, row: Row, language: Language) -> str:
    """Return a text of ours, or what an operator wrote beside a row of their own."""
    return text_if_any(language, key) or row.note or row.source


def receipt_body(receipt: Receipt) -> ReceiptBody:
    """Present a receipt."""
    return ReceiptBody(
        case_number=receipt.case_number,
        receipt_code=grouped(receipt.code),
        receipt_words=in_words(receipt.code, receipt.language),
    )


def handed_in_body(receipt: Receipt) -> HandedInBody:
    """Present the receipt of what was handed in, with the code of whoever did so for somebody."""
    helper = receipt.representative
    return HandedInBody(
        **receipt_body(receipt).model_dump(),
        helper_code=helper and grouped(helper),
        helper_words=helper and in_words(helper, receipt.language),
    )


def representative_code_body(receipt: Receipt) -> RepresentativeCodeBody:
    """Present the code of whoever may act for a complainant."""
    return RepresentativeCodeBody(
        number=receipt.last_entry,
        receipt_code=grouped(receipt.code),
        receipt_words=in_words(receipt.code, receipt.language),
    )


def lost_code_body(claim: ReceiptCode, language: Language) -> LostCodeBody:
    """Present what becomes of a request for a new code, which is the same for every request."""
    days = {"waiting": WAITING.days, "usable": USABLE.days}
    sentences = ("keep", "letter", "seen", "otherwise")
    return LostCodeBody(
        claim_code=grouped(claim),
        text=[text(language, f"lost_code.{sentence}", **days) for sentence in sentences],
        waiting_days=WAITING.days,
        usable_days=USABLE.days,
    )


def code_request_body(row: CodeRequestRow, language: Language) -> CodeRequestBody:
    """Present a request for a new code to whoever still has the old one."""
    if row.due_at is None or row.expires_at is None:
        raise ValueError("a request that was compared with no case is shown to nobody")
    letter_on, until = civil_date(row.due_at), civil_date(row.expires_at - timedelta(days=1))
    days = {
        "asked": written_date(civil_date(row.asked_at), language),
        "letter": written_date(letter_on, language),
    }
    return CodeRequestBody(
        id=row.id,
        asked_at=row.asked_at,
        letter_on=letter_on,
        letter_written=row.letter_id is not None,
        usable_until=until,
        text=text(language, "lost_code.under_way", **days),
    )


def entry_body(entry: FiledEntry, language: Language) -> EntryBody:
    """Present an entry and what became of it."""
    facts, answer = entry.facts, entry.answer
    return EntryBody(
        number=facts.number,
        kind=facts.kind,
        title=_title(facts, language),
        author=facts.author,
        audience=facts.audience,
        received_at=facts.received_at,
        decision=facts.decision,
        outcome=facts.outcome,
        status=answer.status,
        refusal=answer.refusal,
        refusal_text=text(language, f"refusal.{answer.refusal}") if answer.refusal else None,
        mandate=facts.details.mandate,
        body=_on_the_wire(entry.body),
    )


def _title(facts: EntryFacts, language: Language) -> str:
    if facts.details.scope is not None:
        return text(language, f"entry.{facts.kind}.{facts.details.scope}")
    if facts.decision is not None and facts.author is Party.SUPERVISOR:
        return text(language, f"decision.{facts.decision}")
    return text(language, f"entry.{facts.kind}")


def _on_the_wire(body: Body | None) -> dict[str, str] | None:
    return None if body is None else {to_camel(name): value for name, value in body.items()}


def entry_bodies(entries: Sequence[FiledEntry], language: Language) -> list[EntryBody]:
    """Present entries."""
    return [entry_body(entry, language) for entry in entries]


def letter_body(row: LetterRow, content: LetterText, language: Language) -> LetterBody:
    """Present a letter."""
    return LetterBody(
        id=row.id,
        letter=row.letter,
        title=text(language, f"letter.{row.letter}"),
        written_at=row.written_at,
        status=row.status,
        subject=content.subject,
        text=content.text,
        html=content.html,
    )


def my_case_body(
    case: CaseRow,
    overview: OverviewRow | None,
    institution: InstitutionRow | None,
    language: Language,
    *,
    today: date,
    linked: Sequence[str],
    news_by_mail: bool,
    whole_letters_by_mail: bool,
    code_requests: Sequence[CodeRequestRow],
    policy: Policy,
    reopening: ReopeningBody,
    mandates: Sequence[MandateBody],
    read_by: EntryNumber | None,
) -> MyCaseBody:
    """Present a complainant's case: where it stands, and what happens next."""
    stage = Stage.RECEIVED if overview is None else overview.stage
    proposal = overview.proposal if overview is not None and overview.outcome is None else None
    details = details_of(overview)
    reader = why.reader_of(details)
    shown = course_of(case, overview, language, today, reader)
    return MyCaseBody(
        case_number=case.number,
        matter=case.matter,
        institution=institution and institution_body(institution),
        about_kind=case.about_kind,
        linked_cases=list(linked),
        language=language,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        stage=StageBody(code=stage, text=text_to(reader, language, f"stage.{stage}")),
        waiting_for=_waiting(overview, language, reader),
        clocks=shown.clocks,
        timeline=shown.timeline,
        notices=[why.notice_in_words(notice, language) for notice in details.notices],
        in_danger=details.danger,
        helplines=[
            helpline_body(row, language)
            for row in policy.helplines
            if details.danger and row.danger and row.is_valid_on(today)
        ],
        consent=overview is not None and overview.consent,
        consents=[_consent(purpose, details, language) for purpose in _asked(details)],
        may_object_to_mediator=details.may_object,
        news_by_mail=news_by_mail,
        whole_letters_by_mail=whole_letters_by_mail,
        code_requests=[code_request_body(row, language) for row in code_requests],
        proposal=_outcome(proposal, language, overview.proposed_in if overview else None),
        outcome=_outcome(overview.outcome if overview else None, language),
        ground=text(language, f"ground.{details.ground}") if details.ground else None,
        referral=shown.referral,
        reopening=reopening,
        mandates=list(mandates),
        read_by=read_by,
    )


def timeline_picture(
    case: CaseRow, overview: OverviewRow | None, today: date, language: Language, reader: Reader
) -> str:
    """Draw the clocks of a case as an SVG."""
    opened_on = civil_date(case.opened_at)
    return timeline.timeline_svg(details_of(overview), today, language, opened_on, reader=reader)


@dataclass(frozen=True, slots=True)
class ShownCourse:
    """The clocks of a case, their picture in words, and the way to go."""

    clocks: list[ClockBody]
    timeline: list[str]
    referral: ReferralBody | None


def course_of(
    case: CaseRow, overview: OverviewRow | None, language: Language, today: date, reader: Reader
) -> ShownCourse:
    """Present the course of a case to somebody."""
    details = details_of(overview)
    return ShownCourse(
        clocks=[_clock(view, language, reader=reader) for view in details.clocks],
        timeline=timeline.timeline_text(
            details, today, language, civil_date(case.opened_at), reader=reader
        ),
        referral=referral_body(details.referral, language),
    )


def details_of(overview: OverviewRow | None) -> OverviewDetails:
    """Return the part of the read model that nobody filters by; empty before the first."""
    return OverviewDetails() if overview is None else overview.details


def still_since(overview: OverviewRow | None) -> date | None:
    """Return since which day the time of what is waited for stands still, if it does."""
    if overview is None:
        return None
    since = overview.details.still_since(overview.waiting_for)
    return since and civil_date(since)


def _outcome(
    outcome: Outcome | None, language: Language, entry: int | None = None
) -> OutcomeBody | None:
    if outcome is None:
        return None
    return OutcomeBody(code=outcome, text=text(language, f"outcome.{outcome}"), entry=entry)


def _asked(details: OverviewDetails) -> list[Purpose]:
    """Return the consents that mean something in this case."""
    if not details.mediation:
        return []
    asked = {*details.needed_consents, *details.consents, Purpose.NAME, Purpose.FURTHER_EXTENSION}
    return [purpose for purpose in Purpose if purpose in asked]


def _consent(purpose: Purpose, details: OverviewDetails, language: Language) -> ConsentStateBody:
    return ConsentStateBody(
        purpose=purpose,
        title=text(language, f"purpose.{purpose}"),
        explanation=text(language, f"purpose.{purpose}.explained"),
        given=purpose in details.consents,
        needed=purpose in details.needed_consents,
    )


def referral_body(referral: Referral | None, language: Language) -> ReferralBody | None:
    """Present where a complainant can go next."""
    if referral is None:
        return None
    return ReferralBody(
        code=referral.body,
        text=list(why.referral_sentences(referral, language)),
        until=referral.until,
        source=referral.source,
    )


def _clock(view: ClockView, language: Language, *, reader: Reader) -> ClockBody:
    clock = view.clock
    return ClockBody(
        code=clock.wait,
        party=clock.wait.party,
        text=text_to(reader, language, f"wait.{clock.wait}"),
        since=clock.since,
        last_day=clock.day,
        raw_last_day=clock.raw,
        statutory=clock.statutory,
        source=clock.source,
        verified=clock.verified,
        round=clock.round,
        passed=clock.passed,
        paused=clock.paused_at is not None,
        extensions=len(clock.extensions),
        why=list(why.sentences(why.explain(view, language, reader=reader))),
        next_step=view.next_step,
        next_at=view.next_at,
    )


def _waiting(
    overview: OverviewRow | None, language: Language, reader: Reader
) -> WaitingBody | None:
    if overview is None or overview.waiting_for is None:
        return None
    wait = overview.waiting_for
    running = [view for view in overview.details.clocks if view.clock.wait is wait]
    still = still_since(overview)
    reasons = then = None
    if running:
        clock = running[0].clock
        reasons = why.in_words(running[0], language, reader=reader)
        due = written_date(clock.day, language)
        then = text_to(reader, language, f"wait.{wait}.then", due=due)
    if still is not None:
        then = text(language, "why.nothing_while_paused")
    return WaitingBody(
        code=wait,
        party=wait.party,
        text=text_to(reader, language, f"wait.{wait}"),
        since=overview.waiting_since,
        until=overview.due_at,
        still_since=still,
        why=reasons,
        if_nobody_acts=then,
    )
