"""Pages of this room that anybody may open."""

from __future__ import annotations

from django.urls import path

from reports.public import views

urlpatterns = [
    path("verify/", views.ask, name="verify_ask"),
    path("verify/<str:code>/", views.verify, name="verify"),
]
