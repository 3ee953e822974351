"""Small pictures of evidence, made by a worker; without one the original is offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db.models import F

from audits.content.pictures import thumbnail_of
from audits.models import Evidence
from audits.models.evidence import thumbnail_path
from audits.services.storing import all_or_nothing, discard

if TYPE_CHECKING:
    from uuid import UUID


def make_thumbnail(pk: UUID | str) -> bool:
    """Make the small picture of one piece of evidence; return whether there is a new one.

    Nothing happens where there is one, where there can be none, or after THUMBNAIL_TRIES attempts.
    An attempt counts from its beginning, so that a picture that kills its worker ends too. Raises
    whatever goes wrong.
    """
    evidence = Evidence.objects.without_thumbnail().filter(pk=pk).first()
    if evidence is None:
        return False
    rows = Evidence.objects.filter(pk=evidence.pk)
    rows.update(thumbnail_tries=F("thumbnail_tries") + 1)
    with evidence.file.open("rb") as file:
        small = thumbnail_of(file.read())
    with all_or_nothing() as stored:
        name = thumbnail_path(evidence, "")
        # What a worker left that ended before it could say so.
        discard([name])
        stored.append(name)
        evidence.thumbnail.save(name, ContentFile(small), save=False)
        if not rows.update(thumbnail=evidence.thumbnail.name):
            # Removed while the picture was being made.
            discard([name])
            return False
    return True
