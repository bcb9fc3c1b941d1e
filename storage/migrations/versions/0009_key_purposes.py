"""Key purposes: a data key of a case for each purpose, and the wrapping keys that are in use."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_PURPOSE = sa.Enum("case", "identity", name="keypurpose", native_enum=False, length=40)


def upgrade() -> None:
    """Apply this migration.

    Raises:
        RuntimeError: when there are keys already. They are wrapped by a key that followed from the
            application's, in versions before the first release, and nothing here can open them.
    """
    if op.get_bind().scalar(sa.text("SELECT EXISTS (SELECT FROM case_keys)")):
        raise RuntimeError(
            "the keys of these cases were wrapped before there were key rings and cannot be "
            "carried over; begin with an empty database (`make reset`)"
        )
    op.create_table(
        "wrapping_keys",
        sa.Column("purpose", _PURPOSE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('case', 'identity', 'temporal')",
            name=op.f("ck_wrapping_keys_purpose_known"),
        ),
        sa.PrimaryKeyConstraint("purpose", "version", name=op.f("pk_wrapping_keys")),
    )
    op.drop_constraint(op.f("pk_case_keys"), "case_keys")
    op.add_column("case_keys", sa.Column("purpose", _PURPOSE, nullable=False))
    op.create_primary_key(op.f("pk_case_keys"), "case_keys", ["case_id", "purpose"])
    op.create_check_constraint(
        op.f("ck_case_keys_purpose_known"),
        "case_keys",
        "purpose IN ('case', 'identity', 'temporal')",
    )
    op.create_foreign_key(
        op.f("fk_case_keys_purpose_version"),
        "case_keys",
        "wrapping_keys",
        ["purpose", "version"],
        ["purpose", "version"],
    )
    op.create_index(op.f("ix_case_keys_purpose_version"), "case_keys", ["purpose", "version"])


def downgrade() -> None:
    """Undo this migration: whatever was sealed can never be read again."""
    op.execute("DELETE FROM case_keys")
    op.drop_index(op.f("ix_case_keys_purpose_version"), "case_keys")
    op.drop_constraint(op.f("fk_case_keys_purpose_version"), "case_keys")
    op.drop_constraint(op.f("ck_case_keys_purpose_known"), "case_keys")
    op.drop_constraint(op.f("pk_case_keys"), "case_keys")
    op.drop_column("case_keys", "purpose")
    op.create_primary_key(op.f("pk_case_keys"), "case_keys", ["case_id"])
    op.drop_table("wrapping_keys")
