"""The orders that lists share. Each ends in a public name, so that no two rows are level."""

from promises.api.paging import Key, Order, day, moment, number

SLUG = Key("slug")
BY_SLUG = Order("slug", (SLUG,), "by public name")


def by_day(
    name: str, about: str, *, is_nullable: bool = False, newest_first: bool = False
) -> Order:
    """Return the order by a day, then by slug."""
    return Order(name, (Key(name, day, is_nullable), SLUG), about, is_descending=newest_first)


def by_moment(
    name: str, about: str, *, is_nullable: bool = False, newest_first: bool = False
) -> Order:
    """Return the order by a moment, then by slug."""
    return Order(name, (Key(name, moment, is_nullable), SLUG), about, is_descending=newest_first)


def by_text(name: str, about: str) -> Order:
    """Return the order by a text, then by slug."""
    return Order(name, (Key(name), SLUG), about)


def by_moment_of(name: str, *names: str, about: str, newest_first: bool) -> Order:
    """Return the order by a moment, then by public names.

    The id, hidden in the cursor, keeps two rows of the same moment and names apart.
    """
    keys = (Key(name, moment), *map(Key, names), Key("pk", number))
    return Order(name, keys, about, is_descending=newest_first)


def by_moment_of_pledge(name: str, about: str, *, newest_first: bool = False) -> Order:
    """Return the order of acts on a pledge by a moment."""
    return by_moment_of(name, "pledge__slug", about=about, newest_first=newest_first)


def by_day_of_pledge(name: str, about: str) -> Order:
    """Return the order of rows about a pledge by a day."""
    return Order(name, (Key(name, day), Key("pledge__slug"), Key("pk", number)), about)
