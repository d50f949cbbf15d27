"""The GeoReport v2 server: documents to the letter, what the public may see, and kind refusals."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest

from actions.requests.changes import add_note, change_state
from actions.requests.life import Actor, RequestState, Who
from staff.open311.photos import ROOT
from store.requests import events_of, request_by_number
from tests.staff.open311.conftest import IN_SBATA, NOW, PHOTO, VOICE, City

STAFF = Actor(Who.STAFF, "samira")


async def test_discovery_names_the_endpoint_without_a_charset(city: City) -> None:
    for notation, media_type in (("json", "application/json"), ("xml", "text/xml")):
        answer = await city.http.get(f"/discovery.{notation}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    found = (await city.http.get("/discovery.json")).json()
    assert found == {
        "changeset": "2026-11-25T00:00:00+01:00",
        "contact": "https://www.casablancacity.ma",
        "key_service": "https://www.casablancacity.ma",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": "https://casa.example/open311/v2",
                "changeset": "2026-11-25T00:00:00+01:00",
                "type": "production",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


async def test_every_category_is_a_service_and_xml_says_the_same(city: City) -> None:
    listed = (await city.http.get("/services.json")).json()
    assert {service["service_code"] for service in listed} == {c.code for c in city.desk.categories.values()}
    answer = await city.http.get("/services.xml")
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    in_xml = [
        {element.tag: element.text or "" for element in service} for service in ElementTree.fromstring(answer.content)
    ]
    assert in_xml == [
        {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in service.items()}
        for service in listed
    ]


async def test_names_follow_the_locale(city: City) -> None:
    names = {
        locale: (await city.http.get("/services.json", params={"locale": locale})).json()[0]["service_name"]
        for locale in ("fr", "ar", "ary-Latn", "en-GB", "")
    }
    assert names["fr"] == names[""]
    assert len(set(names.values())) == 4
    assert "\u0600" <= names["ar"][0] <= "\u06ff"


async def test_a_definition_lists_the_questions_in_order(city: City) -> None:
    category = next(c for c in city.desk.categories.values() if len(c.questions) > 1 and c.questions[0].choices)
    found = (await city.http.get(f"/services/{category.code}.json")).json()
    assert found["service_code"] == category.code
    assert [(a["code"], a["order"], a["required"]) for a in found["attributes"]] == [
        (question.id, order, False) for order, question in enumerate(category.questions, 1)
    ]
    assert [value["key"] for value in found["attributes"][0]["values"]] == list(category.questions[0].choices)


async def test_the_public_sees_neither_words_nor_photo_nor_exact_place_before_staff_read_them(city: City) -> None:
    row = await city.file(
        lat=IN_SBATA[0],
        lon=IN_SBATA[1],
        place_text="devant chez moi, 12 rue 5",
        arrondissement="sbata",
        photos=(PHOTO,),
    )
    before = (await city.http.get(f"/requests/{row.number}.json")).json()[0]
    assert (before["description"], before["media_url"], before["address"]) == (None, None, "Sbata")
    assert (before["lat"], before["long"]) == (33.54, -7.561)
    assert "rue 5" not in (await city.http.get("/requests.xml")).text
    await city.read_by_staff(row.number)
    after = (await city.http.get(f"/requests/{row.number}.json")).json()[0]
    assert (after["description"], after["media_url"]) == (
        "Une grande 7ofra",
        f"https://casa.example{ROOT}/photos/{PHOTO}",
    )
    assert (after["address"], after["lat"]) == ("devant chez moi, 12 rue 5 (Sbata)", 33.54)
    keyed = (await city.http.get(f"/requests/{row.number}.json", params={"api_key": city.key})).json()[0]
    assert (keyed["lat"], keyed["long"]) == IN_SBATA


async def test_the_address_of_a_photo_opens_it_and_nothing_else(city: City) -> None:
    found = await city.http.get(f"/photos/{PHOTO}")
    assert (found.status_code, found.headers["content-type"], found.content) == (200, "image/jpeg", b"the photo")
    unknown = ("ffffff.jpg", VOICE, "city.sqlite3", "..%2Fcity.sqlite3", "..%2F..%2Fetc%2Fpasswd.jpg")
    assert {(await city.http.get(f"/photos/{reference}")).status_code for reference in unknown} == {404}


async def test_the_address_of_a_partners_photo_is_a_note_for_staff(city: City) -> None:
    form = {"api_key": city.key, "service_code": city.desk.categories["report/road"].code, "lat": "33.54"}
    form |= {"long": "-7.5608", "media_url": "https://photos.example/1.jpg"}
    answer = await city.http.post("/requests.json", data=form)
    assert answer.status_code == 201
    async with city.database.transaction() as session:
        row = await request_by_number(session, answer.json()[0]["service_request_id"])
        assert row is not None
        notes = [(event.note, event.public) for event in await events_of(session, row.id) if event.kind == "note"]
    assert notes == [("media_url: https://photos.example/1.jpg", False)]
    assert "photos.example" not in (await city.http.get("/servicerequestupdates.json")).text


async def test_complaints_about_people_are_only_for_keys(city: City) -> None:
    row = await city.file(category="report/public_service", description="Un employé m'a demandé de l'argent")
    assert (await city.http.get("/requests.json")).json() == []
    assert (await city.http.get(f"/requests/{row.number}.json")).status_code == 404
    assert (await city.http.get("/servicerequestupdates.json")).json() == []
    keyed = await city.http.get("/requests.json", params={"api_key": city.key})
    assert [found["service_request_id"] for found in keyed.json()] == [row.number]


async def test_a_request_is_filed_with_a_key_and_found_again(city: City) -> None:
    road = city.desk.categories["report/road"]
    answer = await city.http.post(
        "/requests.json",
        data={
            "api_key": city.key,
            "service_code": road.code,
            "lat": str(IN_SBATA[0]),
            "long": str(IN_SBATA[1]),
            "description": "  Trottoir cassé\u202e  ",
            "email": "someone@example.org",
            "phone": "+212612345678",
        },
    )
    assert answer.status_code == 201
    (filed,) = answer.json()
    assert set(filed) == {"service_request_id", "service_notice", "account_id"}
    async with city.database.transaction() as session:
        row = await request_by_number(session, filed["service_request_id"])
        assert row is not None
        assert (row.category, row.description, row.arrondissement) == ("report/road", "Trottoir cassé", "sbata")
        assert (row.conversation_id, row.status) == (None, "received")


async def test_a_key_may_be_answered_with_a_token_and_never_with_both(city: City) -> None:
    fields = {"api_key": city.token_key, "service_code": "voirie", "address_string": "Boulevard Ghandi"}
    (filed,) = (await city.http.post("/requests.json", data=fields)).json()
    assert set(filed) == {"token", "service_notice", "account_id"}
    (found,) = (await city.http.get(f"/tokens/{filed['token']}.json")).json()
    assert found["token"] == filed["token"]
    assert (await city.http.get(f"/requests/{found['service_request_id']}.json")).status_code == 200
    assert (await city.http.get("/tokens/unknown.xml")).status_code == 404


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"api_key": None}, 403),
        ({"api_key": "guessed"}, 403),
        ({"service_code": None}, 400),
        ({"service_code": "unknown"}, 404),
        ({"jurisdiction_id": "rabat.ma"}, 404),
        ({"address_string": None}, 400),
        ({"lat": "33.5"}, 400),
        ({"lat": "33.5", "long": "x"}, 400),
        ({"lat": "nan", "long": "1"}, 400),
        ({"lat": "34.02", "long": "-6.83"}, 400),
        ({"description": "a" * 4_001}, 400),
    ],
)
async def test_what_cannot_be_filed_is_refused_and_not_stored(
    city: City, change: dict[str, str | None], status: int
) -> None:
    fields = {"api_key": city.key, "service_code": "voirie", "address_string": "Boulevard Ghandi", **change}
    answer = await city.http.post("/requests.json", data={name: v for name, v in fields.items() if v is not None})
    assert answer.status_code == status
    (error,) = answer.json()
    assert error["code"] == str(status)
    assert error["description"]
    assert (await city.http.get("/requests.json", params={"api_key": city.key})).json() == []


async def test_an_error_in_xml_has_the_same_content(city: City) -> None:
    answer = await city.http.get("/requests/7K3-42R.xml")
    (error,) = ElementTree.fromstring(answer.content)
    assert answer.status_code == 404
    assert (error.tag, [(field.tag, field.text) for field in error]) == (
        "error",
        [("code", "404"), ("description", "unknown service_request_id")],
    )


async def test_lists_are_filtered_and_paged_and_ids_override_all_else(city: City) -> None:
    rows = [await city.file(category=category) for category in ("report/road", "report/waste", "report/road")]
    roads = (await city.http.get("/requests.json", params={"service_code": "voirie"})).json()
    assert [found["service_request_id"] for found in roads] == [rows[2].number, rows[0].number]
    second = (await city.http.get("/requests.json", params={"page": "2", "page_size": "2"})).json()
    assert [found["service_request_id"] for found in second] == [rows[0].number]
    closed = {"status": "closed", "service_request_id": f"{rows[1].number}, nonsense"}
    assert [r["service_code"] for r in (await city.http.get("/requests.json", params=closed)).json()] == [
        "proprete_collecte"
    ]
    old = {"end_date": (NOW - timedelta(days=1)).isoformat()}
    assert (await city.http.get("/requests.json", params=old)).json() == []
    cut_to_90_days = {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-12-01T00:00:00Z"}
    assert (await city.http.get("/requests.json", params=cut_to_90_days)).json() == []
    refused = [("start_date", "yesterday"), ("status", "sleeping"), ("page", "0"), ("page_size", "1001")]
    answers = [await city.http.get("/requests.json", params={name: value}) for name, value in refused]
    assert [answer.status_code for answer in answers] == [400] * 4


async def test_updates_tell_every_step_and_keep_internal_notes(city: City) -> None:
    row = await city.file()
    async with city.database.transaction() as session:
        found = await request_by_number(session, row.number)
        assert found is not None
        await add_note(session, city.desk, found, "l'équipe est malade", actor=STAFF, now=NOW, public=False)
        await change_state(
            session, city.desk, found, RequestState.FIXED, actor=STAFF, now=NOW, note="Trou rebouché ce matin."
        )
    updates = (await city.http.get("/servicerequestupdates.json")).json()
    assert [(u["status"], u["description"]) for u in updates] == [("received", "reçue"), ("fixed", "réglée")]
    await city.read_by_staff(row.number)
    told = (await city.http.get("/servicerequestupdates.json", params={"service_request_id": row.number})).json()
    assert [u["description"] for u in told] == ["reçue", "Trou rebouché ce matin."]
    (shown,) = (await city.http.get(f"/requests/{row.number}.json", params={"extensions": "true"})).json()
    assert (shown["status"], shown["status_notes"]) == ("closed", "Trou rebouché ce matin.")
    assert shown["extended_attributes"] == {"state": "fixed", "supporters": 1}


async def test_a_disabled_key_is_refused(city: City) -> None:
    from staff.open311 import keys

    async with city.database.transaction() as session:
        await keys.disable(session, "sig-voirie", now=NOW)
    assert (await city.http.get("/requests.json", params={"api_key": city.key})).status_code == 403
