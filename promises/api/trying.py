"""The page on which requests can be tried."""

from drf_spectacular.views import SpectacularSwaggerSplitView

from promises.api.reading import ReadOnly


class TryView(ReadOnly, SpectacularSwaggerSplitView):
    """Swagger UI, served from here, without anything inline: our CSP forbids that."""

    schema = None
    url_name = "api-schema"
    template_name = "api/try.html"
    template_name_js = "api/try.js"
