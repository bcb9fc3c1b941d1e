"""The names of problems in the code, and their texts."""

import re
from pathlib import Path

import pytest

import api
from catalogues.texts import catalogue
from domain.languages import SPOKEN, Language

SOURCE = "\n".join(
    path.read_text(encoding="utf-8") for path in Path(str(api.__path__[0])).glob("*.py")
)


def slugs() -> set[str]:
    named = set(re.findall(r'Problem\(\s*\d{3},\s*"([a-z-]+)"', SOURCE))
    return named | set(re.findall(r'^ {4}\d{3}: "([a-z-]+)"', SOURCE, re.MULTILINE))


def field_keys() -> set[str]:
    named = set(re.findall(r'FieldError\([^()]*?, "([a-z-]+)"\)', SOURCE))
    return named | set(re.findall(r'^ {4}"[a-z_]+": "([a-z-]+)"', SOURCE, re.MULTILINE))


@pytest.mark.parametrize("language", SPOKEN)
class TestEveryProblemOfTheApi:
    def test_has_a_title_and_detail(self, language: Language) -> None:
        texts = catalogue(language)
        wanted = {f"problem.{slug}.{part}" for slug in slugs() for part in ("title", "detail")}

        assert len(slugs()) >= 12
        assert wanted <= texts.keys()

    def test_has_a_text_for_each_field(self, language: Language) -> None:
        wanted = {f"problem.field.{key}" for key in field_keys()}

        assert len(field_keys()) >= 12
        assert wanted == {key for key in catalogue(language) if key.startswith("problem.field.")}
