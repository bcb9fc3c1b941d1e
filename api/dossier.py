"""The dossier that a complainant takes to the next body: what was said to the institution, what it
said, and by when it had to. To read by people and programs, and on paper.
"""

from typing import Annotated

from fastapi import APIRouter, Query

from api.documentation import may_refuse
from api.dossier_answers import DossierBody
from api.dossier_gathering import gathered
from api.downloads import DOSSIER_NAME, PAPER_ANSWERS, Paper
from api.papers import dossier_document
from api.who import Complainant
from api.wire_format import StrictRoute
from api.wiring import Parts
from domain.languages import Language
from storage.case_file import moment_of
from storage.models import CaseRow

router = APIRouter(prefix="/my-case", route_class=StrictRoute, tags=["complainant"])

InLanguage = Annotated[
    Language | None, Query(description="The language of the next body; else the complainant's.")
]


@router.get("/dossier", responses=may_refuse(404))
async def read_dossier(parts: Parts, case: Complainant, language: InLanguage = None) -> DossierBody:
    """Give what can be taken to the next body."""
    async with parts.database.transaction() as session:
        body, _ = await gathered(parts, session, case, language)
    return body


@router.get("/dossier/pdf", response_class=Paper, responses={**PAPER_ANSWERS, **may_refuse(404)})
async def print_dossier(parts: Parts, case: Complainant, language: InLanguage = None) -> Paper:
    """Give the same on paper, with the letters in full."""
    async with parts.database.transaction() as session:
        row = await session.get_one(CaseRow, case)
        body, spoken = await gathered(parts, session, case, language)
    document = dossier_document(body, spoken, moment_of(row, parts.clock))
    return Paper(await parts.typesetter.pdf(document), DOSSIER_NAME)
