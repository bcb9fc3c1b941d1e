"""Information about rights and duties: topics to read, and a search that forgives typing errors."""

from datetime import date

from fastapi import APIRouter, Request

from api.problems import Problem, language_of
from api.schemas import TopicSearchBody, Wire
from api.wire_format import StrictRoute
from domain.languages import Language
from explanations import topics
from explanations.why import source_in_words

router = APIRouter(prefix="/topics", route_class=StrictRoute, tags=["public"])


class TopicSummaryBody(Wire):
    """A topic in a list."""

    id: str
    title: str
    summary: str


class TopicsBody(Wire):
    """Topics of information."""

    topics: list[TopicSummaryBody]


class TopicBody(TopicSummaryBody):
    """A topic, with where it comes from and when somebody last looked."""

    language: Language
    markdown: str
    sources: list[str]
    verified: bool
    """Whether somebody read the sources."""
    checked: date
    owner: str
    unchecked: bool
    """Whether a machine translated it, and nobody has checked that yet."""


@router.get("")
async def list_topics(request: Request) -> TopicsBody:
    """List the topics, by title."""
    return TopicsBody(topics=[_summary(one) for one in topics.topics(language_of(request))])


@router.post("/search")
async def search_topics(request: Request, body: TopicSearchBody) -> TopicsBody:
    """Search, the best first. A POST, so that nobody's words stand in an address."""
    found = topics.search(body.words, language_of(request))
    return TopicsBody(topics=[_summary(one) for one in found])


@router.get("/{topic_id}")
async def read_topic(request: Request, topic_id: str) -> TopicBody:
    """Show a topic, in the reader's language."""
    language = language_of(request)
    found = topics.topic(topic_id, language)
    if found is None:
        raise Problem(404, "not-found")
    return TopicBody(
        id=found.id,
        title=found.title,
        summary=found.summary,
        language=language,
        markdown=found.body,
        sources=[source_in_words(source, language) for source in found.sources],
        verified=found.verified,
        checked=found.checked,
        owner=found.owner,
        unchecked=found.unchecked,
    )


def _summary(one: topics.Topic) -> TopicSummaryBody:
    return TopicSummaryBody(id=one.id, title=one.title, summary=one.summary)
