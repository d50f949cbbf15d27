"""The state machine of a service request: every step that exists, and none that does not."""

import pytest

from actions.requests.life import (
    CITIZEN,
    OPEN,
    SYSTEM,
    TRANSITIONS,
    Actor,
    ImpossibleChange,
    RequestState,
    Who,
    check_change,
    mermaid,
    next_states,
)
from bot.settings import PROJECT

STAFF = Actor(Who.STAFF, "samira")
EVERY_STEP = {(step.source, step.target): step for step in TRANSITIONS}


def test_no_step_stands_twice_in_the_table() -> None:
    assert len(EVERY_STEP) == len(TRANSITIONS)


@pytest.mark.parametrize("source", RequestState)
@pytest.mark.parametrize("target", RequestState)
@pytest.mark.parametrize("who", Who)
def test_exactly_the_steps_of_the_table_are_possible(source: RequestState, target: RequestState, who: Who) -> None:
    step = EVERY_STEP.get((source, target))
    if step and who in step.by:
        check_change(source, target, Actor(who), reason="because")
    else:
        with pytest.raises(ImpossibleChange, match="is not possible"):
            check_change(source, target, Actor(who), reason="because")


def test_a_rejection_needs_its_reason() -> None:
    with pytest.raises(ImpossibleChange, match="needs a reason"):
        check_change(RequestState.RECEIVED, RequestState.REJECTED, STAFF, reason="  ")


def test_every_open_request_can_be_fixed_and_every_state_is_reached() -> None:
    assert {step.source for step in TRANSITIONS if step.target is RequestState.FIXED} == OPEN
    assert {step.target for step in TRANSITIONS} | {RequestState.RECEIVED} == set(RequestState)


def test_a_citizen_may_only_withdraw_confirm_and_reopen() -> None:
    assert {target for state in RequestState for target in next_states(state, CITIZEN)} == {
        RequestState.WITHDRAWN,
        RequestState.CLOSED,
        RequestState.REOPENED,
    }
    assert {target for state in RequestState for target in next_states(state, SYSTEM)} == {RequestState.CLOSED}


def test_the_diagram_in_the_document_is_the_one_of_the_code() -> None:
    assert f"```mermaid\n{mermaid()}\n```" in (PROJECT / "docs" / "requests.md").read_text(encoding="utf-8")
