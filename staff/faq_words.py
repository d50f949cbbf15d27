"""The problems of an answer in the words of the desk."""

from collections.abc import Callable

from actions.example_check import Neighbour
from actions.faq_check import MAX_ANSWER, Problem

Say = Callable[..., str]


def problem_in_words(say: Say, problem: Problem | Neighbour) -> str:
    """What is wrong and what to do, in the reader's language."""
    if isinstance(problem, Neighbour):
        return say(
            "L’exemple « {text} » est déjà un exemple de {intent} : retirez-le d’un des deux.",
            text=problem.text,
            intent=problem.other_intent,
        )
    match problem.code:
        case "missing":
            return say("Le champ « {about} » est vide : remplissez-le.", about=problem.about)
        case "no_date":
            return say("« {about} » n’est pas une date : écrivez-la comme 2027-05-22.", about=problem.about)
        case "expired":
            return say("La réponse est périmée : revérifiez-la et changez la date de validité.")
        case "future":
            return say("La date de vérification est dans le futur.")
        case "source":
            return say("Chaque source a une adresse et une date : « adresse | date ».")
        case "no_text":
            return say("Il manque le texte : {about}.", about=problem.about)
        case "too_long":
            return say("Texte trop long ({about}) : {most} caractères au plus.", about=problem.about, most=MAX_ANSWER)
        case "related":
            return say("La question voisine « {about} » n’existe pas.", about=problem.about)
        case _:
            return problem.message
