"""`python -m tools.trial_names REGISTER.csv.gz WIKIDATA.tsv.gz`: the names of invented trials.

Learns from an open register of invented persons and from Wikidata's pairs of names (both CC0)
which surnames there are, of which people and how often, and writes the table that
`wayhome names generate` draws from. A spelling seen once is taken only if it is no slip of a
frequent one.
"""

import csv
import gzip
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from rapidfuzz.distance import OSA

from wayhome.cores.trials.people import peoples

TABLE = Path("wayhome/cores/trials/tables/surnames.tsv")
CLEAN = re.compile(r"[А-Я][а-я]{2,15}(-[А-Я][а-я]{2,15}|-оол)?$")
SURNAME = re.compile(
    r"(ов|ев|ин|ын|ский|цкий|ской|енко|ук|юк|чак|ич|ян|дзе|швили|ых|их|ун|ец|як|ко|ай|ий)$"
)
UKRAINIAN = re.compile("[іїєґ'’]")
COMMON = 8
PLACES = TABLE.with_name("places.tsv")
RUSSIAN_ONLY = {x.russian for x in peoples()[0].men if x.russian != x.ukrainian}


def cards(path: Path) -> Iterator[tuple[str, str]]:
    """Surname and given name of cards written in Russian."""
    with gzip.open(path, "rt", encoding="utf-8") as text:
        for row in csv.DictReader(text):
            name = row["surname"], row["given"]
            if (
                CLEAN.match(name[0])
                and CLEAN.match(name[1])
                and not UKRAINIAN.search("".join(row.values()))
            ):
                yield name


def surnames(path: Path) -> dict[str, tuple[str, int]]:
    """Each surname with its people and how many bear it."""
    of_given = {x.russian: people.key for people in reversed(peoples()) for x in people.men}
    counts, votes = Counter[str](), defaultdict[str, Counter[str]](Counter)
    for surname, given in cards(path):
        people = of_given.get(given)
        if people is None or surname in of_given:
            continue
        counts[surname] += 1
        votes[surname][people] += 1
    common = [name for name, count in counts.items() if count >= COMMON]
    by_start = defaultdict[str, list[str]](list)
    for name in common:
        by_start[name[:1]].append(name)
        by_start[name[1:3]].append(name)
    found = {}
    for name, count in counts.items():
        near = {*by_start[name[:1]], *by_start[name[1:3]]} - {name}
        if count < 3 and any(OSA.distance(name, x, score_cutoff=1) <= 1 for x in near):
            continue
        found[name] = votes[name].most_common(1)[0][0], count
    return found


def from_pairs(path: Path) -> Iterator[str]:
    """Russian forms of Wikidata's names that are made like surnames of the region."""
    with gzip.open(path, "rt", encoding="utf-8") as text:
        for line in text:
            name = line.split("\t")[1].replace(" ", "").capitalize()
            if CLEAN.match(name) and len(name) >= 5 and SURNAME.search(name):
                yield name


def places(path: Path) -> list[str]:
    """Birthplaces on cards in Russian, seen at least twice."""
    counts = Counter[str]()
    with gzip.open(path, "rt", encoding="utf-8") as text:
        for row in csv.DictReader(text):
            name = row["birthplace"]
            if re.match("[А-ЯЁ][А-Яа-яЁё -]+$", name) and not UKRAINIAN.search(
                "".join(row.values())
            ):
                counts[name] += row["given"] in RUSSIAN_ONLY
    return sorted(name for name, count in counts.items() if count >= 2)


def main() -> None:
    """Write the tables."""
    register, pairs = map(Path, sys.argv[1:])
    PLACES.write_text("".join(f"{x}\n" for x in places(register)), encoding="utf-8")
    found = surnames(register)
    for name in sorted(set(from_pairs(pairs))):
        found.setdefault(name, ("russian", 0))
    lines = sorted(f"{people}\t{name}\t{count}" for name, (people, count) in found.items())
    TABLE.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(len(lines), Counter(line.split("\t")[0] for line in lines))


if __name__ == "__main__":
    main()
