"""A staff member may have several roles, also those of advisers and administrators."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_BEFORE = "'complainant', 'mediator', 'institution', 'supervisor', 'portal'"


def upgrade() -> None:
    """Apply this migration."""
    op.add_column(
        "staff_members", sa.Column("roles", sa.ARRAY(sa.String(length=20)), nullable=True)
    )
    op.execute("UPDATE staff_members SET roles = ARRAY[role]")
    op.alter_column("staff_members", "roles", nullable=False)
    op.drop_column("staff_members", "role")
    op.create_check_constraint(
        op.f("ck_staff_members_roles_known"),
        "staff_members",
        "roles <@ ARRAY['mediator', 'adviser', 'supervisor', 'administrator']::varchar[]",
    )


def downgrade() -> None:
    """Undo this migration; fails when somebody has a role that there was not."""
    op.add_column("staff_members", sa.Column("role", sa.String(length=40), nullable=True))
    op.execute("UPDATE staff_members SET role = roles[1]")
    op.alter_column("staff_members", "role", nullable=False)
    op.drop_constraint(op.f("ck_staff_members_roles_known"), "staff_members", type_="check")
    op.drop_column("staff_members", "roles")
    op.create_check_constraint(
        op.f("ck_staff_members_role_known"), "staff_members", f"role IN ({_BEFORE})"
    )
    op.create_check_constraint(
        op.f("ck_staff_members_role_of_staff"),
        "staff_members",
        "role IN ('mediator', 'supervisor')",
    )
