import uuid

from wayhome.lib.ids import new_id, secret_token


def test_ids_are_standard_uuids_and_sort_by_the_moment_they_were_made():
    made = [new_id() for _ in range(1000)]

    assert all(type(one) is uuid.UUID and one.version == 7 for one in made)
    assert made == sorted(made)
    assert len(set(made)) == 1000


def test_secret_tokens_hold_256_bits_and_are_never_the_same():
    tokens = {secret_token() for _ in range(1000)}

    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {43}
