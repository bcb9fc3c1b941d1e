"""Settings: production unless somebody says otherwise, and nothing missing unnoticed."""

import pytest
from pydantic import ValidationError

from settings.application import Environment, Settings, load_settings

COMPLETE = {
    "WEDERHOOR_DATABASE_URL": "postgresql+psycopg://wederhoor:geplant@127.0.0.1/wederhoor",
    "WEDERHOOR_SECRETS_DIR": "/run/secrets",
    "WEDERHOOR_ERASURE_LEDGER": "/var/lib/wederhoor/erasures",
    "WEDERHOOR_PUBLIC_URL": "https://wederhoor.example",
    "WEDERHOOR_SMTP_HOST": "mail.example",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Leave nothing of the caller's own settings, and everything that is needed."""
    names = [*Settings.model_fields, "TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE"]
    for name in names:
        monkeypatch.delenv(f"WEDERHOOR_{name.upper()}", raising=False)
        monkeypatch.delenv(name, raising=False)
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


class TestTheSettings:
    def test_are_for_production_unless_somebody_says_otherwise(self) -> None:
        settings = load_settings()
        assert settings.environment is Environment.PRODUCTION
        assert settings.is_production

    def test_can_be_for_development(self, environment: pytest.MonkeyPatch) -> None:
        environment.setenv("WEDERHOOR_ENVIRONMENT", "development")
        assert not load_settings().is_production

    @pytest.mark.parametrize("missing", COMPLETE)
    def test_name_what_is_missing(self, environment: pytest.MonkeyPatch, missing: str) -> None:
        environment.delenv(missing)
        with pytest.raises(ValidationError) as refused:
            load_settings()
        [error] = refused.value.errors()
        assert (error["type"], error["loc"]) == (
            "missing",
            (missing.removeprefix("WEDERHOOR_").lower(),),
        )

    def test_name_everything_that_is_missing_at_once(self, environment: pytest.MonkeyPatch) -> None:
        for name in COMPLETE:
            environment.delenv(name)
        with pytest.raises(ValidationError) as refused:
            load_settings()
        assert len(refused.value.errors()) == len(COMPLETE)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("WEDERHOOR_ENVIRONMENT", "staging"),
            ("WEDERHOOR_API_PORT", "eight thousand"),
            ("WEDERHOOR_SMTP_SECURITY", "maybe"),
            ("WEDERHOOR_SMTP_SECURITY", ""),
        ],
    )
    def test_name_what_is_wrong(
        self, environment: pytest.MonkeyPatch, name: str, value: str
    ) -> None:
        environment.setenv(name, value)
        with pytest.raises(ValidationError, match=name.removeprefix("WEDERHOOR_").lower()):
            load_settings()

    def test_encrypt_mail_unless_somebody_says_otherwise(self) -> None:
        assert load_settings().smtp_security == "starttls"

    def test_take_temporals_own_variables(self, environment: pytest.MonkeyPatch) -> None:
        environment.setenv("TEMPORAL_ADDRESS", "temporal.example:7233")
        environment.setenv("TEMPORAL_NAMESPACE", "wederhoor")
        settings = load_settings()
        assert settings.temporal_address == "temporal.example:7233"
        assert settings.temporal_namespace == "wederhoor"

    def test_do_not_show_secrets(self, environment: pytest.MonkeyPatch) -> None:
        environment.setenv("WEDERHOOR_SMTP_PASSWORD", "geplant")
        settings = load_settings()
        assert "geplant" not in f"{settings!r} {settings}"
        assert "geplant" in settings.database_url.get_secret_value()

    @pytest.mark.parametrize("missing", ["WEDERHOOR_PUBLIC_URL", "WEDERHOOR_SECRETS_DIR"])
    def test_do_not_show_secrets_when_something_is_missing(
        self, environment: pytest.MonkeyPatch, missing: str
    ) -> None:
        environment.setenv("WEDERHOOR_DATABASE_URL", "geplant")
        environment.delenv(missing)
        with pytest.raises(ValidationError) as refused:
            load_settings()
        assert "geplant" not in str(refused.value)

    def test_cannot_be_changed(self) -> None:
        with pytest.raises(ValidationError):
            load_settings().api_port = 1  # pyright: ignore[reportAttributeAccessIssue]
