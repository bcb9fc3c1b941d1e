"""Requests to open a closed case again."""

from storage.migrations.known_values import Known, narrow, widen

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_KNOWN: tuple[Known, ...] = (
    (
        "entries",
        "kind",
        "'complaint', 'question', 'became_complaint', 'message', 'attachment', 'consent', 'response', 'withdrawal', 'safety', 'feedback', 'contact', 'identity', 'language', 'decision', 'institution_reply', 'institution_extension', 'institution_objection', 'institution_correction', 'break_glass_asked', 'break_glass_approved', 'break_glass_refused', 'break_glass_read', 'erasure_request', 'mandate_given', 'mandate_revoked', 'mediator_objection', 'mediator_unavailable', 'letter_failed', 'rules_corrected'",
        "'complaint', 'question', 'became_complaint', 'message', 'attachment', 'consent', 'response', 'withdrawal', 'safety', 'feedback', 'contact', 'identity', 'language', 'decision', 'institution_reply', 'institution_extension', 'institution_objection', 'institution_correction', 'break_glass_asked', 'break_glass_approved', 'break_glass_refused', 'break_glass_read', 'reopening_request', 'erasure_request', 'mandate_given', 'mandate_revoked', 'mediator_objection', 'mediator_unavailable', 'letter_failed', 'rules_corrected'",
    ),
    (
        "entries",
        "decision",
        "'give_consent', 'revoke_consent', 'accept_outcome', 'reject_outcome', 'accept_referral', 'reject_referral', 'report_danger', 'report_safe', 'request_erasure', 'cancel_erasure', 'accept_case', 'decline_case', 'recuse', 'answer_question', 'ask_complainant', 'contact_institution', 'record_reply', 'propose_outcome', 'refer', 'declare_inadmissible', 'close_case', 'link_case', 'take_step', 'skip_step', 'extend_term', 'restart_term', 'pause_for_danger', 'resume', 'apply_correction', 'keep_rules', 'retry_now', 'correct_date', 'override_stage', 'offer_case', 'reassign', 'assign_adviser', 'reopen_case'",
        "'give_consent', 'revoke_consent', 'accept_outcome', 'reject_outcome', 'accept_referral', 'reject_referral', 'report_danger', 'report_safe', 'request_erasure', 'cancel_erasure', 'accept_case', 'decline_case', 'recuse', 'answer_question', 'ask_complainant', 'contact_institution', 'record_reply', 'propose_outcome', 'refer', 'declare_inadmissible', 'close_case', 'link_case', 'take_step', 'skip_step', 'extend_term', 'restart_term', 'pause_for_danger', 'resume', 'apply_correction', 'keep_rules', 'retry_now', 'correct_date', 'override_stage', 'offer_case', 'reassign', 'assign_adviser', 'reopen_case', 'keep_closed'",
    ),
    (
        "overviews",
        "attention",
        "'no_mediator', 'acknowledgement_late', 'mediator_silent', 'no_adviser', 'adviser_silent', 'complainant_silent', 'institution_silent', 'letter_failed', 'mediator_unavailable', 'danger', 'policy_corrected', 'effect_failing', 'workflow_missing', 'workflow_failing', 'entries_undelivered'",
        "'no_mediator', 'acknowledgement_late', 'mediator_silent', 'no_adviser', 'adviser_silent', 'complainant_silent', 'institution_silent', 'letter_failed', 'mediator_unavailable', 'reopening_asked', 'reopening_late', 'danger', 'policy_corrected', 'effect_failing', 'workflow_missing', 'workflow_failing', 'entries_undelivered'",
    ),
    (
        "letters",
        "letter",
        "'acknowledgement', 'reopened', 'case_offer', 'case_moved', 'mediator_changed', 'consent_request', 'complaint_to_institution', 'institution_contacted', 'institution_reminder', 'term_ends_today', 'term_passed', 'next_contact', 'step_to_decide', 'referral_offer', 'window_closing', 'extension_noted', 'extension_asked', 'delay_at_portal', 'feedback_request', 'institution_silent', 'question_to_complainant', 'question_to_institution', 'answer_reminder', 'message_to_institution', 'consent_revoked', 'name_withdrawn', 'news', 'your_turn', 'wait_passed', 'outcome_proposal', 'closing', 'closing_to_institution', 'question_received', 'question_assigned', 'question_news', 'answer_due', 'answer', 'answer_delayed', 'adviser_asks', 'adviser_wrote', 'question_closed', 'new_receipt_code'",
        "'acknowledgement', 'reopened', 'reopening_asked', 'not_reopened', 'case_offer', 'case_moved', 'mediator_changed', 'consent_request', 'complaint_to_institution', 'institution_contacted', 'institution_reminder', 'term_ends_today', 'term_passed', 'next_contact', 'step_to_decide', 'referral_offer', 'window_closing', 'extension_noted', 'extension_asked', 'delay_at_portal', 'feedback_request', 'institution_silent', 'question_to_complainant', 'question_to_institution', 'answer_reminder', 'message_to_institution', 'consent_revoked', 'name_withdrawn', 'news', 'your_turn', 'wait_passed', 'outcome_proposal', 'closing', 'closing_to_institution', 'question_received', 'question_assigned', 'question_news', 'answer_due', 'answer', 'answer_delayed', 'adviser_asks', 'adviser_wrote', 'question_closed', 'new_receipt_code'",
    ),
)


def upgrade() -> None:
    """Apply this migration."""
    widen(_KNOWN)


def downgrade() -> None:
    """Undo this migration; fails when one of the new values is in use."""
    narrow(_KNOWN)
