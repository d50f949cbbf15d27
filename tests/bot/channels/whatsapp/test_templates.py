"""Content templates: made, listed, checked and approved in all languages, against the strict local Twilio."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from actions.texts import Texts
from bot.channels.whatsapp.api import open_client
from bot.channels.whatsapp.content import Line, create_missing, take_inventory
from bot.channels.whatsapp.templates import wanted
from bot.settings import PROJECT
from store import whatsapp as store
from store.database import Database
from tests.bot.fake_twilio import ACCOUNT, TOKEN, FakeTwilio

APPROVED = {
    f"casa_{kind}_{tag}"
    for kind in ("waiting", "request", "broadcast", "agenda")
    for tag in ("fr", "ary", "ary_latn", "en")
}


def test_there_is_a_template_for_every_number_of_choices_in_every_language(texts: Texts) -> None:
    names = [template.name for template in wanted(texts)]
    assert len(names) == len(set(names)) == 4 * (3 + 10 + 4)
    assert {template.name for template in wanted(texts) if template.needs_approval} == APPROVED
    assert {"casa_buttons_3_ary", "casa_list_10_ary_latn", "casa_waiting_en"} < set(names)


async def test_templates_are_made_once_and_then_found(texts: Texts) -> None:
    told: list[str] = []
    async with FakeTwilio.running() as twilio:
        client, http = open_client(ACCOUNT, TOKEN, base_url=twilio.url)
        before = await take_inventory(client, wanted(texts))
        assert {line.status for line in before.lines()} == {"missing"}
        assert await create_missing(client, before, ask_approval=True, tell=told.append) == []
        after = await take_inventory(client, wanted(texts))
        assert [line for line in after.lines() if line.problem] == []
        assert {line.name for line in after.lines() if line.status == "received"} == APPROVED
        posts = len([request for request in twilio.requests if request[0] == "POST"])
        assert await create_missing(client, after, ask_approval=True, tell=told.append) == []
        assert len([request for request in twilio.requests if request[0] == "POST"]) == posts
        twilio.content.approve_all()
        known = (await take_inventory(client, wanted(texts))).known()
        await http.close()
    assert len(told) == 68 + 16
    assert {template.status for template in known.values()} == {"ready", "approved"}
    assert twilio.violations == []


async def test_other_words_make_a_new_version_and_an_approved_one_stays_in_use(texts: Texts) -> None:
    async with FakeTwilio.running() as twilio:
        client, http = open_client(ACCOUNT, TOKEN, base_url=twilio.url)
        templates = wanted(texts)
        await create_missing(client, await take_inventory(client, templates), ask_approval=True, tell=lambda line: None)
        twilio.content.approve_all()
        for template in twilio.content.templates.values():
            if template["friendly_name"] == "casa_list_2_fr":
                template["types"]["twilio/list-picker"]["button"] = "Ouvrir"
            if template["friendly_name"] == "casa_waiting_fr":
                template["types"]["twilio/quick-reply"]["body"] = "Un autre texte."
                template["approval_requests"]["name"] = "casa_waiting_fr_000000"
                old = template["sid"]
        changed = await take_inventory(client, templates)
        assert [line.name for line in changed.lines() if line.problem] == ["casa_list_2_fr", "casa_waiting_fr"]
        await create_missing(client, changed, ask_approval=True, tell=lambda line: None)
        again = await take_inventory(client, templates)
        await http.close()
    assert Line("casa_waiting_fr", old, "received") in again.lines()
    names = [template["friendly_name"] for template in twilio.content.templates.values()]
    assert (names.count("casa_list_2_fr"), names.count("casa_waiting_fr")) == (1, 2)


async def test_a_rejected_template_is_named_with_the_reason(texts: Texts) -> None:
    async with FakeTwilio.running() as twilio:
        client, http = open_client(ACCOUNT, TOKEN, base_url=twilio.url)
        templates = [template for template in wanted(texts) if template.name == "casa_request_fr"]
        await create_missing(client, await take_inventory(client, templates), ask_approval=True, tell=lambda line: None)
        for template in twilio.content.templates.values():
            template["approval_requests"] |= {"status": "rejected", "rejection_reason": "TAG_CONTENT_MISMATCH"}
        (line,) = (await take_inventory(client, templates)).lines()
        await http.close()
    assert (line.status, line.problem) == (
        "rejected",
        "rejected by WhatsApp (TAG_CONTENT_MISMATCH): change its words",
    )


def casa(url: str, folder: Path, *command: str, token: str = TOKEN) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": token,
        "TWILIO_API_URL": url,
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/casa.sqlite3",
    }
    run = [sys.executable, "-c", "from bot.cli import main; main()", "whatsapp", "templates", *command]
    return subprocess.run(run, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=120)


@pytest.fixture
def process(tmp_path: Path) -> "subprocess.Popen[str]":
    """The local Twilio as a process of its own."""
    run = [sys.executable, "-m", "tests.bot.fake_twilio"]
    return subprocess.Popen(run, cwd=PROJECT, stdout=subprocess.PIPE, text=True)


async def test_the_commands_from_a_terminal(process: "subprocess.Popen[str]", tmp_path: Path) -> None:
    assert process.stdout is not None
    url = process.stdout.readline().strip()
    try:
        missing = casa(url, tmp_path, "check")
        assert (missing.returncode, missing.stdout) == (1, "68 templates: 0 usable, 0 waiting for WhatsApp.\n")
        assert "casa_buttons_1_fr: not at Twilio: casa whatsapp templates create" in missing.stderr
        created = casa(url, tmp_path, "create")
        assert (created.returncode, created.stdout.splitlines()[-1]) == (
            0,
            "68 templates: 52 usable, 16 waiting for WhatsApp.",
        )
        listed = casa(url, tmp_path, "list")
        assert len(listed.stdout.splitlines()) == 68
        wrong = casa(url, tmp_path, "list", token="wrong")
        assert wrong.returncode == 2
        assert TOKEN not in wrong.stderr + created.stderr
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/casa.sqlite3")
    async with database.transaction() as session:
        known = await store.templates(session)
    await database.close()
    assert len(known) == 68
    assert known["casa_buttons_2_ary"].status == "ready"
