"""Auditors at work at once: each saves a finding every 2 s and sends a photo every 10 s for 60 s.

Twenty on PostgreSQL, five on SQLite; the web server with two processes and a worker as served, over
the loopback address. Saves go to the card of the fieldwork page, photos to where tablets send them.
"""

from __future__ import annotations

import hashlib
import http.client
import io
import os
import threading
import time
import uuid
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from PIL import Image

from benchmarks.measuring import Measured
from benchmarks.serving import Site, postgres, served

SECONDS, EVERY_SAVE, EVERY_PHOTO = 60.0, 2.0, 10.0
TOKEN = "c" * 32  # a double-submit token: cookie and header have to be the same
GOAL_MS = 300
PATIENCE = 90.0


@dataclass
class Taken:
    """What all auditors saw: milliseconds by kind of work, and everything that was not an answer."""

    ms: dict[str, list[float]] = field(default_factory=lambda: {"save": [], "photo": []})
    errors: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, start: float, wrong: str) -> None:
        """Note one piece of work."""
        took = (time.perf_counter() - start) * 1000
        with self.lock:
            self.ms[kind].append(took)
            if wrong:
                self.errors[f"{kind}: {wrong}"] += 1


class Auditor(threading.Thread):
    """One auditor with a connection that is kept, as a browser keeps it."""

    def __init__(self, site: Site, place: int, people: int, who: dict[str, Any], taken: Taken):
        super().__init__()
        self.site, self.place, self.who, self.taken = site, place, who, taken
        # Nobody starts at the same moment as somebody else, nor takes a photo at it.
        self.first_save = EVERY_SAVE * place / people
        self.first_photo = EVERY_PHOTO * place / people
        self.versions = dict(who["findings"])
        # Taken beforehand: the drawing of a picture is no part of what a site costs.
        self.photos = [camera(place, number) for number in range(int(SECONDS / EVERY_PHOTO) + 1)]
        self.connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
        self.done = 0

    def run(self) -> None:
        """Work for a minute; the next piece begins when it is due, or at once when it is late."""
        begin = time.monotonic()
        save_at, photo_at = self.first_save, self.first_photo
        while (now := time.monotonic() - begin) < SECONDS:
            if now >= photo_at:
                self._photo()
                photo_at += EVERY_PHOTO
            elif now >= save_at:
                self._save()
                save_at += EVERY_SAVE
            else:
                time.sleep(max(0.0, min(save_at, photo_at) - now))
        self.connection.close()

    def _post(self, kind: str, path: str, body: bytes, content: str) -> tuple[int, bytes]:
        headers = {
            "Content-Type": content,
            "Cookie": f"sessionid={self.who['session']}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "HX-Request": "true",
            "Accept-Language": "ja",
        }
        start = time.perf_counter()
        try:
            self.connection.request("POST", path, body, headers)
            answer = self.connection.getresponse()
            status, said = answer.status, answer.read()
            wrong = "" if status == 200 else f"status {status}"
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            status, said, wrong = 0, b"", type(error).__name__
        self.taken.add(kind, start, wrong)
        return status, said

    def _save(self) -> None:
        codes = list(self.versions)
        code = codes[self.done % len(codes)]
        self.done += 1
        fields = {
            "version": self.versions[code],
            "judgement": ("conforming", "unverifiable")[self.done // len(codes) % 2],
            "report_text": f"{self.done} 回目に書いた所見。" * 8,
        }
        path = f"/portal/audits/{self.who['audit']}/fieldwork/{code}/"
        form = "application/x-www-form-urlencoded"
        status, _said = self._post("save", path, urlencode(fields).encode(), form)
        if status == 200:
            self.versions[code] += 1

    def _photo(self) -> None:
        photo = self.photos.pop()
        fields = {
            "client": str(uuid.UUID(int=self.place + 1)),
            "key": str(uuid.uuid4()),
            "sha256": hashlib.sha256(photo).hexdigest(),
            "code": list(self.versions)[self.done % len(self.versions)],
            "caption": "現場",
            "evidence_class": "restricted",
        }
        limit = "orime" + "-" * 20
        parts = [
            f'--{limit}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        head = f'--{limit}\r\nContent-Disposition: form-data; name="photo"; filename="p.jpg"\r\n'
        head += "Content-Type: image/jpeg\r\n\r\n"
        body = "".join([*parts, head]).encode() + photo + f"\r\n--{limit}--\r\n".encode()
        path = f"/portal/audits/{self.who['audit']}/sync/photo/"
        status, said = self._post("photo", path, body, f"multipart/form-data; boundary={limit}")
        if status == 200 and b'"outcome": "saved"' not in said:
            with self.taken.lock:
                self.taken.errors[f"photo: {said[-200:]!r}"] += 1


def camera(place: int, number: int) -> bytes:
    """Return a photo of 1600 × 1200, each different."""
    grain = hashlib.shake_256(f"{place} {number}".encode()).digest(200 * 150)
    picture = Image.frombytes("L", (200, 150), grain).resize((1600, 1200)).convert("RGB")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def measure(runs: int) -> Measured:
    """Let the crowds work once each; `runs` would only repeat the same minute."""
    del runs
    figures: dict[str, Any] = {}
    ratios: dict[str, float] = {}
    for name, people, database in (
        ("20 auditors, PostgreSQL", 20, postgres()),
        ("5 auditors, SQLite", 5, nullcontext("")),
    ):
        with database as address, served(address) as site:
            figures[name] = found = crowd(site, people)
        ratios[f"p99 of a save to {GOAL_MS} ms, {name}"] = round(
            found["save"]["p99_ms"] / GOAL_MS, 2
        )
    return Measured(1, figures, ratios)


def crowd(site: Site, people: int) -> dict[str, Any]:
    """Return how long everything took, what went wrong, and whether all of it was kept, once."""
    auditors = site.crowd("make", str(people))
    before = site.crowd("count")
    load = round(os.getloadavg()[0], 1)
    taken = Taken()
    threads = [Auditor(site, place, people, who, taken) for place, who in enumerate(auditors)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = _settled(site, before)
    kept = {name: after[name] - before[name] for name in after}
    sent = {kind: len(taken.ms[kind]) for kind in taken.ms}
    exact = (kept["saves"], kept["photos"], kept["tablet items"], kept["small pictures"]) == (
        sent["save"], sent["photo"], sent["photo"], sent["photo"],
    )  # fmt: skip
    if not exact and not taken.errors:
        raise RuntimeError(f"sent {sent}, kept {kept}")
    return {
        "load before": load,
        **{kind: _spread(values) for kind, values in taken.ms.items()},
        "errors": dict(taken.errors),
        "kept": kept,
        "exact": exact,
    }


def _settled(site: Site, before: dict[str, int]) -> dict[str, int]:
    """Return what was kept once the worker has made the small pictures."""
    deadline = time.monotonic() + PATIENCE
    while True:
        after: dict[str, int] = site.crowd("count")
        waiting = after["photos"] - after["small pictures"]
        if waiting <= before["photos"] - before["small pictures"] or time.monotonic() > deadline:
            return after
        time.sleep(2)


def _spread(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1)

    return {
        "count": len(ordered),
        "p50_ms": at(0.5),
        "p95_ms": at(0.95),
        "p99_ms": at(0.99),
        "worst_ms": round(ordered[-1], 1),
    }
