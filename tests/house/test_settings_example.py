"""``.env.example``: every setting, explained, and nothing secret."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from settings.application import Settings

ROOT = Path(__file__).parents[2]
LINES = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
EXAMPLE = {
    found[2]: found[3]
    for line in LINES
    if (found := re.fullmatch(r"(# )?([A-Z][A-Z_]+)=(.*)", line))
}
USED_BY_THE_COMPOSITION = set(
    re.findall(r"(?<!\$)\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
)
FIELDS = {
    str(field.validation_alias or f"WEDERHOOR_{name}".upper()): field
    for name, field in Settings.model_fields.items()
}
CHOSEN_BY_THE_OPERATOR = {
    "WEDERHOOR_MAIL_SENDER_ADDRESS",
    "WEDERHOOR_CONTROLLER_NAME",
    "WEDERHOOR_CONTROLLER_CONTACT",
}


class TestTheExampleOfSettings:
    def test_has_every_setting(self) -> None:
        assert set(FIELDS) <= set(EXAMPLE)

    def test_has_every_variable_of_the_composition(self) -> None:
        assert set(EXAMPLE) >= USED_BY_THE_COMPOSITION

    def test_has_nothing_that_nobody_reads(self) -> None:
        assert set(EXAMPLE) == set(FIELDS) | USED_BY_THE_COMPOSITION

    def test_names_each_of_them_once(self) -> None:
        names = [found[1] for line in LINES if (found := re.match(r"(?:# )?([A-Z][A-Z_]+)=", line))]
        assert len(names) == len(set(names))

    @pytest.mark.parametrize("name", FIELDS)
    def test_says_the_default(self, name: str) -> None:
        default = FIELDS[name].default
        empty = default in {PydanticUndefined, None} or isinstance(default, SecretStr)
        if name in CHOSEN_BY_THE_OPERATOR:
            assert EXAMPLE[name] == ""
        else:
            assert EXAMPLE[name] == ("" if empty else str(default))

    def test_holds_no_secret(self) -> None:
        assert not any(EXAMPLE[name] for name in EXAMPLE if "PASSWORD" in name)
        assert EXAMPLE["WEDERHOOR_DATABASE_URL"] == ""
