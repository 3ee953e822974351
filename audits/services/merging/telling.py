"""Telling the managers of two merged suppliers that there is one entry for their company."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from accounts.letters import letter
from accounts.services.notices import notify
from accounts.services.people import people_of
from accounts.terms import Role

if TYPE_CHECKING:
    from accounts.letters import Message
    from suppliers.models import Supplier

MERGED = letter(
    "supplier-merged",
    gettext_lazy("Your company was registered twice; the entries are one now."),
    to=(gettext_lazy("Managers of the supplier"),),
    when=gettext_lazy("Two entries of one company are merged."),
    group=gettext_lazy("Scheme"),
    example_body=gettext_lazy(
        "“Mihon Textile” was merged into “Mihon Textile Co., Ltd.”.\nReason: the same company"
    ),
)


def tell_of_merge(keep: Supplier, drop: Supplier, reason: str) -> int:
    """Tell the managers, by now of both, what was merged into what and why; return how many."""

    def message() -> Message:
        said = [
            _("“%(name)s” was merged into “%(into)s”.")
            % {"name": drop.name_ja, "into": keep.name_ja},
            _(
                "Sites, audits and people are all there; what is shared with brands has not changed."
            ),
            _("Reason: %(reason)s") % {"reason": reason},
        ]
        return MERGED.message(body="\n".join(said), path=reverse("portal:sites"))

    people = people_of(keep.organisation_id, Role.MANAGER, Role.ADMINISTRATOR)
    return notify(people, f"merged:{drop.pk}", message)
