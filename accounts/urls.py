"""Pages about oneself."""

from __future__ import annotations

from django.urls import path

from accounts.portal import views

urlpatterns = [
    path("", views.home, name="home"),
    path("language/", views.set_language, name="set_language"),
]
