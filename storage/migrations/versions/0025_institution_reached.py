"""A case waits until its first letter reaches the institution, after that failed."""

from storage.migrations.known_values import Known, narrow, widen

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_KNOWN: tuple[Known, ...] = (
    (
        "overviews",
        "waiting_for",
        "'portal_acknowledges', 'mediator_found', 'mediator_available', 'mediator_accepts', 'complainant_consents', 'institution_replies', 'mediator_proposes', 'complainant_responds', 'complainant_answers', 'institution_answers', 'complainant_chooses_route', 'next_body_window', 'adviser_available', 'adviser_answers', 'complainant_follows_up'",
        "'portal_acknowledges', 'mediator_found', 'mediator_available', 'mediator_accepts', 'complainant_consents', 'institution_reached', 'institution_replies', 'mediator_proposes', 'complainant_responds', 'complainant_answers', 'institution_answers', 'complainant_chooses_route', 'next_body_window', 'adviser_available', 'adviser_answers', 'complainant_follows_up'",
    ),
)


def upgrade() -> None:
    """Apply this migration."""
    widen(_KNOWN)


def downgrade() -> None:
    """Undo this migration; fails when the new value is in use."""
    narrow(_KNOWN)
