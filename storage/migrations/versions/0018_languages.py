"""Seven languages."""

from storage.migrations.known_values import Known, narrow, widen

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_BEFORE = "'nl', 'en'"
_NOW = "'nl', 'en', 'es', 'pt', 'ro', 'bg', 'hu'"
_KNOWN: tuple[Known, ...] = tuple(
    (table, "language", _BEFORE, _NOW)
    for table in ("institutions", "staff_members", "entries", "letters")
)


def upgrade() -> None:
    """Apply this migration."""
    widen(_KNOWN)


def downgrade() -> None:
    """Undo this migration; fails when one of the new values is in use."""
    narrow(_KNOWN)
