"""The desk's dates: days of civil time, as the terms name them."""

from collections.abc import Callable
from datetime import date

import httpx
import pytest

from catalogues.texts import catalogue, written_date
from domain.languages import Language
from launcher.system import System
from tests.api.cases_in_hand import Mediated
from tests.api.observing import bearer
from tests.api.visiting import Visitor, words_of

DUTCH = catalogue(Language.DUTCH)


class TestWhatIsAwaited:
    @pytest.mark.parametrize("path", ["/desk?limit=100", "/desk/cases/{number}"])
    async def test_is_shown_with_its_last_day_and_no_midnight_after_it(
        self,
        system: System,
        http: httpx.AsyncClient,
        mediated: Mediated,
        token_for: Callable[[str], str],
        path: str,
    ) -> None:
        headers = bearer(token_for(mediated.mediator))
        case = (await http.get(f"/v1/cases/{mediated.number}", headers=headers)).json()
        [clock] = [one for one in case["clocks"] if one["code"] == case["waitingFor"]]
        last_day = date.fromisoformat(clock["lastDay"])
        async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as browser:
            visitor = Visitor(system, browser)
            await visitor.signs_in(mediated.mediator)
            page = await browser.get(path.format(number=mediated.number))

        day = f'<time datetime="{last_day}">{written_date(last_day, Language.DUTCH)}</time>'
        assert f"<dt>{DUTCH['desk.due']}</dt><dd>{day}</dd>" in page.text
        assert ", 00:00" not in words_of(page)
