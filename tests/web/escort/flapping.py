"""A network that comes and goes: a line of our own between a browser and the server."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

How = Literal["up", "down", "deaf"]
PIECE = 65536


@dataclass
class Line:
    """Up: all goes through. Down: nothing does. Deaf: the server hears, and no answer arrives."""

    to: int
    how: How = "up"
    tellings: int = 0  # how often something told from the way passed here
    deaf_tellings: int = 0
    sockets: list[socket.socket] = field(default_factory=list)
    listener: socket.socket = field(default_factory=socket.socket)

    @property
    def port(self) -> int:
        port: int = self.listener.getsockname()[1]
        return port

    def become(self, how: How) -> None:
        """Every open connection is cut by it."""
        self.how = how
        for one in self.sockets:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self.sockets.clear()

    def serve(self) -> None:
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.how == "down":
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self.to))
            self.sockets += [near, far]
            threading.Thread(target=self._carry, args=(near, far), daemon=True).start()

    def _carry(self, near: socket.socket, far: socket.socket) -> None:
        with near, far:
            back = threading.Thread(target=self._pass, args=(far, near, False), daemon=True)
            back.start()
            self._pass(near, far, True)
            back.join()

    def _pass(self, one: socket.socket, other: socket.socket, asks: bool) -> None:
        with suppress(OSError):
            while piece := one.recv(PIECE):
                if asks and b"POST /escort/tell/" in piece:
                    self.tellings += 1
                    self.deaf_tellings += self.how == "deaf"
                if asks or self.how == "up":
                    other.sendall(piece)
                elif b"HTTP/" in piece:  # it was answered; the answer never arrives
                    other.shutdown(socket.SHUT_RDWR)
        for each in (one, other):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    line = Line(port)
    line.listener.bind(("127.0.0.1", 0))
    line.listener.listen()
    threading.Thread(target=line.serve, daemon=True).start()
    try:
        yield line
    finally:
        line.listener.close()
        line.become("down")
