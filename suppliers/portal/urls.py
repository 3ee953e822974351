"""Pages of this room in the portal."""

from __future__ import annotations

from django.urls import path

from suppliers.portal import profiles, sharing, sites

urlpatterns = [
    path("sites/add/", sites.add_site, name="site_add"),
    path("sites/<uuid:pk>/edit/", sites.edit_site, name="site_edit"),
    path("sites/<uuid:pk>/profile/", profiles.edit_profile, name="profile_edit"),
    path("sites/<uuid:pk>/sharing/", sharing.list_grants, name="sharing"),
    path("sites/<uuid:pk>/sharing/<uuid:grant>/", sharing.revoke_grant, name="sharing_revoke"),
]
