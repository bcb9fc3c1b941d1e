"""How Alembic reaches our database: by WEDERHOOR_DATABASE_URL, in one transaction."""

import os

from alembic import context
from sqlalchemy import create_engine, text

from storage.models import Base

_ONE_AT_A_TIME = 0x7765646572  # an advisory lock: two migrations never run at once


def _migrate() -> None:
    engine = create_engine(os.environ["WEDERHOOR_DATABASE_URL"], hide_parameters=True)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
        with context.begin_transaction():
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
            context.run_migrations()
    engine.dispose()


_migrate()
