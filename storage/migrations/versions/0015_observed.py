"""Reasons to look that are seen by the workflow that cannot go on, or from outside."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_BEFORE = "'no_mediator', 'acknowledgement_late', 'mediator_silent', 'complainant_silent', 'institution_silent', 'letter_failed', 'danger', 'policy_corrected', 'workflow_missing'"
_NOW = "'no_mediator', 'acknowledgement_late', 'mediator_silent', 'complainant_silent', 'institution_silent', 'letter_failed', 'danger', 'policy_corrected', 'effect_failing', 'workflow_missing', 'workflow_failing', 'entries_undelivered'"


def _know(values: str) -> None:
    name = op.f("ck_overviews_attention_known")
    op.drop_constraint(name, "overviews", type_="check")
    op.create_check_constraint(name, "overviews", f"attention IN ({values})")


def upgrade() -> None:
    """Apply this migration."""
    _know(_NOW)


def downgrade() -> None:
    """Undo this migration; fails while a case has one of the newer reasons."""
    _know(_BEFORE)
