"""The search for payloads finds them wherever they are; so what it does not find is not there."""

import json
from typing import Any, cast

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from temporal_client.codec import is_encrypted
from tests.temporal_client.payloads import payloads_in
from tests.workflows.record import HISTORIES


def every_field_filled() -> HistoryEvent:
    """Return an event with one payload in each place where ours may have one."""
    event = HistoryEvent()
    event.user_metadata.summary.data = b"1"
    event.user_metadata.details.data = b"2"
    started = event.workflow_execution_started_event_attributes
    started.input.payloads.add().data = b"3"
    started.memo.fields["memo"].data = b"4"
    started.header.fields["header"].data = b"5"
    started.last_completion_result.payloads.add().data = b"6"
    started.continued_failure.encoded_attributes.data = b"7"
    started.continued_failure.cause.application_failure_info.details.payloads.add().data = b"8"
    started.search_attributes.indexed_fields["Stage"].data = b"in plain by name"
    return event


def written_payloads(part: Any) -> int:
    """Count what has an ``encoding`` in the JSON of a history, outside of search attributes."""
    if isinstance(part, list):
        return sum(map(written_payloads, part))  # pyright: ignore[reportUnknownArgumentType]
    if not isinstance(part, dict):
        return 0
    below = cast("dict[str, Any]", part)
    inside = sum(written_payloads(it) for name, it in below.items() if name != "searchAttributes")
    return inside + ("encoding" in below.get("metadata", {}))


class TestTheSearchForPayloads:
    def test_finds_each_one_once_but_search_attributes(self) -> None:
        found = [payload.data for _, payload in payloads_in(every_field_filled())]
        assert sorted(found) == [str(number).encode() for number in range(1, 9)]

    def test_says_where_it_found_them(self) -> None:
        places = {payload.data: place for place, payload in payloads_in(every_field_filled())}
        assert places[b"1"] == ".user_metadata.summary"
        assert places[b"7"].endswith(".continued_failure.encoded_attributes")

    def test_finds_in_a_recorded_history_what_its_text_holds(self) -> None:
        """Each payload of a recorded history has an ``encoding`` in its JSON; none is encrypted."""
        for path in HISTORIES.glob("*-complaint.json"):
            content = json.loads(path.read_text(encoding="utf-8"))
            history = WorkflowHistory.from_json("complaint", content)
            found = [it for event in history.events for it in payloads_in(event)]
            assert len(found) == written_payloads(content) > 20
            assert not any(is_encrypted(payload) for _, payload in found)
