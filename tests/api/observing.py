"""What the tests of the API look at: its answers, and what is in the database besides."""

from dataclasses import dataclass
from uuid import uuid4

import httpx
from sqlalchemy import text

from catalogues.texts import catalogue
from domain.languages import Language
from launcher.people import Json
from storage.database import Database
from storage.models import Base

WHY = {"reason": "Omdat het zo beter gaat."}
"""What a decision that needs a reason comes with."""

COMPLAINT: Json = {
    "institutionId": "voorbeeldstad",
    "subject": "Rekening geweigerd",
    "text": "Ik kreeg geen rekening en geen reden.",
}


HANDED_IN = {"caseNumber", "receiptCode", "receiptWords", "helperCode", "helperWords"}
"""What an answer to a complaint or question holds."""


def fresh_key() -> dict[str, str]:
    """Return an Idempotency-Key that nobody used before."""
    return {"Idempotency-Key": str(uuid4())}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def assert_problem(
    response: httpx.Response,
    status: int,
    slug: str,
    *where: str,
    language: Language = Language.DUTCH,
) -> Json:
    """Assert that this is a problem with that name, blaming exactly these fields."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["content-language"] == language
    assert response.headers["api-version"]
    assert response.headers["cache-control"] == "no-store"
    body: Json = response.json()
    texts = catalogue(language)
    assert body["type"] == f"urn:wederhoor:problem:{slug}"
    assert body["title"] == texts[f"problem.{slug}.title"]
    assert body["status"] == status
    assert body["detail"] == texts[f"problem.{slug}.detail"]
    errors = body.get("errors", [])
    assert [it.get("pointer") or it.get("parameter") for it in errors] == list(where)
    assert all(it["detail"] for it in errors)
    assert body.keys() <= {"type", "title", "status", "detail", "errors"}
    return body


@dataclass(frozen=True)
class Held:
    """How much the system holds of what people sent."""

    cases: int
    entries: int
    keys: int
    sessions: int


async def held(database: Database) -> Held:
    """Count what people sent; the portal's own notes do not count."""
    query = """
        SELECT (SELECT count(*) FROM cases),
               (SELECT count(*) FROM entries WHERE author <> 'portal'),
               (SELECT count(*) FROM idempotency_keys),
               (SELECT count(*) FROM sessions)
    """
    async with database.transaction() as session:
        row = (await session.execute(text(query))).one()
    return Held(*row)


async def tables_with(database: Database, word: str) -> list[str]:
    """Return the tables that hold a word, in a text or within bytes, in any case."""
    found: list[str] = []
    needle = word.lower().encode()
    async with database.transaction() as session:
        for table in Base.metadata.tables:
            # A row cast to text writes its bytes in hexadecimal digits.
            query = f"""
                SELECT count(*) FROM {table} AS row
                WHERE position(:word IN lower(row::text)) > 0
                   OR position(:in_hex IN row::text) > 0
                   OR position(:as_typed IN row::text) > 0
            """
            words = {"word": word.lower(), "in_hex": needle.hex(), "as_typed": word.encode().hex()}
            if await session.scalar(text(query), words):
                found.append(table)
    return found
