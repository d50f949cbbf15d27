"""Recognising files, and refusing with a clear word what is broken, foreign or malicious; whatever comes, no crash."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.exchange.located import Unreadable, read_json
from actions.exchange.reading import MAX_BYTES, read, read_bytes
from actions.exchange.sheet import BadFile, Format
from actions.programme.loading import with_programme
from actions.programme.mistakes import mistakes
from nlu.text import clean
from nlu.times import CASABLANCA
from tests.actions.exchange.programmes import DEMO, changes, exported, imported

BOMB = """<?xml version="1.0"?>
<!DOCTYPE schedule [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<schedule><version>&b;</version></schedule>"""
THIEF = """<?xml version="1.0"?>
<!DOCTYPE schedule [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<schedule><version>&x;</version></schedule>"""


def event(**more: str) -> str:
    lines = {"UID": "a", "DTSTART": "20270519T184000Z", "DTEND": "20270519T190000Z", "SUMMARY": "Talk", "LOCATION": "A"}
    body = "\n".join(f"{name}:{value}" for name, value in (lines | more).items() if value)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\n{body}\nEND:VEVENT\nEND:VCALENDAR\n"


@pytest.mark.parametrize("format_", Format)
def test_a_format_is_recognised_by_its_content_whatever_the_name(format_: Format, tmp_path: Path) -> None:
    path = tmp_path / "programme.txt"
    path.write_bytes(exported(DEMO, format_))
    assert read(path).format is format_


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("format_", [Format.CSV, Format.PRETALX])
def test_the_encodings_of_spreadsheets_are_read(format_: Format, encoding: str) -> None:
    assert changes(DEMO, exported(DEMO, format_).decode("utf-8-sig").encode(encoding)) == ()


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_table_may_have_the_separator_of_a_french_spreadsheet(delimiter: str) -> None:
    text = "id;day;start;end;room;title_fr;languages\nx;2027-05-19;18:40;19:00;A;Un; deux;fr\n".replace(";", delimiter)
    assert "8 cells under 7 columns" in read_bytes(text.encode()).problems[0].text
    quoted = text.replace(f"Un{delimiter} deux", f'"Un{delimiter} deux"')
    assert read_bytes(quoted.encode()).rows[0].titles["fr"] == f"Un{delimiter} deux".replace("\t", "")


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"", 1, "not recognised; it must be a pretalx schedule.json, a frab schedule.xml"),
        (b"PK\x03\x04", 1, "not recognised"),
        (b"\xff", 1, "not UTF-8 (byte 0xff); save it as UTF-8, in a spreadsheet as “CSV UTF-8”"),
        ("id,day,title\nx,2027-05-19,Été".encode("latin-1"), 2, "not UTF-8 (byte 0xc9)"),
        (BOMB.encode(), 2, "it defines entities or reads other files (EntitiesForbidden); export it without a DOCTYPE"),
        (THIEF.encode(), 2, "it defines entities or reads other files (EntitiesForbidden)"),
        (b"<schedule>\n<day>\n</schedule>", 3, "not well-formed XML: mismatched tag; export it anew"),
        (
            b'<?xml version="1.0" encoding="klingon"?><schedule/>',
            1,
            "XML that cannot be decoded: unknown encoding: klingon; export it as UTF-8",
        ),
        (b"<html></html>", 1, "<html> is not a frab schedule; export the frab-compatible schedule.xml"),
        (b"<iCalendar/>", 1, "<iCalendar> is not a frab schedule"),
        (b"<a>" * 100_000, 1, "elements stand more than 60 deep"),
        (b'{"schedule":\n {', 2, "not well-formed JSON"),
        (b'{"talks": []}', 1, "there is no 'schedule' in it; it is not pretalx's schedule.json; in pretalx take"),
        (b'{"schedule": {"conference": {"days": 3}}}', 1, "its conference has no list of days"),
        (b'{"schedule": {"conference": {"days": [{"rooms": []}]}}}', 1, "a day has no rooms by their names"),
        (b'{"schedule": {"conference": {"days": [{"rooms": {"A": [1]}}]}}}', 1, "holds something that is no session"),
        (b"[" * 100_000, None, "lists and objects stand too deep in each other"),
        (b'{"schedule": NaN}', None, "NaN is no JSON"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nhello", 1, "not an iCalendar file"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(data: bytes, line: int | None, words: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_bytes(data)
    assert (refused.value.problem.line, words in refused.value.problem.text) == (line, True), refused.value.problem


def test_the_file_is_named_beside_the_line(tmp_path: Path) -> None:
    path = tmp_path / "sched.xml"
    path.write_text(BOMB)
    with pytest.raises(BadFile, match=r"^sched\.xml:2: it defines entities"):
        read(path)
    path.write_text("<schedule/>")
    with pytest.raises(BadFile, match=r"^sched\.xml: no session in this frab XML file; export the whole programme"):
        read(path)


def test_a_file_as_large_as_no_programme_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    path.write_bytes(b"x" * (MAX_BYTES + 1))
    with pytest.raises(BadFile, match="larger than 10 MB"):
        read(path)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("id,title_fr", "column 'day' is missing; add it"),
        ("id,day", "no column with titles; add title_fr and title_ary"),
        ("id,day,title_fr,salle", "column 'salle' is unknown; take it out or use one of id, day, start"),
        ("id,day,title_fr,day", "column 'day' stands there twice"),
    ],
)
def test_a_wrong_header_is_named(header: str, words: str) -> None:
    (problem,) = read_bytes(f"{header}\n".encode()).problems
    assert (problem.line, words in problem.text) == (1, True), problem


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"DTSTART": "20270519T184000"}, "'2027-05-19T18:40' has no zone; export it with an offset such as +01:00"),
        ({"DTSTART": "gestern"}, "DTSTART is not a time; write it as 20310521T103000Z"),
        ({"DTSTART": ""}, "it has no start (DTSTART)"),
        ({"DTEND": ""}, "it has no end (DTEND with a time, or DURATION)"),
        ({"DTEND": "", "DURATION": "P1X"}, "it has no end"),
        ({"DTEND": "20270519T183000Z"}, "it ends (19:30) before it starts (19:40)"),
        ({"RRULE": "FREQ=DAILY"}, "it repeats by a rule (RRULE)"),
        ({"DTSTART;TZID=Mars/Olympus": "20270519T184000", "DTSTART": ""}, "its zone 'Mars/Olympus' is unknown"),
        ({"DTSTART;VALUE=DATE": "20270519", "DTSTART": "", "DTEND": "20280519T100000Z"}, "it lasts from 2027-05-19 to"),
    ],
)
def test_what_is_wrong_in_a_calendar_is_named(more: dict[str, str], words: str) -> None:
    (problem,) = read_bytes(event(**more).encode()).problems
    assert (problem.line, words in problem.text) == (4, True), problem


def test_a_calendar_of_another_tool_is_read() -> None:
    uid = "pretalx-a-very-long-slug-of-a-conference-G9JGWY@pretalx.example"
    data = event(**{"UID": uid, "DTEND": "", "DURATION": "PT45M", "SUMMARY;LANGUAGE=ar-MA": "الما", "SUMMARY": ""})
    (row,) = read_bytes(data.encode()).rows
    assert row.hours
    assert [f"{moment:%H:%M}" for moment in row.hours] == ["19:40", "20:25"]
    assert (row.titles, row.room, len(row.key)) == ({"ary": "الما"}, "A", 36)
    assert read_bytes(event(STATUS="CANCELLED").encode()).rows == ()
    assert read_bytes(event(DTSTART="20270519T184000").encode(), CASABLANCA).rows[0].hours


def test_older_pentabarf_files_name_the_day_above_and_have_no_dates() -> None:
    old = """<schedule><conference><title>x</title></conference>
<day date="2027-05-19"><room name="A"><event id="12">
<start>18:40</start><duration>00:20</duration><title>Old</title><language>fr</language></event></room></day></schedule>"""
    assert "has no zone" in read_bytes(old.encode()).problems[0].text
    (row,) = read_bytes(old.encode(), CASABLANCA).rows
    assert row.hours
    assert (row.key, row.room, f"{row.hours[0]:%d %H:%M}") == ("event-12", "A", "19 18:40")


def test_texts_of_pretalx_may_be_given_by_language() -> None:
    talk = {
        "guid": "11111111-2222-4333-8444-555555555555",
        "date": "2027-05-19T18:40:00+01:00",
        "duration": "00:20",
        "title": {"fr": "L'eau", "ar": "الما", "de": "Das Wasser"},
        "language": "fr-CA",
        "persons": [{"code": "X", "name": "Salma Tazroulte"}, {"code": "Y"}, 7],
    }
    whole = {"schedule": {"conference": {"days": [{"rooms": {"Salle B": [talk]}}]}}}
    draft = imported(DEMO, json.dumps(whole).encode())
    (row,) = [row for row in draft.content["sessions"] if row["id"] == talk["guid"]]
    assert (row["title"], row["languages"], row["speakers"]) == ({"fr": "L'eau", "ary": "الما"}, ["fr"], ["tazroulte"])


def test_objects_of_json_know_their_line() -> None:
    found = read_json('{"a":\n [{"b": 1},\n\n  {"c": {\n"d": 2}}]}')
    assert [found.line, found["a"][0].line, found["a"][1].line, found["a"][1]["c"].line] == [1, 2, 4, 4]


PIECES = st.sampled_from(
    [
        "<",
        ">",
        "&",
        '"',
        "'",
        "\0",
        "\ud83d",
        "١٢:٣٠",
        "2027-05-19",
        "25:61",
        "-",
        "",
        "\u202e",
        "\n",
        "0",
        ",",
        ";",
        "é",
    ]
)
NOISE = st.text(st.characters(codec="utf-8"), max_size=20) | st.lists(PIECES, max_size=4).map("".join)


def survives(data: bytes) -> None:
    """A file is refused with its problems, or makes a programme of which every mistake is known."""
    try:
        draft = imported(DEMO, data)
    except Unreadable:
        return
    if not draft.problems:
        list(mistakes(with_programme(DEMO, draft.content)))


@pytest.mark.parametrize("format_", Format)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_to_a_file_makes_the_import_crash(format_: Format, data: st.DataObject) -> None:
    text = exported(DEMO, format_).decode("utf-8-sig")[:9000]
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 30)))
        text = text[:start] + data.draw(NOISE) + text[end:]
    survives(text.encode("utf-8", "replace"))


@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=200) | NOISE.map(lambda text: text.encode("utf-8", "replace")))
def test_no_bytes_make_the_import_crash(data: bytes) -> None:
    for head in (b"", b"<schedule>", b'{"schedule": ', b"BEGIN:VCALENDAR\r\n", b"id,day,title_fr\r\n"):
        survives(head + data)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | NOISE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NOISE, inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=80, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: JSON | st.just(good)
            for name, good in {
                "guid": "11111111-2222-4333-8444-555555555555",
                "id": 7,
                "date": "2027-05-19T18:40:00+01:00",
                "duration": "00:20",
                "room": "A",
                "title": "T",
                "subtitle": "",
                "track": None,
                "type": "Talk",
                "language": "fr",
                "persons": [],
            }.items()
        },
    ),
    JSON,
)
def test_no_json_in_place_of_a_session_makes_the_import_crash(talk: dict[str, Any], other: Any) -> None:
    for content in (talk, other):
        whole = {"schedule": {"conference": {"days": [{"rooms": {"Salle B": [content]}}]}}}
        survives(json.dumps(whole).encode())


TITLES = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=40).map(clean).filter(bool)
"""As YAML files have them: what `clean` takes out of a title is not missed."""


@pytest.mark.parametrize("format_", Format)
@settings(max_examples=20, deadline=None)
@given(title=TITLES, arabic=TITLES, minute=st.integers(0, 59))
def test_any_title_comes_back_as_it_went(format_: Format, title: str, arabic: str, minute: int) -> None:
    row = {"id": "d1-x", "day": "2027-05-19", "time": f"19:{minute:02}-20:00", "room": "A", "languages": ["fr"]}
    content: dict[str, Any] = {
        "sessions": [row | {"title": {"fr": title, "ary": arabic}}],
        "speakers": [],
        "tracks": {},
    }
    edition = with_programme(DEMO, content)
    assert changes(edition, exported(edition, format_)) == ()
