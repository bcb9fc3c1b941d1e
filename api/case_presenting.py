"""How the course of a case becomes an answer to the staff, in the reader's language."""

from collections.abc import Collection, Sequence
from datetime import date

from api.case_answers import CaseBody, NeedBody
from api.presenting import course_of, details_of, institution_body, still_since
from api.staffing_answers import UnfitBody
from catalogues.texts import Reader, text
from domain.identifiers import StaffId
from domain.languages import Language
from domain.matter import Matter
from domain.staff import Role
from domain.stages import Stage
from domain.todo import Todo, todo_of_reader
from domain.waits import Attention
from explanations import why
from storage.course_records import standing_of
from storage.models import (
    CaseRow,
    InstitutionRow,
    OverviewRow,
)


def case_body(
    case: CaseRow,
    overview: OverviewRow | None,
    institution: InstitutionRow | None,
    language: Language,
    today: date,
    linked: Sequence[str],
    todo: Todo,
) -> CaseBody:
    """Present the course of a case to staff."""
    details = details_of(overview)
    shown = course_of(case, overview, language, today, Reader.STAFF)
    holder = overview.mediator_id if overview else None
    is_question = case.matter is Matter.QUESTION
    return CaseBody(
        case_number=case.number,
        episode=case.episode,
        matter=case.matter,
        institution=institution and institution_body(institution),
        about_kind=case.about_kind,
        opened_at=case.opened_at,
        closed_at=case.closed_at,
        stage=Stage.RECEIVED if overview is None else overview.stage,
        waiting_for=overview.waiting_for if overview else None,
        due_at=overview.due_at if overview else None,
        still_since=still_since(overview),
        needs=[NeedBody(code=need, text=text(language, f"need.{need}")) for need in todo.needs],
        needs_until=todo.until,
        attention=overview.attention if overview else None,
        attentions=_reasons_to_look(overview),
        mediator_id=None if is_question else holder,
        offered_id=overview.offered_id if overview else None,
        adviser_id=holder if is_question else details.adviser,
        unfit=[
            UnfitBody(reason=reason, mediators=count)
            for reason, count in sorted(details.unfit.items())
        ],
        consent=overview is not None and overview.consent,
        contacted=overview is not None and overview.contacted,
        replied=overview is not None and overview.replied,
        proposal=overview.proposal if overview else None,
        outcome=overview.outcome if overview else None,
        entry_count=case.entry_count,
        clocks=shown.clocks,
        timeline=shown.timeline,
        steps_to_decide=list(details.steps_to_decide),
        notices=[why.notice_in_words(notice, language) for notice in details.notices],
        consents=list(details.consents),
        in_danger=details.danger,
        ground=details.ground,
        referral=shown.referral,
        policy_version=details.policy_version,
        linked_cases=list(linked),
    )


def todo_of_staff(overview: OverviewRow | None, reader: StaffId, roles: Collection[Role]) -> Todo:
    """Return what a case needs of a staff member."""
    if overview is None:
        return Todo()
    return todo_of_reader(
        standing_of(overview),
        mediates=overview.mediator_id == reader,
        is_asked=overview.offered_id == reader,
        supervises=Role.SUPERVISOR in roles,
    )


def _reasons_to_look(overview: OverviewRow | None) -> list[Attention]:
    return [] if overview is None else list(standing_of(overview).attentions)
