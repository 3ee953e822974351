"""How often a client may ask: a number of requests per minute, counted for all web processes."""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from redis import RedisError
from rest_framework.throttling import BaseThrottle

if TYPE_CHECKING:
    from django.http import HttpResponseBase
    from rest_framework.request import Request
    from rest_framework.views import APIView

logger = logging.getLogger(__name__)

WINDOW = 60


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left to a client: requests, and seconds until it has all of them again."""

    limit: int
    remaining: int
    reset: int

    def put_on(self, response: HttpResponseBase) -> None:
        """Set the fields of draft-ietf-httpapi-ratelimit-headers."""
        response.headers["RateLimit-Policy"] = f'"client";q={self.limit};w={WINDOW}'
        response.headers["RateLimit"] = f'"client";r={self.remaining};t={self.reset}'


class ClientThrottle(BaseThrottle):
    """Counts a client's requests in windows of a minute."""

    allowance: Allowance | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request; the counter is atomic, so that parallel requests are not lost."""
        limit: int = settings.API_REQUESTS_PER_MINUTE
        now = time.time()
        window = int(now // WINDOW)
        key = f"api-requests:{request.user.pk}:{window}"
        try:
            cache.add(key, 0, timeout=2 * WINDOW)
            used = cache.incr(key)
        except ValueError:  # emptied between the two lines
            used = 1
        except RedisError:
            # Who may read is decided by the database; a counter that is down must not stop it.
            logger.warning("API requests are not counted: the cache does not answer")
            return True
        reset = max(1, math.ceil((window + 1) * WINDOW - now))
        self.allowance = Allowance(limit=limit, remaining=max(0, limit - used), reset=reset)
        return used <= limit

    def wait(self) -> float | None:
        """Return the seconds after which it makes sense to try again."""
        return self.allowance.reset if self.allowance else None
