"""Pages about oneself."""

from __future__ import annotations

from django.urls import path

from accounts.portal import notices, people, views, welcome

urlpatterns = [
    path("", views.home, name="home"),
    path("notices/", notices.notices, name="notices"),
    path("notices/mail/", notices.mail_rhythm, name="mail_rhythm"),
    path("notices/<uuid:pk>/", notices.notice, name="notice"),
    path("people/", people.list_organisations, name="people"),
    path("people/<uuid:pk>/", people.show_organisation, name="people_of"),
    path("people/<uuid:pk>/roles/<int:place>/end/", people.end_role, name="end_role"),
    path(
        "people/<uuid:pk>/invitations/<uuid:invitation>/",
        people.change_invitation,
        name="change_invitation",
    ),
    path("invitations/<uuid:pk>/", welcome.show_invitation, name="invitation"),
    path("welcome/<str:token>/", welcome.welcome, name="welcome"),
    path("language/", views.set_language, name="set_language"),
]
