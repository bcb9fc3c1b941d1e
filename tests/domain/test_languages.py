"""Which languages people can choose."""

import pytest

from domain import languages
from domain.languages import SPOKEN, Language, spoken


class TestALanguage:
    @pytest.mark.parametrize("language", SPOKEN)
    def test_can_be_chosen_when_it_is_complete(self, language: Language) -> None:
        assert spoken(language.value) is language

    def test_cannot_be_chosen_while_it_is_in_preparation(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(languages, "SPOKEN", (Language.DUTCH,))
        with pytest.raises(ValueError, match="'en'"):
            spoken("en")

    @pytest.mark.parametrize("tag", ["", "xx", "NL", "nl-NL"])
    def test_is_known_by_its_tag_only(self, tag: str) -> None:
        with pytest.raises(ValueError, match="not spoken"):
            spoken(tag)
