"""Markdown as HTML: CommonMark without any HTML of its own, and without pictures."""

from markdown_it import MarkdownIt
from markupsafe import Markup

_reader = MarkdownIt("commonmark", {"html": False}).disable("image")


def as_html(markdown: str) -> Markup:
    """Return a text as HTML; links lead to web pages and addresses only, never to scripts."""
    return Markup(_reader.render(markdown))  # noqa: S704 - the reader escapes all HTML
