"""Attachments: the rows of files that are kept, sealed, outside the database."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BEFORE = "'complaint', 'message', 'consent', 'response', 'withdrawal', 'safety', 'feedback', 'contact', 'identity', 'language', 'decision', 'institution_reply', 'institution_extension', 'institution_objection', 'institution_correction', 'letter_failed', 'rules_corrected'"
_NOW = _BEFORE.replace("'message', ", "'message', 'attachment', ")


def upgrade() -> None:
    """Apply this migration."""
    _know_kinds(_NOW)
    op.create_table(
        "attachments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("entry_number", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("scan_state", sa.String(length=40), nullable=False),
        sa.Column("file_key", sa.LargeBinary(), nullable=False),
        sa.Column("description", sa.LargeBinary(), nullable=False),
        sa.Column("original_name", sa.String(length=64), nullable=False),
        sa.Column("original_digest", sa.LargeBinary(), nullable=False),
        sa.Column("copy_name", sa.String(length=64), nullable=False),
        sa.Column("copy_digest", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "media_type IN ('image/jpeg', 'image/png', 'image/heic', 'application/pdf', 'text/plain')",
            name=op.f("ck_attachments_media_type_known"),
        ),
        sa.CheckConstraint(
            "scan_state IN ('unscanned', 'clean', 'infected')",
            name=op.f("ck_attachments_scan_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id", "entry_number"],
            ["entries.case_id", "entries.number"],
            name=op.f("fk_attachments_case_id_entry_number"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint(
            "case_id", "entry_number", name=op.f("uq_attachments_case_id_entry_number")
        ),
        sa.UniqueConstraint("original_name", name=op.f("uq_attachments_original_name")),
        sa.UniqueConstraint("copy_name", name=op.f("uq_attachments_copy_name")),
    )


def downgrade() -> None:
    """Undo this migration: the files stay where they are, and can never be read again."""
    op.drop_table("attachments")
    _know_kinds(_BEFORE)


def _know_kinds(kinds: str) -> None:
    op.drop_constraint(op.f("ck_entries_kind_known"), "entries", type_="check")
    op.create_check_constraint(op.f("ck_entries_kind_known"), "entries", f"kind IN ({kinds})")
