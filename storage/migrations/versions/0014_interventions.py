"""Interventions of supervisors, and their requests to read a case."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.known_values import Known, narrow, widen

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_KNOWN: tuple[Known, ...] = (
    (
        "entries",
        "kind",
        "'complaint', 'message', 'attachment', 'consent', 'response', 'withdrawal', 'safety', 'feedback', 'contact', 'identity', 'language', 'decision', 'institution_reply', 'institution_extension', 'institution_objection', 'institution_correction', 'erasure_request', 'mediator_objection', 'mediator_unavailable', 'letter_failed', 'rules_corrected'",
        "'complaint', 'message', 'attachment', 'consent', 'response', 'withdrawal', 'safety', 'feedback', 'contact', 'identity', 'language', 'decision', 'institution_reply', 'institution_extension', 'institution_objection', 'institution_correction', 'break_glass_asked', 'break_glass_approved', 'break_glass_refused', 'break_glass_read', 'erasure_request', 'mediator_objection', 'mediator_unavailable', 'letter_failed', 'rules_corrected'",
    ),
    (
        "entries",
        "decision",
        "'give_consent', 'revoke_consent', 'accept_outcome', 'reject_outcome', 'accept_referral', 'reject_referral', 'report_danger', 'report_safe', 'request_erasure', 'cancel_erasure', 'accept_case', 'decline_case', 'recuse', 'ask_complainant', 'contact_institution', 'record_reply', 'propose_outcome', 'refer', 'declare_inadmissible', 'close_case', 'link_case', 'take_step', 'skip_step', 'extend_term', 'restart_term', 'pause_for_danger', 'resume', 'apply_correction', 'keep_rules', 'offer_case', 'reassign', 'assign_adviser', 'reopen_case'",
        "'give_consent', 'revoke_consent', 'accept_outcome', 'reject_outcome', 'accept_referral', 'reject_referral', 'report_danger', 'report_safe', 'request_erasure', 'cancel_erasure', 'accept_case', 'decline_case', 'recuse', 'ask_complainant', 'contact_institution', 'record_reply', 'propose_outcome', 'refer', 'declare_inadmissible', 'close_case', 'link_case', 'take_step', 'skip_step', 'extend_term', 'restart_term', 'pause_for_danger', 'resume', 'apply_correction', 'keep_rules', 'retry_now', 'correct_date', 'override_stage', 'offer_case', 'reassign', 'assign_adviser', 'reopen_case'",
    ),
    (
        "entry_outcomes",
        "refusal",
        "'closed', 'not_now', 'not_assigned', 'not_offered', 'advises', 'mediates', 'objected_before', 'no_consent', 'not_contacted', 'outcome_not_allowed', 'window_passed', 'term_passed', 'no_extension', 'needs_consent', 'statutory_term', 'signposting_only', 'nothing_to_decide', 'ground_missing', 'already_taken', 'day_impossible', 'already_done', 'not_allowed'",
        "'closed', 'not_now', 'not_assigned', 'not_offered', 'advises', 'mediates', 'objected_before', 'no_consent', 'not_contacted', 'outcome_not_allowed', 'window_passed', 'term_passed', 'no_extension', 'needs_consent', 'statutory_term', 'signposting_only', 'nothing_to_decide', 'ground_missing', 'already_taken', 'day_impossible', 'already_done', 'stage_not_possible', 'not_allowed'",
    ),
)


def upgrade() -> None:
    """Apply this migration."""
    widen(_KNOWN)
    op.create_table(
        "break_glass",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("entry_number", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_by IS NULL) AND (state = 'asked') = "
            "(answered_at IS NULL)",
            name=op.f("ck_break_glass_answered_by_somebody"),
        ),
        sa.CheckConstraint(
            "answered_by <> asked_by", name=op.f("ck_break_glass_answered_by_a_second_person")
        ),
        sa.CheckConstraint(
            "scope IN ('story', 'identity')", name=op.f("ck_break_glass_scope_known")
        ),
        sa.CheckConstraint(
            "state IN ('asked', 'approved', 'refused', 'read')",
            name=op.f("ck_break_glass_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id", "entry_number"],
            ["entries.case_id", "entries.number"],
            name=op.f("fk_break_glass_case_id_entry_number"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["staff_members.id"], name=op.f("fk_break_glass_asked_by")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["staff_members.id"], name=op.f("fk_break_glass_answered_by")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glass")),
        sa.UniqueConstraint(
            "case_id", "entry_number", name=op.f("uq_break_glass_case_id_entry_number")
        ),
    )


def downgrade() -> None:
    """Undo this migration; fails when one of the new values is in use."""
    op.drop_table("break_glass")
    narrow(_KNOWN)
