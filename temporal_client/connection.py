"""The connection to Temporal, the same for everybody who needs one."""

import dataclasses
from datetime import timedelta

from temporalio.client import Client
from temporalio.common import HeaderCodecBehavior
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig

from settings.application import Settings
from temporal_client.codec import EncryptingCodec
from temporal_client.namespace_keys import NamespaceKeys

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
    settings: Settings, keys: NamespaceKeys, *, lazy: bool, metrics_address: str | None = None
) -> Client:
    """Return a client.

    Args:
        lazy: connect when the client is first used, so that Temporal may be down now. A worker
            needs one that is connected.
        metrics_address: where this process serves its Temporal metrics, ``host:port``.

    Raises:
        RuntimeError: when Temporal cannot be reached and ``lazy`` is false.
    """
    runtime = None
    if metrics_address is not None:
        telemetry = TelemetryConfig(metrics=PrometheusConfig(bind_address=metrics_address))
        runtime = Runtime(telemetry=telemetry)
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        data_converter=data_converter(keys),
        header_codec_behavior=HeaderCodecBehavior.CODEC,
        identity="wederhoor",
        lazy=lazy,
        runtime=runtime,
    )
