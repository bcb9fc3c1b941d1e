"""Code requests: asking for a new receipt code, and the letter that carries half of it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_LETTERS = "'acknowledgement', 'reopened', 'case_offer', 'consent_request', 'complaint_to_institution', 'institution_contacted', 'institution_reminder', 'term_ends_today', 'term_passed', 'next_contact', 'step_to_decide', 'referral_offer', 'window_closing', 'extension_noted', 'extension_asked', 'delay_at_portal', 'feedback_request', 'institution_silent', 'message_to_institution', 'consent_revoked', 'name_withdrawn', 'news', 'your_turn', 'wait_passed', 'outcome_proposal', 'closing', 'closing_to_institution'"


def upgrade() -> None:
    """Apply this migration."""
    _know(f"{_LETTERS}, 'new_receipt_code'")
    op.create_table(
        "code_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("claim", sa.LargeBinary(), nullable=False),
        sa.Column("case_number", sa.String(length=13), nullable=False),
        sa.Column("address_mac", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("letter_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(case_id IS NULL) = (due_at IS NULL) AND (case_id IS NULL) = (expires_at IS NULL)",
            name=op.f("ck_code_requests_dated_once_it_has_a_case"),
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_code_requests_case_id")),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("fk_code_requests_letter_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_requests")),
        sa.UniqueConstraint("claim", name=op.f("uq_code_requests_claim")),
    )
    op.create_index(op.f("ix_code_requests_case_id"), "code_requests", ["case_id"], unique=False)


def downgrade() -> None:
    """Undo this migration: requests that are under way are lost, and so are their letters."""
    op.drop_table("code_requests")
    op.execute("DELETE FROM letters WHERE letter = 'new_receipt_code'")
    _know(_LETTERS)


def _know(letters: str) -> None:
    name = "ck_letters_letter_known"
    op.drop_constraint(op.f(name), "letters", type_="check")
    op.create_check_constraint(op.f(name), "letters", f"letter IN ({letters})")
