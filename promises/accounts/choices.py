from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What someone does at the desk. What each may do stands in `rules.RIGHTS`."""

    RESEARCHER = "researcher", _("Researcher: writes drafts and hands them in")
    EDITOR = "editor", _("Editor: also approves, publishes, retracts, reviews")
    ADMINISTRATOR = "administrator", _("Administrator: also people, roles, policies, offices")
    PARTNER = "partner", _("Partner: a researcher for chosen jurisdictions only")
