"""Frequency tables come with whose they are, and say what was done to them."""

import pytest

from wayhome.cores.kinship import formats
from wayhome.cores.kinship.formats import FaultyFile

LONG = b"population,locus,allele,freq\nA,VWA,14,0.4\nA,VWA,15,0.6\nB,VWA,14,0.2\nB,VWA,15,0.79\n"
LADDER = b"Allele,D3S1358,TH01\n9.3,,0.3\n15,0.4,0.7\n16,0.6,\nN,200,200\n"


@pytest.mark.parametrize("name", formats.names_of_tables())
def test_our_tables_say_whose_they_are_and_sum_to_one(name):
    table = formats.table_of(name)

    assert table.title
    assert table.cite
    assert table.licence
    for population in table.populations.values():
        assert len(population) >= 16
        for shares in population.values():
            assert sum(shares.values()) == pytest.approx(1, abs=1e-9)


def test_a_table_says_all_of_it_in_a_case():
    table = formats.table_of("NIST1036")

    said = table.told("Cauc", ["TH01"])

    for part in (table.title, table.cite, table.licence, table.sha256, "Caucasian"):
        assert part in said
    assert "they sum to 1" in said


def test_a_table_that_sums_to_something_else_is_divided_and_says_so():
    table = formats.read_frequencies(LONG, "own.csv")

    assert table.of("B")["vWA"]["15"] == pytest.approx(0.79 / 0.99)
    assert table.rescaled == {("B", "vWA"): pytest.approx(0.99)}
    assert "divided, so that they sum to 1: vWA by 0.99" in table.told("B", ["vWA"])
    assert "as published" in table.told("A", ["vWA"])


def test_a_table_of_ones_own_says_that_nothing_is_known_of_it():
    said = formats.read_frequencies(LADDER, "own.csv").told("", ["TH01"])

    assert "own.csv" in said
    assert "source not stated" in said
    assert "licence: not stated" in said


def test_a_ladder():
    table = formats.read_frequencies(LADDER, "own.csv")

    assert table.of("") == {"TH01": {"9.3": 0.3, "15": 0.7}, "D3S1358": {"15": 0.4, "16": 0.6}}


def test_a_population_that_is_not_there_is_refused():
    with pytest.raises(FaultyFile, match="expected one of A, B"):
        formats.read_frequencies(LONG, "own.csv").of("C")


def test_every_fault_has_its_line():
    data = (
        b"population,locus,allele,freq\nA,vWA,14,0.5\nA,vWA,14,0.5\nA,TH01,6,-1\nA,FGA,20,0.5\n"
        b"A,,20,0.5\nA,D3S1358,15,x\n"
    )

    with pytest.raises(FaultyFile) as refused:
        formats.read_frequencies(data, "own.csv")

    found = [(one.line, one.field) for one in refused.value.faults]
    assert found == [(2, "vWA"), (3, "vWA"), (4, "TH01"), (5, "FGA"), (6, "allele"), (7, "D3S1358")]
