"""The desk: the same cases, decisions and refusals as the API, as pages without scripts."""

import html
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from sqlalchemy import text

from catalogues.texts import catalogue
from domain.entries import DECISIONS_OF
from domain.languages import Language
from domain.parties import Party
from launcher.people import Complainant, Office
from launcher.system import System
from storage.database import Database
from tests.api.cases_in_hand import IN_CONFIDENCE, NOTE, Mediated
from tests.api.observing import bearer, held
from tests.api.visiting import (
    SAME_ORIGIN,
    Visitor,
    decisions_on,
    forms_of,
    path_of,
    words_of,
)

DUTCH, ENGLISH = catalogue(Language.DUTCH), catalogue(Language.ENGLISH)


@pytest.fixture
async def visitor(system: System) -> AsyncIterator[Visitor]:
    async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
        yield Visitor(system, http)


class TestAPage:
    @pytest.mark.parametrize("path", ["/desk", "/desk/cases/{number}", "/desk/signed-out"])
    async def test_runs_no_script_and_loads_nothing_from_elsewhere(
        self, visitor: Visitor, mediated: Mediated, path: str
    ) -> None:
        await visitor.signs_in(mediated.mediator)
        page = await visitor.http.get(path.format(number=mediated.number))

        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store"
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self';")
        assert "frame-ancestors 'none'" in policy
        assert "script" not in page.text
        assert "://" not in page.text
        assert mediated.number not in page.text.partition("</title>")[0]

    async def test_speaks_the_language_of_the_browser(self, visitor: Visitor) -> None:
        await visitor.signs_in("mediator-1")
        page = await visitor.http.get("/desk", headers={"Accept-Language": "en"})
        assert 'lang="en"' in page.text
        assert ENGLISH["desk.list"] in page.text

    async def test_has_its_style(self, visitor: Visitor) -> None:
        style = await visitor.http.get("/style.css")
        assert style.headers["content-type"].startswith("text/css")
        assert "prefers-color-scheme: dark" in style.text


class TestACase:
    async def test_shows_its_mediator_course_terms_and_texts(
        self, visitor: Visitor, mediated: Mediated
    ) -> None:
        await visitor.signs_in(mediated.mediator)
        page = await visitor.http.get(f"/desk/cases/{mediated.number}")
        for words in (
            mediated.number,
            DUTCH["stage.awaiting_institution"],
            DUTCH["wait.institution_replies"],
            IN_CONFIDENCE,
            NOTE,
        ):
            assert words in words_of(page)
        picture = await visitor.http.get(f"/desk/cases/{mediated.number}/timeline")
        assert picture.headers["content-type"] == "image/svg+xml"
        assert f'src="/desk/cases/{mediated.number}/timeline"' in page.text

    async def test_says_to_whom_a_warning_was_given(
        self, visitor: Visitor, http: httpx.AsyncClient
    ) -> None:
        warned = await Complainant.complains(http, "voorbeeldstad", intake={"safety": "not_safe"})
        await warned.reaches("finding_mediator")
        await visitor.signs_in("supervisor-1")
        said = words_of(await visitor.http.get(f"/desk/cases/{warned.case_number}"))
        assert f"{DUTCH['desk.notices']} {DUTCH['notice.danger']}" in html.unescape(said)
        await warned.does("safety", {"safe": True})
        said = words_of(await visitor.http.get(f"/desk/cases/{warned.case_number}"))
        assert DUTCH["desk.notices"] not in said

    async def test_shows_a_supervisor_no_text(self, visitor: Visitor, mediated: Mediated) -> None:
        await visitor.signs_in("supervisor-1")
        page = await visitor.http.get(f"/desk/cases/{mediated.number}")
        assert page.status_code == 200
        assert IN_CONFIDENCE not in page.text
        assert NOTE not in page.text

    async def test_of_somebody_else_does_not_exist(
        self, visitor: Visitor, mediated: Mediated
    ) -> None:
        await visitor.signs_in(mediated.other_mediator)
        for path in ("", "/timeline", "/decisions/1"):
            page = await visitor.http.get(f"/desk/cases/{mediated.number}{path}")
            assert page.status_code == 404
            assert DUTCH["problem.not-found.title"] in page.text

    @pytest.mark.parametrize(
        ("subject", "party"), [("mediator", Party.MEDIATOR), ("supervisor-1", Party.SUPERVISOR)]
    )
    async def test_offers_what_the_reader_may_decide(
        self,
        visitor: Visitor,
        mediated: Mediated,
        token_for: Callable[[str], str],
        subject: str,
        party: Party,
    ) -> None:
        subject = mediated.mediator if subject == "mediator" else subject
        await visitor.signs_in(subject)
        page = await visitor.http.get(f"/desk/cases/{mediated.number}")
        assert set(decisions_on(page)) <= set(DECISIONS_OF[party])
        headers = bearer(token_for(subject))
        case = (await visitor.http.get(f"/v1/cases/{mediated.number}", headers=headers)).json()
        assert set(decisions_on(page)) == {one["decision"] for one in case["decisionsNow"]}
        assert html.escape(case["decisionsNow"][0]["consequence"]) in page.text


class TestDeciding:
    async def test_is_the_decision_of_the_api(
        self, visitor: Visitor, fresh: Mediated, token_for: Callable[[str], str]
    ) -> None:
        await visitor.signs_in(fresh.mediator)
        sent = await visitor.decides(
            fresh.number, "propose_outcome", outcome="settled", reason="Eerst.\r\nDan."
        )
        assert sent.status_code == 303
        told = await visitor.http.get(sent.headers["location"])
        assert DUTCH["desk.status.applied"] in words_of(told)

        number = path_of(sent).rpartition("/")[2]
        location = f"/v1/cases/{fresh.number}/entries/{number}"
        entry = await visitor.http.get(location, headers=bearer(token_for(fresh.mediator)))
        assert entry.json() | {"receivedAt": None} == {
            "number": int(number),
            "kind": "decision",
            "title": DUTCH["entry.decision"],
            "author": "mediator",
            "audience": "complainant",
            "receivedAt": None,
            "decision": "propose_outcome",
            "outcome": "settled",
            "status": "applied",
            "refusal": None,
            "refusalText": None,
            "mandate": None,
            "body": {"text": "Eerst.\nDan."},
        }

    async def test_that_is_not_possible_says_why(
        self, visitor: Visitor, mediated: Mediated
    ) -> None:
        await visitor.signs_in(mediated.mediator)
        page = await visitor.http.get(f"/desk/cases/{mediated.number}")
        [hidden] = [f for _, f in forms_of(page) if f.get("decision") == "recuse"]
        sent = await visitor.http.post(
            f"/desk/cases/{mediated.number}/decisions",
            data=hidden | {"decision": "accept_case"},
            headers=SAME_ORIGIN,
        )
        told = await visitor.http.get(sent.headers["location"])
        assert DUTCH["desk.status.refused"] in words_of(told)
        assert 'role="alert"' in told.text

    async def test_twice_with_one_form_counts_once(
        self, visitor: Visitor, mediated: Mediated, database: Database
    ) -> None:
        await visitor.signs_in(mediated.mediator)
        page = await visitor.http.get(f"/desk/cases/{mediated.number}")
        [hidden] = [f for _, f in forms_of(page) if f.get("decision") == "pause_for_danger"]
        hidden |= {"decision": "resume"}
        address = f"/desk/cases/{mediated.number}/decisions"
        first, second = [
            await visitor.http.post(address, data=hidden, headers=SAME_ORIGIN) for _ in range(2)
        ]
        assert first.headers["location"] == second.headers["location"]

    async def test_that_lacks_something_keeps_what_was_typed(
        self, visitor: Visitor, mediated: Mediated, database: Database
    ) -> None:
        await visitor.signs_in(mediated.mediator)
        before = await held(database)
        page = await visitor.decides(mediated.number, "propose_outcome", reason="Geplant & <b>.")
        assert page.status_code == 400
        assert DUTCH["problem.field.missing"] in words_of(page)
        assert "Geplant &amp; &lt;b&gt;." in page.text
        assert (await held(database)).entries == before.entries

    async def test_through_a_session_that_ended_keeps_it_too(
        self, visitor: Visitor, mediated: Mediated, database: Database
    ) -> None:
        await visitor.signs_in(mediated.mediator)
        page = await visitor.http.get(f"/desk/cases/{mediated.number}")
        [hidden] = [f for _, f in forms_of(page) if f.get("decision") == "recuse"]
        async with database.transaction() as session:
            await session.execute(text("DELETE FROM staff_sessions"))
        answer = await visitor.http.post(
            f"/desk/cases/{mediated.number}/decisions",
            data=hidden | {"reason": "Nog niet verloren."},
            headers=SAME_ORIGIN,
        )
        assert answer.status_code == 401
        assert "Nog niet verloren." in answer.text
        assert 'href="/desk/sign-in"' in answer.text

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Sec-Fetch-Site": "none"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
        ],
        ids=str,
    )
    async def test_from_a_page_of_somebody_else_is_refused(
        self, visitor: Visitor, mediated: Mediated, database: Database, headers: dict[str, str]
    ) -> None:
        await visitor.signs_in(mediated.mediator)
        before = await held(database)
        answer = await visitor.decides(mediated.number, "recuse", headers, reason="Weg.")
        assert answer.status_code == 403
        assert (await held(database)).entries == before.entries

    async def test_from_an_older_browser_counts_by_its_origin(
        self, visitor: Visitor, mediated: Mediated, system: System
    ) -> None:
        await visitor.signs_in(mediated.mediator)
        answer = await visitor.decides(
            mediated.number, "ask_complainant", {"Origin": system.api.url}, text="Wanneer?"
        )
        assert answer.status_code == 303

    @pytest.mark.parametrize("token", ["", "x" * 43])
    async def test_without_the_token_of_the_session_is_refused(
        self, visitor: Visitor, mediated: Mediated, token: str
    ) -> None:
        await visitor.signs_in(mediated.mediator)
        answer = await visitor.decides(mediated.number, "recuse", form_token=token, reason="Weg.")
        assert answer.status_code == 403

    async def test_with_the_token_of_another_session_is_refused(
        self, visitor: Visitor, mediated: Mediated
    ) -> None:
        await visitor.signs_in("supervisor-1")
        [(_, other), *_] = forms_of(await visitor.http.get("/desk"))
        await visitor.signs_in(mediated.mediator)
        answer = await visitor.decides(
            mediated.number, "recuse", form_token=other["form_token"], reason="Weg."
        )
        assert answer.status_code == 403

    @pytest.mark.parametrize(
        ("content", "kind", "status"),
        [
            (b"{}", "application/json", 415),
            (b"a=%ff", "application/x-www-form-urlencoded", 400),
            (b"\xff", "application/x-www-form-urlencoded", 400),
            (b"&".join(b"a=1" for _ in range(100)), "application/x-www-form-urlencoded", 400),
        ],
    )
    async def test_in_another_form_is_refused(
        self, visitor: Visitor, mediated: Mediated, content: bytes, kind: str, status: int
    ) -> None:
        await visitor.signs_in(mediated.mediator)
        answer = await visitor.http.post(
            f"/desk/cases/{mediated.number}/decisions",
            content=content,
            headers=SAME_ORIGIN | {"Content-Type": kind},
        )
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")

    async def test_offers_an_open_case_to_a_mediator_by_name(
        self, visitor: Visitor, office: Office, submitted: tuple[str, str]
    ) -> None:
        await office.asked(submitted[0])
        await visitor.signs_in("supervisor-1")
        page = await visitor.http.get(f"/desk/cases/{submitted[0]}")
        assert 'name="mediatorId"' in page.text
        offers = page.text.partition('value="offer_case"')[2].partition("</form>")[0]
        assert offers.count('<option value="6f1c2f0e') == 2


class TestAPreview:
    async def test_shows_the_letter_and_sends_what_was_typed_only_then(
        self, visitor: Visitor, fresh: Mediated, database: Database
    ) -> None:
        await visitor.signs_in(fresh.mediator)
        page = await visitor.http.get(f"/desk/cases/{fresh.number}")
        [(action, hidden)] = [
            form for form in forms_of(page) if form[1].get("decision") == "ask_complainant"
        ]
        before = await held(database)
        shown = await visitor.http.post(
            f"{action}/preview", data=hidden | {"text": "Wanneer was dat?"}, headers=SAME_ORIGIN
        )
        assert shown.status_code == 200
        assert "Wanneer was dat?" in words_of(shown).partition("Met vriendelijke groet")[0]
        assert await held(database) == before
        [_, (again, kept)] = forms_of(shown)
        assert again == action
        decided = await visitor.http.post(again, data=kept, headers=SAME_ORIGIN)
        assert decided.status_code == 303
        assert (await held(database)).entries == before.entries + 1

    async def test_can_be_gone_back_from_with_everything_that_was_typed(
        self, visitor: Visitor, mediated: Mediated
    ) -> None:
        await visitor.signs_in(mediated.mediator)
        page = await visitor.http.get(f"/desk/cases/{mediated.number}/decide/ask_complainant")
        [_, (_, hidden)] = forms_of(page)
        again = await visitor.http.post(
            f"/desk/cases/{mediated.number}/decide/ask_complainant",
            data=hidden | {"text": "Wanneer <was> dat?"},
            headers=SAME_ORIGIN,
        )
        assert again.status_code == 200
        assert "Wanneer &lt;was&gt; dat?</textarea>" in again.text


class TestTheDay:
    async def test_counts_what_needs_the_reader_and_narrows_the_list(
        self, visitor: Visitor, mediated: Mediated, supervisor: dict[str, str]
    ) -> None:
        await visitor.signs_in("supervisor-1")
        page = await visitor.http.get("/desk")
        counts = (await visitor.http.get("/v1/cases/counts", headers=supervisor)).json()
        assert DUTCH["desk.needs_you"].format(n=counts["needsMe"]) in words_of(page)
        narrowed = await visitor.http.get("/desk?overdue=true")
        assert 'href="/desk?overdue=true" aria-current="true"' in narrowed.text

    async def test_searches_without_telling_the_address(
        self, visitor: Visitor, mediated: Mediated
    ) -> None:
        await visitor.signs_in("supervisor-1")
        page = await visitor.http.get("/desk")
        [hidden] = [fields for action, fields in forms_of(page) if action == "/desk/search"]
        found = await visitor.http.post(
            "/desk/search", data=hidden | {"words": mediated.number}, headers=SAME_ORIGIN
        )
        assert found.status_code == 200
        assert found.text.count("<h2>") == 1
        assert mediated.number in found.text

    async def test_leads_a_supervisor_to_the_course_in_temporal(
        self, visitor: Visitor, mediated: Mediated, system: System
    ) -> None:
        await visitor.signs_in("supervisor-1")
        page = await visitor.http.get(f"/desk/cases/{mediated.number}")
        assert f'href="{system.temporal.ui_url}/namespaces/default/workflows?query=' in page.text
        await visitor.signs_in(mediated.mediator)
        page = await visitor.http.get(f"/desk/cases/{mediated.number}")
        assert DUTCH["desk.in_temporal"] not in page.text
