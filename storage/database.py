"""The connection to PostgreSQL."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import cast

from sqlalchemy import QueuePool, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine


class Database:
    """A pool of connections; hands out transactions.

    Args:
        url: an SQLAlchemy URL, ``postgresql+psycopg://…``.
        pool_size: connections kept open.
        connect_timeout: seconds before an unreachable server counts as down.
    """

    def __init__(self, url: str, *, pool_size: int = 10, connect_timeout: int = 3) -> None:
        self._engine = create_async_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=connect_timeout * 2,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"connect_timeout": connect_timeout, "application_name": "wederhoor"},
        )
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[AsyncSession]:
        """Yield a session; commit when its block ends, roll back when it raises.

        Raises:
            sqlalchemy.exc.OperationalError: when the database cannot be reached.
        """
        async with self._sessions() as session, session.begin():
            yield session

    async def check(self) -> None:
        """Return when the database answers; raise what went wrong when it does not."""
        async with self._engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    @property
    def connections(self) -> Mapping[str, int]:
        """How many connections of this process are ``in_use``, and how many ``idle``."""
        pool = cast("QueuePool", self._engine.pool)
        return {"in_use": pool.checkedout(), "idle": pool.checkedin()}

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()
