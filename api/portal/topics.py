"""Information about rights and duties as pages: the topics, a search, and each topic."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api import topics
from api.pages.fields import Control
from api.pages.forms import Form
from api.pages.markdown import as_html
from api.pages.refusing import typed_form
from api.portal.addresses import TOPIC, TOPICS
from api.portal.questionnaire import Item
from api.portal.routing import PublicRoute, page
from api.problems import language_of
from api.topics import TopicBody, TopicsBody

_WORDS = Item("words", Control.LINE, needed=True, limit=200)

router = APIRouter(route_class=PublicRoute, include_in_schema=False)


@router.get(TOPICS)
async def list_topics(
    request: Request, listed: Annotated[TopicsBody, Depends(topics.list_topics)]
) -> Response:
    """List the topics, and ask what somebody looks for."""
    return _list(request, listed)


@router.post(TOPICS)
async def search_topics(
    request: Request, found: Annotated[TopicsBody, Depends(topics.search_topics)]
) -> Response:
    """Show what was found. Nobody's words stand in an address."""
    return _list(request, found, typed=typed_form(request))


@router.get(TOPIC)
async def read_topic(
    request: Request, topic: Annotated[TopicBody, Depends(topics.read_topic)]
) -> Response:
    """Show a topic, where it comes from, and when somebody last looked."""
    return page(request, "topic", topic=topic, text_of_topic=as_html(topic.markdown))


def _list(request: Request, listed: TopicsBody, typed: Form | None = None) -> Response:
    field = _WORDS.shown(language_of(request))
    found = typed is not None
    return page(
        request, "topics", topics=listed.topics, field=field, found=found, typed=typed or {}
    )
