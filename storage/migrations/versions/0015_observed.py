"""Reasons to look that are seen by the workflow that cannot go on, or from outside."""

from storage.migrations.known_values import Known, narrow, widen

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_KNOWN: tuple[Known, ...] = (
    (
        "overviews",
        "attention",
        "'no_mediator', 'acknowledgement_late', 'mediator_silent', 'complainant_silent', 'institution_silent', 'letter_failed', 'mediator_unavailable', 'danger', 'policy_corrected', 'workflow_missing'",
        "'no_mediator', 'acknowledgement_late', 'mediator_silent', 'complainant_silent', 'institution_silent', 'letter_failed', 'mediator_unavailable', 'danger', 'policy_corrected', 'effect_failing', 'workflow_missing', 'workflow_failing', 'entries_undelivered'",
    ),
)


def upgrade() -> None:
    """Apply this migration."""
    widen(_KNOWN)


def downgrade() -> None:
    """Undo this migration; fails while a case has one of the newer reasons."""
    narrow(_KNOWN)
