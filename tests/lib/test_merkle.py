from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.lib.merkle import (
    EMPTY_ROOT,
    Accumulator,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

# The entries and heads that implementations of RFC 6962 have been tested with since 2013.
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
HEADS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]

logs = st.lists(st.binary(max_size=4).map(leaf_hash), min_size=1, max_size=70)


def slow_root(entries: list[bytes]) -> bytes:
    """MTH, word for word as RFC 9162 defines it in 2.1.1."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    split = max(2**n for n in range(20) if 2**n < len(entries))
    halves = slow_root(entries[:split]) + slow_root(entries[split:])
    return sha256(b"\x01" + halves).digest()


@pytest.mark.parametrize("size", range(9))
def test_heads_are_the_published_ones(size):
    assert root(LEAVES[:size]).hex() == HEADS[size]
    assert Accumulator().extend(LEAVES[:size]).root().hex() == HEADS[size]


def test_an_inclusion_proof_is_the_published_one():
    """Leaf 6 of 8, and leaf 3 of 3, from the same published set."""
    assert [step.hex() for step in inclusion_proof(LEAVES, 5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    assert [step.hex() for step in inclusion_proof(LEAVES[:3], 2)] == [HEADS[2]]


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_a_head_is_what_the_standard_defines(entries):
    leaves = [leaf_hash(entry) for entry in entries]

    assert root(leaves) == Accumulator().extend(leaves).root() == slow_root(entries)


@given(logs, st.data())
def test_a_log_grows_the_same_after_being_stored(leaves, data):
    at = data.draw(st.integers(0, len(leaves)))
    stored = Accumulator().extend(leaves[:at]).dump()

    assert Accumulator.load(stored).extend(leaves[at:]).root() == root(leaves)


@pytest.mark.parametrize("broken", ["", "x:", "1:", "0:00", "-1:" + "00" * 32, "3:" + "00" * 32])
def test_a_spoiled_edge_is_not_loaded(broken):
    with pytest.raises(ValueError, match=r"."):
        Accumulator.load(broken)


@given(logs, st.data())
def test_every_leaf_is_proven_at_its_place_and_no_other(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof, head = inclusion_proof(leaves, index), root(leaves)

    assert verify_inclusion(leaves[index], index, len(leaves), proof, head)
    for elsewhere in {*range(-1, len(leaves) + 1)} - {index}:
        is_there = 0 <= elsewhere < len(leaves) and leaves[elsewhere] == leaves[index]
        assert is_there or not verify_inclusion(leaves[index], elsewhere, len(leaves), proof, head)


@given(logs, st.data())
def test_a_changed_inclusion_proof_proves_nothing(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    proof, head = inclusion_proof(leaves, index), root(leaves)
    at = data.draw(st.integers(0, len(proof)))
    longer = [*proof[:at], EMPTY_ROOT, *proof[at:]]
    changed = [*proof[:at], EMPTY_ROOT, *proof[at + 1 :]]

    assert not verify_inclusion(leaves[index], index, len(leaves), longer, head)
    assert not verify_inclusion(leaves[index], index, len(leaves), changed, head)
    if proof:
        assert not verify_inclusion(leaves[index], index, len(leaves), proof[:-1], head)
    assert not verify_inclusion(EMPTY_ROOT, index, len(leaves), proof, head)


@given(logs, st.data())
def test_a_log_that_only_grew_is_proven_so(leaves, data):
    old = data.draw(st.integers(0, len(leaves)))
    heads = root(leaves[:old]), root(leaves)
    proof = consistency_proof(leaves, old)

    assert verify_consistency(old, heads[0], len(leaves), heads[1], proof)


@given(logs, st.data())
def test_a_log_with_a_changed_past_cannot_be_proven(leaves, data):
    old = data.draw(st.integers(1, len(leaves)))
    changed = data.draw(st.integers(0, old - 1))
    then = root([*leaves[:changed], EMPTY_ROOT, *leaves[changed + 1 : old]])
    proof = consistency_proof(leaves, old)

    assert not verify_consistency(old, then, len(leaves), root(leaves), proof)
    assert not verify_consistency(old, root(leaves[:old]), len(leaves), EMPTY_ROOT, proof)


@given(logs, st.data())
def test_a_changed_consistency_proof_proves_nothing(leaves, data):
    old = data.draw(st.integers(0, len(leaves)))
    heads = root(leaves[:old]), root(leaves)
    proof = consistency_proof(leaves, old)
    at = data.draw(st.integers(0, len(proof)))

    longer = [*proof[:at], EMPTY_ROOT, *proof[at:]]
    assert not verify_consistency(old, heads[0], len(leaves), heads[1], longer)
    if proof:
        assert not verify_consistency(old, heads[0], len(leaves), heads[1], proof[:-1])


def test_there_is_no_proof_outside_the_log():
    for index in (-1, 8):
        with pytest.raises(IndexError):
            inclusion_proof(LEAVES, index)
    with pytest.raises(IndexError):
        consistency_proof(LEAVES, 9)
    assert not verify_consistency(9, HEADS and EMPTY_ROOT, 8, root(LEAVES), [EMPTY_ROOT])
