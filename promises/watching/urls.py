"""Addresses for machines of our own."""

from django.urls import path

from promises.watching import door

app_name = "watching"
urlpatterns = [path("metrics", door.metrics, name="metrics")]
