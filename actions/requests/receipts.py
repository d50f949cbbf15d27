"""The receipt of one's own request, as a picture in the chat."""

from actions.reply import Picture, Reply, Say, say
from actions.requests.receipt import Receipt, draw
from actions.turn import Turn
from store import requests as requests_store


async def receipt(turn: Turn, number: str) -> Reply:
    """The signed receipt of a request that this person filed or follows."""
    row = await requests_store.own_request(turn.session, turn.conversation_id, number)
    if row is None:
        return say("request.not_found", number=number)
    made = Receipt(
        number=row.number,
        filed_on=row.created_at.astimezone(turn.now.tzinfo).date(),
        category=turn.house.desk.category(row).code,
        arrondissement=row.arrondissement or "",
    )
    place = turn.house.city.place(row.arrondissement).name_fr if row.arrondissement else ""
    picture = draw(turn.house.receipt_key().sign(made), made, place=place)
    reference = turn.house.files.store_generated(picture, "png")
    about = {"number": row.number}
    return Reply((Say("request.receipt", about), Picture(reference, Say("request.receipt_alt", about))))
