"""The readable documents of the export, served without anything from elsewhere."""

from __future__ import annotations

from drf_spectacular.views import SpectacularSwaggerSplitView


class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI with its script and its style in files, as the site's policy wants."""

    url_name = "api:schema"
    template_name = "reports/api/docs.html"
