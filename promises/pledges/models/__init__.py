from promises.pledges.models.general_terms import GeneralTerm
from promises.pledges.models.pledges import DERIVED, Criterion, Pledge
from promises.pledges.models.topics import Topic
from promises.pledges.models.translations import PledgeTranslation

__all__ = ["DERIVED", "Criterion", "GeneralTerm", "Pledge", "PledgeTranslation", "Topic"]
