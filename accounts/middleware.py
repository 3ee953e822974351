"""What holds for every request of a person: the language, and what is said when sign-in has no counter."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import translation
from redis import RedisError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

logger = logging.getLogger(__name__)


class UserLanguageMiddleware:
    """Answer in the language that the signed-in person chose."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            translation.activate(request.user.locale)
            request.LANGUAGE_CODE = request.user.locale
        return self.get_response(request)


class CounterDownMiddleware:
    """Answer 503, with a sentence, where a page needs the cache's counters and the cache does not answer.

    Sign-in counts its attempts there. Without the count passwords could be guessed without end, so
    it is refused and not let through: whoever is signed in works on, since sessions are in the
    database, and `/readyz` says 503 as well. Pages whose counter protects nobody catch the error
    themselves and go on.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page for an error of the cache; leave every other error alone."""
        if not isinstance(error, RedisError):
            return None
        logger.error("%s was refused: the cache does not answer: %s", request.path, error)
        response = render(request, "503.html", status=503)
        response["Retry-After"] = "60"
        return response
