"""An answer to a proposal that is not the present one is refused."""

from storage.migrations.known_values import Known, narrow, widen

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_KNOWN: tuple[Known, ...] = (
    (
        "entry_outcomes",
        "refusal",
        "'closed', 'not_now', 'not_assigned', 'not_offered', 'advises', 'mediates', 'objected_before', 'no_consent', 'not_contacted', 'outcome_not_allowed', 'window_passed', 'term_passed', 'no_extension', 'needs_consent', 'statutory_term', 'signposting_only', 'nothing_to_decide', 'ground_missing', 'already_taken', 'day_impossible', 'already_done', 'stage_not_possible', 'other_matter', 'not_allowed'",
        "'closed', 'not_now', 'not_assigned', 'not_offered', 'advises', 'mediates', 'objected_before', 'no_consent', 'not_contacted', 'outcome_not_allowed', 'window_passed', 'term_passed', 'no_extension', 'needs_consent', 'statutory_term', 'signposting_only', 'nothing_to_decide', 'ground_missing', 'already_taken', 'day_impossible', 'already_done', 'proposal_changed', 'stage_not_possible', 'other_matter', 'not_allowed'",
    ),
)


def upgrade() -> None:
    """Apply this migration."""
    widen(_KNOWN)


def downgrade() -> None:
    """Undo this migration; fails when the new value is in use."""
    narrow(_KNOWN)
