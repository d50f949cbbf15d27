"""Whose session a row is, what stays that a file does not say, and what is found wrong."""

import pytest

from actions.agenda.changes import ChangeKind
from actions.exchange.merging import Wishes
from actions.exchange.sheet import Format
from actions.programme.loading import with_programme
from actions.programme.mistakes import mistakes
from tests.actions.exchange.programmes import DEMO, changes, exported, imported, without_programme

XML = exported(DEMO, Format.FRAB).decode()
JSON = exported(DEMO, Format.PRETALX).decode()
CSV = exported(DEMO, Format.CSV).decode("utf-8-sig")
TRAM = "Tram et bus : réussir la correspondance"
ARABIC = "الطرام والطوبيس: كيفاش نضبطو التبديل"
HEADER = "id,day,start,end,room,title_fr,title_ary,languages\n"


def changed(text: str, *pairs: tuple[str, str]) -> bytes:
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text.encode()


def kinds(data: bytes, wishes: Wishes | None = None) -> dict[str, tuple[ChangeKind, ...]]:
    return {change.id: change.kinds for change in changes(DEMO, data, wishes)}


def problems(data: bytes, wishes: Wishes | None = None) -> list[tuple[int | None, str]]:
    """Everything that is wrong with a file for the demonstration edition, with its line."""
    draft = imported(DEMO, data, wishes)
    found = [(problem.line, problem.text) for problem in draft.problems]
    after = mistakes(with_programme(DEMO, draft.content))
    return found or [(draft.lines.get(mistake.session or ""), mistake.text) for mistake in after]


def test_a_session_that_moves_keeps_what_the_tool_does_not_know() -> None:
    data = changed(XML, (">10:30</start>\n        <duration>00:45", ">10:30</start>\n        <duration>00:30"))
    (change,) = changes(DEMO, data)
    assert change.before
    assert change.after
    assert (change.id, change.kinds) == ("d1-tram-bus", (ChangeKind.MOVED,))
    assert f"{change.after.end:%H:%M}" == "11:00"
    assert change.after.title == change.before.title
    assert (change.after.interpretation, change.after.keywords) == (
        change.before.interpretation,
        change.before.keywords,
    )


def test_another_room_a_new_session_and_a_cancelled_one_are_told_apart() -> None:
    lines = CSV.splitlines(keepends=True)
    without = "".join(line for line in lines if not line.startswith("d1-cyber"))
    extra = "d2-extra,2027-05-20,18:05,18:30,D,Le mot de la fin,,,,session,,fr,,Salma Tazroulte,,,,,,\r\n"
    data = changed(without + extra, ("d1-plenary,2027-05-19,17:15,18:00,A", "d1-plenary,2027-05-19,17:15,18:00,B"))
    assert kinds(data) == {
        "d1-plenary": (ChangeKind.ROOM,),
        "d1-cyber": (ChangeKind.CANCELLED,),
        "d2-extra": (ChangeKind.NEW,),
    }


def test_breaks_and_days_without_hours_stay_where_the_format_has_no_place_for_them() -> None:
    after = with_programme(DEMO, imported(DEMO, XML.encode()).content)
    assert [s.id for s in after.sessions if s.kind == "lunch"] == ["d1-lunch", "d2-lunch"]


def test_a_first_import_over_a_programme_written_by_hand_knows_sessions_by_their_titles() -> None:
    guid = XML.partition(TRAM)[0].rpartition('guid="')[2][:36]
    data = changed(XML, (f'guid="{guid}"', 'guid="11111111-2222-4333-8444-555555555555"'))
    assert changes(DEMO, data) == ()
    assert imported(DEMO, data).notes == (f"{TRAM!r} is taken for d1-tram-bus, by its title",)


def test_a_new_session_of_a_tool_keeps_its_guid_as_id_so_that_it_is_known_again() -> None:
    guid = XML.partition(TRAM)[0].rpartition('guid="')[2][:36]
    other = "11111111-2222-4333-8444-555555555555"
    data = changed(
        XML, (f'guid="{guid}"', f'guid="{other}"'), (TRAM, "Cartographier les bus"), (ARABIC, "خريطة الطوبيس")
    )
    after = with_programme(DEMO, imported(DEMO, data).content)
    assert kinds(data) == {"d1-tram-bus": (ChangeKind.CANCELLED,), other: (ChangeKind.NEW,)}
    assert changes(after, data) == ()
    assert other in exported(after, Format.PRETALX).decode()


def test_a_corrected_title_keeps_its_translations_and_says_so() -> None:
    data = changed(XML, (TRAM, "Tram et bus : réussir ses correspondances"))
    (change,) = changes(DEMO, data)
    assert change.texts == (("title fr", TRAM, "Tram et bus : réussir ses correspondances"),)
    assert "look at its other titles (ary, en)" in imported(DEMO, data).notes[0]


def test_a_title_that_says_something_else_drops_its_translations() -> None:
    data = changed(XML, (TRAM, "Le vélo d'abord"), (ARABIC, ""))
    (change,) = changes(DEMO, data)
    assert change.after
    assert change.after.title.texts == {"fr": "Le vélo d'abord"}
    assert "are dropped; translate it" in imported(DEMO, data).notes[0]


def test_a_subtitle_in_arabic_letters_is_the_arabic_title() -> None:
    data = changed(XML, (ARABIC, "الطرام والطوبيس: التبديل"))
    (change,) = changes(DEMO, data)
    assert [name for name, _, _ in change.texts] == ["title ary"]


def test_speakers_and_tracks_that_nobody_knows_yet_are_made() -> None:
    data = changed(XML, (">Hind Serghinat<", ">Nora Belkacem<"), ("<track>Mobilité</track>", "<track>Le port</track>"))
    draft = imported(DEMO, data)
    after = with_programme(DEMO, draft.content)
    assert draft.notes == ("new speaker 'Nora Belkacem', of whom no role is known", "new track 'Le port'")
    assert after.speakers["nora-belkacem"].role is None
    assert after.tracks["le-port"].name.texts == {"fr": "Le port"}
    assert list(mistakes(after)) == []


def test_a_speaker_is_known_in_the_other_script_too() -> None:
    assert changes(DEMO, changed(XML, (">Hind Serghinat<", ">هند سرغينات<"))) == ()


def test_who_does_not_speak_any_more_is_no_speaker_any_more() -> None:
    rows = "".join(line for line in CSV.splitlines(keepends=True) if "Aoife" not in line)
    assert "drennaghan" not in with_programme(DEMO, imported(DEMO, rows.encode()).content).speakers


def test_rooms_of_the_file_can_be_named_on_the_command_line() -> None:
    data = XML.replace("Salle A", "Grand Hall").encode()
    assert changes(DEMO, data, Wishes(rooms={"Grand Hall": "A"})) == ()


def test_a_language_that_only_the_file_says_by_one_of_two_stays_both() -> None:
    assert "d2-ws-chatbot" not in kinds(XML.encode())


@pytest.mark.parametrize(
    ("row", "line", "remedy"),
    [
        (
            "x,2027-05-19,18:40,19:00,Z,T,,fr",
            2,
            "room 'Z' (1 session(s)) is unknown; the edition has A, B, C, D. Say --room",
        ),
        ("x,2027-05-22,18:40,19:00,A,T,,fr", 2, "2027-05-22 is not a day of the edition; correct it"),
        ("x,2027-05-19,18:40,19:00,A,T,,", 2, "its language is missing; give it in the file, or for all"),
        ("x,2027-05-19,18:40,19:00,A,T,,tlh", 2, "language 'tlh' is unknown; use one of fr, ar, ary, en, es"),
        ("x,2027-05-19,19:00,18:40,A,T,,fr", 2, "it ends (18:40) before it starts (19:00) or at once"),
        ("x,2027-05-19,18:40,,A,T,,fr", 2, "it has a start or an end only"),
        ("x,19/05/2027,18:40,19:00,A,T,,fr", 2, "'19/05/2027' is not a day; write it as 2031-05-21"),
        ("x,2027-05-19,25:00,26:00,A,T,,fr", 2, "'25:00' is not a time of the day; write it as 09:30"),
        ("x,2027-05-19,18:40,19:00,A,,,fr", 2, "it has no title; give it one"),
        (
            "x,2027-05-19,18:40,19:00,A,T,,fr\nx,2027-05-20,18:40,19:00,A,U,,fr",
            3,
            "has the id of the session in line 2",
        ),
        ("x,2027-05-19,18:40,19:00,A,T,,fr\ny,2027-05-19,18:50,19:10,A,U,,fr", 3, "overlaps 'x' in room A"),
        ("x,2027-05-19,18:40,19:00,A,T,,fr,too,many", 2, "10 cells under 8 columns"),
    ],
)
def test_what_is_wrong_in_a_table_is_named_with_its_line_and_remedy(row: str, line: int, remedy: str) -> None:
    found = problems((HEADER + row).encode())
    assert [(where, remedy in text) for where, text in found] == [(line, True)], found


@pytest.mark.parametrize(
    ("old", "new", "remedy"),
    [
        ("2027-05-19T10:30:00+01:00", "2027-05-19T10:30:00", ""),
        (">10:30</start>", ">11:30</start>", "date says 10:30 and start says 11:30; correct one of them"),
        ("<duration>00:45", "<duration>", "'' is not a length; write it as 00:45"),
        ("<duration>00:45", "<duration>16:00", "it goes past midnight"),
        ("<duration>00:45", "<duration>00:45:10", "has seconds; give whole minutes"),
        ("<language>fr", "<language>de", "language 'de' is unknown"),
        ("<room>Salle A", "<room>Salle 12", "room 'Salle 12' (1 session(s)) is unknown"),
        ("2027-05-19T10:30:00+01:00", "gestern", "'gestern' is not a time; write it as 2031-05-21T10:30:00+01:00"),
    ],
)
def test_what_is_wrong_in_an_xml_file_is_named_with_its_line_and_remedy(old: str, new: str, remedy: str) -> None:
    before, _, tail = XML.partition("<date>2027-05-19T10:30:00")
    event, end, rest = f"<date>2027-05-19T10:30:00{tail}".partition("</event>")
    data = f"{before}{event.replace(old, new, 1)}{end}{rest}".encode()
    found = problems(data)
    if not remedy:  # The file names its zone, so that a time without offset is no riddle.
        assert found == []
        return
    assert [remedy in text for _, text in found] == [True], found
    assert found[0][0] == before.count("\n")


def test_times_without_a_zone_are_refused_unless_the_file_or_the_organiser_names_one() -> None:
    naive = XML.replace("+01:00</date>", "</date>").replace("<time_zone_name>Africa/Casablanca</time_zone_name>", "")
    found = problems(naive.encode())
    assert len(found) == 42
    assert all("has no zone; export it with an offset such as +01:00" in text for _, text in found)


def test_an_empty_edition_takes_a_programme_from_a_tool() -> None:
    draft = imported(without_programme(DEMO), JSON.encode())
    assert {problem.text.partition(" (")[0] for problem in draft.problems} == {
        "room 'Place des Nations Unies'",
        "room 'Tente du hackathon, Place des Nations Unies'",
    }
