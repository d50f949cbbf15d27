"""Addresses and forms with numbers that no page gave: nothing is found, and nothing fails."""

import pytest

from staff.roles import Role
from staff.visit import whole_number
from tests.staff.conftest import Office

ODD = ("99999999999999999999", "9223372036854775808", "2147483648", "-1", "1e3", "²", "٣", "1_0", "9" * 5_000)


@pytest.mark.parametrize("text", ["", *ODD])
def test_only_what_may_be_an_id_is_a_number(text: str) -> None:
    assert whole_number(text) is None
    assert (whole_number("0"), whole_number("2147483647")) == (0, 2_147_483_647)


async def test_odd_numbers_in_addresses_lead_nowhere(office: Office) -> None:
    supervisor = await office.enter(Role.SUPERVISOR)
    for odd in ODD:
        for page in ("conversations/{}", "conversations/{}/messages", "broadcasts/{}", "broadcasts/{}/edit"):
            assert (await supervisor.get(f"/staff/{page.format(odd)}")).status_code == 404
        for page in ("conversations/{}/take", "conversations/{}/answer", "broadcasts/{}/stop", "notices/{}/end"):
            assert (await supervisor.post(f"/staff/{page.format(odd)}")).status_code == 404
        # The journal shows its newest lines.
        assert (await supervisor.get("/staff/journal", before=odd)).status_code == 200


async def test_odd_numbers_in_forms_lead_nowhere(office: Office) -> None:
    supervisor, editor = await office.enter(Role.SUPERVISOR), await office.enter(Role.EDITOR)
    for odd in ODD:
        judged = await supervisor.post("/staff/figures/sample", {"verdict": "right", "turn": odd})
        handled = await editor.post("/staff/queue", {"id": odd, "how": "fine"})
        assert (judged.status_code, handled.status_code) == (404, 404)


async def test_a_filter_with_names_of_its_own_keeps_only_ours(office: Office) -> None:
    agent = await office.enter(Role.AGENT)
    kept = await agent.post("/staff/requests/bulk", {"filter": "path=x&said=y&self=z&odd=1&state=open&due=7"})
    assert (kept.status_code, kept.url.query) == (200, b"state=open&due=7")
