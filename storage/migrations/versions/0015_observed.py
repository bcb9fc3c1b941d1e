"""Reasons to look that are seen by the workflow that cannot go on, or from outside."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_KNOWN: tuple[tuple[str, str, str, str], ...] = (
    (
        "overviews",
        "attention",
        "'no_mediator', 'acknowledgement_late', 'mediator_silent', 'complainant_silent', 'institution_silent', 'letter_failed', 'mediator_unavailable', 'danger', 'policy_corrected', 'workflow_missing'",
        "'no_mediator', 'acknowledgement_late', 'mediator_silent', 'complainant_silent', 'institution_silent', 'letter_failed', 'mediator_unavailable', 'danger', 'policy_corrected', 'effect_failing', 'workflow_missing', 'workflow_failing', 'entries_undelivered'",
    ),
)
"""Table, column, and the values that it knew before and knows from now on."""


def _know(table: str, column: str, values: str) -> None:
    name = op.f(f"ck_{table}_{column}_known")
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, f"{column} IN ({values})")


def upgrade() -> None:
    """Apply this migration."""
    for table, column, _, now in _KNOWN:
        _know(table, column, now)


def downgrade() -> None:
    """Undo this migration; fails while a case has one of the newer reasons."""
    for table, column, before, _ in _KNOWN:
        _know(table, column, before)
