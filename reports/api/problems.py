"""Every error of the export as a problem document with a stable code."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.signals import got_request_exception
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.fields import get_error_detail
from rest_framework.response import Response
from rest_framework.views import exception_handler as rest_exception_handler

from ui.problems import CONTENT_TYPE, problem

logger = logging.getLogger(__name__)

# DRF's own codes that are not ours.
CODES = {"error": "server_error", "parse_error": "invalid_request"}
TITLES = {
    "invalid_request": _("A parameter is wrong"),
    "not_authenticated": _("Sign-in is required"),
    "token_invalid": _("Sign-in is required"),
    "token_expired": _("Sign-in is required"),
    "authentication_failed": _("Sign-in is required"),
    "no_brand": _("Not allowed"),
    "permission_denied": _("Not allowed"),
    "level_too_low": _("The site is not shared at this level"),
    "not_found": _("There is nothing here"),
    "method_not_allowed": _("This can only be read"),
    "not_acceptable": _("No such format"),
    "throttled": _("Too many requests"),
    "file_unavailable": _("The file is being made again"),
    "server_error": _("Something went wrong on our side"),
}


class FileUnavailableError(exceptions.APIException):
    """A file was found damaged and is being made again."""

    status_code = 503
    default_code = "file_unavailable"
    # Seconds, told as Retry-After.
    wait = 300


def exception_handler(error: Exception, context: dict[str, Any]) -> Response:
    """Return the problem document for any error; what nobody foresaw is logged and is a 500."""
    if isinstance(error, DjangoValidationError):
        error = exceptions.ValidationError(get_error_detail(error))
    answer = rest_exception_handler(error, context)
    if answer is None:
        # What Django does for a view of its own: tell whoever listens (logs, the test client).
        got_request_exception.send(sender=exception_handler, request=context["request"])
        logger.error("API request failed: %s", context["request"].path, exc_info=error)
        body = problem(500, "server_error", TITLES["server_error"])
        return Response(body, status=500, content_type=CONTENT_TYPE)
    answer.data = _body(error, answer.status_code)
    answer.content_type = CONTENT_TYPE
    return answer


def _body(error: Exception, status: int) -> dict[str, object]:
    if isinstance(error, exceptions.ValidationError):
        return problem(
            status, "invalid_request", TITLES["invalid_request"], errors=list(_errors(error.detail))
        )
    detail = getattr(error, "detail", None)
    if detail is None:  # Django's own 404 and 403, whose words are for nobody outside
        code = "not_found" if status == 404 else "permission_denied"
        return problem(status, code, TITLES[code])
    code = str(getattr(detail, "code", "error"))
    code = CODES.get(code, code)
    return problem(status, code, TITLES.get(code, _("Not allowed")), str(detail))


def _errors(detail: Any) -> Iterator[dict[str, str]]:
    """Return one entry for every sentence, with the parameter it is about."""
    rows = detail.items() if isinstance(detail, dict) else [("", detail)]
    for name, sentences in rows:
        for sentence in sentences if isinstance(sentences, list) else [sentences]:
            yield {
                "parameter": name,
                "code": str(getattr(sentence, "code", "invalid")),
                "detail": str(sentence),
            }
