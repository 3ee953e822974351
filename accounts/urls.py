"""Pages about oneself."""

from __future__ import annotations

from django.urls import path

from accounts.portal import notices, views

urlpatterns = [
    path("", views.home, name="home"),
    path("notices/", notices.notices, name="notices"),
    path("notices/mail/", notices.mail_rhythm, name="mail_rhythm"),
    path("notices/<uuid:pk>/", notices.notice, name="notice"),
    path("language/", views.set_language, name="set_language"),
]
