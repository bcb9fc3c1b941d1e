"""Brings a database up to date: ``python -m storage.prepare``, then the register of the examples.

Production migrates with ``python -m alembic upgrade head`` and loads a register of its own.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config

from storage import seed

_CHECKOUT = Path(__file__).resolve().parent.parent


def migrate() -> None:
    """Apply every migration to the database of ``WEDERHOOR_DATABASE_URL``."""
    config = Config(_CHECKOUT / "alembic.ini")
    config.set_main_option("script_location", str(_CHECKOUT / "storage" / "migrations"))
    command.upgrade(config, "head")


def main() -> None:
    """Apply every migration; fill the register with the examples."""
    migrate()
    seed.main(seed.EXAMPLES)


if __name__ == "__main__":
    main()
