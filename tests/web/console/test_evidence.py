import pytest
from django.utils.translation import override

from tests.factories import CaptiveFactory, EnquiryFactory
from wayhome.bureau.staff.disclosure import shown
from wayhome.web.console.evidence import side_by_side


@pytest.mark.django_db
def test_what_weighs_nothing_and_stands_on_neither_record_is_left_out():
    captive = shown(CaptiveFactory(), "file")
    evidence = [
        ["surname", "agrees", "surname.exact", 0.01],
        ["order", "disagrees", "order.unsure", -0.003],
        ["together", "disagrees", "together.common", -0.4],
        ["others", "agrees", "others.nobody_like_him", 0.04],
    ]

    rows = side_by_side(evidence, captive, captive, "uk")

    assert [row.bits for row in rows] == [0.01, -0.4]


@pytest.mark.django_db
def test_a_fathers_name_that_stands_for_the_patronymic_is_shown_as_what_it_is():
    asked = shown(CaptiveFactory(patronymic="Ильич", father_name="Лука"), "file")
    found = shown(CaptiveFactory(patronymic="", father_name="Илья"), "file")

    with override("uk"):
        (row,) = side_by_side([["patronymic", "agrees", "patronymic.exact", 4]], asked, found, "uk")

    assert (row.sought, row.found) == ("Ильич", "Илья (ім'я батька)")


@pytest.mark.django_db
def test_the_unit_of_a_comrade_is_shown_by_his_name_as_she_gave_it():
    asked = shown(EnquiryFactory(comrade="Щеголихин Аристарх"), "file")
    found = shown(CaptiveFactory(unit="в/ч 74577"), "file")

    with override("uk"):
        (row,) = side_by_side([["unit", "agrees", "unit.comrade", 6.5]], asked, found, "uk")
        how = str(row.how)

    assert (row.sought, row.found) == ("Щеголихин Аристарх (товариш по службі)", "в/ч 74577")
    assert how == "та сама, що в названого товариша по службі"
