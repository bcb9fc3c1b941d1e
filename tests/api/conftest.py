import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from launcher.people import Complainant, Letterbox, Office
from launcher.system import System
from tests.api.answering import Clerk, clerk_of
from tests.api.at_their_case import Person, at_their_case
from tests.api.cases_in_hand import Mediated, institution_session_of, mediated_case, session_of
from tests.api.observing import bearer


@pytest.fixture(scope="session")
def submitted(system: System) -> tuple[str, str]:
    """Number and receipt code of a case that any test may write to."""

    async def submit() -> tuple[str, str]:
        async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
            complainant = await Complainant.complains(http, "voorbeeldstad")
            return complainant.case_number, complainant.receipt_code

    return asyncio.run(submit())


@pytest.fixture
async def mine(http: httpx.AsyncClient, submitted: tuple[str, str]) -> dict[str, str]:
    """The header of a complainant's session."""
    return await session_of(http, submitted[1])


@pytest.fixture
def supervisor(token_for: Callable[[str], str]) -> dict[str, str]:
    return bearer(token_for("supervisor-1"))


@pytest.fixture(scope="session")
def mediated(system: System, token_for: Callable[[str], str]) -> Mediated:
    """A case in which everybody has written something."""

    async def prepare() -> Mediated:
        async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
            return await mediated_case(http, token_for, Letterbox(system.mail.page_url))

    return asyncio.run(prepare())


@pytest.fixture
def mediator(mediated: Mediated, token_for: Callable[[str], str]) -> dict[str, str]:
    """The header of the mediator of that case."""
    return bearer(token_for(mediated.mediator))


@pytest.fixture
async def offered(
    http: httpx.AsyncClient,
    office: Office,
    token_for: Callable[[str], str],
    submitted: tuple[str, str],
) -> tuple[str, dict[str, str]]:
    """A case that a mediator was asked to take, and that mediator's header."""
    identifier, _ = await office.asked(submitted[0])
    return submitted[0], bearer(token_for(f"mediator-{identifier[-1]}"))


@pytest.fixture
def stranger(mediated: Mediated, token_for: Callable[[str], str]) -> dict[str, str]:
    """A mediator who has nothing to do with the case."""
    return bearer(token_for(mediated.other_mediator))


@pytest.fixture
async def fresh(
    http: httpx.AsyncClient, token_for: Callable[[str], str], letterbox: Letterbox
) -> Mediated:
    """A case in which everybody has written something, for one test alone."""
    return await mediated_case(http, token_for, letterbox)


@pytest.fixture
async def institution(http: httpx.AsyncClient, mediated: Mediated) -> dict[str, str]:
    """The header of the institution's session in the case that everybody reads."""
    return await institution_session_of(http, mediated.link)


@pytest.fixture
async def own(http: httpx.AsyncClient) -> tuple[str, dict[str, str]]:
    """A case for one test alone, and the header of its complainant."""
    complainant = await Complainant.complains(http, "voorbeeldstad")
    return complainant.case_number, await session_of(http, complainant.receipt_code)


@pytest.fixture
async def reader(system: System, mediated: Mediated) -> AsyncIterator[Person]:
    """Whoever complained in a case that every test reads, at its pages."""
    async with at_their_case(system, mediated.number, mediated.receipt_code) as person:
        yield person


@pytest.fixture
async def newcomer(system: System, http: httpx.AsyncClient) -> AsyncIterator[Person]:
    """Somebody at the pages of a case that nobody has taken yet."""
    case = await Complainant.complains(http, "voorbeeldstad", email="iemand@post.example")
    async with at_their_case(system, case.case_number, case.receipt_code) as person:
        await person.case.reaches("finding_mediator")
        yield person


@pytest.fixture
async def writer(system: System, fresh: Mediated) -> AsyncIterator[Person]:
    """Whoever complained in a case for one test alone, at its pages."""
    async with at_their_case(system, fresh.number, fresh.receipt_code) as person:
        yield person


@pytest.fixture
async def clerk(system: System, mediated: Mediated) -> AsyncIterator[Clerk]:
    """Somebody of the institution, in a case that every test reads."""
    async with clerk_of(system, mediated) as someone:
        yield someone


@pytest.fixture
async def writing(system: System, fresh: Mediated) -> AsyncIterator[Clerk]:
    """Somebody of the institution who has come in, in a case for one test alone."""
    async with clerk_of(system, fresh) as someone:
        await someone.comes_in()
        yield someone
