"""Topics of information and advice: Markdown with TOML front matter, one file for each language."""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process, utils

from domain.languages import Language

TOPICS = Path(__file__).parent.parent / "content" / "topics"
_FENCE = "+++"
_MACHINE = "machine"
_ALIKE = 78.0
"""From this likeness on (0 to 100) a word counts as typed wrongly rather than as another one."""
_LEAST = 3
"""Letters of a word that is worth searching for."""
_WEIGHTS = {"title": 4.0, "keywords": 4.0, "summary": 2.0, "body": 1.0}


class BrokenTopic(ValueError):
    """A file of a topic that cannot be used: its name and what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Information about one thing.

    Attributes:
        id: the same in every language.
        body: Markdown, without a heading of the first level.
        keywords: what people may type for it; never shown.
        sources: articles and bodies, as the policy names them.
        verified: whether somebody read them.
        checked: when somebody last looked whether it is still true.
        owner: who looks.
        translated: ``machine`` for a translation that nobody has checked; empty otherwise.
    """

    id: str
    language: Language
    title: str
    summary: str
    keywords: tuple[str, ...]
    sources: tuple[str, ...]
    verified: bool
    checked: date
    owner: str
    body: str
    translated: str = ""

    @property
    def unchecked(self) -> bool:
        """Whether a machine translated it and nobody has checked that yet."""
        return self.translated == _MACHINE


def parse_topic(name: str, written: str) -> Topic:
    """Read a topic from its file.

    Args:
        name: of the file: ``{id}.{language}.md``.

    Raises:
        BrokenTopic: when something is missing, unknown or of another kind.
    """
    identifier, _, rest = name.partition(".")
    _, head, body = (written + _FENCE * 2).split(_FENCE, 2)
    try:
        facts = tomllib.loads(head)
        topic = Topic(
            id=identifier,
            language=Language(rest.removesuffix(".md")),
            body=body.removesuffix(_FENCE * 2).strip(),
            keywords=tuple(facts.pop("keywords")),
            sources=tuple(facts.pop("sources")),
            **facts,
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise BrokenTopic(f"{name}: {error}") from error
    _check(name, topic)
    return topic


def _check(name: str, topic: Topic) -> None:
    expected: Mapping[str, type] = {
        "title": str,
        "summary": str,
        "verified": bool,
        "checked": date,
        "owner": str,
    }
    for key, kind in expected.items():
        value: Any = getattr(topic, key)
        if not isinstance(value, kind) or value == "":
            raise BrokenTopic(f"{name}: {key} is no {kind.__name__}")
    if topic.translated not in {"", _MACHINE}:
        raise BrokenTopic(f"{name}: translated is not {_MACHINE!r}")
    if not (topic.body and topic.sources):
        raise BrokenTopic(f"{name}: without a text or a source")


@cache
def topics(language: Language) -> Sequence[Topic]:
    """Return the topics of a language, by title.

    Raises:
        BrokenTopic: when one of the files cannot be used.
    """
    files = sorted(TOPICS.glob(f"*.{language}.md"))
    read = [parse_topic(path.name, path.read_text(encoding="utf-8")) for path in files]
    return sorted(read, key=lambda topic: topic.title)


def topic(identifier: str, language: Language) -> Topic | None:
    """Return one topic, if there is such a one."""
    found = (one for one in topics(language) if one.id == identifier)
    return next(found, None)


def search(words: str, language: Language) -> Sequence[Topic]:
    """Return the topics that speak of some words, the best first; typing errors are forgiven."""
    asked = [word for word in _words(words) if len(word) >= _LEAST]
    scored = [(_score(asked, one), one) for one in topics(language)]
    found = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])
    return [one for _, one in found]


def _score(asked: Iterable[str], one: Topic) -> float:
    return sum(
        max((_likeness(word, part) * weight for part, weight in _parts(one)), default=0.0)
        for word in asked
    )


@cache
def _parts(one: Topic) -> Sequence[tuple[tuple[str, ...], float]]:
    texts = {
        "title": one.title,
        "keywords": " ".join(one.keywords),
        "summary": one.summary,
        "body": one.body,
    }
    return [(tuple(set(_words(texts[part]))), weight) for part, weight in _WEIGHTS.items()]


def _likeness(word: str, among: Sequence[str]) -> float:
    best = process.extractOne(word, among, scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return best[1] if best else 0.0


def _words(text: str) -> list[str]:
    return utils.default_process(text).split()
