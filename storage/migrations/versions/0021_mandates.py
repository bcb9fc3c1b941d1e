"""Mandates, and questions that close unanswered."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.known_values import Known, narrow, widen

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_KNOWN: tuple[Known, ...] = (
    (
        "entries",
        "kind",
        "'complaint', 'question', 'became_complaint', 'message', 'attachment', 'consent', 'response', 'withdrawal', 'safety', 'feedback', 'contact', 'identity', 'language', 'decision', 'institution_reply', 'institution_extension', 'institution_objection', 'institution_correction', 'break_glass_asked', 'break_glass_approved', 'break_glass_refused', 'break_glass_read', 'erasure_request', 'mediator_objection', 'mediator_unavailable', 'letter_failed', 'rules_corrected'",
        "'complaint', 'question', 'became_complaint', 'message', 'attachment', 'consent', 'response', 'withdrawal', 'safety', 'feedback', 'contact', 'identity', 'language', 'decision', 'institution_reply', 'institution_extension', 'institution_objection', 'institution_correction', 'break_glass_asked', 'break_glass_approved', 'break_glass_refused', 'break_glass_read', 'erasure_request', 'mandate_given', 'mandate_revoked', 'mediator_objection', 'mediator_unavailable', 'letter_failed', 'rules_corrected'",
    ),
    (
        "entries",
        "outcome",
        "'settled', 'partly_settled', 'not_settled', 'withdrawn', 'inadmissible', 'referred', 'advised', 'became_complaint'",
        "'settled', 'partly_settled', 'not_settled', 'withdrawn', 'inadmissible', 'referred', 'advised', 'not_advised', 'became_complaint'",
    ),
    (
        "overviews",
        "proposal",
        "'settled', 'partly_settled', 'not_settled', 'withdrawn', 'inadmissible', 'referred', 'advised', 'became_complaint'",
        "'settled', 'partly_settled', 'not_settled', 'withdrawn', 'inadmissible', 'referred', 'advised', 'not_advised', 'became_complaint'",
    ),
    (
        "overviews",
        "outcome",
        "'settled', 'partly_settled', 'not_settled', 'withdrawn', 'inadmissible', 'referred', 'advised', 'became_complaint'",
        "'settled', 'partly_settled', 'not_settled', 'withdrawn', 'inadmissible', 'referred', 'advised', 'not_advised', 'became_complaint'",
    ),
)
_TABLES = ("receipts", "sessions")


def upgrade() -> None:
    """Apply this migration."""
    widen(_KNOWN)
    for table in _TABLES:
        op.add_column(table, sa.Column("mandate", sa.Integer(), nullable=True))
        op.create_foreign_key(
            op.f(f"fk_{table}_case_id_mandate"),
            table,
            "entries",
            ["case_id", "mandate"],
            ["case_id", "number"],
        )
    op.create_index(
        op.f("ix_receipts_case_id_mandate"), "receipts", ["case_id", "mandate"], unique=True
    )


def downgrade() -> None:
    """Undo this migration; fails when one of the new values is in use."""
    op.drop_index(op.f("ix_receipts_case_id_mandate"), table_name="receipts")
    for table in reversed(_TABLES):
        op.drop_constraint(op.f(f"fk_{table}_case_id_mandate"), table, type_="foreignkey")
        op.drop_column(table, "mandate")
    narrow(_KNOWN)
