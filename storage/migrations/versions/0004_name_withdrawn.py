"""One more letter: the institution is told the complainant's name no more."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BEFORE = "letter IN ('acknowledgement', 'reopened', 'case_offer', 'consent_request', 'complaint_to_institution', 'institution_contacted', 'institution_reminder', 'term_ends_today', 'term_passed', 'next_contact', 'step_to_decide', 'referral_offer', 'window_closing', 'extension_noted', 'extension_asked', 'delay_at_portal', 'feedback_request', 'institution_silent', 'message_to_institution', 'consent_revoked', 'news', 'your_turn', 'wait_passed', 'outcome_proposal', 'closing', 'closing_to_institution')"
_NOW = "letter IN ('acknowledgement', 'reopened', 'case_offer', 'consent_request', 'complaint_to_institution', 'institution_contacted', 'institution_reminder', 'term_ends_today', 'term_passed', 'next_contact', 'step_to_decide', 'referral_offer', 'window_closing', 'extension_noted', 'extension_asked', 'delay_at_portal', 'feedback_request', 'institution_silent', 'message_to_institution', 'consent_revoked', 'name_withdrawn', 'news', 'your_turn', 'wait_passed', 'outcome_proposal', 'closing', 'closing_to_institution')"


def upgrade() -> None:
    """Apply this migration."""
    _know(_NOW)


def downgrade() -> None:
    """Undo this migration; fails when such a letter was written."""
    _know(_BEFORE)


def _know(condition: str) -> None:
    op.drop_constraint(op.f("ck_letters_letter_known"), "letters", type_="check")
    op.create_check_constraint(op.f("ck_letters_letter_known"), "letters", condition)
