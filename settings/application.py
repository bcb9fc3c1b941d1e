"""Settings, from environment variables. Every one is listed in ``.env.example``."""

from collections.abc import Sequence
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

API_AUDIENCE = "wederhoor-api"
"""What the API is called at the identity provider, unless told otherwise."""

_LIMIT = "^[1-9][0-9]*/(second|minute|hour)$"


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


class LogLevel(StrEnum):
    """From which level on our own processes write logs."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"


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
    case_keys: SecretStr = SecretStr("")
    """The ring that wraps the keys of cases, when the environment provides it."""
    identity_keys: SecretStr = SecretStr("")
    """The ring that wraps the keys of identities, when the environment provides it."""
    temporal_keys: SecretStr = SecretStr("")
    """The ring that encrypts what Temporal is given, when the environment provides it."""

    erasure_ledger: Path
    """The folder of the erasure ledger; it must outlive the database, and be kept apart from it."""

    temporal_address: Annotated[str, Field(validation_alias="TEMPORAL_ADDRESS")] = "127.0.0.1:7233"
    temporal_namespace: Annotated[str, Field(validation_alias="TEMPORAL_NAMESPACE")] = "default"
    temporal_ui_url: str = ""

    public_url: str
    """Where people reach the API; stands in letters."""

    quick_exit_url: str = Field(default="https://www.knmi.nl/", pattern="^https://[^ ;,]+$")
    """Where the button leads by which somebody leaves a page at once: a site that all visit."""

    controller_name: str = Field(default="Wederhoor", min_length=1)
    """Who is responsible for the data of people (GDPR, article 4(7)); the page about it tells."""
    controller_contact: str = Field(default="privacy@wederhoor.example", min_length=1)
    """Where they ask about it: an address for letters or for mail."""

    api_host: str = "127.0.0.1"
    api_port: int = 8000

    trusted_proxies: str = ""
    """Addresses or networks of our own proxies, by commas: whose X-Forwarded-For is believed."""
    limit_complaints: str = Field(default="10/minute", pattern=_LIMIT)
    """How often one network (/24 or /56) may submit a complaint before it has to wait."""
    limit_sessions: str = Field(default="30/minute", pattern=_LIMIT)
    """The same for coming in with a receipt code, with both halves of a new one, or by a link."""
    limit_lost_codes: str = Field(default="5/minute", pattern=_LIMIT)
    """The same for asking for a new receipt code."""

    smtp_host: str
    smtp_port: int = 587
    smtp_username: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_security: str = Field(default="starttls", pattern="^(none|starttls|tls)$")
    smtp_timeout: float = 20.0
    """Seconds before a silent mail server counts as down."""
    mail_sender_name: str = "Wederhoor"
    mail_sender_address: str = "post@wederhoor.example"

    oidc_issuer: str = ""
    """The identity provider of the staff, by the address that it calls itself. When it is empty the
    built-in one signs in, in development; nobody does in production."""
    oidc_client_id: str = "wederhoor-desk"
    """What the pages of the staff are called there."""
    oidc_client_secret: SecretStr = SecretStr("")
    """Of those pages; empty for a public client. PKCE is used in any case."""
    oidc_audience: str = API_AUDIENCE
    """What the API is called there: the audience of its access tokens."""

    attachments_dir: Path | None = None
    """The folder for sealed attachments, when they are kept in one."""
    bucket: str = ""
    """The bucket for sealed attachments, when they are kept in S3 or what speaks like it."""
    bucket_endpoint: str = ""
    """Its address; that of the region when empty."""
    bucket_region: str = "eu-central-1"
    bucket_key_id: str = ""
    bucket_secret_key: SecretStr = SecretStr("")

    policy_file: Path | None = None
    """The operator's own rows of the policy, over those of the release; none when unset."""

    build: str = Field(default="", pattern=r"^[\w.+-]{0,60}$")
    """What Temporal is told of the code that runs; a digest of the code when empty."""
    log_level: LogLevel = LogLevel.INFO
    """Whatever it is, a log holds known fields only."""
    ready_file: Path | None = None
    """Where the worker says that it polls."""
    otlp_endpoint: str = Field(default="", pattern="^(https?://.+)?$")
    """The OpenTelemetry collector that is told traces (OTLP over HTTP); nobody is when empty."""
    metrics_port: int | None = None
    """Where the worker serves its metrics, on ``api_host``; nowhere when unset."""
    watch_port: int = 9465
    """Where the watcher serves its metrics, on ``api_host``."""

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        for network in networks(value):
            if network.prefixlen == 0:
                raise ValueError("a proxy is not everybody")
        return value

    @model_validator(mode="after")
    def _signs_in_safely(self) -> Self:
        if self.oidc_audience == self.oidc_client_id:
            raise ValueError("an ID token would do for an access token: the audience is the client")
        if self.is_production and self.oidc_issuer and not self.oidc_issuer.startswith("https://"):
            raise ValueError("the identity provider must be reached by https")
        return self

    @property
    def proxies(self) -> Sequence[IPv4Network | IPv6Network]:
        """Return the networks of our own proxies."""
        return networks(self.trusted_proxies)

    @property
    def is_production(self) -> bool:
        """Tell whether real people depend on this system."""
        return self.environment is Environment.PRODUCTION


def networks(text: str) -> Sequence[IPv4Network | IPv6Network]:
    """Return the networks of a list by commas.

    Raises:
        ValueError: when one is none.
    """
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        pydantic.ValidationError: when one is missing or wrong, naming each.
    """
    return Settings()  # pyright: ignore[reportCallIssue]
