"""The people, and the service accounts of brands, who sign in to Orime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts import policies
from accounts.ids import uuid7
from accounts.terms import Kind, Locale, Rhythm

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.policies import Position


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: User | AnonymousUser) -> UserQuerySet:
        """Colleagues of the same organisations; everybody for the scheme owner."""
        if policies.is_scheme_owner(user):
            return self
        return self.filter(memberships__organisation__in=policies.organisation_ids(user)).distinct()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)["User"]):  # type: ignore[misc]  # made at run time
    def get_by_natural_key(self, username: str | None) -> User:
        """Find the user whatever the case in which the address was typed."""
        user: User = self.get(email__iexact=username)
        return user

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a person; without a password nobody can sign in until one is set."""
        user: User = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create somebody who may open the admin and repair reference data."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address, or the service account of a brand."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=100)
    locale = models.CharField(
        _("language"), max_length=2, choices=Locale.choices, default=Locale.JAPANESE
    )
    mail_rhythm = models.CharField(
        _("e-mail"), max_length=10, choices=Rhythm.choices, default=Rhythm.AT_ONCE
    )
    # When the last mail of notices went out: the next waits a little, and two mailers meet here.
    mailed_at = models.DateTimeField(_("last mail"), null=True, blank=True, editable=False)
    is_service = models.BooleanField(_("service account"), default=False)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique_any_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @cached_property
    def positions(self) -> tuple[Position, ...]:
        """The user's memberships that are in force today, read once per request."""
        rows = self.memberships.in_force().select_related("organisation").order_by("pk")
        return tuple(
            policies.Position(row.organisation_id, Kind(row.organisation.kind), row.role)
            for row in rows
        )
