"""Answers between desk and files: letter by letter, and nothing that somebody changed is overwritten."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from actions.faq_exchange import MANIFEST, Brought, export_all, export_published, judge, read_brought
from actions.faq_text import read_fields, text_hash, with_fields
from actions.knowledge import read_intents
from actions.live import effective, read_files
from bot.settings import PROJECT
from store.tables import FaqVersionRow

PARKS = "faq/parks"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The answers and intents of the project, to be changed."""
    for name in ("data/faq", "data/nlu/intents.yml"):
        source, target = PROJECT / name, tmp_path / "project" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    return tmp_path / "project"


def published(project: Path, **changed: object) -> FaqVersionRow:
    """A version that the desk made from the present file, with another text."""
    file = read_files(project)[PARKS]
    text = with_fields(file.text, replace(read_fields(file.text), answer={"fr": "Du bureau.", "ary": "من المكتب"}))
    row = FaqVersionRow(intent=PARKS, number=2, text=text, file_hash=file.hash, author="samira", entry=None)
    for name, value in changed.items():
        setattr(row, name, value)
    return row


def test_what_was_published_is_written_letter_by_letter_and_then_nothing_is_left(project: Path) -> None:
    version = published(project)
    first = export_published(project, read_files(project), {PARKS: version})
    files = read_files(project)
    again = export_published(project, files, {PARKS: version})
    found = effective(files[PARKS], version)
    assert ([o.kind for o in first], [o.kind for o in again]) == (["written"], ["unchanged"])
    assert files[PARKS].path.read_bytes() == version.text.encode()
    assert found
    assert not found.conflict


def test_a_file_that_changed_since_is_shown_and_stays(project: Path) -> None:
    version = published(project)
    path = read_files(project)[PARKS].path
    path.write_text(path.read_text(encoding="utf-8") + "# by hand\n", encoding="utf-8")
    before = path.read_bytes()
    (outcome,) = export_published(project, read_files(project), {PARKS: version})
    assert (outcome.kind, path.read_bytes()) == ("conflict", before)
    assert ("-# by hand" in outcome.said, "+    Du bureau." in outcome.said or "+  fr: |-" in outcome.said) == (
        True,
        True,
    )


def test_line_ends_of_windows_stay(project: Path) -> None:
    path = read_files(project)[PARKS].path
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    export_published(project, read_files(project), {PARKS: published(project)})
    written = path.read_bytes()
    assert written.count(b"\r\n") == written.count(b"\n") > 10


def test_a_new_question_brings_its_entry(project: Path) -> None:
    words = {"fr": 'Les "zoos"', "ary": "الحديقة", "ary-Latn": "zoo", "en": "Zoo"}
    entry = {"covers": "le zoo : horaires", "label": words, "phrase": words}
    row = published(project, intent="faq/zoo", entry=entry, file_hash="")
    before = (project / "data/nlu/intents.yml").read_text(encoding="utf-8")
    export_published(project, read_files(project), {"faq/zoo": row})
    after = (project / "data/nlu/intents.yml").read_text(encoding="utf-8")
    info = read_intents(project)["faq/zoo"]
    assert after.startswith(before)
    assert ({tag.value: text for tag, text in info.label.items()}, info.covers) == (words, "le zoo : horaires")


def test_all_answers_go_into_a_folder_and_come_back_unchanged(project: Path, tmp_path: Path) -> None:
    files = read_files(project)
    texts = {intent: found for intent, file in files.items() if (found := effective(file, None))}
    export_all(project, tmp_path / "out", texts, files)
    brought = read_brought([tmp_path / "out"])
    assert len(brought) == len(files)
    assert (tmp_path / "out" / MANIFEST).is_file()
    assert {
        judge(one, live=texts[one.intent], file=files[one.intent], draft=None, known=True).kind
        for one in brought
        if isinstance(one, Brought)
    } == {"unchanged"}


@pytest.mark.parametrize(
    ("base", "said_now", "draft", "kind"),
    [
        ("file", "file", None, "draft"),
        (None, "file", None, "draft"),
        ("file", "by a colleague", None, "conflict"),
        (None, "by a colleague", None, "conflict"),
        ("by a colleague", "by a colleague", None, "draft"),
        ("file", "file", "somebody's draft", "conflict"),
        ("file", "file", "brought", "unchanged"),
        ("file", "brought", None, "unchanged"),
    ],
)
def test_a_file_becomes_a_draft_unless_somebody_changed_the_answer_since(
    project: Path, base: str | None, said_now: str, draft: str | None, kind: str
) -> None:
    file = replace(read_files(project)[PARKS], text="file", hash=text_hash("file"))
    live = effective(replace(file, text=said_now, hash=text_hash(said_now)), None)
    brought = Brought(Path("parks.yml"), PARKS, "brought", text_hash(base) if base else None)
    assert judge(brought, live=live, file=file, draft=draft, known=True).kind == kind


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"intent: faq/x\n  - broken: [", "line 2 is not YAML"),
        ("intent: é".encode("latin-1"), "is not UTF-8"),
        (b"- a list", 'has no line "intent'),
        (b"", 'has no line "intent'),
        (b"intent: \x01", "signs that YAML does not allow"),
    ],
)
def test_a_file_that_is_no_answer_is_refused_with_a_remedy(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "x.yml").write_bytes(content)
    (outcome,) = read_brought([tmp_path / "x.yml"])
    assert not isinstance(outcome, Brought)
    assert (outcome.kind, said in outcome.said) == ("refused", True)


def test_examples_that_stay_keep_their_lines_and_comments() -> None:
    text = 'intent: faq/x\nexamples:\n  fr:\n  - un # premier\n  - "deux"\n  - trois # dernier\n  en: [one]\n'
    fields = replace(read_fields(text), examples={"fr": ("un", "trois", "quatre"), "en": ("one",)})
    assert with_fields(text, fields) == (
        "intent: faq/x\nexamples:\n  fr:\n  - un # premier\n  - trois # dernier\n  - quatre\n  en: [one]\n"
    )
