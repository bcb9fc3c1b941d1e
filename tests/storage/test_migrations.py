"""The migrations make exactly what the models say, and can be undone."""

from collections.abc import Callable
from typing import LiteralString

import psycopg
from alembic import command
from sqlalchemy import create_engine

from storage.models import Base
from tests.storage.migrating import alembic_on

_CATALOGUE: dict[str, LiteralString] = {
    "columns": """
        SELECT table_name, column_name, data_type, character_maximum_length, is_nullable,
               column_default
        FROM information_schema.columns WHERE table_schema = 'public'
    """,
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    """,
    "indexes": """
        SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    """,
    "triggers": """
        SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal
    """,
    "functions": """
        SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    """,
}
_ALEMBICS_OWN = "alembic_version"

type Catalogue = dict[str, set[tuple[object, ...]]]


def catalogue_of(url: str) -> Catalogue:
    """Return what a database is made of, as the server itself tells it."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        return {
            name: {row for row in connection.execute(query) if row[0] != _ALEMBICS_OWN}
            for name, query in _CATALOGUE.items()
        }


class TestTheMigrations:
    def test_leave_nothing_for_alembic_to_find(self, url: str) -> None:
        with alembic_on(url) as config:
            command.check(config)

    def test_make_every_column_constraint_and_index_of_the_models(
        self, url: str, make_database: Callable[..., str]
    ) -> None:
        from_models = make_database()
        engine = create_engine(from_models)
        Base.metadata.create_all(engine)
        engine.dispose()
        migrated, modelled = catalogue_of(url), catalogue_of(from_models)
        for name in ("columns", "constraints", "indexes"):
            assert migrated[name] == modelled[name]

    def test_check_every_enumeration_in_the_database_itself(self, url: str) -> None:
        checks = {str(row[1]) for row in catalogue_of(url)["constraints"]}
        assert {"ck_entries_kind_known", "ck_overviews_stage_known"} <= checks
        assert {"ck_entry_outcomes_refused_with_reason", "ck_staff_members_roles_known"} <= checks

    def test_keep_the_case_file_append_only(self, url: str) -> None:
        triggers = catalogue_of(url)["triggers"]
        assert {(table, name) for table, name, _ in triggers} == {
            ("entries", "entries_are_append_only"),
            ("ledger_links", "ledger_links_are_append_only"),
            ("published_figures", "published_figures_stay"),
        }
        assert all("BEFORE DELETE OR UPDATE" in str(definition) for _, _, definition in triggers)

    def test_can_be_undone_and_done_again(self, make_database: Callable[..., str]) -> None:
        url = make_database()
        nothing = catalogue_of(url)
        with alembic_on(url) as config:
            command.upgrade(config, "head")
            made = catalogue_of(url)
            command.downgrade(config, "base")
            assert catalogue_of(url) == nothing
            command.upgrade(config, "head")
        assert made["columns"]
        assert catalogue_of(url) == made
