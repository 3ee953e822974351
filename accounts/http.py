"""Request types for views: what `request.user` is once the middleware has run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from accounts.models import User


class UserRequest(HttpRequest):
    """A request of somebody signed in (django's own annotation is a union with anonymous)."""

    user: User
    htmx: HtmxDetails
