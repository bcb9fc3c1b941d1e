"""What an institution says on its pages: the same as by the API; and how its hour ends."""

import html
from collections.abc import Callable
from datetime import date, timedelta

import httpx
import pytest

from catalogues.texts import catalogue, written_date
from domain.languages import Language
from launcher.people import Complainant, Letterbox, eventually, settled
from launcher.system import System
from storage.database import Database
from tests.api.answering import Clerk, awaited_of, clerk_of, ends_sessions, sessions
from tests.api.at_their_case import WRITTEN, said_on
from tests.api.cases_in_hand import Mediated, institution_session_of, mediated_case
from tests.api.observing import held
from tests.api.visiting import SAME_ORIGIN, forms_of

DUTCH = catalogue(Language.DUTCH)

KINDS = {
    "/reply": "institution_reply",
    "/correction": "institution_correction",
    "/objection": "institution_objection",
    "/extension": "institution_extension",
}


class TestAForm:
    @pytest.mark.parametrize(("path", "kind"), KINDS.items(), ids=KINDS)
    async def test_has_the_effect_that_the_api_has_and_tells_what_comes_next(
        self, writing: Clerk, fresh: Mediated, path: str, kind: str
    ) -> None:
        page = await writing.says(path, text=WRITTEN.replace("\n", "\r\n"))
        entry = await writing.entry(page)
        assert (entry["kind"], entry["author"]) == (kind, "institution")
        assert (entry["status"], entry["body"]) == ("applied", {"text": WRITTEN})
        assert DUTCH["portal.sent.applied"] in said_on(page)
        assert DUTCH[f"answering.next.{kind}"] in said_on(page)
        mine = Complainant(writing.http, fresh.number, fresh.receipt_code)
        await mine.comes_back()
        assert (await mine.get(f"/entries/{entry['number']}"))["body"] == {"text": WRITTEN}
        listed = await writing.at("/entries")
        assert DUTCH[f"answering.said.{kind}"] in said_on(listed)
        assert DUTCH["answering.in_case"] in said_on(listed)
        assert "<script" not in listed.text

    async def test_of_an_answer_ends_the_wait(self, writing: Clerk, fresh: Mediated) -> None:
        assert DUTCH["answering.awaited.institution_replies"] in said_on(await writing.at())
        await writing.says("/reply", text="Zo zien wij het.")

        async def is_over() -> bool | None:
            return await awaited_of(writing.http, fresh) == [] or None

        await eventually(is_over, "nothing is awaited after the answer")
        page = await writing.at()
        assert DUTCH["answering.awaited.nothing"] in said_on(page)
        assert 'href="/nl/institution/extension"' not in page.text
        assert DUTCH["answering.not_now"] in said_on(await writing.at("/extension"))

    async def test_of_more_time_moves_the_last_day_that_is_shown(
        self, writing: Clerk, fresh: Mediated
    ) -> None:
        [before] = await awaited_of(writing.http, fresh)
        until = date.fromisoformat(before["lastDay"]) + timedelta(days=2)
        page = await writing.says(
            "/extension",
            text="Wij zoeken iets op.",
            until__day=str(until.day),
            until__month=str(until.month),
            until__year=str(until.year),
        )
        assert (await writing.entry(page))["status"] == "applied"

        async def is_moved() -> bool | None:
            [now] = await awaited_of(writing.http, fresh)
            return now["lastDay"] == until.isoformat() or None

        await eventually(is_moved, "the last day moves")
        assert written_date(until, Language.DUTCH) in said_on(await writing.at())
        again = await writing.says("/extension", text="Nog meer.")
        entry = await writing.entry(again)
        assert (entry["status"], entry["refusal"]) == ("refused", "needs_consent")
        assert DUTCH["portal.sent.refused"] in said_on(again)
        assert entry["refusalText"] in said_on(again)
        assert entry["refusalText"] in said_on(await writing.at())

    async def test_of_more_time_is_offered_to_nobody_where_the_rules_give_none(
        self,
        system: System,
        http: httpx.AsyncClient,
        token_for: Callable[[str], str],
        letterbox: Letterbox,
    ) -> None:
        bank = await mediated_case(http, token_for, letterbox, institution="voorbeeldbank")
        mine = Complainant(http, bank.number, bank.receipt_code)
        await mine.comes_back()
        letters = await letterbox.to("klachten@voorbeeldbank.example", bank.number)
        assert "meer tijd" not in " ".join(one["text"] for one in letters)
        purposes = {one["purpose"] for one in (await mine.get(""))["consents"]}
        assert purposes == {"contact", "name"}
        async with clerk_of(system, bank) as clerk:
            await clerk.comes_in()
            assert [one["extendable"] for one in await awaited_of(http, bank)] == [False]
            assert 'href="/nl/institution/extension"' not in (await clerk.at()).text
            page = await clerk.at("/extension")
            assert DUTCH["refusal.no_extension"] in said_on(page)
            assert forms_of(page)[1:] == []
            session = await institution_session_of(http, bank.link)
            sent = await http.post(
                "/v1/institution-case/extensions", json={"text": "Later."}, headers=session
            )
            entry = await settled(http, sent.headers["Location"], session)
            assert (entry["status"], entry["refusal"]) == ("refused", "no_extension")
            assert entry["title"] == DUTCH["entry.institution_extension.wanted"]
            told = said_on(await clerk.at("/entries"))
            assert DUTCH["answering.wanted.institution_extension"] in told
            assert DUTCH["answering.said.institution_extension"] not in told

    @pytest.mark.parametrize("path", KINDS)
    async def test_that_says_nothing_is_shown_again_with_what_is_wrong(
        self, clerk: Clerk, database: Database, path: str
    ) -> None:
        await clerk.comes_in()
        before = await held(database)
        for bad, words in (("", "missing"), ("\u0007", "unreadable-characters")):
            page = await clerk.says(path, text=bad)
            assert page.status_code == 400
            assert '<a href="#text">' in page.text
            assert f": {DUTCH[f'problem.field.{words}']}</a>" in page.text
            assert 'aria-invalid="true"' in page.text
        assert await held(database) == before

    async def test_with_an_impossible_day_keeps_what_was_typed(
        self, clerk: Clerk, database: Database
    ) -> None:
        await clerk.comes_in()
        before = await held(database)
        page = await clerk.says(
            "/extension", text=WRITTEN, until__day="31", until__month="2", until__year="2027"
        )
        assert page.status_code == 400
        label = DUTCH["answering.do.institution_extension.until"]
        wrong = f"{label}: {DUTCH['problem.field.day']}"
        assert f'<a href="#until">{wrong}</a>' in page.text
        assert html.escape(WRITTEN).replace("&#x27;", "&#39;") in page.text
        assert 'value="31"' in page.text
        assert await held(database) == before

    async def test_with_a_receipt_code_is_refused(self, clerk: Clerk, mediated: Mediated) -> None:
        await clerk.comes_in()
        page = await clerk.says("/reply", text=f"De code is {mediated.receipt_code}.")
        assert page.status_code == 400
        assert DUTCH["problem.field.contains-receipt-code"] in said_on(page)

    async def test_sent_twice_counts_once(self, writing: Clerk, database: Database) -> None:
        page = await writing.at("/reply")
        before = await held(database)
        first, second = [await writing.sends(page, text="Eén keer.") for _ in range(2)]
        assert first.url == second.url
        assert first.url.path.startswith("/nl/institution/entries/")
        assert (await held(database)).entries == before.entries + 1

    @pytest.mark.parametrize(
        "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}], ids=str
    )
    async def test_of_somebody_else_is_refused(
        self, clerk: Clerk, database: Database, headers: dict[str, str]
    ) -> None:
        await clerk.comes_in()
        before = await held(database)
        for path in KINDS:
            page = await clerk.at(path)
            assert (await clerk.sends(page, headers, text="x")).status_code == 403
        assert await held(database) == before

    async def test_of_another_case_in_the_same_browser_is_refused(
        self, clerk: Clerk, fresh: Mediated, database: Database
    ) -> None:
        await clerk.comes_in()
        page = await clerk.at("/reply")
        await clerk.sends(await clerk.opens(fresh.page))
        assert fresh.number in (await clerk.at()).text
        before = await held(database)
        refused = await clerk.sends(page, text=WRITTEN)
        assert refused.status_code == 403
        assert html.escape(WRITTEN, quote=False) in refused.text
        assert await held(database) == before


class TestASession:
    async def test_that_is_over_gives_back_what_was_written(
        self, clerk: Clerk, database: Database
    ) -> None:
        await clerk.comes_in()
        page = await clerk.at("/reply")
        await ends_sessions(database)
        before = await held(database)
        refused = await clerk.sends(page, text=WRITTEN)
        assert refused.status_code == 401
        assert DUTCH["answering.closed.again"] in said_on(refused)
        assert html.escape(WRITTEN, quote=False) in refused.text
        assert "<script" not in refused.text
        assert await held(database) == before
        assert (await clerk.comes_in()).url.path == "/nl/institution"

    async def test_is_ended_by_whoever_stops(self, clerk: Clerk, database: Database) -> None:
        page = await clerk.comes_in()
        before = await sessions(database)
        cookies = dict(clerk.http.cookies)
        [(action, hidden)] = [it for it in forms_of(page) if it[0].endswith("/stop")]
        assert (
            await clerk.http.post(action, data={"x": "y"}, headers=SAME_ORIGIN)
        ).status_code == 403
        answer = await clerk.http.post(action, data=hidden, headers=SAME_ORIGIN)
        assert answer.headers["location"] == "/nl/institution/open"
        assert not clerk.http.cookies
        assert await sessions(database) == before - 1
        told = await clerk.opens(answer.headers["location"])
        assert told.status_code == 200
        assert DUTCH["answering.closed"] in said_on(told)
        clerk.http.cookies.update(cookies)
        assert (await clerk.at()).status_code == 401

    async def test_of_one_case_leaves_the_sessions_of_others_open(
        self, clerk: Clerk, writing: Clerk
    ) -> None:
        page = await clerk.comes_in()
        [(action, hidden)] = [it for it in forms_of(page) if it[0].endswith("/stop")]
        await clerk.http.post(action, data=hidden, headers=SAME_ORIGIN)
        assert (await writing.at()).status_code == 200
