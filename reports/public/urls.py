"""Pages of this room that anybody may open."""

from __future__ import annotations

from django.urls import path

from reports.public import files, views

urlpatterns = [
    path("verify/", views.ask, name="verify_ask"),
    path("verify/file/", files.verify_file, name="verify_file"),
    path("verify/certificates.pem", files.certificates, name="verify_certificates"),
    path("verify/orime_verify.py", files.offline, name="verify_offline"),
    path("verify/<str:code>/", views.verify, name="verify"),
]
