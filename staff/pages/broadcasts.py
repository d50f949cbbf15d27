"""Messages to many: written by one person, counted in a dry run, approved by another, watched and stopped."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from actions.broadcasts import AUDIENCES, LONGEST, DryRun, dry_run, reply_in
from nlu.understanding import Language
from staff.visit import NotHere, Visit, whole_number
from store import broadcasts as broadcasts_store
from store.demo import TRIED_BY_ANYBODY
from store.tables import BroadcastRow

_OPEN_TO_CHANGE = "proposed"


@dataclass(frozen=True, slots=True)
class Written:
    """A message as the form gives it; `problem` says what is missing, in words."""

    audience: str
    target: str
    texts: Mapping[str, str]
    problem: str | None


async def index(visit: Visit) -> Response:
    rows = await broadcasts_store.all_newest_first(visit.db, demo=visit.account.demo)
    return visit.page("broadcasts.html", rows=rows, target_name=lambda row: _target_name(visit, row))


async def ask_new(visit: Visit) -> Response:
    return _form(visit, None, Written("", "", {}, None))


async def new(visit: Visit) -> Response:
    written = _written(visit)
    if written.problem:
        return _form(visit, None, written, status=400)
    row = BroadcastRow(
        audience=written.audience,
        target=written.target,
        texts=dict(written.texts),
        state=_OPEN_TO_CHANGE,
        revision=1,
        demo=visit.account.demo,
        author=visit.account.name,
        written_at=visit.now,
        counts={},
    )
    visit.db.add(row)
    await visit.db.flush()
    visit.detail["id"] = row.id
    return visit.go(f"/staff/broadcasts/{row.id}", visit.say("Message enregistré : rien n’est encore envoyé."))


async def edit(visit: Visit) -> Response:
    row = await _row(visit)
    if row.state != _OPEN_TO_CHANGE:
        raise NotHere
    return _form(visit, row, Written(row.audience, row.target, row.texts, None))


async def change(visit: Visit) -> Response:
    """Other words are another message: whoever changes it is its author, and somebody else approves it."""
    row = await _row(visit)
    if row.state != _OPEN_TO_CHANGE:
        return visit.refuse(f"/staff/broadcasts/{row.id}", visit.say("Trop tard : ce message n’est plus à approuver."))
    written = _written(visit)
    if written.problem:
        return _form(visit, row, written, status=400)
    row.audience, row.target, row.texts = written.audience, written.target, dict(written.texts)
    row.author, row.written_at, row.revision = visit.account.name, visit.now, row.revision + 1
    return visit.go(f"/staff/broadcasts/{row.id}", visit.say("Message enregistré : rien n’est encore envoyé."))


async def show(visit: Visit) -> Response:
    row = await _row(visit)
    house, texts = visit.desk.live.house, visit.desk.texts
    shown = {
        language.value: texts.render(reply_in(house, row, language), language)
        for language in Language
        if language in row.texts
    }
    under_way = row.state not in (_OPEN_TO_CHANGE, "dropped")
    counts = await broadcasts_store.counts(visit.db, row.id) if under_way else {}
    return visit.page(
        "broadcast.html",
        row=row,
        shown=shown,
        target_name=_target_name(visit, row),
        counted=await _counted(visit, row) if row.state == _OPEN_TO_CHANGE else None,
        counts=counts or row.counts,
        deliveries=await broadcasts_store.deliveries_by_state(visit.db, row.id) if under_way else {},
        per_second=visit.desk.per_second,
        mine=row.author == visit.account.name,
    )


async def approve(visit: Visit) -> Response:
    """The second person lets it begin; recipients are fixed now, whoever follows later gets nothing."""
    row = await _row(visit)
    path = f"/staff/broadcasts/{row.id}"
    if row.author == visit.account.name:
        return visit.refuse(path, visit.say("Une autre personne doit approuver ce message : vous l’avez écrit."))
    audience = AUDIENCES.get(row.audience)
    revision = whole_number(visit.field("revision"))
    if audience is None or revision is None:
        raise NotHere
    followers = await audience.followers(visit.db, visit.desk.live.house, row.target, channels=_channels(row))
    begun = await broadcasts_store.approve(
        visit.db,
        row.id,
        revision=revision,
        approver=visit.account.name,
        recipients=[follower.conversation_id for follower in followers],
        now=visit.now,
    )
    if not begun:
        return visit.refuse(path, visit.say("Ce message a changé entre-temps : relisez-le avant d’approuver."))
    visit.detail |= {"begun": begun, "recipients": len(followers)}
    return visit.go(path, visit.say("L’envoi commence."))


async def stop(visit: Visit) -> Response:
    """Nobody who has not got it gets it; what lies ready to be sent is taken back."""
    row = await _row(visit)
    stopped = await broadcasts_store.end(visit.db, row.id, "stopped", by=visit.account.name, now=visit.now)
    path = f"/staff/broadcasts/{row.id}"
    if not stopped:
        return visit.refuse(path, visit.say("Cet envoi n’est pas en cours."))
    await broadcasts_store.take_back(visit.db, row.id)
    row.counts = await broadcasts_store.counts(visit.db, row.id)
    return visit.go(path, visit.say("Envoi arrêté."))


async def drop(visit: Visit) -> Response:
    row = await _row(visit)
    dropped = await broadcasts_store.end(visit.db, row.id, "dropped", by=visit.account.name, now=visit.now)
    if not dropped:
        return visit.refuse("/staff/broadcasts", visit.say("Trop tard : ce message n’est plus à approuver."))
    return visit.go("/staff/broadcasts", visit.say("Message jeté."))


async def _row(visit: Visit) -> BroadcastRow:
    """The message of the path; the demonstration sees its own and no other."""
    row = await visit.db.get(BroadcastRow, visit.number("id"))
    if row is None or row.demo != visit.account.demo:
        raise NotHere
    return row


def _channels(row: BroadcastRow) -> tuple[str, ...] | None:
    return TRIED_BY_ANYBODY if row.demo else None


async def _counted(visit: Visit, row: BroadcastRow) -> DryRun | None:
    audience = AUDIENCES.get(row.audience)
    if audience is None:
        return None
    followers = await audience.followers(visit.db, visit.desk.live.house, row.target, channels=_channels(row))
    ways = await visit.desk.reach(visit.db, followers)
    return dry_run(followers, ways, per_second=visit.desk.per_second)


def _written(visit: Visit) -> Written:
    kind, _, target = visit.field("to", longest=150).partition(":")
    texts = {tag.value: text for tag in Language if (text := visit.field(f"text.{tag}", longest=None))}
    audience = AUDIENCES.get(kind)
    known = audience is not None and target in dict(audience.choices(visit.desk.live.house, Language.FRENCH))
    problem = visit.too_long(LONGEST, *texts.values())
    if problem is None and not known:
        problem = visit.say("Choisissez à qui ce message s’adresse.")
    elif problem is None and len(texts) < len(Language):
        problem = visit.say("Écrivez le message dans les quatre langues : chacun reçoit la sienne.")
    return Written(kind, target, texts, problem)


def _form(visit: Visit, row: BroadcastRow | None, written: Written, *, status: int = 200) -> Response:
    language = visit.reads
    choices = {kind: audience.choices(visit.desk.live.house, language) for kind, audience in AUDIENCES.items()}
    return visit.page(
        "broadcast_form.html",
        status=status,
        row=row,
        written=written,
        choices={kind: found for kind, found in choices.items() if found},
        tags=[tag.value for tag in Language],
        longest=LONGEST,
    )


def _target_name(visit: Visit, row: BroadcastRow) -> str:
    audience = AUDIENCES.get(row.audience)
    return dict(audience.choices(visit.desk.live.house, visit.reads)).get(row.target, row.target) if audience else ""
