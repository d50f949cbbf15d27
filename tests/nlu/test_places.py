"""Names of places and lines in messages, in three scripts, with typos, and the sentences that name none."""

from pathlib import Path

import pytest

from nlu.places import Gazetteer, PlaceName, load_place_names
from nlu.text import normalise
from nlu.understanding import Entity

CITY = Path(__file__).parents[2] / "data" / "city"
ARRONDISSEMENTS = {
    "anfa": ("Anfa", "انفا", "أنفا"),
    "maarif": ("Maârif", "lma3arif", "المعاريف"),
    "sidi-belyout": ("Sidi Belyout", "sidi bliout", "سيدي بليوط"),
    "al-fida": ("Al Fida", "lfida", "الفداء"),
    "mers-sultan": ("Mers Sultan", "mers soltan", "مرس السلطان"),
    "ain-sebaa": ("Aïn Sebaâ", "3in sba3", "عين السبع"),
    "roches-noires": ("Roches Noires", "rochenoir", "الصخور السوداء"),
    "hay-mohammadi": ("Hay Mohammadi", "7ay lmohammadi", "الحي المحمدي"),
    "hay-hassani": ("Hay Hassani", "7ay l7assani", "الحي الحسني"),
    "ain-chock": ("Aïn Chock", "3in cho9", "عين الشق"),
    "sidi-bernoussi": ("Sidi Bernoussi", "lbernoussi", "سيدي البرنوصي"),
    "sidi-moumen": ("Sidi Moumen", "sidi momen", "سيدي مومن"),
    "ben-msick": ("Ben M'Sick", "ben msik", "بن مسيك"),
    "sbata": ("Sbata", "sbata", "سباتة"),
    "moulay-rachid": ("Moulay Rachid", "my rachid", "مولاي رشيد"),
    "sidi-othmane": ("Sidi Othmane", "sidi 3tman", "سيدي عثمان"),
}


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(load_place_names(CITY / "places.yml"))


def ids(gazetteer: Gazetteer, message: str, *, asked: bool = False) -> list[str]:
    return [entity.value["id"] for entity in gazetteer.find(normalise(message), asked=asked)]


@pytest.mark.parametrize(("id_", "name"), [(id_, name) for id_, names in ARRONDISSEMENTS.items() for name in names])
def test_every_arrondissement_is_found_in_every_script(gazetteer: Gazetteer, id_: str, name: str) -> None:
    assert ids(gazetteer, f"salam, {name}!") == [id_]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("poubelle pleine à Bourgogne", "bourgogne"),
        ("زبل بزاف فبوركون", "bourgogne"),
        ("ana f derb ghallef", "derb-ghallef"),
        ("حدا السويقة ديال درب غلف", "derb-ghallef"),
        ("mab9ach daw f loulfa", "oulfa"),
        ("انا ساكن فالالفة", "oulfa"),
        ("fuite d'eau boulevard Ghandi", "ghandi"),
        ("خرجت من كازا پور دابا", "casa-port"),
        ("chhal taxi mn lmatar", "aeroport-cmn"),
        ("التران ديال لايروپور", "aeroport-cmn"),
        ("kifach nmchi l jame3 hassan tani", "mosquee-hassan-ii"),
        ("je suis à l'Oasis", "oasis"),
        ("طريق الحبوس عافاك", "habous"),
        ("ana f casavoyageurs", "casa-voyageurs"),
        ("rendez-vous place mohamed v", "place-mohammed-v"),
        ("l'éclairage du boulevard 2 mars", "deux-mars"),
        ("clinique f palmier", "palmier"),
        ("nuisances à Aindiab", "ain-diab"),
        ("wach kayn tobis l dar bouazza", "dar-bouazza"),
        ("j'habite à Salé, ville de Salé", "sale"),
    ],
)
def test_well_known_names_are_found(gazetteer: Gazetteer, message: str, expected: str) -> None:
    assert ids(gazetteer, message)[-1] == expected


@pytest.mark.parametrize(
    ("typo", "expected"),
    [
        ("sidi bernousi", "sidi-bernoussi"),
        ("hay mohamadi", "hay-mohammadi"),
        ("mearif", "maarif"),
        ("sidi mouman", "sidi-moumen"),
        ("moulay rachide", "moulay-rachid"),
        ("sidi athmane", "sidi-othmane"),
        ("derb ghalf", "derb-ghallef"),
        ("casa voyagers", "casa-voyageurs"),
        ("bourgonge", "bourgogne"),
        ("lissassfa", "lissasfa"),
        ("technoparck", "technopark"),
        ("belvedaire", "belvedere"),
        ("roch noir", "roches-noires"),
        ("mohammedi hay", None),
        ("عين سباع", "ain-sebaa"),
        ("سيدي برنوسي", "sidi-bernoussi"),
        ("سيدي مومين", "sidi-moumen"),
        ("سيدي عتمان", "sidi-othmane"),
        ("ليصاصفة", "lissasfa"),
    ],
)
def test_common_typos_are_understood(gazetteer: Gazetteer, typo: str, expected: str | None) -> None:
    assert ids(gazetteer, typo) == ([expected] if expected else [])


@pytest.mark.parametrize(
    "message",
    [
        "un palmier est tombé sur ma voiture",
        "les racines soulèvent le trottoir",
        "le camion ne passe plus depuis le 2 mars",
        "les écoles sont sales et la ferme aussi",
        "je marche sur le littoral chaque matin",
        "ma rue est sale, très sale",
        "pas de lumière dans aucun appartement depuis l'orage",
        "la résistance du chauffe-eau est brûlée",
        "où sont les facultés, les hôpitaux et les musées ?",
        "le parking est plein le samedi, c'est le futur",
        "la musique du café jusqu'à 2h du matin",
        "il y a une fuite devant chez moi depuis 3 jours",
        "mon fils Mohamed a été mordu par un chien",
        "j'ai grandi en Belgique",
        "annual report of the heritage commission",
        "how many visitors came last year",
        "safi chokran",
        "stop safi mabghitch nkemmel",
        "makla taza f souk",
        "dik lmadina khanza",
        "tram 7bess o ma bghach yzid",
        "lma m9tou3 3lina mn sbah",
        "kayn wa7ed lklab 7da dar",
        "daba chkoun ghadi yji yhez zbel",
        "ch7al taman d tram 2 dh wla 3",
        "la corniche dyal l3imara ghadi ti7",
        "3la slamtek khoya allah yra7mek",
        "had lqadiya ma3roufa 3nd kolchi",
        "السلام عليكم ورحمة الله وبركاته",
        "الانارة العمومية طافية فالزنقة ديالنا",
        "الحاوية الجديدة عامرة بالزبل",
        "الطرام حبس و ما بغاش يزيد",
        "مول الشطابة ماجاش هاد السيمانة",
        "العيون ديال الجيران علينا",
        "باب الداخلة مهرس",
        "كانابي مرمي تحت القنطرة",
        "واش ممكن تعاونوني فالمستقبل",
        "اول مرة تدارت هاد الخدمة",
        "هادشي معروف عند الناس كاملين",
        "الزهور يبسو فالجردة",
    ],
)
def test_ordinary_sentences_name_no_place(gazetteer: Gazetteer, message: str) -> None:
    assert gazetteer.find(normalise(message)) == ()


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("station Facultés", ["stop-facultes"]),
        ("l'arrêt de tram Littoral", ["stop-littoral"]),
        ("m7attat La Ferme", ["stop-la-ferme"]),
        ("محطة الكليات", ["stop-facultes"]),
        ("T1 Facultés", ["T1", "stop-facultes"]),
    ],
)
def test_common_words_are_names_behind_an_announcement(gazetteer: Gazetteer, message: str, expected: list[str]) -> None:
    assert ids(gazetteer, message) == expected


def test_common_words_are_names_when_the_assistant_has_asked(gazetteer: Gazetteer) -> None:
    assert ids(gazetteer, "Littoral") == []
    assert ids(gazetteer, "Littoral", asked=True) == ["stop-littoral"]


def test_the_announced_kind_decides_among_places_of_one_name(gazetteer: Gazetteer) -> None:
    assert ids(gazetteer, "zbel f derb ghalef") == ["derb-ghallef"]
    assert ids(gazetteer, "l'arrêt derb ghallef") == ["stop-derb-ghalef"]
    assert ids(gazetteer, "sidi moumen") == ["sidi-moumen"]
    assert ids(gazetteer, "station sidi moumen") == ["stop-sidi-moumen"]


def test_the_longest_name_wins_and_spans_are_those_of_the_normalised_text(gazetteer: Gazetteer) -> None:
    text = normalise("De la Corniche Ain Diab à Sidi Mâarouf")
    assert gazetteer.find(text) == (
        Entity("place", {"id": "corniche", "kind": "neighbourhood"}, "corniche ain diab", 6, 23, 1.0),
        Entity("place", {"id": "sidi-maarouf", "kind": "neighbourhood"}, "sidi maarouf", 26, 38, 1.0),
    )


def test_a_typo_is_less_sure_than_the_name(gazetteer: Gazetteer) -> None:
    (right,) = gazetteer.find("bourgogne")
    (wrong,) = gazetteer.find("bourgonge")
    assert (right.confidence, wrong.confidence) == (1.0, 0.75)


def test_punctuation_separates_names(gazetteer: Gazetteer) -> None:
    assert ids(gazetteer, "ain, diab") == []


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("T1", ["T1"]),
        ("le t 3 svp", ["T3"]),
        ("tram 2", ["T2"]),
        ("فين كيسالي الطرام رقم 2", ["T2"]),
        ("الخط 3", ["T3"]),
        ("محطات الخط الرابع", ["T4"]),
        ("تي واحد و تي جوج", ["T1", "T2"]),
        ("busway 1", ["BW1"]),
        ("الباصواي 2", ["BW2"]),
        ("ligne T4", ["T4"]),
        ("ligne 2 du busway", ["BW2"]),
        ("bw2 o trambus 1", ["BW2", "BW1"]),
        ("ina khet 2", ["T2"]),
        ("line one", ["T1"]),
        ("bus 2", []),
        ("ligne 97", []),
        ("la ligne 4 du bus", []),
        ("tobis ligne 1", []),
        ("tram 2 dh", []),
        ("terminal 1", []),
        ("kan dfe3t 3la tram 3 mrat", []),
    ],
)
def test_lines(gazetteer: Gazetteer, message: str, expected: list[str]) -> None:
    found = gazetteer.find(normalise(message))
    assert [entity.value["id"] for entity in found] == expected
    assert {entity.kind for entity in found} <= {"line"}


def test_an_unlike_phrase_keeps_a_name_from_being_seen() -> None:
    plain = PlaceName("racine", "neighbourhood", ("Racine",))
    careful = PlaceName("racine", "neighbourhood", ("Racine",), unlike=("la racine",))
    assert [ids(Gazetteer([name]), "la racine de l'arbre") for name in (plain, careful)] == [["racine"], []]


def test_an_entry_with_some_weak_names_becomes_a_weak_and_a_strong_one(tmp_path: Path) -> None:
    file = tmp_path / "places.yml"
    file.write_text(
        "- {id: safi, kind: city, name: {fr: Safi, ar: آسفي}, spellings: [asfi], weak: [Safi], unlike: [asfy]}\n",
        encoding="utf-8",
    )
    assert load_place_names(file) == [
        PlaceName("safi", "city", ("Safi",), weak=True),
        PlaceName("safi", "city", ("آسفي", "asfi"), unlike=("asfy",)),
    ]


def test_every_name_of_the_gazetteer_is_found_when_asked_for(gazetteer: Gazetteer) -> None:
    lost = [
        (name.id, spelling)
        for name in load_place_names(CITY / "places.yml")
        for spelling in name.spellings
        if not gazetteer.find(normalise(spelling), asked=True)
    ]
    assert lost == []
