"""Walking through the portal as a family's browser does, without one."""

import re
from typing import Any, NamedTuple

from django.test import Client

from wayhome.lib.codes import CODE_WORDS

PIN, SECOND_PIN = "904417", "271604"
LANGUAGES = ("uk", "ru", "en")
# Every question of the usual way with an answer, in the order in which it is asked.
WAY: dict[str, dict[str, str]] = {
    "who": {"relation": "mother"},
    "side": {"party": "adverse"},
    "name": {"surname": "Скоробогатько", "given": "Остап", "patronymic": "Лукич"},
    "born": {"born": "3.05.1999"},
    "birthplace": {"birthplace": "Лысьва"},
    "mother": {"mother_name": "Скоробогатько Фёкла"},
    "your-name": {"your_name": "Скоробогатько Фёкла"},
    "three-things": {"question_1": "Как звали первую собаку?", "answer_1": "Жулька"},
    "may-tell": {"may_tell": "yes"},
    "contact": {
        "channel": "telephone",
        "number": "+7 000 000 00 00",
        "hours": "с 18 до 20",
        "code_word": "подсолнух",
    },
    "unit": {"rank": "рядовой"},
}
WORD = re.compile(r"<li>(\w+)</li>")
KEY = re.compile(r'name="idempotency_key" value="(\w+)"')


# What is random on a page, each of one length: a page's size says nothing.
RANDOM = (
    re.compile(r'(name="csrfmiddlewaretoken" value=")[0-9A-Za-z]{64}(")'),
    re.compile(r'(name="idempotency_key" value=")[0-9a-f]{32}(")'),
    re.compile(r"('nonce-)[0-9A-Za-z+/=_-]{24}(')"),
)
CSRF_COOKIE = re.compile(r"csrftoken=[0-9A-Za-z]{32};")
CLOCK = re.compile(r"\b\d\d:\d\d\b")


class Seen(NamedTuple):
    """Everything of an answer that somebody who looks at the line can see, the random taken out."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    length: int
    body: str


def masked(text: str) -> str:
    for pattern in RANDOM:
        text = pattern.sub(r"\1*\2", text)
    return text


def seen(answer: Any) -> Seen:
    headers = {name: masked(value) for name, value in answer.headers.items()}
    cookies = [CSRF_COOKIE.sub("*", cookie.OutputString()) for cookie in answer.cookies.values()]
    body = masked(text_of(answer))
    return Seen(answer.status_code, headers, cookies, len(answer.content), CLOCK.sub("*", body))


def visitor(language: str = "en") -> Client:
    return Client(headers={"accept-language": language})


def text_of(answer: Any) -> str:
    """What stands on a page; of a PDF nothing, its moment is in it: its length is compared."""
    if answer.headers.get("Content-Type") == "application/pdf":
        return ""
    return str(answer.content.decode())


def say(client: Client, step: str, answer: dict[str, str], *, change: bool = False) -> Any:
    """Answer one question."""
    return client.post(f"/ask/{step}/{'?change=1' * change}", {"answered": "yes", **answer})


def answer_all(client: Client, **other: dict[str, str]) -> None:
    """Answer every question as it comes; `other` answers stand in place of the usual."""
    path, way = client.get("/ask/")["Location"], WAY | other
    while (step := path.split("/")[2]) != "check":
        assert client.get(path).status_code == 200
        done = say(client, step, way.get(step, {}))
        assert done.status_code == 303, text_of(done)
        path = done["Location"]
    assert client.post("/ask/check/", {"answered": "yes"})["Location"] == "/ask/pin/"


def choose_pin(client: Client, pin: str = PIN) -> str:
    """Choose a PIN. Returns the key of the form that sends the enquiry."""
    chosen = client.post("/ask/pin/", {"answered": "yes", "pin": pin, "again": pin})
    assert chosen["Location"] == "/ask/second-pin/"
    key = KEY.search(text_of(client.get("/ask/second-pin/")))
    assert key
    return key[1]


def send(client: Client, key: str, second: str = "") -> Any:
    form = {"answered": "yes", "idempotency_key": key, "second": second, "again": second}
    return client.post("/ask/second-pin/", form)


def words_on(page: str) -> str:
    words = WORD.findall(page)
    assert len(words) == CODE_WORDS, words
    return " ".join(words)


def asked(client: Client, second: str = "", **other: dict[str, str]) -> str:
    """From the first question to the code. Returns the words; they still stand on the page."""
    answer_all(client, **other)
    assert send(client, choose_pin(client), second)["Location"] == "/ask/code/"
    return words_on(text_of(client.get("/ask/code/")))


def come_in(client: Client, words: str, pin: str = PIN) -> Any:
    return client.post("/back/", {"words": words, "pin": pin})


def family(
    second: str = "", language: str = "en", pin: str = PIN, **other: dict[str, str]
) -> Client:
    """Somebody who has asked and come in, with this PIN."""
    client = visitor()
    words = asked(client, second, **other)
    client.post("/ask/code/", {"written": "on"})
    assert come_in(client, words, pin)["Location"] == "/waiting/"
    return client


def change(client: Client, step: str, answer: dict[str, str]) -> Any:
    """Correct one answer on her own page."""
    return client.post(f"/waiting/answers/{step}/", {"answered": "yes", **answer})
