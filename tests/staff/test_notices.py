"""Notices are shown with the answers that they concern, and end by themselves or at a click."""

from datetime import UTC, datetime, timedelta

import pytest

from actions.notices import concerning
from nlu.times import CASABLANCA
from staff.roles import Role
from store.tables import NoticeRow
from tests.staff.conftest import Office
from tests.staff.phone import says

TEXTS = {
    "text.fr": "Coupure d'eau à Sidi Bernoussi.",
    "text.ary": "الما مقطوع فسيدي البرنوصي.",
    "text.ary-Latn": "Lma m9tou3 f Sidi Bernoussi.",
}


def later(hours: int = 2) -> str:
    return (datetime.now(CASABLANCA) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")


async def test_a_notice_is_shown_with_its_topic_and_no_other_until_it_is_ended(office: Office) -> None:
    supervisor = await office.enter(Role.SUPERVISOR)
    await supervisor.get("/staff/notices")
    await supervisor.post("/staff/notices", {**TEXTS, "until": later(), "intent": "faq/parks"})
    about, other = await says(office, "les parcs de Casablanca"), await says(office, "prix du ticket de tram")
    await supervisor.post("/staff/notices/1/end")
    after = await says(office, "les parcs de Casablanca")
    assert about.startswith("Coupure d'eau à Sidi Bernoussi.\n")
    assert [TEXTS["text.fr"] in reply for reply in (other, after)] == [False, False]


@pytest.mark.parametrize("wrong", [{"text.ary": ""}, {"until": later(-1)}, {"until": "demain"}])
async def test_a_notice_without_a_language_or_an_end_is_refused(office: Office, wrong: dict[str, str]) -> None:
    supervisor = await office.enter(Role.SUPERVISOR)
    await supervisor.get("/staff/notices")
    page = await supervisor.post("/staff/notices", {**TEXTS, "until": later(), **wrong})
    assert (page.status_code, "Aucun avis." in page.text) == (400, True)
    assert "Coupure d&#39;eau" in page.text


async def test_a_notice_that_is_too_long_is_refused_and_stays_in_its_box(office: Office) -> None:
    supervisor = await office.enter(Role.SUPERVISOR)
    await supervisor.get("/staff/notices")
    long = "L’eau est coupée. " * 20
    page = await supervisor.post("/staff/notices", {**TEXTS, "text.fr": long, "until": later()})
    assert (page.status_code, "359 caractères, 300 au plus" in page.text, long.strip() in page.text) == (
        400,
        True,
        True,
    )
    assert "Aucun avis." in page.text


@pytest.mark.parametrize(
    ("place", "shown"), [("sidi-bernoussi", True), ("anfa", False), (None, True)], ids=["there", "elsewhere", "unknown"]
)
def test_a_notice_for_an_arrondissement_is_for_people_there_or_nobody_knows_where(
    place: str | None, shown: bool
) -> None:
    now = datetime.now(UTC)
    notice = NoticeRow(
        texts={"fr": "x"}, intents=[], arrondissements=["sidi-bernoussi"], since=now, until=now, author="a"
    )
    assert concerning([notice], "report/water", place) == ([notice] if shown else [])
