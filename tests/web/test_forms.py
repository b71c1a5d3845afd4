"""Forms look and speak as they should."""

from datetime import date

import pytest
from django import forms
from django.http import QueryDict
from django.template import engines
from django.utils import translation

from wayhome.web.forms import DateParts, IdempotentForm, Radios, Renderer


class Enquiry(IdempotentForm):
    name = forms.CharField(label="Name", help_text="As it is written")
    born_on = forms.DateField(label="Born", widget=DateParts, required=False)
    who = forms.ChoiceField(label="Who", choices=[("m", "Mother")], widget=Radios)


def shown(form: forms.Form, template: str = "{% error_summary form %}{{ form }}") -> str:
    with translation.override("en"):
        page = engines["django"].from_string("{% load wayhome %}" + template)
        return str(page.render({"form": form}))


def enquiry(data: dict[str, str] | QueryDict | None = None) -> Enquiry:
    return Enquiry(data, renderer=Renderer())


def test_an_empty_form_accuses_nobody():
    assert "error" not in shown(enquiry())


def test_each_fault_is_a_link_to_its_field_and_read_out_there():
    page = shown(enquiry({}))

    for target in ("id_name", "id_who_0"):
        assert f'href="#{target}"' in page
        assert f'id="{target}"' in page
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'id="id_name_helptext"' in page
    assert 'id="id_name_error"' in page


def test_the_browser_says_nothing_in_a_language_of_its_own():
    assert " required" not in shown(enquiry())


def test_one_question_is_the_heading_of_its_page():
    page = shown(enquiry(), "{% field form.who question=True %}")

    assert page.count("<h1") == 1
    assert "Who" in page


def test_a_hint_is_text_and_no_markup():
    form = enquiry()
    form.fields["name"].help_text = "<b>x</b>"

    assert "&lt;b&gt;" in shown(form)


@pytest.mark.parametrize("data", [None, {}, {"name": "x"}])
def test_every_form_carries_a_key_of_the_same_length(data: dict[str, str] | None):
    keys = {str(enquiry(data)["idempotency_key"].value()) for _ in range(2)}

    assert len(keys) == 2
    assert {len(key) for key in keys} == {32}


def test_a_form_sent_without_a_key_gets_one():
    sent = QueryDict("name=x")  # as a request holds it, not to be written to

    assert len(str(enquiry(sent)["idempotency_key"].value())) == 32
    assert "idempotency_key" not in sent


def test_a_form_shown_again_keeps_its_key():
    form = enquiry({"idempotency_key": "a" * 32})

    assert f'value="{"a" * 32}"' in shown(form)


def test_a_key_of_another_shape_is_refused():
    assert "idempotency_key" in enquiry({"idempotency_key": "<script>"}).errors


def test_three_boxes_make_a_date():
    boxes = {"born_on_day": " 3", "born_on_month": "05", "born_on_year": "1999"}
    form = enquiry({"name": "x", "who": "m", **boxes})

    assert form.is_valid()
    assert form.cleaned_data["born_on"] == date(1999, 5, 3)


@pytest.mark.parametrize("day", ["31", "x", ""])
def test_boxes_that_make_no_date_keep_what_was_typed(day: str):
    boxes = {"born_on_day": day, "born_on_month": "2", "born_on_year": "1999"}
    form = enquiry({"name": "x", "who": "m", **boxes})

    assert "born_on" in form.errors
    assert 'value="1999"' in shown(form)


def test_three_empty_boxes_are_no_date():
    assert "born_on" not in enquiry({"born_on_day": ""}).errors
