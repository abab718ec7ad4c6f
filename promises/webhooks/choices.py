from django.db import models
from django.utils.translation import gettext_lazy as _


class Closing(models.TextChoices):
    """Why nothing is sent to an endpoint any more."""

    OWNER = "owner", _("its owner closed it")
    ADMINISTRATOR = "administrator", _("an administrator closed it")
    LOGIN_CLOSED = "login_closed", _("the login of its owner was closed")
    GONE = "gone", _("it answered 410: it is gone for good")
    FAILING = "failing", _("it took nothing for days")


class Unsent(models.TextChoices):
    """Why a message was given up."""

    TRIED_OUT = "tried_out", _("every try failed")
    WITHHELD = "withheld", _("what it was to tell is not public any more")
    CLOSED = "closed", _("the endpoint was closed")
