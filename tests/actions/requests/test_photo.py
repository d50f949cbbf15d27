"""A photo with words under it, and the place that a photo knows."""

import pytest

from actions.state import State
from store.conversations import known_conversation
from tests.conftest import Person, Talk, payloads_of

PLACE = (33.5905, -7.6187)


async def form_of(person: Person) -> tuple[str, list[str], float | None, float | None]:
    """Intent, photos and place of the form in the making."""
    async with person.database.transaction() as session:
        conversation = await known_conversation(session, "terminal", "person")
        assert conversation is not None
        form = State.from_dict(conversation.state).form
    assert form is not None
    return form.intent, form.photos, form.lat, form.lon


async def has_no_form(person: Person) -> bool:
    async with person.database.transaction() as session:
        conversation = await known_conversation(session, "terminal", "person")
        return conversation is not None and State.from_dict(conversation.state).form is None


async def test_the_words_under_a_photo_say_what_it_is_about(talk: Talk) -> None:
    async with talk() as person:
        parts = await person.sends(photo="a.jpg", text="lampadaire éteint depuis une semaine")
        assert await form_of(person) == ("report/street_light", ["a.jpg"], None, None)
        assert {"type": "ask_location"} in parts


async def test_a_photo_without_words_is_asked_about_and_then_explained_under_another(talk: Talk) -> None:
    async with talk() as person:
        parts = await person.sends(photo="a.jpg")
        assert "r:what:report/waste" in payloads_of(parts)
        await person.sends(photo="b.jpg", text="poubelles qui débordent")
        assert await form_of(person) == ("report/bins", ["a.jpg", "b.jpg"], None, None)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("lampadaire éteint", "fr"),
        ("ضو طافي فالزنقة", "ary"),
        ("dow tafi f zzen9a", "ary-Latn"),
        ("street light is off", "en"),
    ],
)
async def test_the_place_of_a_photo_is_offered_and_taken_after_a_tap(talk: Talk, text: str, language: str) -> None:
    async with talk() as person:
        parts = await person.sends(photo="a.jpg", text=text, photo_location=PLACE)
        assert ("r:where:photo" in payloads_of(parts), parts[0]["language"]) == (True, language)
        assert (await form_of(person))[2:] == (None, None)
        parts = await person.sends(choice="r:where:photo")
        assert (await form_of(person))[2:] == PLACE
        assert "r:send" in payloads_of(parts)


async def test_the_place_of_a_photo_is_not_used_when_another_is_written(talk: Talk) -> None:
    async with talk() as person:
        await person.sends(photo="a.jpg", text="lampadaire éteint", photo_location=PLACE)
        await person.says("devant le marché de Sbata")
        assert (await form_of(person))[2:] == (None, None)


async def test_a_command_in_the_middle_of_a_form_ends_it(talk: Talk) -> None:
    async with talk() as person:
        await person.sends(photo="a.jpg", text="lampadaire éteint")
        await person.sends(choice="i:cancel")
        assert "r:send" not in payloads_of(await person.sends(choice="r:photo:no"))
        assert await has_no_form(person)
