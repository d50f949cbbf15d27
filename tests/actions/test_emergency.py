"""What gets the emergency numbers, and what only sounds like it."""

import pytest

from tests.conftest import Talk, text_of

_NUMBERS = "141"
"""Stands in the answer to a call for help, and in no other."""

_CALLS = (
    "accident grave rue de fes",
    "ya eu un accident boulevard zerktouni",
    "ça sent le gaz",
    "odeur de gaz dans l'immeuble",
    "fuite de gaz",
    "il y a le feu",
    "au feu",
    "incendie dans l'immeuble d'en face",
    "l'usine brûle",
    "fumée noire sort de l'usine",
    "incendie dans une usine",
    "le hammam a explosé",
    "il y a de la fumée dans le bus",
    "accident avec une remorque",
    "fumée dans le hammam, des gens étouffent",
    "on m'a volé ma voiture",
    "au secours",
    "sos",
    "un enfant se noie à ain diab",
    "mon père ne respire plus",
    "ma mère a fait un malaise",
    "appelez une ambulance",
    "appelez les pompiers vite",
    "un homme est tombé du toit",
    "urgence médicale vite",
    "c'est urgent un enfant est tombé dans un puits",
    "voleur dans ma maison maintenant",
    "ma voiture a disparu avec mon bébé dedans",
    "l3afia cha3la f dar",
    "kayn l3afia f lferran",
    "kayna ksida f trig",
    "wa7ed kayghre9 f lb7er",
    "ri7at lgaz f l3imara",
    "3tw9ona",
    "3ayto l ambulance",
    "darbato tomobil",
    "kaytdarbou b jnawa",
    "sr9oni daba",
    "bnti ma katnefessch",
    "jarti ta7t w ma kat7errekch",
    "mosta3jal mra katweld f zen9a",
    "العافية شاعلة فالدار",
    "العافية شعلات فالمعمل",
    "كسيدة فالطريق",
    "واحد كيغرق فالبحر",
    "ريحة الغاز فالعمارة",
    "عتقونا",
    "عيطو على لومبيلانس",
    "ولدي سخف",
    "سرقوني دابا",
    "كيتضاربو بالجناوة",
    "حريق فالسوق",
    "incendie à la fourrière",
    "l3afia f lfourriere",
    "العافية فالفوريان",
    "ma voiture a disparu avec mes enfants dedans",
    "ma mère ne se réveille pas, appelez une ambulance",
    "il vomit depuis toute la nuit, ambulance vite",
    "au secours fumée dans le hammam, des gens à l'intérieur",
    "3te9ona dokhan f l7emmam",
    "fire in the building",
    "someone is drowning",
    "car accident people hurt",
    "i smell gas",
)

_HARMLESS = (
    "la bouche d'incendie de ma rue fuit",
    "poteau incendie cassé devant l'école",
    "il fait trop chaud dans le tram",
    "c'est urgent",
    "c'est très urgent svp",
    "vite svp",
    "c'est urgent j'ai besoin d'un extrait de naissance",
    "un chien mort devant chez moi",
    "il y a un chat mort dans la rue",
    "ambulance bloquée dans les embouteillages à cause des voitures mal garées",
    "les voitures garées bloquent le passage des pompiers",
    "une ambulance klaxonne toute la nuit devant chez moi",
    "la sirène des pompiers me réveille",
    "comment devenir pompier",
    "le feu rouge est en panne",
    "poubelle brûlée à ramasser",
    "odeur d'égout très forte",
    "lampadaire éteint à côté du feu rouge",
    "une usine qui fume toute la journée",
    "mon voisin fait des barbecues qui fument",
    "maison des jeunes",
    "ma voiture a disparu, fourrière ou vol ?",
    "où est la fourrière",
    "kelb miyet f zn9a",
    "mosta3jala 3afak",
    "bghit wra9 b zerba",
    "lbola m7ro9a",
    "lferran kaydir ddokhan bezaf",
    "tomobilti ghabret",
    "كلب ميت فالزنقة",
    "الصهد بزاف فالطرام",
    "مستعجل عافاك",
    "حمام الحومة كيدير الدخان",
    "الدخان ديال المعمل كيقتلنا",
    "الشطابة كيحرقو الزبل",
    "كيفاش نولي بومبي",
    "طوموبيلتي غبرات واش الفوريان",
    "it's urgent",
    "my car is gone, was it towed or stolen?",
)


@pytest.mark.parametrize("call", _CALLS)
async def test_a_call_for_help_gets_the_numbers(call: str, talk: Talk) -> None:
    async with talk() as person:
        assert _NUMBERS in text_of(await person.says(call))


@pytest.mark.parametrize("message", _HARMLESS)
async def test_what_only_sounds_like_a_call_is_answered_otherwise(message: str, talk: Talk) -> None:
    async with talk() as person:
        assert _NUMBERS not in text_of(await person.says(message))


async def test_hurry_alone_is_asked_about_with_the_numbers_first(talk: Talk) -> None:
    async with talk() as person:
        for hurry in ("c'est urgent", "mosta3jala 3afak", "مستعجل عافاك"):
            assert "15" in text_of(await person.says(hurry))


async def test_the_smoke_of_every_day_is_reported_with_the_numbers_first(talk: Talk) -> None:
    async with talk() as person:
        said = text_of(await person.says("lferran kaydir ddokhan bezaf"))
        assert "15" in said
        assert "Fin kayn" in said


async def test_hurry_in_a_report_is_about_the_report(talk: Talk) -> None:
    async with talk() as person:
        await person.says("un trou rue d'Alger, Anfa")
        said = text_of(await person.says("c'est urgent"))
        assert "15" in said
        assert "ce qui presse" not in said
