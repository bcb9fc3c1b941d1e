"""How a supervisor reads a case in the Temporal UI: in ten seconds, without its content."""

from datetime import datetime

from activities.messages import BeginAftercare, CaseReference
from domain.aftercare import Duty, PlannedDuty
from domain.clock import CIVIL_TIME
from domain.clocks import Clock
from domain.overview import ClockView, Overview, Trouble
from domain.policy.model import Rung, Step
from domain.waits import Attention, Wait
from workflows.identifiers import ADVICE, AFTERCARE, COMPLAINT, ERASURE

_AWAITED: dict[Wait, str] = {
    Wait.PORTAL_ACKNOWLEDGES: "our acknowledgement",
    Wait.MEDIATOR_FOUND: "a mediator for the case",
    Wait.MEDIATOR_AVAILABLE: "a mediator who is free",
    Wait.MEDIATOR_ACCEPTS: "the mediator who was asked to take the case",
    Wait.COMPLAINANT_CONSENTS: "the complainant's consent to contact the institution",
    Wait.INSTITUTION_REACHED: "a letter of ours that reaches the institution",
    Wait.INSTITUTION_REPLIES: "the institution's reply",
    Wait.MEDIATOR_PROPOSES: "the mediator's proposal for an outcome",
    Wait.COMPLAINANT_RESPONDS: "the complainant's answer to the proposal",
    Wait.COMPLAINANT_ANSWERS: "the complainant's answer to a question of ours",
    Wait.INSTITUTION_ANSWERS: "the institution's answer to a further question",
    Wait.COMPLAINANT_CHOOSES_ROUTE: "the complainant's choice about the next body",
    Wait.NEXT_BODY_WINDOW: "the window to go to the next body",
    Wait.ADVISER_AVAILABLE: "an adviser who is free",
    Wait.ADVISER_ANSWERS: "the adviser's answer",
    Wait.COMPLAINANT_FOLLOWS_UP: "a further question of the complainant",
}
_OTHERWISE: dict[Wait, str] = {
    Wait.PORTAL_ACKNOWLEDGES: "the case asks for a supervisor's attention",
    Wait.MEDIATOR_FOUND: "the complainant is told that we are late",
    Wait.MEDIATOR_AVAILABLE: "every mediator is considered again",
    Wait.MEDIATOR_ACCEPTS: "the case is offered to another mediator",
    Wait.COMPLAINANT_CONSENTS: "the mediator is told and the complainant is asked again",
    Wait.INSTITUTION_REACHED: "the mediator is told, and the time starts again",
    Wait.INSTITUTION_REPLIES: "the institution is told that its term has passed",
    Wait.MEDIATOR_PROPOSES: "the case asks for a supervisor's attention",
    Wait.COMPLAINANT_RESPONDS: "the mediator is told and the complainant is asked again",
    Wait.COMPLAINANT_ANSWERS: "whoever asked is told and decides how to go on",
    Wait.INSTITUTION_ANSWERS: "the mediator is told and decides how to go on",
    Wait.COMPLAINANT_CHOOSES_ROUTE: "the mediator decides how to go on",
    Wait.NEXT_BODY_WINDOW: "the complainant can no longer go to the next body",
    Wait.ADVISER_AVAILABLE: "every adviser is considered again",
    Wait.ADVISER_ANSWERS: "the case asks for attention, and the complainant is told",
    Wait.COMPLAINANT_FOLLOWS_UP: "the question is closed",
}
_ATTENTION: dict[Attention, str] = {
    Attention.NO_MEDIATOR: "no mediator could be found",
    Attention.ACKNOWLEDGEMENT_LATE: "the complainant was not told in time that we have this",
    Attention.MEDIATOR_SILENT: "the mediator let a term pass",
    Attention.NO_ADVISER: "no adviser could be found",
    Attention.ADVISER_SILENT: "the adviser let a term pass",
    Attention.COMPLAINANT_SILENT: "the complainant let a term pass",
    Attention.INSTITUTION_SILENT: "the institution let its term pass",
    Attention.MEDIATOR_UNAVAILABLE: "the mediator of the case is not available any more",
    Attention.LETTER_FAILED: "a letter could not be delivered",
    Attention.REOPENING_ASKED: "the complainant asks that the case is opened again",
    Attention.REOPENING_LATE: "nobody answered in time whether the case is opened again",
    Attention.DANGER: "the complainant is not safe; nothing goes to the institution",
    Attention.POLICY_CORRECTED: "a rule of this case was corrected; the mediator decides",
    Attention.EFFECT_FAILING: "something that has to be done fails; it is tried again and again",
    Attention.WORKFLOW_MISSING: "the workflow of the case is missing",
    Attention.WORKFLOW_FAILING: "the workflow of the case cannot go on",
    Attention.ENTRIES_UNDELIVERED: "something arrived that no workflow has answered",
}
_STEPS: dict[Step, str] = {
    Step.REMIND: "Reminder",
    Step.PASS: "Deadline",
    Step.CONTACT_NEXT: "Next desk",
    Step.OFFER_REFERRAL: "Offer of referral",
}


def timer_summary(clock: Clock, rung: Rung | None) -> str:
    """Return what a timer says of itself."""
    what = _STEPS[rung.step] if rung else "Clock"
    again = f" (round {clock.round})" if clock.round > 1 else ""
    return f"{what}: {_AWAITED[clock.wait]}{again}"


_DUTIES: dict[Duty, str] = {
    Duty.ASK_FOR_FEEDBACK: "Ask how it was",
    Duty.REMIND_OF_WINDOW: "Remind that the window to the next body ends",
    Duty.REMIND_OF_REQUEST: "Remind that the complainant wants the case opened again",
    Duty.REQUEST_LATE: "The answer to whether the case is opened again is late",
    Duty.ERASE: "End of the time this dossier is kept",
}
_PURPOSES: dict[str, str] = {
    COMPLAINT: "Keeps the promises of one episode of a case: both sides are heard, on time.",
    ADVICE: "Keeps the promises of one episode of a question: it is answered, on time.",
    AFTERCARE: "Looks after a closed episode until it is reopened or due to be erased.",
    ERASURE: "Erases a case, step by step; a step that fails is tried again for ever.",
}
_NO_AUTHORITY = (
    "Whatever is done here decides nothing: a signal only makes the workflow look at its case "
    "file, and a case whose workflow is terminated stays open and deaf."
)


def static_summary(case: CaseReference) -> str:
    """Return the line that stands beside a workflow in lists."""
    return f"Case {case.number}, episode {case.episode}"


def desk_page(public_url: str, case_number: str) -> str:
    """Return the address of a case's page at the desk."""
    return f"{public_url.rstrip('/')}/desk/cases/{case_number}"


def static_details(kind: str) -> str:
    """Return what a workflow of a type is for."""
    return f"{_PURPOSES[kind]} {_NO_AUTHORITY}"


def duty_summary(duty: Duty) -> str:
    """Return what the timer of a duty says of itself."""
    return _DUTIES[duty]


def of_open_case(case: CaseReference, overview: Overview, desk: str) -> str:
    """Return, as Markdown, where an open case stands and what happens if nobody acts.

    Args:
        desk: the address of its page at the desk; none when empty.
    """
    more = overview.details
    lines = [_heading(case, f"stage **{overview.stage}**")]
    lines += _attention(more.attentions) + _trouble(more.trouble)
    if more.unfit:
        counts = "; ".join(f"{why} {n}" for why, n in sorted(more.unfit.items()))
        lines.append(f"Why nobody fits: {counts}")
    if overview.waiting_for is not None:
        lines += _waiting(overview, overview.waiting_for)
    if more.steps_to_decide:
        lines.append(f"The mediator decides: {', '.join(more.steps_to_decide)}")
    if overview.outcome is not None:
        lines.append(f"Outcome: **{overview.outcome}**")
    lines += _way_to_act(case, desk)
    others = [view for view in more.clocks if view.clock.wait is not overview.waiting_for]
    if others:
        lines.append("Also running:\n\n" + "\n".join(_row(view) for view in others))
    lines.append(f"Entries read: {overview.cursor}; rules of {more.policy_version or 'none yet'}")
    return "\n\n".join(lines)


def of_aftercare(
    begin: BeginAftercare,
    due: PlannedDuty,
    attentions: tuple[Attention, ...],
    trouble: Trouble | None,
) -> str:
    """Return, as Markdown, what is still done for a closed case.

    Args:
        begin: what its aftercare would go on with.
    """
    lines = [_heading(begin.case, f"closed (**{begin.outcome}**)")]
    lines += _attention(attentions) + _trouble(trouble)
    lines.append(f"Next, by itself: {_DUTIES[due.duty]}, on **{_day(due.at)}**")
    return "\n\n".join([*lines, *_way_to_act(begin.case, begin.desk)])


def of_erasure(case: CaseReference, trouble: Trouble | None) -> str:
    """Return, as Markdown, how far an erasure is."""
    return "\n\n".join([_heading(case, "being **erased**"), *_trouble(trouble)])


def _heading(case: CaseReference, state: str) -> str:
    return f"**Case {case.number}**, episode {case.episode}: {state}"


def _attention(attentions: tuple[Attention, ...]) -> list[str]:
    if not attentions:
        return []
    return [f"**Attention**: {'; '.join(_ATTENTION[reason] for reason in attentions)}"]


def _trouble(trouble: Trouble | None) -> list[str]:
    if trouble is None:
        return []
    rounds = "1 round" if trouble.rounds == 1 else f"{trouble.rounds} rounds"
    since = f"{trouble.since.astimezone(CIVIL_TIME):%Y-%m-%d %H:%M}"
    told = f"**Trouble**: `{trouble.effect}` fails since **{since}** ({rounds} of tries so far)"
    return [f"{told}; it is tried again until it succeeds, and the case waits for that"]


def _way_to_act(case: CaseReference, desk: str) -> list[str]:
    where = f"[the case at the desk]({desk})" if desk else f"the API: `/v1/cases/{case.number}`"
    return [f"To act: {where}. A signal from here carries no authority."]


def _waiting(overview: Overview, wait: Wait) -> list[str]:
    running = [view for view in overview.details.clocks if view.clock.wait is wait]
    if not running:
        return [f"Waiting for {_AWAITED[wait]}"]
    view = running[0]
    state = ", **which has passed**" if view.clock.passed else ""
    state = ", which stands still" if view.clock.paused_at else state
    since = f"Waiting for **{_AWAITED[wait]}** since {_day(view.clock.since)}"
    lines = [f"{since}, until **{view.clock.day}**{state} ({view.clock.source})"]
    following = f"If nobody acts: {_OTHERWISE[wait]}"
    if view.next_step is not None and view.next_at is not None:
        step = f"{_STEPS[view.next_step].lower()}, on {_day(view.next_at)}"
        following = f"Next, by itself: {step}. {following}"
    return [*lines, following]


def _row(view: ClockView) -> str:
    clock = view.clock
    state = ", stands still" if clock.paused_at else ", passed" if clock.passed else ""
    following = ""
    if view.next_step is not None and view.next_at is not None:
        following = f"; {_STEPS[view.next_step].lower()} on {_day(view.next_at)}"
    return f"- {_AWAITED[clock.wait]}: until {clock.day}{state}{following} ({clock.source})"


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(CIVIL_TIME):%Y-%m-%d}"
