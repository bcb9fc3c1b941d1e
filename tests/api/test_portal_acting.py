"""What a complainant does on pages: the same as by the API, kept when it comes too late."""

import html

import pytest

from catalogues.texts import catalogue
from domain.languages import Language
from launcher.people import Json, Office, eventually
from storage.database import Database
from tests.api.at_their_case import WRITTEN, Person, ends_sessions, kept, said_on
from tests.api.cases_in_hand import Mediated
from tests.api.observing import held
from tests.api.visiting import SAME_ORIGIN, forms_of, main_forms_of

DUTCH, ENGLISH = catalogue(Language.DUTCH), catalogue(Language.ENGLISH)

FORMS: list[tuple[str, int, dict[str, str], Json]] = [
    ("/message", 0, {"text": "Hallo.\r\nDaar."}, {"body": {"text": "Hallo.\nDaar."}}),
    ("/safety", 0, {"safe__boolean": "false"}, {"decision": "report_danger"}),
    ("/safety", 0, {"safe__boolean": "true"}, {"decision": "report_safe"}),
    (
        "/identity",
        0,
        {"name": "Anna Voorbeeld", "postalAddress": "Straat 1"},
        {"kind": "identity", "body": {"name": "Anna Voorbeeld", "postalAddress": "Straat 1"}},
    ),
    ("/identity", 1, {}, {"kind": "identity", "body": {}}),
    (
        "/contact",
        0,
        {"email": "a@post.example", "wholeLetters__boolean": "true"},
        {"kind": "contact", "body": {"email": "a@post.example", "wholeLetters": "yes"}},
    ),
    ("/contact", 1, {}, {"kind": "contact", "body": {}}),
    ("/consents/name", 0, {}, {"decision": "give_consent"}),
    ("/consents/contact", 0, {}, {"decision": "give_consent"}),
    ("/withdrawal", 0, {}, {"kind": "withdrawal", "body": None}),
    (
        "/erasure",
        0,
        {"confirm__boolean": "true"},
        {"kind": "erasure_request", "decision": "request_erasure"},
    ),
]


class TestAForm:
    @pytest.mark.parametrize(
        ("path", "form", "filled", "expected"), FORMS, ids=[f"{it[0]}-{it[3]}" for it in FORMS]
    )
    async def test_has_the_effect_that_the_api_has(
        self, newcomer: Person, path: str, form: int, filled: dict[str, str], expected: Json
    ) -> None:
        page = await newcomer.does(path, form, **filled)
        entry = await newcomer.entry(page)
        assert {name: entry[name] for name in expected} == expected
        assert entry["status"] == "applied"
        assert DUTCH["portal.sent.applied"] in said_on(page)

    @pytest.mark.parametrize(
        ("purpose", "warnings"),
        [
            ("contact", ["staff", "take_back", "needs_name"]),
            ("name", ["take_back", "needs_name"]),
        ],
    )
    async def test_warns_before_anything_is_allowed(
        self, newcomer: Person, purpose: str, warnings: list[str]
    ) -> None:
        words = [DUTCH[f"consent.{warning}"] for warning in warnings]
        before = await newcomer.at(f"/consents/{purpose}")
        told = {one["purpose"]: one for one in (await newcomer.case.get(""))["consents"]}
        assert told[purpose]["warnings"] == words
        question = DUTCH[f"purpose.{purpose}"]
        assert question.endswith("?")
        assert question in said_on(await newcomer.at())
        await newcomer.does(f"/consents/{purpose}")
        after = said_on(await newcomer.at(f"/consents/{purpose}"))

        for word in words:
            assert word in said_on(before)
            assert word not in after

    async def test_revokes_what_was_given(self, reader: Person) -> None:
        page = await reader.does("/consents/name")
        assert (await reader.entry(page))["decision"] == "give_consent"
        page = await reader.does("/consents/name")
        assert (await reader.entry(page))["decision"] == "revoke_consent"

    async def test_takes_an_address_away(self, newcomer: Person) -> None:
        assert (await newcomer.case.get(""))["newsByMail"] is True
        await newcomer.does("/contact", 1)
        assert (await newcomer.case.get(""))["newsByMail"] is False
        assert len(main_forms_of(await newcomer.at("/contact"))) == 1

    async def test_takes_an_erasure_back(self, newcomer: Person) -> None:
        await newcomer.does("/erasure", confirm__boolean="true")
        page = await newcomer.at("/erasure")
        told = await newcomer.case.get("/erasure")
        assert told["text"][0] in said_on(page)
        back = await newcomer.entry(await newcomer.sends(page))
        assert (back["decision"], back["status"]) == ("cancel_erasure", "applied")

    async def test_asks_for_another_mediator(self, writer: Person) -> None:
        page = await writer.does("/mediator", reason="Ik ken hem.")
        entry = await writer.entry(page)
        assert (entry["kind"], entry["status"]) == ("mediator_objection", "applied")

    async def test_answers_a_proposal(
        self, writer: Person, fresh: Mediated, office: Office
    ) -> None:
        mediator = office.member(fresh.mediator)
        await mediator.decides(fresh.number, "propose_outcome", outcome="settled", reason="Zo.")
        await writer.case.reaches("outcome_proposed")
        page = await writer.at()
        assert DUTCH["portal.case.your_turn"] in said_on(page)
        assert 'class="go" href="/nl/case/response"' in page.text
        told = await writer.does("/response", accept__boolean="true", text="Goed zo.")
        entry = await writer.entry(told)
        assert (entry["decision"], entry["body"]) == ("accept_outcome", {"text": "Goed zo."})
        assert (await writer.case.reaches("closed"))["outcome"]["code"] == "settled"

    async def test_that_comes_when_it_is_not_possible_says_why(self, newcomer: Person) -> None:
        _, hidden = main_forms_of(await newcomer.at("/message"))[0]
        sent = hidden | {"about": "referral", "accept:boolean": "true"}
        answer = await newcomer.http.post("/nl/case/referral", data=sent, headers=SAME_ORIGIN)
        page = await newcomer.opens(answer.headers["location"])
        entry = await newcomer.case.get(f"/entries/{page.url.path.rpartition('/')[2]}")
        assert (entry["decision"], entry["status"]) == ("accept_referral", "refused")
        assert DUTCH["portal.sent.refused"] in said_on(page)
        assert entry["refusalText"] in said_on(page)

    async def test_says_who_reads_it_before_its_button(self, reader: Person) -> None:
        for path in ("/message", "/safety", "/identity", "/contact", "/mediator", "/withdrawal"):
            page = (await reader.at(path)).text
            button = page.index("<button", page.index('<p class="readers">'))
            for part in ("then", "readers"):
                words = html.escape(DUTCH[f"portal.do.{path[1:]}.{part}"])
                assert page.index(words) < button

    async def test_sent_twice_counts_once(self, newcomer: Person, database: Database) -> None:
        page = await newcomer.at("/message")
        before = await held(database)
        first, second = [await newcomer.sends(page, text="Eén keer.") for _ in range(2)]
        assert first.url == second.url
        assert (await held(database)).entries == before.entries + 1

    async def test_keeps_what_was_typed_when_it_is_refused(
        self, newcomer: Person, submitted: tuple[str, str], database: Database
    ) -> None:
        before = await held(database)
        typed = f"{WRITTEN} {submitted[1]}"
        page = await newcomer.does("/message", text=typed)
        assert page.status_code == 400
        assert html.escape(typed).replace("&#x27;", "&#39;") in page.text
        label, wrong = DUTCH["portal.field.message"], DUTCH["problem.field.contains-receipt-code"]
        assert f'<a href="#text">{label}: {wrong}' in page.text
        assert await held(database) == before

    @pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}])
    async def test_of_somebody_else_is_refused(
        self, newcomer: Person, database: Database, headers: dict[str, str]
    ) -> None:
        before = await held(database)
        for path in ("/message", "/withdrawal", "/erasure", "/consents/contact", "/new-code"):
            page = await newcomer.at(path)
            token = {} if "Sec-Fetch-Site" in headers else {"form_token": "x"}
            filled = {"text": "x", "confirm__boolean": "true", **token}
            assert (await newcomer.sends(page, headers, **filled)).status_code == 403
        assert await held(database) == before

    async def test_is_not_let_in_as_another_kind_of_form(
        self, newcomer: Person, database: Database
    ) -> None:
        """A form with files is read elsewhere, and its token there."""
        before = await held(database)
        for path in ("withdrawal", "stop", "erasure/stop", "language", "message"):
            answer = await newcomer.http.post(f"/nl/case/{path}", files={"text": ("", b"x")})
            assert answer.status_code == 415
        assert await held(database) == before
        assert (await newcomer.at()).url.path == "/nl/case"


class TestASession:
    async def test_that_ended_asks_for_the_code_and_says_so(
        self, newcomer: Person, database: Database
    ) -> None:
        await ends_sessions(database, newcomer.case.case_number)
        page = await newcomer.at("/letters")
        assert page.url.path == "/nl/case/open"
        assert DUTCH["portal.code.ended"] in said_on(page)
        assert DUTCH["portal.code.kept"] not in said_on(page)

    async def test_that_ended_loses_nothing_that_was_typed(
        self, newcomer: Person, database: Database
    ) -> None:
        page = await newcomer.at("/message")
        await ends_sessions(database, newcomer.case.case_number)
        before, had = await held(database), await kept(database)
        refused = await newcomer.sends(page, text=WRITTEN)
        assert refused.status_code == 401
        assert DUTCH["portal.code.kept"] in said_on(refused)
        assert "alert(1)" not in refused.text
        assert (await held(database)).entries == before.entries
        assert await kept(database) == had + 1

        wrong = await newcomer.sends(refused, receiptCode="x" * 26)
        assert wrong.status_code == 401
        assert DUTCH["portal.code.kept"] in said_on(wrong)
        again = await newcomer.sends(wrong, receiptCode=newcomer.case.receipt_code)
        assert again.url.path == "/nl/case/message"
        assert html.escape(WRITTEN, quote=False) in again.text
        told = await newcomer.sends(again, text=WRITTEN)
        await newcomer.case.comes_back()
        assert (await newcomer.entry(told))["body"] == {"text": WRITTEN}
        assert await kept(database) == had
        assert "alert(1)" not in (await newcomer.at("/message")).text

    async def test_keeps_what_was_typed_for_its_own_page_alone(
        self, newcomer: Person, database: Database
    ) -> None:
        page = await newcomer.at("/message")
        await ends_sessions(database, newcomer.case.case_number)
        await newcomer.sends(page, text=WRITTEN)
        await newcomer.comes_back(newcomer.case.receipt_code)
        assert "alert(1)" not in (await newcomer.at("/withdrawal")).text
        assert "alert(1)" in (await newcomer.at("/message")).text
        had = await kept(database)
        await newcomer.leaves()

        async def is_forgotten() -> bool | None:
            return await kept(database) == had - 1 or None

        await eventually(is_forgotten, "what was kept is forgotten")

    async def test_keeps_what_was_typed_from_whoever_uses_the_browser_next(
        self, newcomer: Person, submitted: tuple[str, str], database: Database
    ) -> None:
        page = await newcomer.at("/message")
        await ends_sessions(database, newcomer.case.case_number)
        await newcomer.sends(page, text=WRITTEN)
        other = await newcomer.comes_back(submitted[1])
        assert other.url.path == "/nl/case"
        assert "alert(1)" not in (await newcomer.at("/message")).text

    async def test_is_ended_by_whoever_stops(self, newcomer: Person, database: Database) -> None:
        page = await newcomer.at("/letters")
        [(action, hidden)] = [it for it in forms_of(page) if it[0].endswith("/stop")]
        cookies = dict(newcomer.http.cookies)
        before = await held(database)
        answer = await newcomer.http.post(action, data=hidden, headers=SAME_ORIGIN)
        assert answer.headers["location"] == "/nl"
        assert not newcomer.http.cookies
        assert (await held(database)).sessions == before.sessions - 1
        newcomer.http.cookies.update(cookies)
        assert (await newcomer.at()).url.path == "/nl/case/open"

    async def test_that_goes_on_is_offered_where_the_code_is_asked(self, reader: Person) -> None:
        page = await reader.at("/open")
        assert DUTCH["portal.code.still_open"] in said_on(page)


class TestTheLanguage:
    async def test_follows_the_person(self, newcomer: Person) -> None:
        page = await newcomer.at("/letters")
        action, hidden = next(it for it in forms_of(page) if it[0].endswith("/language"))
        answer = await newcomer.http.post(
            action, data=hidden | {"language": "en"}, headers=SAME_ORIGIN
        )
        assert answer.headers["location"] == "/en/case/letters"
        assert (await newcomer.case.get(""))["language"] == "en"
        page = await newcomer.at("/letters")
        assert page.url.path == "/en/case/letters"
        assert ENGLISH["portal.letters"] in said_on(page)

    @pytest.mark.parametrize(
        "sent",
        [
            {"language": "xx", "page": "/case"},
            {"language": "pl", "page": "/case"},
            {"language": "en", "page": "//evil.example"},
            {"language": "en", "page": "/case//evil.example/case"},
            {"language": "en"},
        ],
        ids=str,
    )
    async def test_leads_nowhere_else(self, newcomer: Person, sent: dict[str, str]) -> None:
        page = await newcomer.at()
        action, hidden = next(it for it in forms_of(page) if it[0].endswith("/language"))
        token = {"form_token": hidden["form_token"]}
        answer = await newcomer.http.post(action, data=token | sent, headers=SAME_ORIGIN)
        assert answer.status_code == 400
        assert (await newcomer.case.get(""))["language"] == "nl"
