"""What each person does at their pages, by clicks and typing."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.stories.living import (
    PHONE,
    TABLET,
    WORKER_SECONDS,
    Album,
    Bureau,
    Person,
    within,
    words_on,
)
from tests.stories.men import Man

PIN, SECRET = "904417", "перлина 77"
THINGS = (
    ("Як звали першого собаку?", "Жулька"),
    ("Що ми садили за хатою?", "дві груші"),
    ("Чого він боявся малим?", "гусака"),
)
HIS_ANSWERS = ("жулька", "груші, дві", "гусака сусідського")
UNREADABLE_DATE = "allday"
KYIV = ZoneInfo("Europe/Kyiv")


def import_file(registrar: Person, path: Path) -> None:
    """Give the file, look at the preview, import it."""
    registrar.open("console/imports/")
    registrar.page.locator("main input[type=file]").set_input_files(path)
    registrar.press()
    registrar.press()


@dataclass
class Mother:
    """One family at an old telephone."""

    person: Person
    language: str
    email: str
    words: str = ""

    def ask(self, man: Man) -> None:
        """From the first page to the code in words; one error on the way."""
        me = self.person
        me.open("")
        me.look("who-we-are")
        me.follow("/ask/")
        self._say_whom(man)
        self._say_more(man)
        me.look("check")
        me.press()
        me.type(pin=PIN, again=PIN)
        me.press()
        me.look("second-pin")
        me.press()
        self.words = words_on(me.page)
        me.look("words")
        me.tick("written")
        me.press()
        me.look("done")

    def _say_whom(self, man: Man) -> None:
        me, name = self.person, man.spelt[self.language]
        me.look("who")
        me.choose("relation", "mother")
        me.press()
        me.choose("party", "adverse")
        me.press()
        me.type(surname=name.surname, given=name.given, patronymic=name.patronymic)
        me.look("name")
        me.press()
        me.type(born=UNREADABLE_DATE)
        me.press()
        me.look("error")
        assert me.refused()
        assert me.page.input_value("[name=born]") == UNREADABLE_DATE
        me.type(born=man.born)
        me.press()
        me.type(birthplace=man.birthplace)
        me.press()
        me.type(mother_name=man.mother)
        me.press()
        me.type(your_name=man.mother)
        me.press()

    def _say_more(self, man: Man) -> None:
        me = self.person
        for number, (question, answer) in enumerate(THINGS, start=1):
            me.type(**{f"question_{number}": question, f"answer_{number}": answer})
        me.look("three-things")
        me.press()
        me.choose("may_tell", "yes")
        me.press()
        me.look("contact")
        me.choose("channel", "email")
        me.type(email=self.email)
        me.press()
        me.look("unit")
        me.press()

    def come_back(self) -> None:
        me = self.person
        me.open("back/")
        me.type(words=self.words, pin=PIN)
        me.look("come-back")
        me.press()
        assert me.page.url.endswith("/waiting/"), me.text()

    def page(self) -> str:
        """Her page, as she reads it now."""
        self.person.open("waiting/")
        return self.person.text()

    def apply(self) -> None:
        me = self.person
        me.open("waiting/")
        me.follow("bring-home")
        me.look("bring-home")
        me.choose("travel", "yes")
        me.press()
        assert not me.refused(), me.text()
        me.look("wish-kept")


def mother(bureau: Bureau, name: str, language: str, album: Album | None = None) -> Mother:
    person = bureau.person(width=PHONE, language=language, album=album)
    return Mother(person, language, f"{name}@example.com")


def found_in_queue(officer: Person, man: Man) -> bool:
    """Whether the candidate stands in the officer's queue; it is opened then."""
    officer.open("console/tracing/")
    officer.type(q=man.card.surname)
    officer.press("main form.wh-filters button")
    link = officer.row(man.card.surname).locator("a").first
    if not link.count():
        return False
    link.click()
    officer.page.wait_for_load_state()
    return True


def judge(bureau: Bureau, username: str, man: Man, album: Album | None = None) -> Person:
    """One tracing officer's blind verdict: the same."""
    officer = bureau.office(username, album)
    # Each time a whole page is asked for, beside the worker that is waited for.
    within(
        WORKER_SECONDS, lambda: found_in_queue(officer, man), "a candidate in the queue", pause=1
    )
    officer.look(f"candidate-{username}")
    officer.choose("verdict", "same")
    officer.type(reason="Ім'я, день і місце народження та мати збігаються.")
    officer.press()
    assert not officer.refused(), officer.text()
    officer.look(f"judged-{username}")
    return officer


def match(bureau: Bureau, man: Man, album: Album | None = None) -> None:
    judge(bureau, "tracing-1", man, album)
    second = judge(bureau, "tracing-2", man, album)
    assert "/console/matches/" in second.page.url, second.page.url


@dataclass
class Said:
    """What the captive answers on his tablet."""

    lives: str = "yes"
    how: str = "yes"
    letters: str = "yes"
    calls: str = "yes"
    papers: str = "yes"
    dna: str = "yes"
    go_home: str = "yes"
    fear: str = "no"
    harm: str = "no"

    def to(self, topic: str) -> str:
        return {"return": self.go_home, "home": "not now"}.get(topic) or getattr(self, topic)


def sitting(bureau: Bureau, man: Man, said: Said, album: Album | None = None) -> str:
    """The neutral opens the tablet, and he answers alone. Returns his bureau number."""
    tablet = bureau.person(width=TABLET, language="uk", album=album)
    bureau.sign_in(tablet, "neutral")
    tablet.open("console/sittings/")
    tablet.look("to-be-asked")
    link = tablet.row(man.card.surname).locator("a").first
    number = link.inner_text().strip()
    link.click()
    tablet.page.wait_for_load_state()
    tablet.choose("language", "ru")
    tablet.look("open-sitting")
    tablet.press()
    locked_console(tablet)
    tablet.type(secret=SECRET, again=SECRET)
    tablet.look("his-secret")
    tablet.press()
    answer_all(tablet, said)
    locked_console(tablet)
    tablet.open("tablet/allowed/")
    tablet.press("main a.govuk-button")
    tablet.look("last-screen")
    tablet.press()
    tablet.look("closed")
    tablet.leave()
    return number


def locked_console(tablet: Person) -> None:
    """While the tablet is his no page of the console opens on it."""
    here = tablet.page.url
    for path in ("console/sittings/", "console/tracing/", "console/matches/"):
        answer = tablet.open(path)
        assert answer is not None
        assert answer.status == 403 or "/console/account/login/" in tablet.page.url, tablet.page.url
    tablet.open(here)


def answer_all(tablet: Person, said: Said) -> None:
    """One question a screen, until the overview."""
    while "/tablet/allowed/" not in tablet.page.url:
        topic = tablet.page.url.rstrip("/").rsplit("/", 1)[-1].split("-")[0]
        if topic == "things":
            asked = tablet.page.locator("main [name^=answer_]").count()
            for number, text in enumerate(HIS_ANSWERS[:asked], start=1):
                tablet.type(**{f"answer_{number}": text})
        elif tablet.page.locator("input[type=radio]").count():
            tablet.choose("answer", said.to(topic))
            if topic == "how":
                tablet.type(words="Рука заживает, кормят.")
        tablet.look(f"he-{topic}")
        tablet.press()
        assert not tablet.refused(), tablet.text()
    tablet.look("he-allows")


def prove_kinship(bureau: Bureau, man: Man, album: Album | None = None) -> None:
    """Her three things against his answers, by two people."""
    first = bureau.office("verifier-1", album)
    first.open("console/kinship/")
    first.row(man.card.surname).or_(first.row(man.spelt["uk"].surname)).or_(
        first.row(man.spelt["en"].surname)
    ).locator("a").first.click()
    first.page.wait_for_load_state()
    assert HIS_ANSWERS[1] in first.text()
    first.choose("check_things", "agrees")
    first.choose("check_his_word", "agrees")
    first.choose("level", "proven")
    first.type(reason="Усі три відповіді збігаються.")
    first.look("kinship")
    first.press()
    assert not first.refused(), first.text()
    second = bureau.office("verifier-2", album)
    second.open(first.page.url)
    second.press("main form[action*=confirm] button")
    second.look("kinship-confirmed")
    assert not second.refused(), second.text()


def open_news(bureau: Bureau, man: Man, album: Album | None = None) -> Person:
    """The family contact opens the news of the family that seeks this man."""
    contact = bureau.office("contact", album)
    contact.open("console/first-news/")
    row = contact.row(man.spelt["uk"].surname).or_(contact.row(man.spelt["en"].surname))
    row.or_(contact.row(man.card.surname)).locator("a").first.click()
    contact.page.wait_for_load_state()
    return contact


def invite(bureau: Bureau, man: Man, album: Album | None = None) -> Person:
    contact = open_news(bureau, man, album)
    contact.look("news-composed")
    contact.press("main form[action*=invitation] button:enabled")
    assert not contact.refused(), contact.text()
    contact.look("invited")
    return contact


def note_told(contact: Person) -> None:
    contact.tick("talked")
    contact.press("main form[action*=told] button")
    assert not contact.refused(), contact.text()
    contact.look("told")


def assess(
    bureau: Bureau, number: str, danger: str = "no danger known", album: Album | None = None
) -> Person:
    legal = bureau.office("legal", album)
    legal.open(f"console/danger/?q={number}")
    legal.follow(f"danger/{number}")
    legal.look("fear-sealed")
    legal.follow("assessment")
    legal.choose("danger", danger)
    legal.type(reasons="Зважено картку і слова полоненого.")
    legal.press()
    assert not legal.refused(), legal.text()
    legal.look("assessed")
    return legal


def open_application(bureau: Bureau, username: str, number: str, album: Album | None) -> Person:
    officer = bureau.office(username, album)
    officer.open("console/applications/")
    officer.type(q=number)
    officer.press("main form.wh-filters button")
    officer.row(number).locator("a").first.click()
    officer.page.wait_for_load_state()
    return officer


BOARD = ("board-1", "board-2", "board-3")


def decide(
    bureau: Bureau, number: str, album: Album | None = None, road: str = "unilateral release"
) -> Person:
    """A board votes to open a road, and the decision officer wants to record it."""
    officer = open_application(bureau, "decision", number, album)
    officer.look("application")
    officer.follow("/board/")
    if officer.page.locator("main input[name=members]").count():
        convene(officer, road)
        for username in BOARD:
            vote(bureau.office(username, album), number)
        officer.page.reload()
    officer.look("votes-open")
    officer.follow("/decision/")
    officer.type(reason="Обмін погоджено, він хоче їхати.")
    officer.press()
    officer.look("decided")
    return officer


def convene(officer: Person, road: str) -> None:
    officer.select("road", road)
    for box in officer.page.locator("main input[name=members]").all():
        box.check()
    officer.look("board-convened")
    officer.press("main form.wh-form button")
    assert not officer.refused(), officer.text()


def vote(member: Person, number: str) -> None:
    """A member says that nothing stands between, reads the file and votes for the road."""
    member.open("console/boards/")
    member.row(number).locator("a").first.click()
    member.page.wait_for_load_state()
    member.choose("between", "nothing")
    member.look("anything-between")
    member.press('main form[action*="/conflict/"] button')
    member.choose("vote", "for")
    member.type(words="Умови виконано.")
    member.look("vote")
    member.press('main form[action*="/vote/"] button')
    assert not member.refused(), member.text()


WAY_OUT = {
    "destination": "Стамбул, до тітки",
    "papers": "посвідчення особи на повернення",
    "shelter": "притулок товариства, дві ночі",
    "legs": "автобус до кордону, потяг, літак",
}


def appoint(bureau: Bureau, number: str, album: Album | None = None) -> Person:
    """The coordinator sets today, the crossing and the way out of both."""
    guarantee(open_application(bureau, "coordinator", number, album))
    officer = open_application(bureau, "coordinator", number, album)
    officer.follow("appointment")
    today = datetime.now(KYIV).date()
    officer.type(on_day=str(today.day), on_month=str(today.month), on_year=str(today.year))
    officer.type(crossing="Краківець")
    for whose in ("his", "her"):
        officer.type(**{f"{whose}_{part}": text for part, text in WAY_OUT.items()})
    officer.look("way-out")
    officer.press()
    assert not officer.refused(), officer.text()
    officer.look("appointed")
    return officer


def guarantee(officer: Person) -> None:
    """An authority has signed that whoever comes, comes and goes freely."""
    officer.follow("/guarantee/")
    if not officer.page.locator("main select[name=authority]").count():
        return  # it is there
    officer.select("authority", "headquarters")
    officer.press()
    today = datetime.now(KYIV).date()
    officer.type(signed_by="полковник Вигаданий, заступник керівника")
    officer.type(
        signed_on_day=str(today.day), signed_on_month=str(today.month),
        signed_on_year=str(today.year),
    )  # fmt: skip
    officer.press('main form[action*="/signed/"] button')
    assert not officer.refused(), officer.text()
    officer.look("guarantee")


def draw(person: Person) -> None:
    """A signature with the mouse."""
    canvas = person.page.locator("canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    mouse = person.page.mouse
    mouse.move(box["x"] + 40, box["y"] + box["height"] / 2)
    mouse.down()
    for step in range(1, 12):
        up = -1 if step % 2 else 1
        mouse.move(box["x"] + 40 + step * 30, box["y"] + box["height"] / 2 + up * 25)
    mouse.up()


def hand_over(
    bureau: Bureau, officer: Person, album: Album | None = None, *, travel_pass: str = ""
) -> Person:
    """The day itself: identities, belongings, the last question, signatures, the seal."""
    officer.follow("/act/")
    officer.press()
    assert "/console/acts/" in officer.page.url, officer.text()
    act = officer.page.url
    for who in ("he", "she"):
        officer.follow(f"identity/{who}")
        officer.type(how="паспорт 72 11 904417")
        if who == "she" and travel_pass:
            officer.choose("shown", "text")
            officer.type(said=travel_pass)
        officer.press()
    officer.follow("belongings")
    officer.type(lines="годинник; повернуто\n400 рублів; повернуто")
    officer.press()
    officer.follow("onward")
    officer.choose("medical", "given")
    officer.choose("contact", "no")
    officer.press()
    neutral = bureau.office("neutral", album)
    neutral.open(act)
    neutral.follow("last-question")
    neutral.choose("answer", "yes")
    neutral.look("last-question")
    neutral.press()
    for who in ("he", "she"):
        officer.open(act)
        officer.follow(f"signature/{who}")
        draw(officer)
        officer.look(f"signature-{who}")
        officer.press()
        assert not officer.refused(), officer.text()
    neutral.open(act)
    neutral.follow("witness")
    draw(neutral)
    neutral.press()
    officer.open(act)
    officer.look("before-the-seal")
    officer.press("main form[action*=seal] button:enabled")
    assert not officer.refused(), officer.text()
    officer.look("sealed")
    return officer
