"""Lists of cases by what is due, counts and search, each by an index; digests."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_BEGUN = """
    INSERT INTO overviews (
        case_id, episode, revision, updated_at, stage, cursor, consent, contacted, replied, details
    )
    SELECT id, episode, 0, opened_at, 'received', 0, false, false, false, '{}'
    FROM cases WHERE NOT EXISTS (SELECT FROM overviews WHERE case_id = cases.id)
"""
_LISTED = """
    UPDATE overviews SET
        institution_id = cases.institution_id,
        danger = coalesce((details ->> 'danger')::boolean, false),
        needs_mediator = mediator_id IS NOT NULL AND (
            details -> 'attentions' ? 'danger' OR stage <> 'closed' AND (
                waiting_for = 'mediator_proposes'
                OR details -> 'attentions' ?| ARRAY[
                    'letter_failed', 'complainant_silent', 'policy_corrected'
                ]
                OR jsonb_array_length(details -> 'steps_to_decide') > 0
            )
        ) IS TRUE,
        place = CASE
            WHEN details -> 'attentions' ? 'danger' THEN '2000-01-01Z'
            WHEN stage = 'closed' THEN '9999-12-01Z'
            WHEN mediator_id IS NOT NULL AND details -> 'attentions' ? 'letter_failed'
                THEN '2000-01-01Z'
            ELSE coalesce(due_at, '9999-12-01Z')
        END
    FROM cases WHERE cases.id = case_id
"""
_ADDED = ("institution_id", "danger", "needs_mediator", "place")
_INDEXES = (
    ("ix_overviews_place_case_id", ["place", "case_id"], None),
    ("ix_overviews_active", ["place", "case_id"], "active"),
    ("ix_overviews_stage_place_case_id", ["stage", "place", "case_id"], None),
    ("ix_overviews_institution_id_place_case_id", ["institution_id", "place", "case_id"], None),
    (
        "ix_overviews_mediator_id_active_place_case_id",
        ["mediator_id", "active", "place", "case_id"],
        None,
    ),
    ("ix_overviews_waiting_for", ["waiting_for", "place", "case_id"], "active"),
    ("ix_overviews_due", ["due_at"], "active"),
    ("ix_overviews_attention", ["attention", "place", "case_id"], "attention IS NOT NULL"),
    ("ix_overviews_counted", ["stage", "waiting_for", "case_id"], "active"),
)


def upgrade() -> None:
    """Apply this migration. The place of a case follows when its workflow tells the next thing."""
    op.execute(_BEGUN)
    op.add_column("overviews", sa.Column("institution_id", sa.String(length=60), nullable=True))
    op.add_column("overviews", sa.Column("danger", sa.Boolean(), nullable=True))
    op.add_column("overviews", sa.Column("needs_mediator", sa.Boolean(), nullable=True))
    op.add_column("overviews", sa.Column("place", sa.DateTime(timezone=True), nullable=True))
    op.execute(_LISTED)
    for name in _ADDED:
        op.alter_column("overviews", name, nullable=False)
    op.create_foreign_key(
        op.f("fk_overviews_institution_id"),
        "overviews",
        "institutions",
        ["institution_id"],
        ["id"],
    )
    op.add_column(
        "overviews",
        sa.Column(
            "active",
            sa.Boolean(),
            sa.Computed("stage <> 'closed' OR attention IS NOT NULL", persisted=True),
            nullable=False,
        ),
    )
    op.drop_index("ix_overviews_mediator_id", table_name="overviews")
    op.drop_index("ix_overviews_attention", table_name="overviews")
    for name, columns, where in _INDEXES:
        condition = sa.text(where) if where else None
        op.create_index(name, "overviews", columns, unique=False, postgresql_where=condition)
    op.create_index(
        "ix_institutions_words",
        "institutions",
        [
            sa.text(
                "to_tsvector('simple'::regconfig,"
                " regexp_replace(normalize(lower(name), NFKD), '[\\u0300-\\u036f]', '', 'g'))"
            )
        ],
        unique=False,
        postgresql_using="gin",
    )
    op.create_index(
        "ix_cases_words",
        "cases",
        [sa.text("to_tsvector('simple'::regconfig, translate(number, '-', ' '))")],
        unique=False,
        postgresql_using="gin",
    )
    op.add_column(
        "staff_members",
        sa.Column("wants_digest", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    op.create_table(
        "digests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("figures", postgresql.JSONB(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_members.id"], name=op.f("fk_digests_staff_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("staff_id", "day", name=op.f("uq_digests_staff_id_day")),
    )


def downgrade() -> None:
    """Undo this migration."""
    op.drop_table("digests")
    op.drop_column("staff_members", "wants_digest")
    op.drop_index("ix_cases_words", table_name="cases")
    op.drop_index("ix_institutions_words", table_name="institutions")
    for name, _, _ in reversed(_INDEXES):
        op.drop_index(name, table_name="overviews")
    op.create_index("ix_overviews_attention", "overviews", ["attention"], unique=False)
    op.create_index("ix_overviews_mediator_id", "overviews", ["mediator_id"], unique=False)
    for name in ("active", *reversed(_ADDED)):
        op.drop_column("overviews", name)
