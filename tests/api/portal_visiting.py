"""Somebody at the portal with a browser: pages, forms and cookies, without a window."""

import httpx

from tests.api.visiting import SAME_ORIGIN, forms_of


async def fills_in(
    http: httpx.AsyncClient, page: httpx.Response, to: str | None = None, **filled: str
) -> httpx.Response:
    """Fill in the form of a page and send it; return what is shown then.

    Args:
        to: the address of the button that is pressed, where the form has several.
        filled: by name; ``happenedOn_day`` stands for ``happenedOn:day``.
    """
    [(action, hidden)] = [form for form in forms_of(page) if form[0] != "/leave"]
    typed = {name.replace("_", ":"): words for name, words in filled.items()}
    address = to or action or str(page.url)
    return await http.post(address, data=hidden | typed, headers=SAME_ORIGIN, follow_redirects=True)
