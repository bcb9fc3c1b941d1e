"""What a word of a search can stand for: only what the database may know in clear.

Texts of cases are sealed and cannot be searched here; see ADR 31.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func, literal_column, select
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.asyncio import AsyncSession

from domain.identifiers import CaseId, InstitutionId
from domain.institutions import InstitutionKind
from storage.list_indexes import WORDS_OF_NAME, WORDS_OF_NUMBER
from storage.models import CaseRow, InstitutionRow

SHORTEST_PART = 3
"""Letters of a case number that are worth looking for: they leave one case in five hundred."""

_MOST_CASES = 500
_PART_OF_NUMBER = re.compile(r"[bdfghjklmnprstvzaiou]+")


def words_of(search: str) -> Sequence[str]:
    """Return the words of a search, once each, in lower case and without accents.

    A single letter tells nothing, like the check character of a case number.
    """
    return list(dict.fromkeys(re.findall(r"[^\W_]{2,}", folded(search))))


def folded(words: str) -> str:
    """Return words as they are compared: in lower case and without accents."""
    decomposed = unicodedata.normalize("NFKD", words.lower())
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


async def institutions_with(session: AsyncSession, word: str) -> Sequence[InstitutionId]:
    """Return the institutions with a word in their name that begins like this one."""
    rows = await session.scalars(select(InstitutionRow.id).where(_matches(WORDS_OF_NAME, word)))
    return [InstitutionId(row) for row in rows]


async def institutions_of(
    session: AsyncSession, kinds: Collection[InstitutionKind]
) -> Sequence[InstitutionId]:
    """Return the institutions of some kinds."""
    if not kinds:
        return []
    rows = await session.scalars(select(InstitutionRow.id).where(InstitutionRow.kind.in_(kinds)))
    return [InstitutionId(row) for row in rows]


async def cases_numbered(session: AsyncSession, word: str) -> Sequence[CaseId]:
    """Return the cases with a part of their number that begins like this word."""
    if len(word) < SHORTEST_PART or not _PART_OF_NUMBER.fullmatch(word):
        return []
    rows = await session.scalars(
        select(CaseRow.id).where(_matches(WORDS_OF_NUMBER, word)).limit(_MOST_CASES)
    )
    return [CaseId(row) for row in rows]


def _matches(words: str, word: str) -> ColumnElement[bool]:
    beginning = func.to_tsquery(literal_column("'simple'::regconfig"), f"{word}:*")
    return literal_column(words, TSVECTOR).bool_op("@@")(beginning)
