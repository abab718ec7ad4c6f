"""Days in sentences, as pages print them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.utils.translation import override

from promises.common.dates import day_in_words, moment_in_words, with_days_in_words


def test_a_day_is_written_in_the_language_of_its_reader() -> None:
    assert day_in_words(date(2018, 7, 3)) == "3 July 2018"
    with override("es"):
        assert day_in_words(date(2018, 7, 3)) == "3 de julio de 2018"


def test_a_moment_is_written_in_utc_and_says_so() -> None:
    east = timezone(timedelta(hours=2))
    assert moment_in_words(datetime(2018, 7, 3, 12, tzinfo=UTC)) == "3 July 2018, 12:00 UTC"
    assert moment_in_words(datetime(2018, 7, 3, 1, tzinfo=east)) == "2 July 2018, 23:00 UTC"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Not before 2018-07-03.", "Not before 3 July 2018."),
        ("Held until 2018-07-03 12:00 UTC.", "Held until 3 July 2018, 12:00 UTC."),
        ("From 2018-07-03 to 2019-07-03", "From 3 July 2018 to 3 July 2019"),
        ("It is known as “ev-2018-07-03”.", "It is known as “ev-2018-07-03”."),
        ("It is known as “2018-07-03-memo”.", "It is known as “2018-07-03-memo”."),
        ("There is no 2018-13-03.", "There is no 2018-13-03."),
    ],
)
def test_a_sentence_of_the_database_tells_days_as_pages_do(said: str, told: str) -> None:
    assert with_days_in_words(said) == told
