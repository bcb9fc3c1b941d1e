"""Lists of entries, a page at a time."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Path, Query

from api import presenting
from api.answers import EntriesBody
from api.schemas import LARGEST_NUMBER
from domain.languages import Language
from storage.case_file import FiledEntry

After = Annotated[int, Query(ge=0, le=LARGEST_NUMBER, description="Entries beyond this number.")]
Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
Number = Annotated[int, Path(ge=1, le=LARGEST_NUMBER)]


def page(
    entries: Sequence[FiledEntry], limit: int, address: str, language: Language
) -> EntriesBody:
    """Present a page of entries, with the address of the next one when this one is full."""
    following = None
    if len(entries) == limit:
        following = f"{address}?after={entries[-1].facts.number}&limit={limit}"
    return EntriesBody(entries=presenting.entry_bodies(entries, language), next=following)
