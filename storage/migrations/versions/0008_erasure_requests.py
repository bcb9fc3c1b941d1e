"""Requests to be erased, as entries."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KNOWN: tuple[tuple[str, str, str], ...] = (
    (
        "kind",
        "'complaint', 'message', 'attachment', 'consent', 'response', 'withdrawal', 'safety', 'feedback', 'contact', 'identity', 'language', 'decision', 'institution_reply', 'institution_extension', 'institution_objection', 'institution_correction', 'letter_failed', 'rules_corrected'",
        "'complaint', 'message', 'attachment', 'consent', 'response', 'withdrawal', 'safety', 'feedback', 'contact', 'identity', 'language', 'decision', 'institution_reply', 'institution_extension', 'institution_objection', 'institution_correction', 'erasure_request', 'letter_failed', 'rules_corrected'",
    ),
    (
        "decision",
        "'give_consent', 'revoke_consent', 'accept_outcome', 'reject_outcome', 'accept_referral', 'reject_referral', 'report_danger', 'report_safe', 'accept_case', 'decline_case', 'recuse', 'propose_outcome', 'close_case', 'take_step', 'skip_step', 'extend_term', 'restart_term', 'pause_for_danger', 'resume', 'apply_correction', 'keep_rules', 'offer_case', 'reopen_case'",
        "'give_consent', 'revoke_consent', 'accept_outcome', 'reject_outcome', 'accept_referral', 'reject_referral', 'report_danger', 'report_safe', 'request_erasure', 'cancel_erasure', 'accept_case', 'decline_case', 'recuse', 'propose_outcome', 'close_case', 'take_step', 'skip_step', 'extend_term', 'restart_term', 'pause_for_danger', 'resume', 'apply_correction', 'keep_rules', 'offer_case', 'reopen_case'",
    ),
)
"""Column, and the values that it knew before and knows from now on."""


def _know(column: str, values: str) -> None:
    name = op.f(f"ck_entries_{column}_known")
    op.drop_constraint(name, "entries", type_="check")
    op.create_check_constraint(name, "entries", f"{column} IN ({values})")


def upgrade() -> None:
    """Apply this migration."""
    for column, _, now in _KNOWN:
        _know(column, now)


def downgrade() -> None:
    """Undo this migration; fails when somebody asked to be erased."""
    for column, before, _ in _KNOWN:
        _know(column, before)
