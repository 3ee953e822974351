"""Stored files handed out to a browser, so that whatever they contain it runs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.utils.http import content_disposition_header

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile
    from django.http.response import HttpResponseBase

# A browser that shows the file runs nothing, loads nothing and sends nothing.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
SIGNED_SECONDS = 60


def hand_out(
    file: FieldFile, *, media_type: str, name: str, inline: bool = False, small: bool = False
) -> HttpResponseBase:
    """Return a file to somebody who may have it; 404 when it is lost.

    `inline` lets the browser show it, and is for pictures that were encoded anew. FILES_SENT_BY says
    who sends the bytes; small files for pages always come from here, since pages show no pictures of
    another host.
    """
    how = "application" if small else settings.FILES_SENT_BY
    disposition = (
        content_disposition_header(as_attachment=not inline, filename=name) or "attachment"
    )
    response: HttpResponseBase
    if how == "storage":
        # Another host sends none of the headers below: nothing is shown there, all is saved.
        disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
        parameters = {
            "ResponseContentDisposition": disposition,
            "ResponseContentType": media_type,
            "ResponseCacheControl": "private, no-store",
        }
        response = HttpResponseRedirect(
            file.storage.url(file.name, parameters=parameters, expire=SIGNED_SECONDS)  # type: ignore[call-arg]  # S3's storage takes them
        )
        response["Cache-Control"] = "private, no-store"
        return response
    if how == "nginx":
        if not file.storage.exists(str(file.name)):
            raise Http404
        response = HttpResponse(content_type=media_type)
        response["X-Accel-Redirect"] = settings.FILES_INTERNAL_PREFIX + quote(str(file.name))
    else:
        try:
            response = FileResponse(file.open("rb"), content_type=media_type)
        except FileNotFoundError as error:
            raise Http404 from error
    response["Content-Disposition"] = disposition
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
