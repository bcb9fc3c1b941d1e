"""Questions by the kind of institution that they are about: counted, and found in lists."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.known_values import Known, narrow, widen

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_KINDS = "'municipality', 'national_service', 'police', 'bank_private', 'bank_business', 'care_institution', 'health_insurer', 'other_insurer', 'landlord', 'operator', 'other'"
_KNOWN: tuple[Known, ...] = (
    ("closure_counts", "kind", _KINDS, f"{_KINDS}, 'not_said'"),
    (
        "closure_counts",
        "measure",
        "'outcome', 'subject', 'duration', 'institution', 'acknowledgement', 'mediator', 'proposal', 'intervention', 'reopened'",
        "'outcome', 'subject', 'duration', 'institution', 'acknowledgement', 'mediator', 'proposal', 'intervention', 'reopened', 'question_outcome', 'question_answer', 'question_duration'",
    ),
)


def upgrade() -> None:
    """Apply this migration. Questions that closed before it are not counted."""
    widen(_KNOWN)
    op.add_column("overviews", sa.Column("about_kind", sa.String(40), nullable=True))
    op.execute(
        "UPDATE overviews SET about_kind = cases.about_kind FROM cases"
        " WHERE cases.id = overviews.case_id AND cases.about_kind IS NOT NULL"
    )
    op.create_check_constraint(
        op.f("ck_overviews_about_kind_known"), "overviews", f"about_kind IN ({_KINDS})"
    )
    op.create_index(
        "ix_overviews_about_kind",
        "overviews",
        ["about_kind", "place", "case_id"],
        postgresql_where=sa.text("about_kind IS NOT NULL"),
    )


def downgrade() -> None:
    """Undo this migration; fails while a question is counted."""
    op.drop_index("ix_overviews_about_kind", "overviews")
    op.drop_constraint(op.f("ck_overviews_about_kind_known"), "overviews", type_="check")
    op.drop_column("overviews", "about_kind")
    narrow(_KNOWN)
