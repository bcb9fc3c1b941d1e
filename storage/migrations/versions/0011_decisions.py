"""Questions of the mediator, replies that came by another way, and linked cases."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.known_values import Known, narrow, widen

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_KNOWN: tuple[Known, ...] = (
    (
        "entries",
        "decision",
        "'give_consent', 'revoke_consent', 'accept_outcome', 'reject_outcome', 'accept_referral', 'reject_referral', 'report_danger', 'report_safe', 'request_erasure', 'cancel_erasure', 'accept_case', 'decline_case', 'recuse', 'propose_outcome', 'close_case', 'take_step', 'skip_step', 'extend_term', 'restart_term', 'pause_for_danger', 'resume', 'apply_correction', 'keep_rules', 'offer_case', 'reopen_case'",
        "'give_consent', 'revoke_consent', 'accept_outcome', 'reject_outcome', 'accept_referral', 'reject_referral', 'report_danger', 'report_safe', 'request_erasure', 'cancel_erasure', 'accept_case', 'decline_case', 'recuse', 'ask_complainant', 'contact_institution', 'record_reply', 'propose_outcome', 'refer', 'declare_inadmissible', 'close_case', 'link_case', 'take_step', 'skip_step', 'extend_term', 'restart_term', 'pause_for_danger', 'resume', 'apply_correction', 'keep_rules', 'offer_case', 'reopen_case'",
    ),
    (
        "entry_outcomes",
        "refusal",
        "'closed', 'not_now', 'not_assigned', 'not_offered', 'no_consent', 'not_contacted', 'outcome_not_allowed', 'window_passed', 'term_passed', 'no_extension', 'needs_consent', 'statutory_term', 'signposting_only', 'nothing_to_decide', 'ground_missing', 'not_allowed'",
        "'closed', 'not_now', 'not_assigned', 'not_offered', 'no_consent', 'not_contacted', 'outcome_not_allowed', 'window_passed', 'term_passed', 'no_extension', 'needs_consent', 'statutory_term', 'signposting_only', 'nothing_to_decide', 'ground_missing', 'already_taken', 'day_impossible', 'already_done', 'not_allowed'",
    ),
    (
        "overviews",
        "waiting_for",
        "'portal_acknowledges', 'mediator_found', 'mediator_available', 'mediator_accepts', 'complainant_consents', 'institution_replies', 'mediator_proposes', 'complainant_responds', 'complainant_chooses_route', 'next_body_window'",
        "'portal_acknowledges', 'mediator_found', 'mediator_available', 'mediator_accepts', 'complainant_consents', 'institution_replies', 'mediator_proposes', 'complainant_responds', 'complainant_answers', 'institution_answers', 'complainant_chooses_route', 'next_body_window'",
    ),
    (
        "letters",
        "letter",
        "'acknowledgement', 'reopened', 'case_offer', 'consent_request', 'complaint_to_institution', 'institution_contacted', 'institution_reminder', 'term_ends_today', 'term_passed', 'next_contact', 'step_to_decide', 'referral_offer', 'window_closing', 'extension_noted', 'extension_asked', 'delay_at_portal', 'feedback_request', 'institution_silent', 'message_to_institution', 'consent_revoked', 'name_withdrawn', 'news', 'your_turn', 'wait_passed', 'outcome_proposal', 'closing', 'closing_to_institution', 'new_receipt_code'",
        "'acknowledgement', 'reopened', 'case_offer', 'consent_request', 'complaint_to_institution', 'institution_contacted', 'institution_reminder', 'term_ends_today', 'term_passed', 'next_contact', 'step_to_decide', 'referral_offer', 'window_closing', 'extension_noted', 'extension_asked', 'delay_at_portal', 'feedback_request', 'institution_silent', 'question_to_complainant', 'question_to_institution', 'answer_reminder', 'message_to_institution', 'consent_revoked', 'name_withdrawn', 'news', 'your_turn', 'wait_passed', 'outcome_proposal', 'closing', 'closing_to_institution', 'new_receipt_code'",
    ),
)


def upgrade() -> None:
    """Apply this migration."""
    widen(_KNOWN)
    op.create_table(
        "case_links",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_links_case_id")),
        sa.ForeignKeyConstraint(["other_id"], ["cases.id"], name=op.f("fk_case_links_other_id")),
        sa.PrimaryKeyConstraint("case_id", "other_id", name=op.f("pk_case_links")),
    )
    op.create_index(op.f("ix_case_links_other_id"), "case_links", ["other_id"], unique=False)


def downgrade() -> None:
    """Undo this migration; fails when one of the new values is in use."""
    op.drop_table("case_links")
    narrow(_KNOWN)
