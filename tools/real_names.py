"""`python -m tools.real_names`: how often names and persons not made for Wayhome are found.

Of files that others published: `--pairs`, names of Wikidata in Latin letters and in Russian
(`tools.learn_spellings` tells their form). Each Latin form of a fifth is asked; the register are
the Russian forms of that fifth, or all of them. What Latin letters are likely to sound is learned
anew without that fifth. `--febrl4`, data set 4 of Febrl (Christen): 5,000 English persons with
errors, found among 5,000, by all fields that Wayhome compares, and by name and date alone.
"""

import argparse
import csv
import gzip
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from tools import learn_spellings
from wayhome.cores.names import Description, Index, likely

BEST = 10
SEED = 1
Asked = Sequence[tuple[Description, set[str]]]  # who is asked for, and the ids that are right


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, help="PAIRS.tsv.gz")
    parser.add_argument("--most", type=int, default=5000, help="so many names are asked")
    parser.add_argument("--febrl4", type=Path, nargs=2, help="dataset4a.csv dataset4b.csv")
    told = parser.parse_args()
    if not (told.pairs or told.febrl4):
        parser.error("expected --pairs or --febrl4")
    if told.pairs:
        _forget_the_fifth(told.pairs)
        _measure_pairs(told.pairs, told.most)
    if told.febrl4:
        _measure_febrl4(*told.febrl4)


def _forget_the_fifth(pairs: Path) -> None:
    """Read Latin letters by a table that was learned without the names that are asked."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "likely.npz"
        learn_spellings.learn(pairs, file, hold_back=True)
        table = likely.read_table(file)
    likely.table = lambda: table


def _measure_pairs(path: Path, most: int) -> None:
    forms: defaultdict[str, set[str]] = defaultdict(set)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            latin, russian, _ = line.rstrip("\n").split("\t")
            forms[latin].add(russian.replace(" ", ""))
    fifth = sorted(filter(learn_spellings.held_back, forms))
    some = random.Random(SEED).sample(fifth, min(most, len(fifth)))
    asked = [(Description(id=x, surname=x), forms[x]) for x in some]
    for latin, which in ((fifth, "of that fifth"), (list(forms), "of all")):
        register = sorted(set().union(*map(forms.__getitem__, latin)))
        index = Index.build(Description(id=x, surname=x) for x in register)
        _tell(f"Wikidata, register: {len(register)} Russian forms {which}", index, asked)


def _measure_febrl4(originals: Path, duplicates: Path) -> None:
    persons, asked = (list(_persons(x)) for x in (originals, duplicates))
    _tell("febrl4", Index.build(persons), [(x, {x.id}) for x in asked])
    known = {"birthplace": "", "service_no": ""}
    bare = [replace(x, **known) for x in persons]
    few = [(replace(x, **known), {x.id}) for x in asked]
    _tell("febrl4, name and date alone", Index.build(bare), few)


def _persons(path: Path) -> Iterator[Description]:
    """Each person under the number that both files know: of `rec-561-dup-0` 561."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, skipinitialspace=True):
            born = row["date_of_birth"]
            yield Description(
                id=row["rec_id"].split("-")[1],
                surname=row["surname"],
                given=row["given_name"],
                born=f"{born[:4]}-{born[4:6]}-{born[6:]}" if born else "",
                birthplace=row["suburb"],
                service_no=row["soc_sec_id"],
            )


def _tell(what: str, index: Index, asked: Asked) -> None:
    at = dict.fromkeys((1, BEST), 0)
    for one, right in asked:
        found = [x.id for x in index.candidates(one, top=BEST)]
        for rank in at:
            at[rank] += not right.isdisjoint(found[:rank])
    shares = ", ".join(f"recall@{rank} {count / len(asked):.4f}" for rank, count in at.items())
    print(f"{what}; {len(asked)} asked: {shares}", flush=True)


if __name__ == "__main__":
    main()
