from django.db import models
from django.utils.translation import gettext_lazy as _


class Verdict(models.TextChoices):
    """What came back when the address of a source was asked: the source, or what else."""

    OK = "ok", _("the page")
    GONE = "gone", _("not there (404 or 410)")
    SOFT_404 = "soft_404", _("a page that says it is not there")
    REDIRECTED_HOME = "redirected_home", _("the home page instead")
    PARKED = "parked", _("a page that sells the name of the site")
    LOGIN = "login", _("a page to log in")
    PAYMENT = "payment_required", _("payment asked for (402)")
    FORBIDDEN = "forbidden", _("refused (403)")
    PAYWALL = "paywall", _("the beginning of it, the rest for subscribers")
    BOT_WALL = "bot_wall", _("a test for robots")
    CONSENT_WALL = "consent_wall", _("a question about cookies")
    EMPTY_SHELL = "empty_shell", _("a page without text")
    REGION_BLOCK = "region_block", _("not shown in this country")
    RATE_LIMITED = "rate_limited", _("too many visits (429)")
    SERVER_ERROR = "server_error", _("an error of the server")
    REFUSED = "refused", _("another refusal of the server")
    NO_NAME = "no_name", _("no server of that name")
    UNREACHABLE = "unreachable", _("no answer")
    BAD_CERTIFICATE = "bad_certificate", _("a certificate that is not valid")
    TOO_LARGE = "too_large", _("more than we fetch")
    NOT_VISITED = "not_visited", _("an address that we do not visit")
    ROBOTS = "robots", _("closed to robots by its robots.txt")
    NO_NETWORK = "no_network", _("nothing: it failed on our side")

    @property
    def is_suspect(self) -> bool:
        """Whether what came is not the source itself, so that a copy of it proves nothing."""
        return self != Verdict.OK

    @property
    def is_dead_sign(self) -> bool:
        """Whether it counts towards calling the link dead, when it is seen again and again."""
        return self in DEAD_SIGNS

    @property
    def is_lost_sign(self) -> bool:
        """Whether the server lives and has something else where the source was."""
        return self in LOST_SIGNS


# What a server says that has the page no more, or a server that is no more.
DEAD_SIGNS = (
    Verdict.GONE,
    Verdict.SERVER_ERROR,
    Verdict.NO_NAME,
    Verdict.UNREACHABLE,
)
# The site answers, with another page. Never called dead: the source may be elsewhere on it.
LOST_SIGNS = (Verdict.SOFT_404, Verdict.REDIRECTED_HOME, Verdict.PARKED)
# Nothing came at all: as it is for one server that is gone, and for all when our network is down.
SILENCES = (Verdict.NO_NAME, Verdict.UNREACHABLE)


class LinkState(models.TextChoices):
    """What is known of a source's address, over all checks. The words are for readers."""

    UNCHECKED = "unchecked", _("not checked yet")
    THERE = "there", _("still there")
    FAILING = "failing", _("did not answer lately; not called gone until it fails again")
    DEAD = "dead", _("gone from its address")
    SOFT_404 = "soft_404", _("gone: its address says that the page is not there")
    REDIRECTED_HOME = "redirected_home", _("gone: its address leads to a home page")
    PARKED = "parked", _("gone: the name of its site is for sale")
    LOGIN = "login", _("not readable without a login")
    PAYMENT = "payment_required", _("not readable without a payment")
    FORBIDDEN = "forbidden", _("not shown to our checks")
    PAYWALL = "paywall", _("readable in full for subscribers only")
    BOT_WALL = "bot_wall", _("not shown to our checks, which it takes for robots")
    CONSENT_WALL = "consent_wall", _("shown after a question about cookies only")
    EMPTY_SHELL = "empty_shell", _("there, but our checks cannot read its text")
    REGION_BLOCK = "region_block", _("not shown in every country")
    RATE_LIMITED = "rate_limited", _("too busy for our last check")
    REFUSED = "refused", _("not shown to our last check")
    BAD_CERTIFICATE = "bad_certificate", _("behind a certificate that is not valid")
    TOO_LARGE = "too_large", _("too large for our checks")
    NOT_VISITED = "not_visited", _("at an address that our checks do not visit")
    ROBOTS = "robots", _("closed to checks by its site")


# States in which readers no longer find the source at its address.
LOST_STATES = (LinkState.DEAD, *(LinkState(str(verdict)) for verdict in LOST_SIGNS))
