from django.db import models
from django.utils.translation import gettext_lazy as _


class EvidenceKind(models.TextChoices):
    """What sort of document or record it is."""

    POLICY_MEMO = "policy_memo", _("policy memo")
    COURT_FILING = "court_filing", _("court filing")
    OFFICIAL_DATA = "official_data", _("official data")
    LEGISLATION = "legislation", _("legislation")
    STATEMENT = "statement", _("statement")
    NEWS_REPORT = "news_report", _("news report")
    INDEPENDENT_STUDY = "independent_study", _("independent study")
    CAMPAIGN_MATERIAL = "campaign_material", _("campaign material")
    ELECTION_RESULT = "election_result", _("election result")


# Records made by the act they prove, whoever passes them on.
PRIMARY_KINDS = (
    EvidenceKind.POLICY_MEMO,
    EvidenceKind.COURT_FILING,
    EvidenceKind.OFFICIAL_DATA,
    EvidenceKind.LEGISLATION,
    EvidenceKind.ELECTION_RESULT,
)


class Provenance(models.TextChoices):
    """Where the publisher stands towards the official."""

    SELF_REPORTED = "self_reported", _("the official, the office or the campaign")
    INDEPENDENT = "independent", _("independent")
    ADVERSARIAL = "adversarial", _("an opponent or the other side of a case")


class Stance(models.TextChoices):
    """What a piece of evidence says about one pledge. It belongs to the link, not the evidence."""

    SUPPORTS = "supports", _("supports")
    CONTRADICTS = "contradicts", _("contradicts")
    CONTEXT = "context", _("context")


class Checked(models.TextChoices):
    """How the summary was checked against its source."""

    EXCERPT = "excerpt", _("an excerpt of the page carries the summary")
    COMPUTED = "computed", _("computed from published data")
    UNCONFIRMED = "unconfirmed", _("not confirmed: no page was read")
