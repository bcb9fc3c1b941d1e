"""Counts of questions for the yearly figures."""

from storage.migrations.known_values import Known, narrow, widen

revision = "0022"
down_revision = "0020"
branch_labels = None
depends_on = None

_KNOWN: tuple[Known, ...] = (
    (
        "closure_counts",
        "kind",
        "'municipality', 'national_service', 'police', 'bank_private', 'bank_business', 'care_institution', 'health_insurer', 'other_insurer', 'landlord', 'operator', 'other'",
        "'municipality', 'national_service', 'police', 'bank_private', 'bank_business', 'care_institution', 'health_insurer', 'other_insurer', 'landlord', 'operator', 'other', 'not_said'",
    ),
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


def downgrade() -> None:
    """Undo this migration; fails while a question is counted."""
    narrow(_KNOWN)
