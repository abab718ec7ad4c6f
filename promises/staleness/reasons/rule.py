"""What is declared of a reason."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Rule:
    """One reason: what makes it true, from which day, on what data, and what a person can do."""

    says: str | Promise
    # The limit, in words; where the policy sets it, it stands in the facts.
    threshold: str | Promise
    # The facts in words, with the names of the facts in braces.
    data: str | Promise
    clears_by: str | Promise
    sql: str
    # Days, where the rule itself sets them.
    limit: int = 0
    # Whether the policy's days of grace pass before it is flagged.
    has_grace: bool = False
    # Drafts are secret: what rests on one stays at the desk.
    is_public: bool = True

    @property
    def threshold_in_words(self) -> str:
        """The limit with its number."""
        return str(self.threshold).format(limit=self.limit)
