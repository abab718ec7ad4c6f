from promises.pledges.querysets.general_terms import GeneralTermQuerySet
from promises.pledges.querysets.pledges import CriterionQuerySet, PledgeQuerySet
from promises.pledges.querysets.topics import TopicQuerySet
from promises.pledges.querysets.translations import PledgeTranslationQuerySet

__all__ = [
    "CriterionQuerySet",
    "GeneralTermQuerySet",
    "PledgeQuerySet",
    "PledgeTranslationQuerySet",
    "TopicQuerySet",
]
