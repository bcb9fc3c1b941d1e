"""Filling the register: as often as one likes, and all or nothing."""

import tomllib

import pytest
from sqlalchemy import func, select

from domain.institutions import InstitutionKind
from domain.languages import Language
from storage.models import InstitutionRow, StaffRow
from storage.seed import EXAMPLES, seed
from tests.storage.archive import Archive

EXAMPLE_TEXT = EXAMPLES.read_text(encoding="utf-8")
NEW_INSTITUTION = """
[[institutions]]
id = "nieuw"
kind = "other"
name = "Nieuw"
contact_address = "post@nieuw.example"
"""


async def counted(archive: Archive) -> tuple[int | None, int | None]:
    async with archive.database.transaction() as session:
        institutions = await session.scalar(select(func.count()).select_from(InstitutionRow))
        return institutions, await session.scalar(select(func.count()).select_from(StaffRow))


class TestSeeding:
    async def test_again_changes_nothing(self, archive: Archive) -> None:
        content = tomllib.loads(EXAMPLE_TEXT)
        expected = (len(content["institutions"]), len(content["staff"]))
        assert await counted(archive) == expected
        await seed(archive.database, EXAMPLE_TEXT)
        assert await counted(archive) == expected

    async def test_corrects_what_is_there(self, archive: Archive) -> None:
        corrected = EXAMPLE_TEXT.replace("klachten@voorbeeldstad.example", "nieuw@stad.example")
        await seed(archive.database, corrected)
        async with archive.database.transaction() as session:
            row = await session.get_one(InstitutionRow, "voorbeeldstad")
        assert row.contact_address == "nieuw@stad.example"
        assert row.kind is InstitutionKind.MUNICIPALITY

    async def test_fills_in_what_may_be_left_out(self, archive: Archive) -> None:
        await seed(archive.database, NEW_INSTITUTION)
        async with archive.database.transaction() as session:
            row = await session.get_one(InstitutionRow, "nieuw")
        assert (row.language, row.active) == (Language.DUTCH, True)

    @pytest.mark.parametrize(
        ("flaw", "named"),
        [
            ('kind = "shop"', "shop"),
            ('kind = "other"\nlanguage = "xx"', "xx"),
        ],
    )
    async def test_with_a_wrong_institution_names_the_flaw_and_adds_nothing(
        self, archive: Archive, flaw: str, named: str
    ) -> None:
        before = await counted(archive)
        second = NEW_INSTITUTION.replace('"nieuw"', '"ander"').replace('kind = "other"', flaw)
        with pytest.raises(ValueError, match=named):
            await seed(archive.database, NEW_INSTITUTION + second)
        assert await counted(archive) == before

    @pytest.mark.parametrize(
        ("right", "flaw"),
        [
            ('roles = ["supervisor"]', 'roles = ["director"]'),
            ('languages = ["nl", "en"]', 'languages = ["nl", "xx"]'),
            ('languages = ["nl", "en"]', 'language = "xx"\nlanguages = ["nl"]'),
            ("6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0009", "no-uuid"),
        ],
    )
    async def test_with_a_wrong_staff_member_is_refused(
        self, archive: Archive, right: str, flaw: str
    ) -> None:
        assert right in EXAMPLE_TEXT
        with pytest.raises(ValueError, match=r"valid|badly formed|spoken"):
            await seed(archive.database, EXAMPLE_TEXT.replace(right, flaw))

    async def test_makes_nobody_staff_who_is_a_side_of_a_case(self, archive: Archive) -> None:
        before = await counted(archive)
        flawed = EXAMPLE_TEXT.replace('roles = ["supervisor"]', 'roles = ["complainant"]')
        with pytest.raises(ValueError, match="complainant"):
            await seed(archive.database, NEW_INSTITUTION + flawed)
        assert await counted(archive) == before

    @pytest.mark.parametrize("text", ["[[institutions]", "staff", NEW_INSTITUTION[:40]])
    async def test_with_a_file_of_another_form_is_refused(
        self, archive: Archive, text: str
    ) -> None:
        before = await counted(archive)
        with pytest.raises(ValueError, match=r".+"):
            await seed(archive.database, text)
        assert await counted(archive) == before
