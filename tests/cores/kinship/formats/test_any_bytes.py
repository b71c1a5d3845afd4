"""Whatever the bytes are: records or faults, never a crash."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cores.kinship.families import mother_and_son
from tests.cores.kinship.formats.test_assembling import PEDIGREES, PROFILES
from tests.cores.kinship.formats.test_familias import DVI, project
from tests.cores.kinship.formats.test_frequencies import LADDER, LONG
from wayhome.cores.kinship import formats
from wayhome.cores.kinship.formats import Contents, FaultyFile

EXAMPLE = (Path(__file__).parent / "files" / "cmf-3.2.xml").read_bytes()[:2500]
FORMS = ["", *formats.FORMATS]
GOOD = [
    PROFILES,
    PEDIGREES,
    project(),
    project() + DVI.encode(),
    EXAMPLE,
    json.dumps(mother_and_son()).encode(),
    b"sample,TH01,FGA_1,FGA_2\nMO,6/7,20,21\n",
    LONG,
    LADDER,
]


ODD = [b"\n", b'"', b"-1", b"999999999", b"<", b"\xff", b"\x00", b"1e400"]


@st.composite
def spoilt(draw):
    """A good file with a few lines or bytes changed, doubled or gone."""
    data = bytearray(draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        upto = min(len(data), at + draw(st.sampled_from([0, 1, 2, 8, 40])))
        new = draw(
            st.one_of(
                st.binary(max_size=4),
                st.sampled_from(ODD),
            )
        )
        data[at:upto] = new
    return bytes(data)


def records_or_faults(read, *arguments):
    """What was read, or the faults; anything else that is raised is the crash that must not be."""
    try:
        return read(*arguments)
    except FaultyFile as refused:
        return refused.faults


def must_be_records_or_faults(data, form):
    found = records_or_faults(formats.read, data, form)
    assert found
    if isinstance(found, Contents):
        assert all(isinstance(one, dict) for one in found.document.get("genotypes", {}).values())
    else:
        assert all(one.fault for one in found)


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)),
       st.sampled_from(FORMS))  # fmt: skip
def test_any_bytes(data, form):
    must_be_records_or_faults(data, form)


@pytest.mark.slow
@settings(max_examples=800, deadline=None)
@given(spoilt(), st.sampled_from(["", *FORMS]))
def test_good_files_that_were_spoilt(data, form):
    must_be_records_or_faults(data, form)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=200), spoilt()))
def test_frequency_tables(data):
    table = records_or_faults(formats.read_frequencies, data, "any")
    assert table
    if isinstance(table, list):
        return
    for population in table.populations.values():
        for shares in population.values():
            assert sum(shares.values()) == pytest.approx(1, abs=1e-6)
