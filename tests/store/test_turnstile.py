"""One at a time, urgent ones first, and a waiter that gives up holds up nobody."""

import asyncio

from store.turnstile import URGENT_IN_A_ROW, Turnstile


async def test_urgent_ones_go_before_those_who_came_earlier() -> None:
    turnstile, order = Turnstile(), []

    async def passes(name: str, *, urgent: bool) -> None:
        async with turnstile.passed(urgent=urgent):
            order.append(name)
            await asyncio.sleep(0)

    async with turnstile.passed():
        waiting = [
            asyncio.create_task(passes(name, urgent=urgent))
            for name, urgent in (("turn", False), ("send", True), ("turn2", False), ("webhook", True))
        ]
        await asyncio.sleep(0)
        assert order == []
    await asyncio.gather(*waiting)
    assert order == ["send", "webhook", "turn", "turn2"]


async def test_who_gives_up_waiting_holds_up_nobody() -> None:
    turnstile = Turnstile()

    async def passes() -> str:
        async with turnstile.passed():
            return "passed"

    async with turnstile.passed():
        impatient, patient = asyncio.create_task(passes()), asyncio.create_task(passes())
        await asyncio.sleep(0)
        impatient.cancel()
    assert (await patient, impatient.cancelled()) == ("passed", True)


async def test_giving_up_just_when_it_is_ones_turn_lets_the_next_in() -> None:
    turnstile = Turnstile()

    async def passes() -> str:
        async with turnstile.passed():
            return "passed"

    async with turnstile.passed():
        first, second = asyncio.create_task(passes()), asyncio.create_task(passes())
        await asyncio.sleep(0)
    first.cancel()
    assert (await second, first.cancelled()) == ("passed", True)


async def test_a_steady_rush_of_urgent_ones_does_not_keep_the_patient_out() -> None:
    turnstile, order = Turnstile(), []

    async def passes(name: str, *, urgent: bool) -> None:
        async with turnstile.passed(urgent=urgent):
            order.append(name)

    async with turnstile.passed():
        waiting = [asyncio.create_task(passes("turn", urgent=False))]
        waiting += [asyncio.create_task(passes("webhook", urgent=True)) for _ in range(3 * URGENT_IN_A_ROW)]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert order.index("turn") == URGENT_IN_A_ROW
