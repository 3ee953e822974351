"""Letters about one's sign-in: links that are asked for, and changes that the person should know of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.letters import Letter, letter

GROUP = _("Sign-in")
ASKER = _("Whoever has the address")
PERSON = _("The person whose sign-in it is")
NOT_ME = _(
    "If it was not you, change your password at once and tell the administrator of your organisation."
)
UNASKED = _("If you did not ask for this, you need not do anything.")

# Sent at once and never kept, because of the link in them; by the name that allauth has for it.
LINKS: dict[str, Letter] = {
    f"account/email/{name}": letter(
        f"sign-in-{name.replace('_', '-')}",
        sentence,
        to=(ASKER,),
        when=when,
        group=GROUP,
        urgent=True,
        example_body=UNASKED,
    )
    for name, sentence, when in (
        (
            "password_reset_key",
            _("Choose a new password for Orime."),
            _("Somebody asks for a new password on the sign-in page."),
        ),
        (
            "email_confirmation",
            _("Confirm that this e-mail address is yours."),
            _("Somebody enters an e-mail address for signing in."),
        ),
        (
            "account_already_exists",
            _("There is an account with this e-mail address already."),
            _("Somebody enters an e-mail address that another account has."),
        ),
    )
}

# Told like every other notice; by the name that allauth has for it.
CHANGES: dict[str, Letter] = {
    name: letter(
        f"sign-in-{name.rsplit('/', 1)[1].replace('_', '-')}",
        sentence,
        to=(PERSON,),
        when=_("As soon as it happens."),
        group=GROUP,
        urgent=True,
        examples={"at": "2026-11-30 10:15"},
        example_body=NOT_ME,
    )
    for name, sentence in (
        ("account/email/password_changed", _("Your password was changed (%(at)s).")),
        ("account/email/password_set", _("A password was set for your account (%(at)s).")),
        ("account/email/password_reset", _("Your password was replaced by a new one (%(at)s).")),
        ("account/email/email_changed", _("The e-mail address of your account changed (%(at)s).")),
        ("account/email/email_confirm", _("An e-mail address was confirmed (%(at)s).")),
        (
            "account/email/email_deleted",
            _("An e-mail address was removed from your account (%(at)s)."),
        ),
        ("mfa/email/totp_activated", _("The authenticator app was activated (%(at)s).")),
        ("mfa/email/totp_deactivated", _("The authenticator app was deactivated (%(at)s).")),
        (
            "mfa/email/recovery_codes_generated",
            _("New recovery codes were made for your account (%(at)s)."),
        ),
        ("mfa/email/webauthn_added", _("A security key was added to your account (%(at)s).")),
        (
            "mfa/email/webauthn_removed",
            _("A security key was removed from your account (%(at)s)."),
        ),
    )
}
