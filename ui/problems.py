"""Bodies of application/problem+json answers (RFC 9457)."""

from __future__ import annotations

from django.utils.functional import Promise

CONTENT_TYPE = "application/problem+json"

TYPE_PREFIX = "urn:orime:problem:"


def problem(
    status: int, code: str, title: str | Promise, detail: str | Promise = "", **extra: object
) -> dict[str, object]:
    """Return the members of a problem document.

    `status` is the HTTP status, `code` a stable machine word (it becomes the `type` URN),
    `title` the kind of problem in words, `detail` this occurrence; `extra` holds extension
    members such as `errors` or `instance`. Empty `detail` is left out.
    """
    body: dict[str, object] = {
        "type": f"{TYPE_PREFIX}{code}",
        "title": str(title),
        "status": status,
        "code": code,
    }
    if detail:
        body["detail"] = str(detail)
    return {**body, **extra}
