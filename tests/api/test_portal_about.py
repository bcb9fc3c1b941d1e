"""Pages about us: complete in every language, reached from every page, and true of the code."""

import html

import httpx
import pytest

from api.institution_case import SESSION_LIFETIME
from api.portal.about import PAGES, About
from catalogues.texts import catalogue
from delivery.drafts import LIFETIME
from domain.institutions import InstitutionKind
from domain.languages import Language
from domain.retention import ERASURE_WAIT
from launcher.system import System
from tests.api.in_process import in_process
from tests.domain.journey import POLICY

every_page = pytest.mark.parametrize("about", PAGES, ids=lambda about: about.name)


@pytest.mark.parametrize("language", Language)
class TestAPageAboutUs:
    @every_page
    async def test_says_everything_that_the_catalogue_has(
        self, http: httpx.AsyncClient, language: Language, about: About
    ) -> None:
        page = await http.get(about.address.replace("{language:language}", language))
        said = html.unescape(page.text)
        words = f"portal.{about.name}."
        lines = {key: it for key, it in catalogue(language).items() if key.startswith(words)}
        assert len(lines) > len(about.sections)
        for key, line in lines.items():
            for part in line.replace("}", "{").split("{")[::2]:
                assert part in said, key

    @every_page
    async def test_is_reached_from_every_page(
        self, http: httpx.AsyncClient, language: Language, about: About
    ) -> None:
        address = about.address.replace("{language:language}", language)
        for page in ("", "/complaint", "/topics", "/nothing-here"):
            footer = (await http.get(f"/{language}{page}")).text.partition("<footer>")[2]
            assert f'href="{address}"' in footer


class TestWhatTheySay:
    async def test_are_the_times_of_the_code(self, http: httpx.AsyncClient) -> None:
        page = (await http.get("/en/privacy")).text
        assert "13 months after its end" in page
        assert f"for {ERASURE_WAIT.days} days" in page
        assert f"Its visit lasts {SESSION_LIFETIME.seconds // 60} minutes" in page
        about = (await http.get("/en/about")).text
        assert f"gone after {LIFETIME.seconds // 60} minutes" in about

    async def test_name_who_is_responsible_for_data(self, system: System) -> None:
        async with in_process(
            system, controller_name="Stichting <Voorbeeld>", controller_contact="Postbus 1"
        ) as http:
            page = (await http.get("/en/privacy")).text
        assert "Stichting &lt;Voorbeeld&gt; is responsible for your data" in page
        assert "Write to Postbus 1." in page

    async def test_is_right_about_whom_we_do_not_mediate_with(self) -> None:
        # The page names these two kinds.
        without = {row.id for row in POLICY.kinds if not row.mediation}
        assert without == {InstitutionKind.LANDLORD, InstitutionKind.OPERATOR}

    async def test_is_right_about_cookies(self, http: httpx.AsyncClient) -> None:
        for about in PAGES:
            answer = await http.get(about.address.replace("{language:language}", "nl"))
            assert "set-cookie" not in answer.headers
