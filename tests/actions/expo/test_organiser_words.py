from nlu.programme_words import has_time


def test_an_amount_of_time_is_had_but_a_moment_is_not() -> None:
    had = [
        "journaliste, j'ai 30 minutes",
        "I have 1 hour before my train",
        "chno n9der nchouf f 30 d9i9a",
        "j'ai une heure",
    ]
    moments = ["I have a meeting in 30 minutes", "j'ai rdv dans 30 minutes", "30 minutes", "j'ai 30 ans"]
    assert [text for text in had + moments if has_time(text)] == had
