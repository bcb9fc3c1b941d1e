"""What the routes work with, made once by the composition root of the API."""

from dataclasses import dataclass
from typing import Annotated

import httpx
from fastapi import Depends, Request
from temporalio.client import Client

from attachments.depot import Depot
from delivery.attaching import Attaching
from delivery.courier import Courier
from delivery.drafts import Drafts
from delivery.holders import HandOver
from delivery.lost_codes import LostCodes
from delivery.receipts import Receipts
from delivery.reception import Reception
from domain.clock import Clock
from domain.policy.rows import Policy
from identity.access_tokens import AccessTokens
from identity.development_provider import DevelopmentProvider
from identity.relying_party import RelyingParty
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
        browser: asks the identity provider.
        access_tokens: checks staff tokens; without it, nobody of the staff gets in.
        relying_party: signs the staff in to the desk; there is none without an identity provider.
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
    drafts: Drafts
    lost_codes: LostCodes
    courier: Courier
    hand_over: HandOver
    erasures: ErasureLedger
    browser: httpx.AsyncClient
    access_tokens: AccessTokens | None
    relying_party: RelyingParty | None
    sign_in: DevelopmentProvider | None
    tracing: Tracing


def wiring(request: Request) -> Wiring:
    """Return the parts of the API."""
    return request.app.state.wiring


Parts = Annotated[Wiring, Depends(wiring)]
