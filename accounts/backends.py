"""How people are known again on every request: with the number of notices they have not opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import ModelBackend
from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import Notice, User

if TYPE_CHECKING:
    from uuid import UUID


class _WithUnread(ModelBackend):
    """Reads the person and `unread_notices`, which every page shows, in one query."""

    def get_user(self, user_id: UUID) -> User | None:
        """Return the person who is signed in, or None when the account is closed."""
        unread = (
            Notice.objects.unread()
            .filter(recipient=OuterRef("pk"))
            .order_by()
            .values("recipient")
            .annotate(number=Count("pk"))
            .values("number")
        )
        people = User.objects.annotate(unread_notices=Coalesce(Subquery(unread), Value(0)))
        person: User | None = people.filter(pk=user_id).first()
        return person if person is not None and self.user_can_authenticate(person) else None


class PasswordBackend(_WithUnread):
    """Sign-in of the admin."""


class SignInBackend(_WithUnread, AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """Sign-in of the pages."""
