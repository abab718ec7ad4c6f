"""Addresses: the desk and its entrance, the API and the public site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("promises.desk.entrance.urls")),
    path("api/", include("promises.api.urls")),
    path("", include("promises.site.urls")),
]
