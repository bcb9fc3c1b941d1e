"""Questions: cases without an institution, answered by an adviser."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.known_values import Known, narrow, widen

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_KNOWN: tuple[Known, ...] = (
    (
        "entries",
        "kind",
        "'complaint', 'message', 'attachment', 'consent', 'response', 'withdrawal', 'safety', 'feedback', 'contact', 'identity', 'language', 'decision', 'institution_reply', 'institution_extension', 'institution_objection', 'institution_correction', 'break_glass_asked', 'break_glass_approved', 'break_glass_refused', 'break_glass_read', 'erasure_request', 'mediator_objection', 'mediator_unavailable', 'letter_failed', 'rules_corrected'",
        "'complaint', 'question', 'became_complaint', 'message', 'attachment', 'consent', 'response', 'withdrawal', 'safety', 'feedback', 'contact', 'identity', 'language', 'decision', 'institution_reply', 'institution_extension', 'institution_objection', 'institution_correction', 'break_glass_asked', 'break_glass_approved', 'break_glass_refused', 'break_glass_read', 'erasure_request', 'mediator_objection', 'mediator_unavailable', 'letter_failed', 'rules_corrected'",
    ),
    (
        "entries",
        "author",
        "'complainant', 'mediator', 'institution', 'supervisor', 'portal'",
        "'complainant', 'mediator', 'adviser', 'institution', 'supervisor', 'portal'",
    ),
    (
        "entries",
        "decision",
        "'give_consent', 'revoke_consent', 'accept_outcome', 'reject_outcome', 'accept_referral', 'reject_referral', 'report_danger', 'report_safe', 'request_erasure', 'cancel_erasure', 'accept_case', 'decline_case', 'recuse', 'ask_complainant', 'contact_institution', 'record_reply', 'propose_outcome', 'refer', 'declare_inadmissible', 'close_case', 'link_case', 'take_step', 'skip_step', 'extend_term', 'restart_term', 'pause_for_danger', 'resume', 'apply_correction', 'keep_rules', 'retry_now', 'correct_date', 'override_stage', 'offer_case', 'reassign', 'assign_adviser', 'reopen_case'",
        "'give_consent', 'revoke_consent', 'accept_outcome', 'reject_outcome', 'accept_referral', 'reject_referral', 'report_danger', 'report_safe', 'request_erasure', 'cancel_erasure', 'accept_case', 'decline_case', 'recuse', 'answer_question', 'ask_complainant', 'contact_institution', 'record_reply', 'propose_outcome', 'refer', 'declare_inadmissible', 'close_case', 'link_case', 'take_step', 'skip_step', 'extend_term', 'restart_term', 'pause_for_danger', 'resume', 'apply_correction', 'keep_rules', 'retry_now', 'correct_date', 'override_stage', 'offer_case', 'reassign', 'assign_adviser', 'reopen_case'",
    ),
    (
        "entries",
        "outcome",
        "'settled', 'partly_settled', 'not_settled', 'withdrawn', 'inadmissible', 'referred'",
        "'settled', 'partly_settled', 'not_settled', 'withdrawn', 'inadmissible', 'referred', 'advised', 'became_complaint'",
    ),
    (
        "entry_outcomes",
        "refusal",
        "'closed', 'not_now', 'not_assigned', 'not_offered', 'advises', 'mediates', 'objected_before', 'no_consent', 'not_contacted', 'outcome_not_allowed', 'window_passed', 'term_passed', 'no_extension', 'needs_consent', 'statutory_term', 'signposting_only', 'nothing_to_decide', 'ground_missing', 'already_taken', 'day_impossible', 'already_done', 'stage_not_possible', 'not_allowed'",
        "'closed', 'not_now', 'not_assigned', 'not_offered', 'advises', 'mediates', 'objected_before', 'no_consent', 'not_contacted', 'outcome_not_allowed', 'window_passed', 'term_passed', 'no_extension', 'needs_consent', 'statutory_term', 'signposting_only', 'nothing_to_decide', 'ground_missing', 'already_taken', 'day_impossible', 'already_done', 'stage_not_possible', 'other_matter', 'not_allowed'",
    ),
    (
        "overviews",
        "stage",
        "'received', 'finding_mediator', 'awaiting_consent', 'awaiting_institution', 'hearing_both_sides', 'outcome_proposed', 'closed'",
        "'received', 'finding_mediator', 'awaiting_consent', 'awaiting_institution', 'hearing_both_sides', 'outcome_proposed', 'finding_adviser', 'awaiting_adviser', 'answered', 'closed'",
    ),
    (
        "overviews",
        "waiting_for",
        "'portal_acknowledges', 'mediator_found', 'mediator_available', 'mediator_accepts', 'complainant_consents', 'institution_replies', 'mediator_proposes', 'complainant_responds', 'complainant_answers', 'institution_answers', 'complainant_chooses_route', 'next_body_window'",
        "'portal_acknowledges', 'mediator_found', 'mediator_available', 'mediator_accepts', 'complainant_consents', 'institution_replies', 'mediator_proposes', 'complainant_responds', 'complainant_answers', 'institution_answers', 'complainant_chooses_route', 'next_body_window', 'adviser_available', 'adviser_answers', 'complainant_follows_up'",
    ),
    (
        "overviews",
        "proposal",
        "'settled', 'partly_settled', 'not_settled', 'withdrawn', 'inadmissible', 'referred'",
        "'settled', 'partly_settled', 'not_settled', 'withdrawn', 'inadmissible', 'referred', 'advised', 'became_complaint'",
    ),
    (
        "overviews",
        "outcome",
        "'settled', 'partly_settled', 'not_settled', 'withdrawn', 'inadmissible', 'referred'",
        "'settled', 'partly_settled', 'not_settled', 'withdrawn', 'inadmissible', 'referred', 'advised', 'became_complaint'",
    ),
    (
        "overviews",
        "attention",
        "'no_mediator', 'acknowledgement_late', 'mediator_silent', 'complainant_silent', 'institution_silent', 'letter_failed', 'mediator_unavailable', 'danger', 'policy_corrected', 'effect_failing', 'workflow_missing', 'workflow_failing', 'entries_undelivered'",
        "'no_mediator', 'acknowledgement_late', 'mediator_silent', 'no_adviser', 'adviser_silent', 'complainant_silent', 'institution_silent', 'letter_failed', 'mediator_unavailable', 'danger', 'policy_corrected', 'effect_failing', 'workflow_missing', 'workflow_failing', 'entries_undelivered'",
    ),
    (
        "letters",
        "letter",
        "'acknowledgement', 'reopened', 'case_offer', 'case_moved', 'mediator_changed', 'consent_request', 'complaint_to_institution', 'institution_contacted', 'institution_reminder', 'term_ends_today', 'term_passed', 'next_contact', 'step_to_decide', 'referral_offer', 'window_closing', 'extension_noted', 'extension_asked', 'delay_at_portal', 'feedback_request', 'institution_silent', 'question_to_complainant', 'question_to_institution', 'answer_reminder', 'message_to_institution', 'consent_revoked', 'name_withdrawn', 'news', 'your_turn', 'wait_passed', 'outcome_proposal', 'closing', 'closing_to_institution', 'new_receipt_code'",
        "'acknowledgement', 'reopened', 'case_offer', 'case_moved', 'mediator_changed', 'consent_request', 'complaint_to_institution', 'institution_contacted', 'institution_reminder', 'term_ends_today', 'term_passed', 'next_contact', 'step_to_decide', 'referral_offer', 'window_closing', 'extension_noted', 'extension_asked', 'delay_at_portal', 'feedback_request', 'institution_silent', 'question_to_complainant', 'question_to_institution', 'answer_reminder', 'message_to_institution', 'consent_revoked', 'name_withdrawn', 'news', 'your_turn', 'wait_passed', 'outcome_proposal', 'closing', 'closing_to_institution', 'question_received', 'question_assigned', 'question_news', 'answer_due', 'answer', 'answer_delayed', 'adviser_asks', 'adviser_wrote', 'question_closed', 'new_receipt_code'",
    ),
    (
        "letters",
        "recipient",
        "'complainant', 'mediator', 'institution', 'supervisor', 'portal'",
        "'complainant', 'mediator', 'adviser', 'institution', 'supervisor', 'portal'",
    ),
)

_KINDS = "'municipality', 'national_service', 'police', 'bank_private', 'bank_business', 'care_institution', 'health_insurer', 'other_insurer', 'landlord', 'operator', 'other'"
_CHECKS = (
    ("matter_known", "matter IN ('complaint', 'question')"),
    ("about_kind_known", f"about_kind IN ({_KINDS})"),
    ("complaint_has_other_side", "(matter = 'complaint') = (institution_id IS NOT NULL)"),
)


def upgrade() -> None:
    """Apply this migration; every case until now is a complaint."""
    widen(_KNOWN)
    op.add_column(
        "cases",
        sa.Column("matter", sa.String(40), server_default=sa.text("'complaint'"), nullable=False),
    )
    op.add_column("cases", sa.Column("about_kind", sa.String(40), nullable=True))
    op.alter_column("cases", "institution_id", nullable=True)
    op.alter_column("overviews", "institution_id", nullable=True)
    for name, condition in _CHECKS:
        op.create_check_constraint(op.f(f"ck_cases_{name}"), "cases", condition)


def downgrade() -> None:
    """Undo this migration; fails while there is a question."""
    op.alter_column("overviews", "institution_id", nullable=False)
    op.alter_column("cases", "institution_id", nullable=False)
    for name, _ in _CHECKS:
        op.drop_constraint(op.f(f"ck_cases_{name}"), "cases", type_="check")
    op.drop_column("cases", "about_kind")
    op.drop_column("cases", "matter")
    narrow(_KNOWN)
