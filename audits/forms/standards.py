"""The forms of the import of a standard: choosing a file, naming the new version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from audits.standards.grading import GradingParameters, InvalidParametersError
from audits.standards.models import Standard
from audits.standards.services.importing import Particulars, import_version, look_into
from audits.standards.terms import GradeLetter, Severity, StandardStatus
from suppliers.imports.problems import FileRefused
from suppliers.imports.reading import check_file
from suppliers.services.staging import forget_staged, stage_list

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import User
    from audits.standards.composing import Composed
    from audits.standards.services import Loaded

GRADES = (GradeLetter.A, GradeLetter.B)


def date_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """Return a field for a day, picked from a calendar where the browser has one."""
    widget = forms.DateInput({"type": "date"}, "%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


class UploadForm(forms.Form):
    """Choose a file and the version that it is compared with; nothing is stored in the standard yet."""

    file = forms.FileField(
        label=_("Workbook of the standard"),
        help_text=_(
            "An .xlsx with the sheets of the template, or a .csv of requirements; up to 10 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        allow_empty_file=True,  # our own sentence says what to do
    )
    base = forms.ModelChoiceField(
        label=_("Follows the version"),
        queryset=Standard.objects.none(),
        required=False,
        help_text=_("What the file leaves out is taken from it, and differences are shown to it."),
    )
    content: bytes

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        versions = Standard.objects.visible_to(actor).exclude(status=StandardStatus.DRAFT)
        field = cast("forms.ModelChoiceField[Standard]", self.fields["base"])
        field.queryset = versions
        field.required = versions.exists()
        field.initial = versions.first()

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse what is too large or of another kind before anything is loaded."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        try:
            check_file(file.size or 0, file.name or "")
        except FileRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
        self.content = file.read()
        return file

    def clean(self) -> dict[str, Any]:
        """Refuse a file in which there are no requirements."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "file" in data and "base" in data:
            try:
                look_into(
                    actor=self.actor,
                    content=self.content,
                    filename=data["file"].name or "",
                    base=data["base"],
                )
            except FileRefused as refusal:
                self.add_error("file", str(refusal))
        return data

    def save(self) -> str:
        """Keep the file for the preview and return its key."""
        name = self.cleaned_data["file"].name
        return stage_list(actor=self.actor, content=self.content, filename=name)


class NewVersionForm(forms.Form):
    """Name the new version, say from when it counts and by which criteria it grades."""

    version = forms.CharField(
        label=_("Version"),
        max_length=20,
        validators=[
            RegexValidator(
                r"\A[0-9A-Za-z][0-9A-Za-z._-]*\Z",
                _("Only letters a to z, digits, full stop, hyphen and underscore."),
            )
        ],
        help_text=_("Such as 2027. The draft of that version is replaced if there is one."),
    )
    title_ja = forms.CharField(label=_("Title (Japanese)"), max_length=200)
    title_en = forms.CharField(label=_("Title (English)"), max_length=200)
    effective_on = date_field(
        _("Effective on"), help_text=_("First day of visits it may be used for.")
    )
    mandatory_from = date_field(
        _("Mandatory from"),
        required=False,
        help_text=_("From visits on this day it is the only version. May be fixed later."),
    )
    official = forms.BooleanField(
        label=_("The grading criteria below are the scheme's official ones"), required=False
    )
    knock_out = forms.MultipleChoiceField(
        label=_("One nonconformity of this severity means no grade"),
        choices=Severity.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    count_not_applicable = forms.BooleanField(
        label=_("What does not apply counts as fulfilled"), required=False
    )

    def __init__(self, *args: Any, base: Standard | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(_initial(base) if base else {"official": True})
        for value, label in Severity.choices:
            self.fields[f"points_{value}"] = forms.IntegerField(
                label=_("Points: %(severity)s") % {"severity": label}, min_value=0, max_value=1000
            )
        for grade in GRADES:
            self.fields[f"threshold_{grade}"] = forms.IntegerField(
                label=_("Score needed for %(grade)s") % {"grade": grade.label},
                min_value=0,
                max_value=100,
            )
            for value, label in Severity.choices:
                self.fields[f"maximum_{grade}_{value}"] = forms.IntegerField(
                    label=_("%(grade)s: at most, of %(severity)s or graver")
                    % {"grade": grade.label, "severity": label},
                    min_value=0,
                    max_value=1000,
                    required=False,
                )

    @property
    def naming(self) -> list[forms.BoundField]:
        """The fields that name and date the version."""
        names = ("version", "title_ja", "title_en", "effective_on", "mandatory_from")
        return [self[name] for name in names]

    @property
    def criteria(self) -> list[forms.BoundField]:
        """The grading parameters: points, thresholds, limits."""
        return [
            self[name]
            for name in self.fields
            if name.startswith(("points_", "threshold_", "maximum_"))
        ]

    def clean(self) -> dict[str, Any]:
        """Check the grading parameters as a whole; dates in their order."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        effective, mandatory = data.get("effective_on"), data.get("mandatory_from")
        if effective and mandatory and mandatory < effective:
            self.add_error("mandatory_from", _("It cannot be mandatory before it takes effect."))
        if not any(field.errors for field in self.criteria):
            try:
                GradingParameters.from_data(self.grading())
            except InvalidParametersError as error:
                self.add_error(_field_of(error.field, self.fields), error.reason)
        return data

    def grading(self) -> dict[str, Any]:
        """Return the grading parameters as a standard keeps them."""
        data = self.cleaned_data
        return {
            "knock_out": data.get("knock_out", []),
            "points": {value: data[f"points_{value}"] for value in Severity.values},
            "thresholds": {grade.value: data[f"threshold_{grade}"] for grade in GRADES},
            "count_not_applicable": data.get("count_not_applicable", False),
            "maximum": {
                grade.value: {
                    value: data[f"maximum_{grade}_{value}"]
                    for value in Severity.values
                    if data[f"maximum_{grade}_{value}"] is not None
                }
                for grade in GRADES
            },
        }

    def save(
        self, *, actor: User, composed: Composed, base: Standard | None, key: str
    ) -> Loaded | None:
        """Make the draft and forget the file; a refusal becomes an error and None is returned."""
        names = ("version", "title_ja", "title_en", "effective_on", "mandatory_from", "official")
        particulars = Particulars(
            **{name: self.cleaned_data[name] for name in names}, grading=self.grading()
        )
        try:
            loaded = import_version(
                actor=actor, composed=composed, base=base, particulars=particulars
            )
        except ValidationError as error:
            self.add_error(None, error)
            return None
        forget_staged(actor=actor, key=key)
        return loaded


def _initial(base: Standard) -> dict[str, Any]:
    grading = base.parameters
    return {
        "title_ja": base.title_ja,
        "title_en": base.title_en,
        "official": base.official,
        "knock_out": sorted(grading.knock_out),
        "count_not_applicable": grading.count_not_applicable,
        **{f"points_{severity}": points for severity, points in grading.points.items()},
        **{f"threshold_{grade}": score for grade, score in grading.thresholds.items()},
        **{
            f"maximum_{grade}_{severity}": most
            for grade, limits in grading.maximum.items()
            for severity, most in limits.items()
        },
    }


def _field_of(path: str, fields: dict[str, forms.Field]) -> str | None:
    """Return the field of a grading parameter such as "points.major", or None for the form."""
    name = path.replace("thresholds.", "threshold_").replace(".", "_")
    if name in fields:
        return name
    return {"thresholds": "threshold_A", "points": "points_unacceptable"}.get(path)
