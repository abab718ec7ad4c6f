"""Addresses: the desk and its entrance, the API and the public site, in Spanish under /es/."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

admin.autodiscover()

handler400 = "promises.site.outages.page_of_no_sense"
handler500 = "promises.site.outages.page_of_failure"
urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("promises.desk.entrance.urls")),
    path("api/", include("promises.api.urls")),
    path("internal/", include("promises.watching.urls")),
    path("", include("promises.site.for_programs")),
    *i18n_patterns(path("", include("promises.site.urls")), prefix_default_language=False),
]
