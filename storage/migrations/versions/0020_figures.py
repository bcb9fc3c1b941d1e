"""Counts of closures for the yearly figures, and what was published of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_KINDS = (
    "'municipality', 'national_service', 'police', 'bank_private', 'bank_business',"
    " 'care_institution', 'health_insurer', 'other_insurer', 'landlord', 'operator', 'other'"
)
_MEASURES = (
    "'outcome', 'subject', 'duration', 'institution', 'acknowledgement', 'mediator',"
    " 'proposal', 'intervention', 'reopened'"
)


def upgrade() -> None:
    """Apply this migration. Cases that closed before it are not counted."""
    op.create_table(
        "closure_counts",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("measure", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.CheckConstraint("cases >= 1", name=op.f("ck_closure_counts_cases_counted")),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_closure_counts_kind_known")),
        sa.CheckConstraint(
            f"measure IN ({_MEASURES})", name=op.f("ck_closure_counts_measure_known")
        ),
        sa.PrimaryKeyConstraint("year", "kind", "measure", "value", name=op.f("pk_closure_counts")),
    )
    op.create_table(
        "published_figures",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("figures", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint(
            "revision >= 1", name=op.f("ck_published_figures_revision_counts_from_one")
        ),
        sa.PrimaryKeyConstraint("year", "revision", name=op.f("pk_published_figures")),
    )
    op.execute(
        """
        CREATE TRIGGER published_figures_stay BEFORE UPDATE OR DELETE ON published_figures
        FOR EACH ROW EXECUTE FUNCTION refuse_change_of_entries()
        """
    )


def downgrade() -> None:
    """Undo this migration: what was counted and published is lost."""
    op.execute("DROP TRIGGER published_figures_stay ON published_figures")
    op.drop_table("published_figures")
    op.drop_table("closure_counts")
