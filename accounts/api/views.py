"""What every view of the export does: sign-in, parameters, paging, ETag, compression, limits."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.http import HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag
from rest_framework.exceptions import NotFound
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.authentication import ServiceTokenAuthentication
from accounts.api.paging import take_page
from accounts.api.permissions import IsBrandClient
from accounts.api.queries import ListQuery, NoQuery, Query
from accounts.api.throttles import ClientThrottle

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from rest_framework.request import Request

    from accounts.models import User

_gzip = GZipMiddleware(lambda request: HttpResponse())


class ExportView(APIView):
    """A GET of the export, by the service account of a brand."""

    authentication_classes = [ServiceTokenAuthentication]
    permission_classes = [IsBrandClient]
    throttle_classes = [ClientThrottle]
    http_method_names = ["get", "head"]
    query_class: ClassVar[type[Query]] = NoQuery
    query: dict[str, Any]

    @property
    def reader(self) -> User:
        """The service user, whose `visible_to` decides about every row."""
        return cast("User", self.request.user)

    def get_throttles(self) -> list[Any]:
        """Keep the throttle, which knows what is left, until the answer is written."""
        self.throttles = super().get_throttles()
        return self.throttles

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Sign in, count, and read the parameters."""
        super().initial(request, *args, **kwargs)
        self.query = self.query_class.read(request)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Write the answer out, and say 304 instead when the client has it already."""
        if getattr(response, "exception", False):
            # Also where a PDF was asked for.
            request.accepted_renderer = JSONRenderer()
            request.accepted_media_type = JSONRenderer.media_type
        answer: Any = super().finalize_response(request, response, *args, **kwargs)
        if isinstance(answer, Response):
            answer.render()
            answer["ETag"] = quote_etag(hashlib.sha256(answer.content).hexdigest()[:32])
        patch_cache_control(answer, private=True)
        patch_vary_headers(answer, ["Authorization"])
        if answer.status_code == 200:
            answer = get_conditional_response(request, etag=answer["ETag"], response=answer)
        # A 304 tells nothing that was not read, and recorded, before.
        if answer.status_code == 200 and request.method == "GET":
            self.delivered()
        for throttle in getattr(self, "throttles", ()):
            if throttle.allowance:
                throttle.allowance.put_on(answer)
        # A PDF is compressed already.
        plain = answer.get("Content-Type") != "application/pdf"
        return _gzip.process_response(request, answer) if plain else answer

    def delivered(self) -> None:
        """What a kind of view does once its content goes out, such as recording the read."""


class ListView(ExportView):
    """A list, page by page in the order of its key."""

    query_class: ClassVar[type[ListQuery]]
    key: ClassVar[tuple[str, str]] = ("updated_at", "id")
    scope: ClassVar[str]

    def rows(self) -> QuerySet[Any]:
        """Return the visible rows that the parameters ask for."""
        raise NotImplementedError  # each list says which

    def serialize(self, rows: list[Any]) -> Any:
        """Return the page's rows as plain data."""
        return self.query_class.row(rows, many=True, context=self.context(rows)).data

    def context(self, rows: list[Any]) -> dict[str, Any]:
        """Return what the rows need besides themselves, read for all of them at once."""
        return {"fields": self.query.get("fields")}

    def get(self, request: Request) -> Response:
        """Answer with one page and the address of the next."""
        rows, cursor = take_page(
            self.rows(),
            key=self.key,
            scope=self.scope,
            cursor=self.query.get("cursor", ""),
            limit=self.query["limit"],
        )
        return Response({"next": self._next(cursor), "results": self.serialize(rows)})

    def _next(self, cursor: str) -> str | None:
        if not cursor:
            return None
        query = self.request.query_params.copy()
        query["cursor"] = cursor
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")


class UnknownAddressView(ExportView):
    """Addresses that the export does not have."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Whoever asks: there is nothing here."""
        raise NotFound
