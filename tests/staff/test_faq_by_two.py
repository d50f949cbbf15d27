"""Two people at one answer: nothing of either is overwritten in silence."""

from dataclasses import replace
from html import unescape

from actions.faq_text import read_fields, text_hash
from staff.pages.faq.meanwhile import Clash, put_together
from staff.roles import Role
from store.tables import FaqDraftRow
from tests.staff.conftest import Office
from tests.staff.test_faq import PARKS, form_of, live_text


async def draft_of(office: Office) -> str:
    async with office.database.transaction() as session:
        return (await session.get_one(FaqDraftRow, PARKS)).text


async def test_the_second_save_sees_both_and_decides(office: Office) -> None:
    first, second = await office.enter(Role.EDITOR), await office.enter(Role.SUPERVISOR)
    live = live_text(office)
    for browser in (first, second):
        await browser.get(f"/staff/faq/edit/{PARKS}")
    await first.post(f"/staff/faq/save/{PARKS}", {**form_of(live, **{"answer.fr": "Le premier texte."}), "base": live})
    asked = await second.post(
        f"/staff/faq/save/{PARKS}", {**form_of(live, **{"answer.fr": "Le deuxième <texte>."}), "base": live}
    )
    kept = await draft_of(office)
    saved = await second.post(
        f"/staff/faq/save/{PARKS}", {**form_of(kept, **{"answer.fr": "Les deux textes."}), "base": kept}
    )
    shown = unescape(asked.text)
    assert (asked.status_code, "pendant que vous écriviez" in shown) == (409, True)
    assert ("Le premier texte." in shown, "Le deuxième <texte>.</textarea>" in shown) == (True, True)
    assert read_fields(kept).answer["fr"] == "Le premier texte."
    assert (saved.status_code, read_fields(await draft_of(office)).answer["fr"]) == (200, "Les deux textes.")


async def test_changes_of_different_boxes_are_put_together(office: Office) -> None:
    first, second = await office.enter(Role.EDITOR), await office.enter(Role.SUPERVISOR)
    live = live_text(office)
    await first.get(f"/staff/faq/edit/{PARKS}")
    await second.get(f"/staff/faq/edit/{PARKS}")
    await first.post(f"/staff/faq/save/{PARKS}", {**form_of(live, **{"answer.fr": "En français."}), "base": live})
    told = await second.post(
        f"/staff/faq/save/{PARKS}",
        {**form_of(live, **{"answer.en": "In English."}), "base": live.replace("\n", "\r\n")},
    )
    answer = read_fields(await draft_of(office)).answer
    assert (answer["fr"], answer["en"]) == ("En français.", "In English.")
    assert "ses changements et les vôtres y sont" in told.text


async def test_a_draft_that_changed_is_neither_published_nor_dropped_unread(office: Office) -> None:
    first, second = await office.enter(Role.EDITOR), await office.enter(Role.SUPERVISOR)
    live = live_text(office)
    await first.get(f"/staff/faq/edit/{PARKS}")
    await first.post(f"/staff/faq/save/{PARKS}", {**form_of(live, **{"answer.fr": "Lu."}), "base": live})
    seen, draft = text_hash(await draft_of(office)), await draft_of(office)
    await second.get(f"/staff/faq/edit/{PARKS}")
    await second.post(f"/staff/faq/save/{PARKS}", {**form_of(draft, **{"answer.fr": "Pas lu."}), "base": draft})
    refused = [
        (await first.post(f"/staff/faq/{step}/{PARKS}", {"seen": seen})).status_code for step in ("publish", "drop")
    ]
    page = await first.get(f"/staff/faq/edit/{PARKS}")
    assert (refused, f'name="seen" value="{text_hash(await draft_of(office))}"' in page.text) == ([409, 409], True)
    assert (await first.post(f"/staff/faq/save/{PARKS}", {"owner": "x", "base": "a: [b"})).status_code == 404


def test_examples_of_both_are_kept_and_never_clash() -> None:
    base = replace(read_fields(""), owner="A", examples={"fr": ("un", "deux")})
    mine = replace(base, owner="B", examples={"fr": ("un", "trois")})
    theirs = replace(base, owner="C", examples={"fr": ("un", "deux", "quatre"), "en": ("one",)})
    kept, clashes = put_together(base, mine, theirs)
    assert kept == replace(base, owner="B", examples={"fr": ("un", "quatre", "trois"), "en": ("one",)})
    assert clashes == [Clash(("owner",), "B", "C")]
