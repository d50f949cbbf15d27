"""`casa faq export` and `import` from a terminal: out, edited, back as a draft, and never over somebody's change."""

from pathlib import Path

from tests.bot.test_staff_commands import casa


def test_answers_go_out_are_edited_and_come_back_as_a_draft_once(tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, nothing = casa(tmp_path, "faq", "export")
    assert (code, nothing) == (0, "The desk has published nothing that the files do not say.\n")
    assert casa(tmp_path, "faq", "export", "--to", str(out))[0] == 0
    path = out / "parks.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("Ligue Arabe est à", "Ligue arabe est à", 1), "utf-8")
    code, brought = casa(tmp_path, "faq", "import", str(out), "--author", "samira")
    assert code == 0
    drafts = [line for line in brought.splitlines() if not line.startswith("unchanged")]
    assert drafts == [f"draft     {path} (faq/parks)"]
    path.write_text(path.read_text(encoding="utf-8").replace("30 hectares", "31 hectares", 1), "utf-8")
    code, refused = casa(tmp_path, "faq", "import", str(path))
    assert code == 1
    assert "conflict" in refused
    assert ("30 hectares" in refused, "31 hectares" in refused, "left as they are" in refused) == (True, True, True)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    code, said = casa(tmp_path, "faq", "import", str(tmp_path / "nowhere.yml"))
    assert (code, "cannot be read: No such file or directory" in said) == (1, True)
