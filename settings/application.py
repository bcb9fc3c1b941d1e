"""Settings, from environment variables. Every one is listed in ``.env.example``."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_ISSUER = "wederhoor-development"
"""The name of the built-in issuer of staff tokens."""


class Environment(StrEnum):
    """What the system is for."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class KeyProvider(StrEnum):
    """Where key rings are kept."""

    FILE = "file"
    """Files in the folder ``keys`` of the secrets folder."""
    ENVIRONMENT = "environment"
    """Variables, for secret stores that give nothing else."""


class Settings(BaseSettings):
    """What a process of Wederhoor needs to know of the world around it."""

    model_config = SettingsConfigDict(
        env_prefix="WEDERHOOR_",
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,  # an error about one setting would show the passwords of others
    )

    environment: Environment = Environment.PRODUCTION
    """Production unless somebody says otherwise: the safe mistake."""

    database_url: SecretStr
    secrets_dir: Path
    """The folder with the application's keys; made on first run in development only."""
    key_provider: KeyProvider = KeyProvider.FILE
    temporal_keys: SecretStr = SecretStr("")
    """The ring that encrypts what Temporal is given, when the environment provides it."""

    erasure_ledger: Path
    """The folder of the erasure ledger; it must outlive the database, and be kept apart from it."""

    temporal_address: Annotated[str, Field(validation_alias="TEMPORAL_ADDRESS")] = "127.0.0.1:7233"
    temporal_namespace: Annotated[str, Field(validation_alias="TEMPORAL_NAMESPACE")] = "default"
    temporal_ui_url: str = ""

    public_url: str
    """Where people reach the API; stands in letters."""

    api_host: str = "127.0.0.1"
    api_port: int = 8000

    smtp_host: str
    smtp_port: int = 587
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_security: str = Field(default="starttls", pattern="^(none|starttls|tls)$")
    smtp_timeout: float = 20.0
    """Seconds before a silent mail server counts as down."""
    mail_sender_name: str = "Wederhoor"
    mail_sender_address: str = "post@wederhoor.example"

    token_issuer: str = DEVELOPMENT_ISSUER
    """The issuer of staff tokens. The built-in one exists in development only."""

    policy_file: Path | None = None
    """The operator's own rows of the policy, over those of the release; none when unset."""

    ready_file: Path | None = None
    """Where the worker says that it polls."""
    metrics_port: int | None = None
    """Where the worker serves its metrics, on ``api_host``; nowhere when unset."""

    @property
    def is_production(self) -> bool:
        """Tell whether real people depend on this system."""
        return self.environment is Environment.PRODUCTION


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        pydantic.ValidationError: when one is missing or wrong, naming each.
    """
    return Settings()  # pyright: ignore[reportCallIssue]
