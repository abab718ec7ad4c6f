"""The custody export on the page of a pledge."""

from tempfile import TemporaryFile
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse

from promises.captures.custody import NotWhole, write_custody
from promises.desk.newsroom.pages import ItemAdmin
from promises.editorial.choices import State


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
        archive = TemporaryFile()  # noqa: SIM115 -- the response closes it
        try:
            write_custody(pledge=pledge, into=archive)
        except NotWhole as error:
            archive.close()
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:pledges_pledge_change", args=[pk]))
        archive.seek(0)
        return FileResponse(archive, as_attachment=True, filename=f"custody-{pledge.slug}.zip")

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **given: Any
    ) -> Any:
        """Offer the export of what is public."""
        pledge = context["original"]
        if pledge is not None and pledge.state == State.PUBLISHED:
            context["custody"] = reverse("admin:pledges_pledge_custody", args=[pledge.pk])
        return super().render_change_form(request, context, *args, **given)
