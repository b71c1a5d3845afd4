"""Which column is which, by its heading in Ukrainian, Russian or English."""

import re

from wayhome.bureau.captives.reading.tables import Table
from wayhome.lib.text import clean

ROWS_SEARCHED = 30
MEND = "mend"  # the column of faults in a file that was given back to be mended
# The first rule that fits wins, so the narrower stand first. Headings are compared in small
# letters, without marks, "ё" as "е", abbreviations as they stand.
CARD_HEADINGS = (
    (MEND, r"що виправити|что исправить|what to mend"),
    ("number_on_list", r"(порядковии )?(номер|no|n|nr) ?(з п|п п|по порядку|по списку"
     r"|за списком|on list)?"
     r"|з п|п п|no|n|line( number| no)?|number on (the )?list|list (number|no)|serial( number"
     r"| no)?"),
    ("mothers_maiden_name", r".*(дівоч\w*|девич\w*|maiden).*"),
    ("mother_name", r"(піб|фио|імя|имя|name( of)?|full name( of)?)? ?(the )?(матері|матери|мати"
     r"|мать|mothers?)"
     r"( (піб|фио|імя|имя|name|full name))?"),
    ("father_name", r"(піб|фио|імя|имя|name( of)?|first name( of)?|full name( of)?)? ?(the )?"
     r"(батька|батько|отца|отец|fathers?)( (піб|фио|імя|имя|name|first name|full name))?"),
    ("inform_address", r".*(адрес\w*|address).*(кого|повідом\w*|уведом\w*|сообщ\w*|родич\w*"
     r"|родствен\w*"
     r"|inform\w*|notif\w*|next of kin|kin|relatives?).*|(адрес\w*|address|home address)"
     r"|(адреса|адрес) (проживання|проживания|родини|семьи|сімї)"),
    ("letters_address", r".*(адрес\w*|address|куди|куда).*(лист\w*|пис(ем|ьма|ать|ати)|letters?"
     r"|mail|correspondence).*"
     r"|(mailing|postal|почтовыи|поштова) (address|адреса?)"),
    ("inform_person", r"(кого|кому|person|whom|who) .*(повідом\w*|спові\w*|уведом\w*|извест\w*"
     r"|сообщ\w*|inform\w*"
     r"|notif\w*|tell).*|next of kin|контактна особа|контактное лицо|(близькі )?родичі"
     r"|(ближаишии )?родственник\w*"
     r"|contact( person)?|(to )?(inform|notify)"),
    ("given_on", r"(дата|date|коли|когда|when).*(передач\w*|передан\w*|передал\w*|handed over"
     r"|given|handover|transfer\w*).*"
     r"|(handed over|given|transferred) (on|date)|передан\w* (дата|коли|когда)"),
    ("given_to", r"(кому|куди|куда|whom|to whom).*(передан\w*|передал\w*|передач\w*|handed|given).*"
     r"|передан\w*( (кому|куди|куда|до|в))?|(handed over|given|transferred) to( \w+)?"),
    ("captured_by", r"(ким|кем|хто|кто|by whom|who).*(полон\w*|плен\w*|взят\w*|затрим\w*"
     r"|задерж\w*|captur\w*).*"
     r"|(captured|taken|detained) by( whom)?|(взятии?|взят|полонении|захоплении|захвачен) (ким"
     r"|кем)"),
    ("captured_where", r"(місце|место|де|где|place|where|location).*(полон\w*|плен\w*|взят\w*"
     r"|захопл\w*|захват\w*|captur\w*|taken).*"
     r"|(captured|taken)( prisoner)? (at|in|where|place)|(взят|взятии|полонении)( в (плен"
     r"|полон))? (где|де)"),
    ("captured_on", r"(дата|день|date|day|коли|когда|when).*(полон\w*|плен\w*|взят\w*|захопл\w*"
     r"|захват\w*|captur\w*|taken|detention).*"
     r"|(captured|taken)( prisoner)?( on| date)?|capture (date|day)|взят(ии)? (в|у) (плен"
     r"|полон)( дата)?|в(зят)? плену? с"
     r"|полонении( дата)?|взят(о)? в полон|пленен(ие)?|взятии в полон"),
    ("birthplace", r"(місце|место|place|м|town) .*(народ\w*|рожд\w*|рож|birth|born).*"
     r"|(birth ?place|where born|born (in|at)|м н)"
     r"|(де|где|where).*(народ\w*|род\w*|born).*|(місто|город) (народження|рождения)|уродженець"
     r"|уроженец"),
    ("born", r"(дата|день|число|рік|год|date|day|year|коли|когда|when|д)( і|,| та| и"
     r"|/)? ?.*(народ\w*|рожд\w*|рож|нар|birth|born).*"
     r"|born( on)?|birth( )?(date|day|year)|birthday|dob|d o b|д н|д р|р н|г р|дн|др|гр"
     r"|дата нар|дата рожд|народився|родился"),
    ("age", r"(повних? |повных? |полных? |full )?(вік|возраст|age|років|лет|years?)"
     r"( .*(полон\w*|плен\w*|взят\w*|capture)|( у)? (років|роках|годах|лет|years)|, .*)?"),
    ("full_name", r"(піб|п і б|фио|ф и о|фіо)( .*(полонен\w*|військов\w*|пленн\w*|prisoner"
     r"|особи|лица))?"
     r"|(прізвище|фамилия)( та| и|, )? ?(імя|имя)( та| и)?( по батькові| отчество)?|(імя"
     r"|имя)( та| и)? (прізвище|фамилия)"
     r"|(повне імя|полное имя)|(full )?name|(full )?name (of|in) .*|names|surname (and )?(given"
     r"|first) names?.*|прізвище ініціали|фамилия инициалы"),
    ("surname", r"прізвище|фамилия|фам|прізв|surname|last ?name|family name|second name"),
    ("patronymic", r"по батькові|побатькові|отчество|отч|patronymic|middle name"
     r"|fathers first name"),
    ("given", r"імя|имя|власне імя|given( name)?s?|first ?names?|forenames?|christian name"),
    ("service_no", r"(особ\w*|личн\w*|табельн\w*|армиис\w*|арміис\w*|полков\w*|службов\w*"
     r"|service|personal|army|military|regimental|id)"
     r"( (жетон\w*|tag))? ?(номер\w*|no|n|number|nr|id)?|(номер|no|n|number) (жетона|жетону"
     r"|особового жетона|личного жетона)|жетон"
     r"|(особ|личн|ос|л|о|перс) (номер|no|n|н)|лн|ін|(army|service) ?(serial )?(number|no)"
     r"|tag( number| no)?"),
    ("rank", r"(військове |воинское |military )?(звання|звание|rank|зван|в зв|grade)|в звання"
     r"|в звание|військ зв\w*|воин зв\w*"),
    ("unit", r"(військова частина|воинская часть|в ч|вч|частина|часть|підрозділ|подразделение"
     r"|unit|regiment|military unit"
     r"|army unit|formation|військ\w* част\w*|воинск\w* част\w*|(полк|regiment) .*)( .*)?"
     r"|номер (військової частини|воинскои части|в ч)|part"),
    ("power", r"держава|государство|країна|страна|громадянство|гражданство|power|state|country"
     r"|nationality|citizenship"
     r"|(власна|держава|державна) .*належн\w*|(power|state) (of origin|on which .*|served)"
     r"|державна належність|сторона"),
    ("health", r"(стан|состояние|state( of)?) ?(здоровя|health)?|здоровя|здоровье"
     r"|health( condition| state| status)?|поранення|ранения"
     r"|(medical )?condition"),
    ("status", r"статус|status|категорія|категория"),
    ("note", r"примітк\w*|примечани\w*|прим|notes?|remarks?|comments?|коментар\w*|комментари\w*"
     r"|інше|прочее|other"),
)  # fmt: skip
NAMES = ("surname", "given", "patronymic", "full_name")
Rules = tuple[tuple[str, str], ...]
_APOSTROPHES = re.compile("['’ʼ`´‘\"*“”]")
_MARKS = re.compile(r"[^\w№]+|_+")
_BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")


def plain(heading: str) -> str:
    """A heading as it is compared: small letters without marks, "ё" as "е" and "й" as "и"."""
    text = clean(heading).lower()
    text = _APOSTROPHES.sub("", text)
    text = text.replace("ё", "е").replace("й", "и").replace("№", " no ")
    return " ".join(_MARKS.sub(" ", text).split())


class Headings:
    """The rules of one kind of file."""

    def __init__(self, rules: Rules) -> None:
        self.rules = [(name, re.compile(rule.replace("й", "и"))) for name, rule in rules]
        self.fields = [name for name, _ in rules if name != MEND]
        self._known: dict[str, str] = {}

    def field_of(self, heading: str) -> str:
        """The field that a heading means, or ""."""
        if heading not in self._known:
            self._known[heading] = self._found(heading)
        return self._known[heading]

    def _found(self, heading: str) -> str:
        if len(heading) > 200:
            return ""
        if heading.strip() in self.fields:
            return heading.strip()
        for text in (plain(heading), plain(_BRACKETS.sub(" ", heading))):
            for name, rule in self.rules:
                if text and rule.fullmatch(text):
                    return name
        return ""

    def recognised(self, cells: list[str]) -> int:
        """How many different fields a row of headings names."""
        return len({self.field_of(cell) for cell in cells} - {""})

    def find(self, table: Table) -> tuple[int, list[str]]:
        """The place in `table.rows` of the (last) row of headings, and the headings; -1 if none.

        A heading may stand in two rows, one word above the other.
        """
        best, place, found = 0, -1, [""]
        for at, (_, row) in enumerate(table.rows[:ROWS_SEARCHED]):
            cells = [_text(cell) for cell in row]
            count = self.recognised(cells)
            if count > best:
                best, place, found = count, at, cells
            if at and not _is_data(cells):
                joined = _joined([_text(cell) for cell in table.rows[at - 1][1]], cells)
                count = self.recognised(joined)
                if count > best + 1:
                    best, place, found = count, at, joined
        return (place, found) if self._enough(found) else (-1, [])

    def _enough(self, cells: list[str]) -> bool:
        fields = {self.field_of(cell) for cell in cells}
        named = fields & {"surname", "full_name", "service_no", "given"}
        return bool(named) and len(fields - {""}) >= min(2, len([c for c in cells if c]))


def _joined(upper: list[str], lower: list[str]) -> list[str]:
    width = max(len(upper), len(lower))
    pairs = zip(
        upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower)), strict=True
    )
    return [f"{one} {other}".strip() for one, other in pairs]


def _is_data(cells: list[str]) -> bool:
    return any(re.search(r"\d{2}", cell) for cell in cells)


def _text(cell: object) -> str:
    return clean(cell) if isinstance(cell, str) else clean(str(cell))


CARDS = Headings(CARD_HEADINGS)
