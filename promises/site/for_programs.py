"""Addresses of what programs ask for: one each, whatever the language (DESIGN §6)."""

from django.urls import path

from promises.site.pages import (
    citing,
    embeds,
    evidence,
    machines,
    metrics,
    packages,
    pledge,
    prosecutors,
    sitemaps,
)

app_name = "programs"
urlpatterns = [
    path("prosecutors/<slug:slug>/pledges.csv", prosecutors.prosecutor_csv, name="prosecutor_csv"),
    path("pledges/<slug:slug>/ratings.csv", pledge.pledge_csv, name="pledge_csv"),
    path("pledges/<slug:slug>/cite.bib", citing.bibtex, name="pledge_bib"),
    path("evidence/<slug:slug>/copies/<str:sha256>", evidence.evidence_copy, name="evidence_copy"),
    path("metrics/<slug:slug>/values.csv", metrics.metric_csv, name="metric_csv"),
    path("data/<str:day>/<str:name>", packages.file, name="data_file"),
    path("oembed", embeds.oembed, name="oembed"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemaps.part, name="sitemap_part"),
    path("healthz", machines.healthz, name="healthz"),
    path("readyz", machines.readyz, name="readyz"),
    path("llms.txt", machines.llms, name="llms"),
    path("robots.txt", machines.robots, name="robots"),
]
