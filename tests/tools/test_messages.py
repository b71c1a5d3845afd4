"""The check of translations notices each kind of fault, on a small package made for it."""

import gettext
from pathlib import Path

import pytest

from tools.catalogues import extract_all
from tools.messages import check, merge
from tools.templates import lint

PAGE = '{% load i18n %}<p>{% translate "Continue" %}</p>'
GOOD = {"Continue": ("Далі", "Далее")}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    package = tmp_path / "wayhome"
    (package / "locale" / "parts").mkdir(parents=True)
    (package / "web" / "portal" / "templates" / "portal").mkdir(parents=True)
    return package


def write(package: Path, page: str, translations: object, code: str = "") -> None:
    (package / "web" / "portal" / "templates" / "portal" / "page.html").write_text(page)
    (package / "web" / "portal" / "views.py").write_text(code)
    (package / "locale" / "parts" / "a.py").write_text(f"TRANSLATIONS = {translations!r}\n")


def faults(package: Path) -> list[str]:
    locale = package / "locale"
    merge(package, locale)
    return check(package, locale)


def test_complete_translations_pass(package: Path):
    write(package, PAGE, GOOD)

    assert faults(package) == []


def test_a_plural_in_three_forms_is_read_by_the_program(package: Path):
    forms = ("%(n)s лист", "%(n)s листи", "%(n)s листів")
    russian = ("%(n)s письмо", "%(n)s письма", "%(n)s писем")
    one, many = "%(n)s letter", "%(n)s letters"
    write(package, PAGE, GOOD | {(one, many): (forms, russian)}, f'ngettext("{one}", "{many}", n)')

    assert faults(package) == []
    made = package / "locale" / "uk" / "LC_MESSAGES" / "django.mo"
    with made.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    assert [catalogue.ngettext(one, many, n) for n in (21, 3, 11)] == list(forms)


@pytest.mark.parametrize(
    ("translations", "fault"),
    [
        ({}, "uk: no translation"),
        ({"Continue": ("Далі", "")}, "ru: no translation"),
        ({"Continue": ("Далі %(name)s", "Далее")}, "uk: other gaps"),
        ({"Continue": ("Continue", "Далее")}, "uk says the same as en"),
        ({"Continue": ("Далее", "Далее")}, "uk says the same as ru"),
        ({"Continue": ("Передача", "Далее")}, "uk: forbidden: 'передача'"),
        ({"Continue": ("Далі", "слово " * 21)}, "ru: a long sentence"),
    ],
)
def test_each_fault_of_a_translation_is_named(package: Path, translations: object, fault: str):
    write(package, PAGE, translations)

    assert any(fault in line for line in faults(package))


def test_two_parts_that_disagree_are_named(package: Path):
    write(package, PAGE, GOOD)
    (package / "locale" / "parts" / "b.py").write_text(
        'TRANSLATIONS = {"Continue": ("Вперед", "Далее")}'
    )

    assert any("translated otherwise in a.py" in line for line in faults(package))


def test_a_string_listed_as_the_same_passes(package: Path):
    write(package, PAGE, {"Continue": ("Далее", "Далее")})
    (package / "locale" / "same.txt").write_text("# listed\nContinue\n")

    assert faults(package) == []


def test_a_part_lists_its_own_strings_that_may_look_alike(package: Path):
    write(package, PAGE, {"Continue": ("Далее", "Далее")})
    with (package / "locale" / "parts" / "a.py").open("a") as part:
        part.write('SAME = {"Continue"}\n')

    assert faults(package) == []


def test_catalogues_that_are_behind_are_named(package: Path):
    write(package, PAGE, GOOD)
    merge(package, package / "locale")
    write(package, PAGE, {"Continue": ("Уперед", "Далее")})

    assert any("stale" in line for line in check(package, package / "locale"))


def test_a_string_without_translation_is_shown_in_english(package: Path):
    write(package, PAGE, {})
    merge(package, package / "locale")

    with (package / "locale" / "uk" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Continue") == "Continue"


def test_strings_are_found_in_every_kind_of_call(package: Path):
    page = (
        "{% load i18n %}{% blocktranslate with name=x %}Hello {{ name }}{% endblocktranslate %}"
        '{% translate "Day" context "date" %}\n   {% if x %}{{ x|default:_("None") }}{% endif %}'
    )
    write(package, page, {}, 'a = _("One")\nb = gettext_lazy(\n    "Two "\n    "three"\n)')

    keys = {found.key for found in extract_all(package).values()}
    assert keys == {("", "Hello %(name)s"), ("date", "Day"), ("", "None"), ("", "One"),
                    ("", "Two three")}  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        '<a title="Hello">{{ x }}</a>',
        "<script>go()</script>",
        "<style>p {}</style>",
        '<p style="color: red">{{ x }}</p>',
        '<p onclick="go()">{{ x }}</p>',
        '<p hx-on:click="go()">{{ x }}</p>',
        '<p hx-trigger="click[x]">{{ x }}</p>',
        '<p hx-vals="js:{}">{{ x }}</p>',
        '<img src="https://example.org/x.png" alt="">',
    ],
)
def test_a_template_may_not_hold(source: str):
    assert list(lint(source))


@pytest.mark.parametrize(
    "source",
    [
        '{% translate "Hello" %}',
        "{% blocktranslate %}Hello{% endblocktranslate %}",
        "{% comment %}Hello{% endcomment %}{# Hello #}",
        '<script src="/static/a.js"></script>',
        "{% block body_class %}wh-portal{% endblock %}",
        "<p>Wayhome – 5 №</p>",
    ],
)
def test_a_template_may_hold(source: str):
    assert not list(lint(source))
