"""What holds for every request whoever sends it: no address with a character that cannot be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.http import Http404, JsonResponse
from django.utils.translation import gettext as _

from ui.problems import CONTENT_TYPE, problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

NUL = "\0"
API = "/api/"


class NulMiddleware:
    """Answer 404 to NUL in the path and 400 to NUL in the query or in a cookie.

    PostgreSQL keeps no NUL in a text and refuses to look for one, so that every page that takes a
    word from its address would fail. Forms and uploads refuse it themselves, with their sentences.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if NUL in request.path:
            if request.path.startswith(API):
                return _problem(404, "not_found", _("There is nothing here"))
            raise Http404
        if any(NUL in text for text in (_query(request), *request.COOKIES.values())):
            if request.path.startswith(API):
                return _problem(400, "invalid_request", _("A parameter is wrong"))
            raise BadRequest
        return self.get_response(request)


def _query(request: HttpRequest) -> str:
    return unquote(request.META.get("QUERY_STRING", ""))


def _problem(status: int, code: str, title: str) -> JsonResponse:
    body = problem(status, code, title)
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)
