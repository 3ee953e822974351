"""Renders every Django form with the project's own accessible field template."""

from __future__ import annotations

from django.forms.renderers import DjangoTemplates


class OrimeRenderer(DjangoTemplates):
    """Setting FORM_RENDERER: label, required mark, help and errors tied to the input."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    formset_template_name = "ui/forms/formset.html"
