"""Addresses of the public site: a contract, changed only by adding (DESIGN §6)."""

from django.urls import path

from promises.site.pages import (
    challenges,
    evidence,
    feeds,
    home,
    machines,
    metrics,
    pledge,
    pledges,
    prosecutors,
    records,
    reference,
    search,
    stale,
    topics,
)

app_name = "site"
urlpatterns = [
    path("", home.home, name="home"),
    path("prosecutors/", prosecutors.prosecutors, name="prosecutors"),
    path("prosecutors/<slug:slug>/", prosecutors.prosecutor, name="prosecutor"),
    path("pledges/", pledges.pledges, name="pledges"),
    path("pledges/<slug:slug>/", pledge.pledge, name="pledge"),
    path("pledges/<slug:slug>/challenge/", challenges.challenge, name="challenge"),
    path("challenges/<slug:reference>/", challenges.tracking, name="tracking"),
    path("topics/", topics.topics, name="topics"),
    path("topics/<slug:slug>/", topics.topic, name="topic"),
    path("updates/", records.updates, name="updates"),
    path("stale/", stale.stale, name="stale"),
    path("stale.atom", feeds.stale_atom, name="stale_atom"),
    path("stale.json", feeds.stale_json, name="stale_json"),
    path("evidence/<slug:slug>/", evidence.evidence, name="evidence"),
    path("metrics/", metrics.metrics, name="metrics"),
    path("metrics/<slug:slug>/", metrics.metric, name="metric"),
    path("search/", search.search, name="search"),
    path("methodology/", reference.methodology, name="methodology"),
    path("corrections/", records.corrections, name="corrections"),
    path("corrections.atom", feeds.corrections_atom, name="corrections_atom"),
    path("corrections.json", feeds.corrections_json, name="corrections_json"),
    path("about/", reference.about, name="about"),
    path("data/", reference.data, name="data"),
    path("healthz", machines.healthz, name="healthz"),
    path("readyz", machines.readyz, name="readyz"),
    path("robots.txt", machines.robots, name="robots"),
]
