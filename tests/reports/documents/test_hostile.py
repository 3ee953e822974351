"""Whatever people write is printed as text: it loads nothing, turns nothing, takes no minutes."""

from __future__ import annotations

import socket
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest
from django.core.exceptions import ValidationError

from reports.documents import render_pdf, typeset
from reports.documents.legible import printable
from tests.reports.texts import bare, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


class Listener:
    """Counts who calls."""

    def __init__(self) -> None:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.settimeout(0.2)
        self.port = self.server.getsockname()[1]
        self.calls = 0
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._listen)
        self.thread.start()

    def _listen(self) -> None:
        while not self.ended.is_set():
            try:
                connection, _address = self.server.accept()
            except TimeoutError:
                continue
            self.calls += 1
            connection.close()

    def close(self) -> None:
        self.ended.set()
        self.thread.join()
        self.server.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


HOSTILE = {
    "markup": "<img src={a}><b>x</b><script>y</script><iframe src=file:///etc/passwd></iframe>",
    "style": "</style><link rel=stylesheet href={a}><style>@import url({a})</style>",
    "css": '"; background: url({a}); content: url(file:///etc/passwd) }} @import url({a}); p {{',
    "svg": "<svg xmlns='http://www.w3.org/2000/svg'><image href='{a}'/><use href='{a}#x'/></svg>",
    "attribute": "\" onload='x' src={a} style=\"background:url('{a}')\" ' >",
    "template": "{{% include 'x' %}}{{{{ settings.SECRET_KEY }}}} &lt;b&gt; &#x41; ]]> <!-- --",
    "control": "監\x00査\x1b[31m\x7f\x9f結\ufffe果",
    "turning": "\u202egpj.exe\u202d\u2066abc 監査",
}


def everywhere(value: Any, text: str) -> Any:
    """Return the same data with every text in it replaced."""
    if isinstance(value, dict):
        return {key: everywhere(row, text) for key, row in value.items()}
    if isinstance(value, list):
        return [everywhere(row, text) for row in value]
    return text if isinstance(value, str) else value


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_in_every_field_is_printed_as_text(
    small: dict[str, Any], pictures: dict[str, bytes], listener: Listener, name: str
) -> None:
    written = HOSTILE[name].format(a=f"http://127.0.0.1:{listener.port}/x.png")
    actions = [{"code": "", "root_cause": "", "severity": "", "status": "", "verification": ""}]
    dated = dict.fromkeys(("plan_due_on", "close_due_on", "correction", "prevention"), "")
    hostile = everywhere(small, written) | {
        "corrective_actions": everywhere([{**actions[0], **dated, "responsible": ""}], written)
    }
    # Without a day of issue it is neither signed nor does it carry the data themselves.
    hostile["grade"]["issued_on"] = None

    text = text_of(render_pdf(hostile, "both", pictures=pictures))

    assert listener.calls == 0
    assert "root:x:" not in text
    # names, places, people, requirements, findings, reasons, captions, plans
    assert text.count(bare(printable(written))) > 40


def test_turned_text_does_not_turn_its_neighbours(
    small: dict[str, Any], pictures: dict[str, bytes]
) -> None:
    turned = {**small, "person_days_reason": "\u202eabc", "purpose": "\u202exyz 監査"}

    text = text_of(render_pdf(turned, "ja", pictures=pictures))

    assert "削減の理由：abc）" in text or "：abc）" in text
    assert "xyz監査" in text


@pytest.mark.parametrize("letters", ["W", "監", "ก", "a\u0301", "ع"])
def test_hundred_kilobytes_of_one_word_take_seconds(
    small: dict[str, Any], pictures: dict[str, bytes], letters: str
) -> None:
    word = letters * (100_000 // len(letters.encode()))
    findings = [{**small["findings"][0], "report_text": word}, *small["findings"][1:]]

    began = time.process_time()
    printed = typeset({**small, "findings": findings}, "ja", pictures)

    # Left in one piece the word would take more than a minute.
    assert time.process_time() - began < 30
    assert printed.pages < 150


def test_endless_name_is_refused_in_words(
    small: dict[str, Any], pictures: dict[str, bytes]
) -> None:
    with pytest.raises(ValidationError, match="印刷するには長すぎる文章があります"):
        typeset({**small, "purpose": "W" * 100_000}, "ja", pictures)
