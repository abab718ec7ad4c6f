from promises.pledges.querysets.general_terms import GeneralTermQuerySet
from promises.pledges.querysets.pledges import PUBLIC_PLEDGE, CriterionQuerySet, PledgeQuerySet
from promises.pledges.querysets.topics import TopicQuerySet
from promises.pledges.querysets.translations import PledgeTranslationQuerySet

__all__ = [
    "PUBLIC_PLEDGE",
    "CriterionQuerySet",
    "GeneralTermQuerySet",
    "PledgeQuerySet",
    "PledgeTranslationQuerySet",
    "TopicQuerySet",
]
