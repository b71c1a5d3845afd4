"""How long a family waits for her page while others ask too."""

import asyncio
import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import quantiles

from tools.bench.figures import Figure
from wayhome.bureau.enquiries.actions import hash_pin, make_enquiry
from wayhome.bureau.enquiries.rules import NewEnquiry, Relation, Sought
from wayhome.config.folder import Folder
from wayhome.lib.cluster import HOST, free_port
from wayhome.lib.codes import encode

PIN = "904417"
READY_SECONDS = 120
END_SECONDS = 15
CONNECTIONS = 32
WARM_UP = 100  # requests
PAGE, PEER = "/waiting/", "/healthz"
COMMAND = [sys.executable, "-m", "wayhome.config.commands"]


def figures(folder: Folder, words: str, *, seconds: int, rate: int) -> list[Figure]:
    with served(folder) as port:
        cookie = signed_in(port, words)
        asyncio.run(load(port, PAGE, cookie, count=WARM_UP, rate=rate))
        ours = asyncio.run(load(port, PAGE, cookie, count=seconds * rate, rate=rate))
        peer = asyncio.run(load(port, PEER, cookie, count=seconds * rate, rate=rate))
    (p50, p99), (peer50, peer99) = percentiles(ours), percentiles(peer)
    return [
        Figure("waiting", "requests a second asked for", rate, "requests/s"),
        Figure("waiting", "requests answered with 200", len(ours), "requests"),
        Figure("waiting", "p50", p50, "ms", peer50),
        Figure("waiting", "p99", p99, "ms", peer99),
    ]


def percentiles(times: list[float]) -> tuple[float, float]:
    """The median and the 99th of 100, in milliseconds."""
    cuts = quantiles(times, n=100)
    return cuts[49] * 1000, cuts[98] * 1000


def words_of_a_family() -> str:
    """The words with which one family comes back, made while the database runs for us."""
    sought = Sought(surname="Верхотуров", given="Лаврентій", born="1998-05-03")
    new = NewEnquiry(sought, Relation.MOTHER, pin_hash=hash_pin(PIN))
    return " ".join(encode(make_enquiry(particulars=new, by=None).code, "en"))


@contextmanager
def served(folder: Folder) -> Iterator[int]:
    """The whole service on a port of its own, once it is ready."""
    port = free_port()
    with open(folder.log / "bench.log", "ab") as log:
        service = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(port)], stdout=log, stderr=log, env=_environment()
        )
    try:
        _wait_for(port)
        yield port
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(END_SECONDS)


def _environment() -> dict[str, str]:
    ours = ("WAYHOME_PROCESS", "DATABASE_URL", "WAYHOME_DATABASE_ROLE_WEB",
            "WAYHOME_DATABASE_ROLE_WORKER")  # fmt: skip
    return {name: value for name, value in os.environ.items() if name not in ours}


def _wait_for(port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}{PEER}", timeout=10) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as error:
            error.close()
        except OSError:
            pass
        time.sleep(0.3)
    raise RuntimeError("the service is not ready")


def signed_in(port: int, words: str) -> str:
    """Come back with words and PIN, as a family does; returns the cookies."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    base = f"http://{HOST}:{port}"
    with opener.open(f"{base}/back/") as page:
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    assert found, "the page of the words has no form"
    fields = {"csrfmiddlewaretoken": found.group(1), "words": words, "pin": PIN}
    with opener.open(f"{base}/back/", urllib.parse.urlencode(fields).encode()) as page:
        if not page.url.endswith(PAGE):
            raise RuntimeError("words and PIN did not open her page")
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


async def load(
    port: int, path: str | Sequence[str], cookie: str, *, count: int, rate: int, headers: str = ""
) -> list[float]:
    """Ask at a steady rate, several paths in turn. Each request is timed from when it was due."""
    paths = [path] if isinstance(path, str) else path
    rest = f"HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {cookie}\r\n{headers}\r\n"
    requests = [f"GET {each} {rest}".encode() for each in paths]
    began = time.perf_counter()
    due: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    for number in range(count):
        due.put_nowait((began + number / rate, requests[number % len(requests)]))
    times: list[float] = []
    await asyncio.gather(*(_asker(port, due, times) for _ in range(CONNECTIONS)))
    return times


async def _asker(port: int, due: "asyncio.Queue[tuple[float, bytes]]", times: list[float]) -> None:
    reader, writer = await asyncio.open_connection(HOST, port)
    while not due.empty():
        moment, request = due.get_nowait()
        await asyncio.sleep(max(0.0, moment - time.perf_counter()))
        writer.write(request)
        await _answer(reader)
        times.append(time.perf_counter() - moment)
    writer.close()
    await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise RuntimeError(head.split(b"\r\n", 1)[0].decode())
    length = re.search(rb"\r\ncontent-length: (\d+)", head, re.IGNORECASE)
    if length is None:
        raise RuntimeError("an answer without a length")
    await reader.readexactly(int(length.group(1)))
