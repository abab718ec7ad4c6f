"""The custody export on the page of a pledge."""

from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from promises.captures.custody import NotWhole, write_custody
from promises.desk.newsroom.pages import ItemAdmin
from promises.editorial.choices import State
from promises.pledges.models import Pledge
from promises.serving.aside import NoPlaceAside, told

NO_ROOM = _(
    "This server has no room at the moment to put the file together. Nothing of the record is"
    " lost: tell whoever runs the tracker, and try again later."
)


class WithCustody(ItemAdmin):
    """A pledge whose copies can be taken away, with all that proves them."""

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the export."""
        view = self.admin_site.admin_view(self.custody_view)
        there = path("<int:pk>/custody.zip", view, name="pledges_pledge_custody")
        return [there, *super().get_urls()]

    def custody_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Hand out the export of a public pledge, or say which file is not whole."""
        pledge = self.get_object(request, str(pk)) if self.has_view_permission(request) else None
        if pledge is None or pledge.state != State.PUBLISHED:
            raise Http404
        try:
            archive = _custody_of(pledge)
        except NotWhole as error:
            self.message_user(request, str(error), messages.ERROR)
        except NoPlaceAside:
            self.message_user(request, NO_ROOM, messages.ERROR)
        else:
            name = f"custody-{pledge.slug}.zip"
            return FileResponse(archive, as_attachment=True, filename=name)
        return HttpResponseRedirect(reverse("admin:pledges_pledge_change", args=[pk]))

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **given: Any
    ) -> Any:
        """Offer the export of what is public."""
        pledge = context["original"]
        if pledge is not None and pledge.state == State.PUBLISHED:
            context["custody"] = reverse("admin:pledges_pledge_custody", args=[pledge.pk])
        return super().render_change_form(request, context, *args, **given)


def _custody_of(pledge: Pledge) -> BinaryIO:
    """Return the export from its beginning. Raises NotWhole, NoPlaceAside."""
    with told("a custody export"), ExitStack() as unless_whole:
        archive = unless_whole.enter_context(TemporaryFile())
        write_custody(pledge=pledge, into=archive)
        # What was kept back so far is written, too.
        archive.seek(0)
        unless_whole.pop_all()
    return archive
