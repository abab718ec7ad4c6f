from promises.accounts.actions import service_account
from promises.vocabulary.gathering import gather_words
from tests.record import NOW


def gather() -> int:
    """Gather the words of a test's record as a worker does, without waiting for its turn."""
    by = service_account(name="words", display_name="Gatherer of words")
    return gather_words(by=by, now=NOW, is_asked=True)
