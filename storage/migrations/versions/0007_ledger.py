"""The ledger: a chain over the case file, and the erasures that were completed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0004"
branch_labels = None
depends_on = None

_BEFORE = "'open', 'closed', 'erase_due'"
_NOW = f"{_BEFORE}, 'erased'"


def _lifecycles(values: str) -> None:
    name = op.f("ck_cases_lifecycle_known")
    op.drop_constraint(name, "cases", type_="check")
    op.create_check_constraint(name, "cases", f"lifecycle IN ({values})")


def upgrade() -> None:
    """Apply this migration; ``python -m operations ledger-begin`` links what is there already."""
    _lifecycles(_NOW)
    op.create_table(
        "ledger_links",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_ledger_links_case_id")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_ledger_links")),
    )
    op.execute(
        """
        CREATE TRIGGER ledger_links_are_append_only BEFORE UPDATE OR DELETE ON ledger_links
        FOR EACH ROW EXECUTE FUNCTION refuse_change_of_entries()
        """
    )
    op.create_table(
        "erasures",
        sa.Column("case_hash", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "reason IN ('retention', 'request')", name=op.f("ck_erasures_reason_known")
        ),
        sa.PrimaryKeyConstraint("case_hash", name=op.f("pk_erasures")),
    )


def downgrade() -> None:
    """Undo this migration: nothing shows any more whether the case files are whole."""
    op.drop_table("erasures")
    op.execute("DROP TRIGGER ledger_links_are_append_only ON ledger_links")
    op.drop_table("ledger_links")
    _lifecycles(_BEFORE)
