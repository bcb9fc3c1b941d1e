"""Questions that are asked of whoever writes to us."""

from api.pages.fields import Control
from api.portal.questionnaire import Item, Step
from api.schemas import Address, Sent
from domain.intake import Safety


class _SafetyBody(Sent):
    safety: Safety = Safety.NOT_SAID


class _NewsBody(Sent):
    email: Address | None = None


NEWS = Step("news", [Item("email", Control.EMAIL, limit=254)], _NewsBody)


def safety(words: str) -> Step:
    """Return the question whether somebody is safe; each answer is below ``words``."""
    return Step("safety", [Item("safety", Control.RADIO, choices=Safety, words=words)], _SafetyBody)
