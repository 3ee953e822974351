"""People at their desks: their browsers, addresses, forms sent, where an audit stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.test import Client
from django.urls import reverse

from accounts.models import User
from audits.models import Audit

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer


def browser(user: User | AnonymousUser | None = None) -> Client:
    """A browser in which somebody signed in, in the person's own language; or nobody."""
    client = Client()
    if isinstance(user, User):
        client.force_login(user)
    return client


def url(name: str, audit: Audit, *more: str) -> str:
    """The address of a page of the portal about an audit."""
    return reverse(f"portal:{name}", args=[audit.number, *more])


def client_of(user: User) -> Client:
    """A browser in English."""
    type(user).objects.filter(pk=user.pk).update(locale="en")
    client = Client()
    client.force_login(type(user).objects.get(pk=user.pk))
    return client


def send(user: User, name: str, audit: Audit, *more: str, **data: Any) -> Answer:
    """Send the form of a page as it was opened now, unless the data say which version was seen."""
    data.setdefault("version", audit.version)
    address = reverse(f"console:{name}", args=[audit.number, *more])
    return client_of(user).post(address, data)


def status_of(audit: Audit) -> str:
    return Audit.objects.get(pk=audit.pk).status
