"""What the routes work with, made once by the composition root of the API."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from temporalio.client import Client

from attachments.depot import Depot
from delivery.attaching import Attaching
from delivery.courier import Courier
from delivery.lost_codes import LostCodes
from delivery.receipts import Receipts
from delivery.reception import Reception
from domain.clock import Clock
from domain.policy.rows import Policy
from identity.development import DevelopmentIssuer
from identity.development_provider import DevelopmentProvider
from settings.application import Settings
from settings.secrets import Secrets
from storage.database import Database
from storage.erasure_ledger import ErasureLedger
from storage.vault import Vault
from telemetry.tracing import Tracing
from temporal_client.codec import EncryptingCodec


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """The parts of the API.

    Attributes:
        issuer: checks staff tokens; without one, nobody of the staff gets in.
        sign_in: signs the staff in without a password; in development only.
    """

    settings: Settings
    secrets: Secrets
    database: Database
    vault: Vault
    clock: Clock
    policy: Policy
    temporal: Client
    codec: EncryptingCodec
    reception: Reception
    depot: Depot
    attaching: Attaching
    receipts: Receipts
    lost_codes: LostCodes
    courier: Courier
    erasures: ErasureLedger
    issuer: DevelopmentIssuer | None
    sign_in: DevelopmentProvider | None
    tracing: Tracing


def wiring(request: Request) -> Wiring:
    """Return the parts of the API."""
    return request.app.state.wiring


Parts = Annotated[Wiring, Depends(wiring)]
