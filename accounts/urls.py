"""Pages about oneself."""

from __future__ import annotations

from django.urls import path

from accounts.portal import notices, views

urlpatterns = [
    path("", views.home, name="home"),
    path("notices/", notices.notices, name="notices"),
    path("language/", views.set_language, name="set_language"),
]
