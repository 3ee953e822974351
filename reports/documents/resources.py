"""What a document may load: its own pictures and the ones it was given, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from weasyprint import URLFetcher
from weasyprint.urls import URLFetcherResponse

if TYPE_CHECKING:
    from collections.abc import Mapping


SCHEME = "orime"


class RefusedAddressError(ValueError):
    """A document asked for something that is not its own."""


class OwnResources(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
    """Answers `orime:picture/<id>` from the given bytes and refuses every other address.

    Texts of people come into the document only escaped; this is the second wall behind it.
    """

    def __init__(self, resources: Mapping[str, tuple[bytes, str]]) -> None:
        """`resources` maps the path of an address to content and media type."""
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.resources = resources

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Return the resource; RefusedAddressError for any address that is not the document's."""
        scheme, _colon, path = url.partition(":")
        if scheme != SCHEME or path not in self.resources:
            raise RefusedAddressError(f"refused: {url[:80]}")
        content, media_type = self.resources[path]
        return URLFetcherResponse(url, content, {"Content-Type": media_type})
