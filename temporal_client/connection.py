"""The connection to Temporal, the same for everybody who needs one."""

import dataclasses
from datetime import timedelta

from temporalio.client import Client
from temporalio.common import HeaderCodecBehavior
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes

from settings.application import Settings
from telemetry.tracing import OFF, Tracing
from temporal_client.codec import EncryptingCodec
from temporal_client.namespace_keys import NamespaceKeys
from temporal_client.runtime import runtime
from temporal_client.tracing import TracingInterceptor

CONNECT_TIMEOUT = timedelta(seconds=2)
"""How long a request to Temporal may take before it is left to the relay."""


def data_converter(keys: NamespaceKeys) -> DataConverter:
    """Return how payloads are written: by Pydantic, which knows dates and durations, encrypted.

    Messages and traces of failures are payloads too.
    """
    return dataclasses.replace(
        pydantic_data_converter,
        payload_codec=EncryptingCodec(keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


async def connect(
    settings: Settings,
    keys: NamespaceKeys,
    *,
    lazy: bool,
    metrics_address: str | None = None,
    tracing: Tracing = OFF,
) -> Client:
    """Return a client.

    Args:
        lazy: connect when the client is first used, so that Temporal may be down now. A worker
            needs one that is connected.
        metrics_address: where this process serves its Temporal metrics, ``host:port``.

    Raises:
        RuntimeError: when Temporal cannot be reached and ``lazy`` is false.
    """
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        data_converter=data_converter(keys),
        header_codec_behavior=HeaderCodecBehavior.CODEC,
        identity="wederhoor",
        lazy=lazy,
        interceptors=[TracingInterceptor(tracing)] if tracing.on else [],
        runtime=runtime(metrics_address),
    )
