"""`casa privacy ...`: how long what people said is kept."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from bot.commands.common import moment, opened_database, or_fail, settings_or_exit

FORGOTTEN_KEPT = timedelta(days=1)
"""How long the address of a person who was forgotten is kept, so that "it is deleted" still reaches them."""

app = typer.Typer(help="Keep people's data no longer than the settings say.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Keep people's data no longer than the settings say."""


@app.command()
def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    at: Annotated[str | None, typer.Option(help="Set the clock: 2027-05-19T10:40, in Casablanca time.")] = None,
) -> None:
    """Delete old messages and make old, finished requests anonymous (RETENTION_MESSAGES_DAYS, RETENTION_REQUESTS_DAYS)."""
    from actions.phrases import read_phrases
    from actions.requests.anonymity import place_without_person
    from actions.requests.life import RequestState, has_ended
    from actions.requests.words import ReportWords
    from bot.assistant import load_desk
    from bot.attachments import open_attachments
    from store import privacy

    settings = settings_or_exit()
    now = moment(at) or datetime.now(UTC)

    async def run() -> privacy.Purged:
        desk = load_desk(settings)
        report_words = read_phrases(settings.root / "data" / "city" / "report_words.yml", ReportWords)
        async with opened_database(settings) as database:
            async with database.transaction() as session:
                ended = [state.value for state in RequestState if has_ended(state)]
                rows = await privacy.requests_to_purge(
                    session, ended, now - timedelta(days=settings.retention_requests_days)
                )
                for row in rows:
                    row.place_text = place_without_person(row, desk.city, report_words)
                purged = await privacy.purge(
                    session,
                    rows,
                    messages_before=now - timedelta(days=settings.retention_messages_days),
                    forgotten_before=now - FORGOTTEN_KEPT,
                )
                if dry_run:
                    await session.rollback()
            if not dry_run:
                open_attachments(settings).delete(purged.files)
                await database.scrub()
            return purged

    purged: privacy.Purged = or_fail(lambda: asyncio.run(run()))
    typer.echo(
        f"{'Would delete' if dry_run else 'Deleted'} {purged.messages} message(s), {purged.replies} reply(ies), "
        f"{len(purged.files)} file(s), {purged.conversations} conversation(s); "
        f"{'would make' if dry_run else 'made'} {len(purged.requests)} request(s) anonymous"
        f"{': ' + ', '.join(purged.requests) if purged.requests else ''}."
    )
