"""The wire between a tablet and the server: it can be cut, which no browser can only pretend."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Wire:
    """A port of this machine that passes everything on to another, until it is cut.

    Chromium's own offline mode alone is not enough: after a start of the browser it does not always
    reach the service worker, which then answers as if there were a network, or not at all.
    """

    def __init__(self, target: int) -> None:
        self.target, self.port = target, 0
        self.listener: socket.socket | None = None
        self.ends: set[socket.socket] = set()
        self.mend()

    def mend(self) -> None:
        """Listen, always at the same port."""
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def cut(self) -> None:
        """Refuse everything new and break off what is on its way."""
        if self.listener:
            # Closing alone would leave the thread waiting for one more.
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None
        for end in list(self.ends):
            self._close(end)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _address = listener.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self.target), timeout=10)
                except OSError:
                    near.close()
                    continue
                far.settimeout(None)
                self.ends |= {near, far}
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass_on, args=(one, other), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while content := one.recv(65536):
                other.sendall(content)
        self._close(one)
        self._close(other)

    def _close(self, end: socket.socket) -> None:
        self.ends.discard(end)
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
