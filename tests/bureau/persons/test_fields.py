import pytest
from django.db import connection

from wayhome.bureau.enquiries.models import Draft
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.persons.vault import CannotOpen, blind_index

pytestmark = pytest.mark.django_db


def raw(draft: Draft) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM enquiries_draft WHERE id = %s", [draft.pk])
        return bytes(cursor.fetchone()[0])


def test_what_is_stored_opens_again_and_is_not_readable_in_the_database():
    draft = Draft.objects.create(key=PersonKey.make(), answers={"surname": "Буйничев"})

    assert Draft.objects.get(pk=draft.pk).answers == {"surname": "Буйничев"}
    assert "Буйничев".encode() not in raw(draft)


def test_a_value_copied_to_another_row_of_the_same_person_does_not_open():
    key = PersonKey.make()
    one = Draft.objects.create(key=key, answers={"a": 1})
    other = Draft.objects.create(key=key, answers={"a": 2})
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE enquiries_draft SET answers = %s WHERE id = %s", [raw(one), other.pk]
        )

    with pytest.raises(CannotOpen):
        _ = Draft.objects.get(pk=other.pk).answers


def test_under_a_destroyed_key_nothing_is_read_and_nothing_is_overwritten():
    draft = Draft.objects.create(key=PersonKey.make(), answers={"a": 1})
    before = raw(draft)
    PersonKey.objects.filter(pk=draft.key_id).update(wrapped=None, destroyed_at=draft.changed_at)

    erased = Draft.objects.get(pk=draft.pk)
    assert erased.answers is None
    assert erased.key.is_destroyed
    erased.save()
    assert raw(erased) == before
    with pytest.raises(CannotOpen):
        erased.key.data_key()


def test_an_encrypted_column_cannot_be_updated_in_the_clear():
    Draft.objects.create(key=PersonKey.make(), answers={})

    with pytest.raises(TypeError, match="encrypted"):
        Draft.objects.update(answers={"a": 1})


def test_a_blind_index_is_the_same_for_the_same_value_and_purpose_only():
    assert blind_index("card", "x") == blind_index("card", "x")
    assert blind_index("card", "x") != blind_index("code", "x")
