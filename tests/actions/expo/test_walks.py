"""Walks between the rooms: the quickest chain, the other direction, and what their file may not say."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from actions.expo.walks import find_walk, minutes_between
from actions.programme.edition import Walk
from actions.programme.loading import load_edition
from actions.programme.search import find_rooms

FILE = Path(__file__).parents[3] / "data/expo/demo.yml"
DEMO = load_edition(FILE)


def test_the_demonstration_has_every_walk_in_both_directions_with_its_hint() -> None:
    measured = {(walk.start, walk.goal): walk for walk in DEMO.walks}
    assert set(measured) == {(a, b) for a in DEMO.rooms for b in DEMO.rooms if a != b}
    for (start, goal), walk in measured.items():
        assert walk.hint is not None
        assert set(walk.hint.texts) == {"fr", "ary", "ary-Latn", "en"}
        assert walk.minutes == measured[goal, start].minutes


def test_rooms_without_a_walk_of_their_own_are_reached_by_the_quickest_chain() -> None:
    walks = tuple(
        Walk(a, b, minutes, None) for a, b, minutes in (("A", "B", 3), ("C", "B", 2), ("A", "D", 9), ("D", "C", 1))
    )
    chained = replace(DEMO, walks=walks)
    way = find_walk(chained, "A", "D")
    assert way is not None
    assert [(walk.start, walk.goal) for walk in way] == [("A", "B"), ("B", "C"), ("C", "D")]
    assert minutes_between(chained, "A", "D") == minutes_between(chained, "D", "A") == 6
    assert minutes_between(chained, "A", "A") == 0


def test_what_nobody_measured_is_not_guessed() -> None:
    assert minutes_between(replace(DEMO, walks=(Walk("A", "B", 3, None),)), "A", "D") is None


def test_the_hint_holds_in_its_direction_only() -> None:
    one_way = replace(DEMO, walks=tuple(walk for walk in DEMO.walks if (walk.start, walk.goal) == ("A", "B")))
    back = find_walk(one_way, "B", "A")
    assert back == (Walk("B", "A", 3, None),)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("{from: A, to: Z, minutes: 2}", "walk from A to Z: room 'Z' is unknown; use one of A, B, C, D"),
        ("{from: A, to: A, minutes: 2}", "walk from A to A: it leads nowhere; remove it"),
        ("{from: A, to: B, minutes: 2}", "walk from A to B: it is there twice; keep one"),
        ("{from: A, to: D, minutes: 0}", "0 is no number of minutes between 1 and 60; correct it"),
        ("{from: A, to: D, minutes: soon}", "'soon' is no number of minutes"),
        ("{from: A, to: D, minutes: true}", "True is no number of minutes"),
        ("{from: A, to: D}", "a walk needs from, to and minutes"),
        ("from A to D", "a walk needs from, to and minutes"),
        ("{from: A, to: D, minutes: 2, hint: tout droit}", "write its hint by language"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(row: str, message: str, tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    first, _, rest = text.partition("\nwalks:\n")
    assert yaml.safe_load(f"x:\n{rest}")
    path = tmp_path / "wrong.yml"
    path.write_text(
        f"{first}\nwalks:\n- {{from: A, to: B, minutes: 3}}\n- {row}\ntracks:{rest.partition('tracks:')[2]}",
        encoding="utf-8",
    )
    line = first.count("\n") + 4
    with pytest.raises(ValueError, match="wrong") as error:
        load_edition(path)
    assert message in str(error.value)
    assert str(error.value).startswith(f"wrong.yml:{line if row.startswith('{') else 1}: ")


@pytest.mark.parametrize(
    ("text", "rooms"),
    [
        ("de la salle A à la salle D", "AD"),
        ("je vais salle C depuis la salle D", "DC"),
        ("l la salle D men la salle B", "BD"),
        ("للقاعة د من القاعة أ", "AD"),
        ("from room C to room B", "CB"),
        ("la petite salle", "C"),
        ("rien de tout ça", ""),
    ],
)
def test_rooms_are_found_in_the_order_in_which_people_go(text: str, rooms: str) -> None:
    assert "".join(room.id for room in find_rooms(DEMO, text)) == rooms
