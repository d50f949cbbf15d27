"""After a request was filed: its deadline in words, an extra question that never stands in the way, and what the person says
to "is it fixed?"."""

import re
from datetime import datetime

from actions.dates import spoken_date
from actions.places import name_of, place_in
from actions.reply import Choice, Reply, Say, Words, say
from actions.requests import changes
from actions.requests.categories import Category, Question
from actions.requests.consent import says_no
from actions.requests.life import CITIZEN, RequestState
from actions.turn import Turn, button, with_choices
from nlu.text import normalise, words
from nlu.understanding import Decision, Language, Understanding
from store import requests as requests_store
from store.tables import ServiceRequestRow

MAX_QUESTIONS = 2
_LONGEST_ANSWER = 100
_WORDS_OF_A_NUMBER = 5
_WORDS_OF_A_BARE = 2
_NUMBER = re.compile(r"\d{2}|\b\d\b")
"""A single digit among letters is a letter of Darija: "w9e3"."""


def filed(turn: Turn, row: ServiceRequestRow) -> Reply:
    """The number, who answers for it and by when."""
    due = due_in_words(turn, turn.house.desk.category(row), row.due_at)
    reply = say("request.filed", number=row.number, body=Words(row.body), due=due)
    return with_choices(reply, *choices_about(turn, row))


def choices_about(turn: Turn, row: ServiceRequestRow) -> tuple[Choice, ...]:
    """What one may want to do next with a request that was just filed or added to."""
    return (
        button("request.button.status", f"s:{row.number}"),
        button("request.button.receipt", f"rc:{row.number}"),
        button("request.button.add", f"ad:{row.number}"),
    )


def due_in_words(turn: Turn, category: Category, due: datetime | None) -> Say:
    """ "Réponse due avant le …", with whose deadline it is; honest words where no source gives one."""
    deadline = category.deadline
    if due is None or deadline is None:
        return Say("request.due_unknown")
    local = due.astimezone(turn.now.tzinfo)
    said = {"date": spoken_date(local.date()), "deadline": Words(deadline.said[turn.language])}
    return Say("request.due_hour", {**said, "time": f"{local:%H:%M}"}) if deadline.hours else Say("request.due", said)


async def with_extra_question(turn: Turn, row: ServiceRequestRow, reply: Reply) -> Reply:
    """The reply followed by the next question of the category that the report did not answer, if there is one."""
    question = _next_question(turn, row)
    if question is None:
        return reply
    turn.state.awaiting = f"question:{row.number}:{question.id}"
    choices = [
        Choice(Words(label[turn.language]), f"q:{row.number}:{question.id}:{key}")
        for key, label in question.choices.items()
    ]
    asked = Reply((*reply.parts, Words(question.ask[turn.language])))
    return with_choices(
        asked,
        *choices,
        button("request.button.skip", f"q:{row.number}:{question.id}:"),
        *choices_about(turn, row),
    )


async def chosen_answer(turn: Turn, payload: str) -> Reply | None:
    """A button under an extra question: "<number>:<question>:<choice>", without a choice to skip it."""
    number, _, rest = payload.partition(":")
    question_id, _, choice = rest.partition(":")
    row = await requests_store.own_request(turn.session, turn.conversation_id, number)
    question = _question(turn, row, question_id) if row else None
    if row is None or question is None or (choice and choice not in question.choices):
        return None
    turn.state.awaiting = None
    if not choice:
        return with_choices(say("request.question_skipped"), *choices_about(turn, row))
    return await _answered(turn, row, question, choice)


async def written_answer(turn: Turn) -> Reply | None:
    """Words that answer the extra question asked last; None when they are about something else."""
    kind, _, rest = (turn.state.awaiting or "").partition(":")
    if kind != "question" or turn.incoming.text is None:
        return None
    turn.state.awaiting = None
    number, _, question_id = rest.partition(":")
    row = await requests_store.own_request(turn.session, turn.conversation_id, number)
    question = _question(turn, row, question_id) if row else None
    if row is None or question is None:
        return None
    understanding = turn.understanding
    bare = _meant_by_yes_or_no(turn, question)
    if bare is not None:
        return await _answered(turn, row, question, bare)
    if understanding and understanding.intent == "deny" and understanding.decision is Decision.ANSWER:
        return with_choices(say("request.question_skipped"), *choices_about(turn, row))
    text = turn.incoming.text.strip()
    if question.choices:
        new_report = understanding is not None and _is_report(understanding) and not corrects(turn, row)
        if new_report or not question.is_answered_by(text):
            return None
    elif not _NUMBER.search(normalise(text)) or len(words(text)) > _WORDS_OF_A_NUMBER:
        return None
    return await _answered(turn, row, question, text[:_LONGEST_ANSWER])


def _meant_by_yes_or_no(turn: Turn, question: Question) -> str | None:
    """The choice that a yes or a no of a word or two means, where the question is one that it answers."""
    said = turn.house.report_words
    if len(words(turn.text)) > _WORDS_OF_A_BARE:
        return None
    if said.begins_yes.begin(turn.text) and not said.holds_back.are_in(turn.text):
        return question.yes
    return question.no if said.negation.begin(turn.text) or says_no(turn) else None


def corrects(turn: Turn, row: ServiceRequestRow) -> bool:
    """ "راه ولاو جوج كلاب ماشي واحد": of the same matter, with a "not" and without a place of its own."""
    meant = turn.understanding.intent if turn.understanding else ""
    return meant == row.category and place_in(turn) is None and turn.house.report_words.not_this.are_in(turn.text)


async def is_fixed(turn: Turn, number: str, *, fixed: bool) -> Reply:
    """The answer to "is it fixed?": yes closes the request, no opens it again."""
    turn.state.awaiting = None
    row = await requests_store.own_request(turn.session, turn.conversation_id, number)
    if row is None:
        return say("request.not_found", number=number)
    if row.status != RequestState.FIXED and not (row.status == RequestState.CLOSED and not fixed):
        return with_choices(
            say("request.survey.late", number=number, state=Say(f"request.state.{row.status}")),
            *choices_about(turn, row),
        )
    target = RequestState.CLOSED if fixed else RequestState.REOPENED
    turn.pushes += await changes.change_state(
        turn.session,
        turn.house.desk,
        row,
        target,
        actor=CITIZEN,
        now=turn.now,
        by_conversation=turn.conversation_id,
    )
    return with_choices(
        say("request.survey.yes" if fixed else "request.survey.no", number=number), *choices_about(turn, row)
    )


async def complaint(turn: Turn, number: str) -> Reply:
    """The text of an official complaint about a request whose time has passed."""
    row = await requests_store.own_request(turn.session, turn.conversation_id, number)
    if row is None:
        return say("request.not_found", number=number)
    deadline = turn.house.desk.category(row).deadline
    # Complaints are written in Arabic or French: Darija in Latin letters and English get the French text.
    language = Language.DARIJA if turn.language is Language.DARIJA else Language.FRENCH
    arrondissement = turn.house.city.place(row.arrondissement) if row.arrondissement else None
    place = ", ".join(
        part for part in (row.place_text, name_of(arrondissement, language) if arrondissement else "") if part
    )
    return Reply(
        (
            Say("request.complaint.intro"),
            Say(
                "request.complaint.text",
                {
                    "number": row.number,
                    "date": spoken_date(row.created_at.astimezone(turn.now.tzinfo).date()),
                    "what": Words(turn.house.knowledge.label(row.category, language)),
                    "place": Words(place or "-"),
                    "body": Words(row.body),
                    "deadline": Words(deadline.said[language] if deadline else "-"),
                },
            ),
        )
    )


async def _answered(turn: Turn, row: ServiceRequestRow, question: Question, answer: str) -> Reply:
    await changes.answer_question(turn.session, row, question.id, answer, now=turn.now)
    thanks = with_choices(say("request.question_answered", number=row.number), *choices_about(turn, row))
    return await with_extra_question(turn, row, thanks)


def _next_question(turn: Turn, row: ServiceRequestRow) -> Question | None:
    if len(row.answers) >= MAX_QUESTIONS:
        return None
    said = f"{row.description} {row.place_text}"
    questions = turn.house.desk.category(row).questions[:MAX_QUESTIONS]
    return next((q for q in questions if q.id not in row.answers and not q.is_answered_by(said)), None)


def _question(turn: Turn, row: ServiceRequestRow, question_id: str) -> Question | None:
    return next((q for q in turn.house.desk.category(row).questions if q.id == question_id), None)


def _is_report(understanding: Understanding) -> bool:
    return understanding.decision is Decision.ANSWER and understanding.intent.startswith("report/")
