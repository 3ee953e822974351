"""How an operation of the export is written in the OpenAPI document, with examples of every answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import (
    F,
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
    inline_serializer,
)
from rest_framework import serializers

from accounts.api.queries import ListQuery, Query, RowQuery
from accounts.api.serializers import Problem
from ui.problems import CONTENT_TYPE, problem

CURSOR = "WyIyMDI2LTAyLTI3VDE2OjIwOjA1LjEwNCIsIjAxODkwYTVkIl0:kP3mY0"

BAD_REQUEST = problem(
    400,
    "invalid_request",
    "A parameter is wrong",
    errors=[{"parameter": "colour", "code": "unknown", "detail": "This parameter is not known."}],
)
TOO_LOW = problem(
    403,
    "level_too_low",
    "The site is not shared at this level",
    "The supplier shares this site with you at a level that does not include it.",
)
PROBLEMS: dict[int, list[tuple[str, dict[str, Any]]]] = {
    400: [("unknown parameter", BAD_REQUEST)],
    401: [
        ("no token", problem(401, "not_authenticated", "Sign-in is required")),
        (
            "expired token",
            problem(
                401,
                "token_expired",
                "Sign-in is required",
                "This token has expired or was ended. Use a newer one.",
            ),
        ),
    ],
    403: [
        (
            "account without a brand",
            problem(
                403, "no_brand", "Not allowed", "This service account does not belong to a brand."
            ),
        )
    ],
    404: [("not shared, or no such thing", problem(404, "not_found", "There is nothing here"))],
    406: [
        (
            "format that is not offered",
            problem(
                406, "not_acceptable", "No such format", "Could not satisfy the Accept header."
            ),
        )
    ],
    429: [
        (
            "too many requests",
            problem(429, "throttled", "Too many requests", "Try again in 12 seconds."),
        )
    ],
}
MEANING = {
    400: "A parameter is unknown, repeated or wrong.",
    401: "The token is missing, unknown, expired or ended.",
    403: "The account belongs to no brand, or the site is shared at too low a level.",
    404: "It does not exist, or is not (or no longer) shared with you.",
    406: "Only the formats of this document are sent.",
    429: "Too many requests; `Retry-After` says how long to wait.",
}
HEADERS = [
    OpenApiParameter(
        "If-None-Match", str, "header", description="An `ETag` you have: 304 when nothing changed."
    ),
    OpenApiParameter(
        "ETag", str, "header", response=[200, 304], description="Changes with the content."
    ),
    OpenApiParameter(
        "RateLimit",
        str,
        "header",
        response=[200, 304, 429],
        description="What is left: `r` requests, all of them again in `t` seconds.",
    ),
    OpenApiParameter(
        "RateLimit-Policy",
        str,
        "header",
        response=[200, 304, 429],
        description="`q` requests in `w` seconds.",
    ),
    OpenApiParameter("Retry-After", int, "header", response=[429], description="Seconds to wait."),
]


def problem_responses(
    statuses: tuple[int, ...], low_level: bool
) -> dict[tuple[int, str], OpenApiResponse]:
    """Return the documented errors with their examples."""
    found = {}
    for status in statuses:
        cases = list(PROBLEMS[status])
        if status == 403 and low_level:
            cases.insert(0, ("level too low", TOO_LOW))
        found[status, CONTENT_TYPE] = OpenApiResponse(
            Problem,
            MEANING[status],
            [OpenApiExample(name, value, status_codes=[str(status)]) for name, value in cases],
        )
    return found


def documented(
    query: type[Query],
    *,
    operation: str,
    tag: str,
    summary: str,
    example: Any,
    answer: Any = None,
    description: str = "",
    found: bool = True,
    low_level: bool = False,
    media_type: str = "application/json",
) -> Callable[[F], F]:
    """Describe a GET; `answer` is its serializer, or that of the query's row when left out.

    `found` says that the address names one thing, which may not be there; `low_level` that a grant
    may not reach far enough.
    """
    if answer is None and issubclass(query, RowQuery):
        answer = query.row
    statuses = (400, 401, 403, *([404] if found else []), 406, 429)
    examples = [OpenApiExample(summary, example, status_codes=["200"])] if example else []
    return extend_schema(
        operation_id=operation,
        summary=summary,
        description=description or None,
        tags=[tag],
        parameters=[*([query] if query().fields else []), *HEADERS],
        responses={
            (200, media_type): OpenApiResponse(answer, summary, examples),
            304: OpenApiResponse(description="Nothing changed since the `ETag` you named."),
            **problem_responses(statuses, low_level),
        },
    )


def documented_list(
    query: type[ListQuery], *, operation: str, tag: str, summary: str, example: Any
) -> Callable[[F], F]:
    """Describe a view that lists rows; `example` is one row."""
    path = operation.removesuffix("_list").replace("_", "-")
    body = inline_serializer(
        f"{query.row.__name__.removesuffix('Row')}Page",
        {
            "next": serializers.URLField(
                allow_null=True, help_text="Address of the next page; null at the end."
            ),
            "results": query.row(many=True),
        },
    )
    following = f"https://orime.example/api/v1/{path}/?cursor={CURSOR}"
    return extend_schema_view(
        get=documented(
            query,
            operation=operation,
            tag=tag,
            summary=summary,
            example={"next": following, "results": [example]},
            answer=body,
            found=operation == "requirements_list",
        )
    )
