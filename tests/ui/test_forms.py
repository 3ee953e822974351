"""Forms: every input has a label, help and errors tied to it, and a word for required."""

from __future__ import annotations

from django import forms
from django.utils import translation

from ui.renderers import OrimeRenderer


class Application(forms.Form):
    name = forms.CharField(help_text="As registered.")
    kind = forms.ChoiceField(choices=[("i", "initial"), ("r", "renewal")], widget=forms.RadioSelect)
    agreed = forms.BooleanField()
    note = forms.CharField(required=False)


def rendered(data: dict[str, str] | None = None) -> str:
    with translation.override("en"):
        return Application(data, renderer=OrimeRenderer()).render()


def test_form_ties_help_and_errors_to_the_input() -> None:
    html = rendered({})
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_form_labels_every_input_and_groups_radios() -> None:
    html = rendered()
    for identifier in ("id_name", "id_agreed", "id_note"):
        assert f'<label for="{identifier}">' in html
    assert "<fieldset" in html
    assert "<legend>Kind" in html


def test_form_says_required_in_words() -> None:
    assert rendered().count('<span class="need">required</span>') == 3
