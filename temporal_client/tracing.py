"""A trace goes through Temporal: from whoever starts or rings, to what the workflow does upon it.

The SDK's own interceptor is not used: a bell with a header that it cannot read would stop a case
for ever, and everything that ever happens in a case would be one trace (ADR 30).
"""

import json
from collections.abc import Callable, Mapping, MutableMapping
from datetime import datetime, timedelta
from typing import Any, NoReturn, cast

from opentelemetry.context import Context
from opentelemetry.trace import SpanKind, get_current_span
from temporalio import activity, client, worker, workflow
from temporalio.api.common.v1 import Payload

from telemetry.tracing import Tracing, read, written
from telemetry.words import Spans

_HEADER = "traceparent"
_NOTE_HEARD = "wederhoor_note_heard"
_FRESH = timedelta(minutes=10)
"""What a workflow does later than this after a bell is not the doing of who rang."""

type _Headers = Mapping[str, Payload]
type _Note = Callable[[str, str], str]


class TracingInterceptor(client.Interceptor, worker.Interceptor):
    """Traces what a client asks for, and what a worker made with it does."""

    def __init__(self, tracing: Tracing) -> None:
        self._tracing = tracing

    def intercept_client(self, next: client.OutboundInterceptor) -> client.OutboundInterceptor:  # noqa: A002
        """Trace starting and ringing."""
        return _Client(next, self._tracing)

    def intercept_activity(
        self,
        next: worker.ActivityInboundInterceptor,  # noqa: A002
    ) -> worker.ActivityInboundInterceptor:
        """Trace each attempt of an activity."""
        return _Activity(next, self._tracing)

    def workflow_interceptor_class(
        self,
        input: worker.WorkflowInterceptorClassInput,  # noqa: A002
    ) -> type[worker.WorkflowInboundInterceptor]:
        """Note what workflows hear, and let them hand it on."""
        functions = cast("MutableMapping[str, _Note]", input.unsafe_extern_functions)  # pyright: ignore[reportUnknownMemberType]
        functions[_NOTE_HEARD] = self._note_heard
        return _Workflow

    def _note_heard(self, carried: str, kind: str) -> str:
        context = read(carried)
        if context is None:
            return ""
        with self._tracing.span(
            Spans.HEAR, SpanKind.CONSUMER, within=context, WORKFLOW=kind
        ) as span:
            return written(span.get_span_context())


class _Client(client.OutboundInterceptor):
    def __init__(self, following: client.OutboundInterceptor, tracing: Tracing) -> None:
        super().__init__(following)
        self._tracing = tracing

    async def start_workflow(
        self,
        input: client.StartWorkflowInput,  # noqa: A002
    ) -> client.WorkflowHandle[Any, Any]:
        with self._tracing.span(Spans.START, SpanKind.PRODUCER, WORKFLOW=input.workflow):
            input.headers = _with(input.headers, _present())
            return await super().start_workflow(input)

    async def signal_workflow(self, input: client.SignalWorkflowInput) -> None:  # noqa: A002
        with self._tracing.span(Spans.RING, SpanKind.PRODUCER, BELL=input.signal):
            input.headers = _with(input.headers, _present())
            await super().signal_workflow(input)


class _Activity(worker.ActivityInboundInterceptor):
    def __init__(self, following: worker.ActivityInboundInterceptor, tracing: Tracing) -> None:
        super().__init__(following)
        self._tracing = tracing

    async def execute_activity(self, input: worker.ExecuteActivityInput) -> Any:  # noqa: A002
        info = activity.info()
        with self._tracing.span(
            Spans.ACTIVITY,
            SpanKind.CONSUMER,
            within=read(_carried(input.headers)) or Context(),
            ACTIVITY=info.activity_type,
            ATTEMPT=info.attempt,
            WORKFLOW=info.workflow_type or "",
        ):
            return await super().execute_activity(input)


class _Workflow(worker.WorkflowInboundInterceptor):
    """Remembers what rang last. Nothing here can fail, and nothing here is a command."""

    def __init__(self, following: worker.WorkflowInboundInterceptor) -> None:
        super().__init__(following)
        self._carried = ""
        self._heard_at: datetime | None = None

    def init(self, outbound: worker.WorkflowOutboundInterceptor) -> None:
        super().init(_FromWorkflow(outbound, self))

    async def execute_workflow(self, input: worker.ExecuteWorkflowInput) -> Any:  # noqa: A002
        rung = self._carried  # a bell that was there already when the workflow began is newer
        self._hear(input.headers)
        self._carried = rung or self._carried
        return await super().execute_workflow(input)

    async def handle_signal(self, input: worker.HandleSignalInput) -> None:  # noqa: A002
        self._hear(input.headers)
        await super().handle_signal(input)

    def headers(self, headers: _Headers) -> _Headers:
        """Add what is carried on, while that is fresh."""
        fresh = self._heard_at is not None and workflow.now() - self._heard_at <= _FRESH
        return _with(headers, self._carried if fresh else "")

    def _hear(self, headers: _Headers) -> None:
        carried = _carried(headers)
        if not carried:
            return
        self._carried, self._heard_at = carried, workflow.now()
        if not workflow.unsafe.is_replaying():
            functions = cast("Mapping[str, _Note]", workflow.extern_functions())  # pyright: ignore[reportUnknownMemberType]
            self._carried = functions[_NOTE_HEARD](carried, workflow.info().workflow_type)


class _FromWorkflow(worker.WorkflowOutboundInterceptor):
    def __init__(self, following: worker.WorkflowOutboundInterceptor, inbound: _Workflow) -> None:
        super().__init__(following)
        self._inbound = inbound

    def start_activity(self, input: worker.StartActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
        input.headers = self._inbound.headers(input.headers)
        return super().start_activity(input)

    def start_local_activity(
        self,
        input: worker.StartLocalActivityInput,  # noqa: A002
    ) -> workflow.ActivityHandle[Any]:
        input.headers = self._inbound.headers(input.headers)
        return super().start_local_activity(input)

    async def start_child_workflow(
        self,
        input: worker.StartChildWorkflowInput,  # noqa: A002
    ) -> workflow.ChildWorkflowHandle[Any, Any]:
        input.headers = self._inbound.headers(input.headers)
        return await super().start_child_workflow(input)

    async def signal_child_workflow(self, input: worker.SignalChildWorkflowInput) -> None:  # noqa: A002
        input.headers = self._inbound.headers(input.headers)
        await super().signal_child_workflow(input)

    def continue_as_new(self, input: worker.ContinueAsNewInput) -> NoReturn:  # noqa: A002
        input.headers = self._inbound.headers(input.headers)
        super().continue_as_new(input)


def _present() -> str:
    return written(get_current_span().get_span_context())


def _with(headers: _Headers, carried: str) -> _Headers:
    if not carried:
        return headers
    data = json.dumps(carried).encode()
    return {**headers, _HEADER: Payload(metadata={"encoding": b"json/plain"}, data=data)}


def _carried(headers: _Headers) -> str:
    """Return what a header carries on, and nothing when it is anything else than that."""
    payload = headers.get(_HEADER)
    text = payload.data.decode(errors="replace").strip('"') if payload else ""
    return text if read(text) is not None else ""
