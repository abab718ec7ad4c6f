"""What people are at the desk, and what can happen to their logins."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What someone does at the desk. What each may do stands in `rights.RIGHTS`."""

    RESEARCHER = "researcher", _("Researcher: writes drafts and hands them in")
    EDITOR = "editor", _("Editor: also approves, publishes, retracts, reviews")
    ADMINISTRATOR = "administrator", _("Administrator: also people, roles, policies, offices")
    PARTNER = "partner", _("Partner: a researcher for chosen jurisdictions only")


class Happening(models.TextChoices):
    """What the security log keeps."""

    LOGGED_IN = "logged_in", _("logged in")
    LOGIN_FAILED = "login_failed", _("login failed")
    LOGINS_SLOWED = "logins_slowed", _("too many failed attempts, refused for a while")
    LOGGED_OUT = "logged_out", _("logged out")
    SESSION_ENDED = "session_ended", _("session ended")
    PASSWORD_CHANGED = "password_changed", _("password changed")
    EMAIL_CHANGED = "email_changed", _("email address changed")
    LINK_SENT = "link_sent", _("link to set a password sent")
    FACTOR_ADDED = "factor_added", _("second factor added")
    FACTOR_REMOVED = "factor_removed", _("second factor removed")
    CODES_RENEWED = "codes_renewed", _("new recovery codes made")
    KEY_MADE = "key_made", _("API key made")
    KEY_REVOKED = "key_revoked", _("API key revoked")
    KEY_MOVED = "key_moved", _("API key moved to another tier")
    LOGIN_CLOSED = "login_closed", _("login closed")
    LOGIN_OPENED = "login_opened", _("login opened again")


class Means(models.TextChoices):
    """What a person shows to be let in."""

    PASSWORD = "password", _("password")
    TOTP = "totp", _("code of an app")
    RECOVERY_CODES = "recovery_codes", _("recovery code")
    WEBAUTHN = "webauthn", _("passkey")


class Purpose(models.TextChoices):
    """What can be guessed, each with attempts of its own."""

    PASSWORD = "password", _("password")
    CODE = "code", _("second factor")
    LINK = "link", _("link to set a password")


class LetterKind(models.TextChoices):
    """What we write to a person about their login."""

    INVITATION = "invitation", _("invitation")
    PASSWORD_LINK = "password_link", _("link to set a password")
    NOTICE = "notice", _("notice of a change")


class Scope(models.TextChoices):
    """What a key of the API opens."""

    READ = "read", _("read the public record, with more requests an hour")
    SUGGEST = "suggest", _("send suggestions to the editors")
    WEBHOOKS = "webhooks", _("set up webhooks and read their log")


class Tier(models.TextChoices):
    """How many requests an hour a key has. settings.API_TIERS says how many each is."""

    STANDARD = "standard", _("standard")
    PARTNER = "partner", _("partner: mirrors the record")
