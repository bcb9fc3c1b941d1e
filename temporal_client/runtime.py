"""Temporal's Core beneath the client: its metrics, and its logs as lines of ours."""

import logging
from functools import cache

from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)


@cache
def runtime(metrics_address: str | None) -> Runtime:
    """Return the runtime of this process.

    Core logs a fixed sentence with fields beside it, and a field can hold the text of a failure;
    only the sentence is handed to our logs.

    Args:
        metrics_address: where this process serves its Temporal metrics, ``host:port``.
    """
    logs = LoggingConfig(
        filter=TelemetryFilter(core_level="WARN", other_level="ERROR"),
        forwarding=LogForwardingConfig(
            logger=logging.getLogger("temporal"), append_log_fields_to_message=False
        ),
    )
    metrics = None if metrics_address is None else PrometheusConfig(bind_address=metrics_address)
    return Runtime(telemetry=TelemetryConfig(logging=logs, metrics=metrics))
