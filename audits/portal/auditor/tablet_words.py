"""What the tablet page says while it works; the scripts get it from the page."""

from __future__ import annotations

from django.utils.translation import gettext as _, pgettext


def words() -> dict[str, str]:
    """Return the sentences in the user's language; `{…}` are filled in by the scripts."""
    return {
        # where a card stands
        "nothing": _("Nothing recorded yet"),
        "saving": _("Being saved on this tablet…"),
        "not_kept": _("Not kept on this tablet. It stands only in the form."),
        "waiting": _("Saved on this tablet, not yet sent"),
        "sending": _("On its way to the server…"),
        "saved": _("Saved on the server · version {version}"),
        "conflict": _("Two versions: compare and choose"),
        "refused": _("Not accepted by the server: {sentence}"),
        # where the whole stands
        "all_sent": _("Everything is saved on the server."),
        "to_send": _("{count} waiting on this tablet"),
        "conflicts": _("{count} with two versions: open them and choose"),
        "others": _("{count} of other audits"),
        "refusals": _("{count} not accepted: open them and read why"),
        "offline": _("No network. Everything is kept on this tablet and sent later."),
        "sign_in": _(
            "Your sign-in has ended. Everything is kept on this tablet; sign in again to send it."
        ),
        "server": _(
            "The server does not answer properly ({status}). Everything is kept; it is tried again."
        ),
        "receipt": _(
            "The server's answer has no valid receipt. Everything is kept; it is tried again."
        ),
        "stuck": _(
            "The tablet cannot note what it sends ({error}); perhaps it has no room left. Everything "
            "is kept; free some room on the tablet, then it is sent."
        ),
        "kept": _("Everything is kept on this tablet."),
        "data_at": _("Data of {time}"),
        "progress": _("{done} of {total} assessed"),
        # what the tablet cannot do
        "quota": _(
            "The tablet has no room left, so the last entry was not kept. Send what is waiting, "
            "or free some room, and enter it again."
        ),
        "broken": _(
            "The tablet could not keep the last entry ({error}). Write it down elsewhere and load "
            "the page anew."
        ),
        "unable": _(
            "This browser cannot work without a network. Use the fieldwork page, or open Orime by "
            "HTTPS in a current browser."
        ),
        "no_data": _(
            "This audit has not been loaded onto this tablet yet. Open this page once with a "
            "network."
        ),
        "somebody_else": _(
            "Somebody else is signed in on this device. What was done here without a network is "
            "kept encrypted; it can be read and sent once you have signed in again."
        ),
        "read_only": _(
            "Findings can be written between the start of the audit and the signature only. You "
            "are reading."
        ),
        "too_large": _(
            "{name} is larger than {limit} MB and was not kept. Take it with a lower resolution."
        ),
        # the card
        "requirement_severity": _("the standard says: {severity}"),
        "holder": _("Assigned to: {name}"),
        "photo_waiting": _("on this tablet"),
        "none_shown": _("No requirement to show. Choose another filter."),
        "back": _("Back to not yet assessed"),
        "evidence": _("Evidence"),
        "caption": _("Caption"),
        "caption_help": _("Where and what. Name no person."),
        "class": _("Who may see it"),
        "take": _("Take a photo"),
        "choose_files": _("Choose photos or documents"),
        "give_up_short": _("Give it up"),
        "give_up": _(
            "Give this photo up? It is deleted from this tablet and the server does not have it."
        ),
        # receipts
        "photo": _("photo"),
        "version": _("version {version}"),
        "received": _("{count} received"),
        "as_stored": _("as stored"),
        "check": _("Check with the server"),
        "check_all": _("Check all with the server"),
        # two versions
        "choose": _("Let this choice stand"),
        "differs": _(
            "{who} saved this finding while you had no network. Choose for each field what is to "
            "stand; nothing is lost before you have chosen."
        ),
        "empty": "–",
        "mine": _("Your version"),
        "theirs": _("Stored version"),
        "judgement": _("Judgement"),
        "severity": _("Severity"),
        "methods": pgettext("finding", "How it was seen"),
        "clauses_not_met": _("Clauses not met"),
        "report_text": _("Finding (printed in the report)"),
        "working_note": _("Working note (team and reviewer only)"),
        "reason": _("Reason"),
    }
