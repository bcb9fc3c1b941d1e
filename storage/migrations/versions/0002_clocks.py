"""Clocks: further desks of institutions, consent by purpose, details of entries and overviews."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from storage.migrations.known_values import Known, narrow, widen

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KNOWN: tuple[Known, ...] = (
    (
        "institutions",
        "kind",
        "'municipality', 'national_service', 'police', 'bank_private', 'bank_business', 'care_institution', 'health_insurer', 'other_insurer', 'other'",
        "'municipality', 'national_service', 'police', 'bank_private', 'bank_business', 'care_institution', 'health_insurer', 'other_insurer', 'landlord', 'operator', 'other'",
    ),
    (
        "entries",
        "kind",
        "'complaint', 'message', 'consent', 'response', 'withdrawal', 'contact', 'identity', 'language', 'decision', 'institution_reply', 'letter_failed'",
        "'complaint', 'message', 'consent', 'response', 'withdrawal', 'safety', 'feedback', 'contact', 'identity', 'language', 'decision', 'institution_reply', 'institution_extension', 'institution_objection', 'institution_correction', 'letter_failed', 'rules_corrected'",
    ),
    (
        "entries",
        "decision",
        "'give_consent', 'revoke_consent', 'accept_outcome', 'reject_outcome', 'accept_case', 'decline_case', 'recuse', 'propose_outcome', 'close_case', 'offer_case', 'reopen_case'",
        "'give_consent', 'revoke_consent', 'accept_outcome', 'reject_outcome', 'accept_referral', 'reject_referral', 'report_danger', 'report_safe', 'accept_case', 'decline_case', 'recuse', 'propose_outcome', 'close_case', 'take_step', 'skip_step', 'extend_term', 'restart_term', 'pause_for_danger', 'resume', 'apply_correction', 'keep_rules', 'offer_case', 'reopen_case'",
    ),
    (
        "entry_outcomes",
        "refusal",
        "'closed', 'not_now', 'not_assigned', 'not_offered', 'no_consent', 'not_contacted', 'outcome_not_allowed', 'window_passed', 'not_allowed'",
        "'closed', 'not_now', 'not_assigned', 'not_offered', 'no_consent', 'not_contacted', 'outcome_not_allowed', 'window_passed', 'term_passed', 'no_extension', 'needs_consent', 'statutory_term', 'signposting_only', 'nothing_to_decide', 'ground_missing', 'not_allowed'",
    ),
    (
        "overviews",
        "waiting_for",
        "'mediator_available', 'mediator_accepts', 'complainant_consents', 'institution_replies', 'mediator_proposes', 'complainant_responds'",
        "'portal_acknowledges', 'mediator_found', 'mediator_available', 'mediator_accepts', 'complainant_consents', 'institution_replies', 'mediator_proposes', 'complainant_responds', 'complainant_chooses_route', 'next_body_window'",
    ),
    (
        "overviews",
        "attention",
        "'no_mediator', 'mediator_silent', 'complainant_silent', 'institution_silent', 'letter_failed', 'workflow_missing'",
        "'no_mediator', 'acknowledgement_late', 'mediator_silent', 'complainant_silent', 'institution_silent', 'letter_failed', 'danger', 'policy_corrected', 'workflow_missing'",
    ),
    (
        "letters",
        "letter",
        "'acknowledgement', 'reopened', 'case_offer', 'consent_request', 'complaint_to_institution', 'institution_contacted', 'institution_reminder', 'term_passed', 'institution_silent', 'message_to_institution', 'consent_revoked', 'news', 'your_turn', 'wait_passed', 'outcome_proposal', 'closing', 'closing_to_institution'",
        "'acknowledgement', 'reopened', 'case_offer', 'consent_request', 'complaint_to_institution', 'institution_contacted', 'institution_reminder', 'term_ends_today', 'term_passed', 'next_contact', 'step_to_decide', 'referral_offer', 'window_closing', 'extension_noted', 'extension_asked', 'delay_at_portal', 'feedback_request', 'institution_silent', 'message_to_institution', 'consent_revoked', 'news', 'your_turn', 'wait_passed', 'outcome_proposal', 'closing', 'closing_to_institution'",
    ),
)


def upgrade() -> None:
    """Apply this migration."""
    widen(_KNOWN)
    op.add_column("institutions", sa.Column("coordinator_address", sa.String(254), nullable=True))
    op.add_column("institutions", sa.Column("board_address", sa.String(254), nullable=True))
    op.add_column("entries", sa.Column("details", postgresql.JSONB(), nullable=True))
    op.add_column(
        "overviews",
        sa.Column("details", postgresql.JSONB(), nullable=False, server_default=sa.text("'{}'")),
    )
    op.alter_column("overviews", "details", server_default=None)
    op.add_column(
        "letters", sa.Column("contact", sa.String(40), nullable=False, server_default="handler")
    )
    op.alter_column("letters", "contact", server_default=None)
    op.create_check_constraint(
        op.f("ck_letters_contact_known"),
        "letters",
        "contact IN ('handler', 'coordinator', 'board')",
    )
    op.add_column(
        "letters",
        sa.Column(
            "needs", sa.ARRAY(sa.String(20)), nullable=False, server_default=sa.text("'{contact}'")
        ),
    )
    op.alter_column("letters", "needs", server_default=None)
    op.create_table(
        "institution_sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_institution_sessions_case_id")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_institution_sessions")),
    )
    op.create_index(op.f("ix_institution_sessions_case_id"), "institution_sessions", ["case_id"])
    op.create_index(
        op.f("ix_institution_sessions_expires_at"), "institution_sessions", ["expires_at"]
    )


def downgrade() -> None:
    """Undo this migration; fails when there is already something that only it can hold."""
    op.drop_table("institution_sessions")
    op.drop_column("letters", "needs")
    op.drop_constraint(op.f("ck_letters_contact_known"), "letters", type_="check")
    op.drop_column("letters", "contact")
    op.drop_column("overviews", "details")
    op.drop_column("entries", "details")
    op.drop_column("institutions", "board_address")
    op.drop_column("institutions", "coordinator_address")
    narrow(_KNOWN)
