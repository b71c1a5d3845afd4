"""The words that Wayhome does not use are noticed, and the words beside them are not."""

import pytest

from tools.catalogues import LOCALE, extract_all, read_parts
from tools.messages import faults_of_voice, forms_of
from wayhome.web.voice import FORBIDDEN, forbidden_in, forbidden_on, long_sentences, texts_of

NOT_TO_FAMILIES = [
    ("en", "Your son was not found."),
    ("en", "There is nothing new"),
    ("en", "We have three candidates"),
    ("en", "This matches your enquiry"),
    ("en", "90 percent"),
    ("en", "He will be handed over on Monday"),
    ("en", "You may collect him"),
    ("en", "Your case is open"),
    ("ru", "Он не найден"),
    ("ru", "Не\u00a0найдена"),
    ("ru", "Ничего нового нет"),
    ("ru", "есть совпадение"),
    ("ru", "с большой вероятностью"),
    ("ru", "репатриация тел"),
    ("ru", "акт передачи"),
    ("ru", "Ваше дело открыто"),
    ("ru", "по вашему делу"),
    ("ru", "подайте заявление"),
    ("ru", "на допросе"),
    ("ru", "по УДО"),
    ("ru", "НАДЗИРАТЕЛЬ"),
    ("ru", "останков"),
    ("ru", "пропал без вести"),
    ("ru", "он дал согласие"),
    ("ru", "приезжайте на Украину или живите в Украине"),
    ("ru", "ваш сын"),
    ("uk", "Його не знайдено"),
    ("uk", "нічого нового"),
    ("uk", "кандидатів"),
    ("uk", "є збіг"),
    ("uk", "з імовірністю"),
    ("uk", "ймовірно"),
    ("uk", "репатріації"),
    ("uk", "акт передачі"),
    ("uk", "у вашій справі"),
    ("uk", "подайте заяву"),
    ("uk", "інтерв’ю"),
    ("uk", "наглядачем"),
    ("uk", "рештки"),
    ("uk", "зник безвісти"),
    ("uk", "ваша згода"),
    ("uk", "в Україні"),
    ("uk", "вашого сина"),
]
WHAT_MAY_BE_SAID = [
    ("en", "In this talk we say what we know, and in any case nobody pays."),
    ("en", "We compare all enquiries with all our records every day."),
    ("en", "the person you seek"),
    ("ru", "На самом деле никто не вправе просить денег. Мы делаем это бесплатно."),
    ("ru", "Мы согласны. Он заявил об этом сам и передал вам письмо."),
    ("ru", "Вы разделили хлеб. Неделя. Отдел."),
    ("ru", "обращение, беседа, возвращение, я разрешаю, под честное слово, в Киев"),
    ("uk", "Насправді ніхто не може просити гроші. Згодом ми зателефонуємо. Справді."),
    ("uk", "Я згодна. Справедливо. Довідка."),
    ("uk", "звернення, розмова, повернення, я дозволяю, під чесне слово, до Києва"),
]
BOTH_AUDIENCES = [("ru", "репатриации"), ("uk", "наглядач"), ("ru", "на Украине")]
ONLY_STAFF = [("en", "match candidate"), ("ru", "кандидат"), ("uk", "збіг"), ("uk", "рештки")]


@pytest.mark.parametrize(("language", "text"), NOT_TO_FAMILIES)
def test_families_are_never_told(language: str, text: str):
    assert forbidden_in(text, language, "family")


@pytest.mark.parametrize(("language", "text"), WHAT_MAY_BE_SAID)
def test_families_may_be_told(language: str, text: str):
    assert not forbidden_in(text, language, "family")


@pytest.mark.parametrize(("language", "text"), BOTH_AUDIENCES)
def test_staff_are_not_told_either(language: str, text: str):
    assert forbidden_in(text, language, "staff")


@pytest.mark.parametrize(("language", "text"), ONLY_STAFF)
def test_staff_speak_of_their_work(language: str, text: str):
    assert forbidden_in(text, language, "family")
    assert not forbidden_in(text, language, "staff")


def test_every_language_has_its_words_for_every_audience():
    assert {len(words) == 3 for words in FORBIDDEN.values()} == {True}
    assert all(words for audience in FORBIDDEN.values() for words in audience.values())


def test_a_page_is_read_as_a_person_hears_it():
    page = '<p title="Кандидат">Мир</p><script>var дело</script><input type="submit" value="Далее">'

    assert texts_of(page) == ["Кандидат", "Мир", "Далее"]
    assert forbidden_on(page, "ru") == ["кандидат"]


def test_a_word_split_by_markup_is_still_read():
    assert forbidden_on("<p>не <b>найден</b></p>", "ru")


def test_a_sentence_of_twenty_words_is_long_enough():
    twenty = " ".join(["слово"] * 20) + "."

    assert not long_sentences(f"{twenty} {twenty}")
    assert long_sentences(f"ще {twenty}")


def test_nothing_translated_for_families_or_staff_breaks_the_list():
    parts, faults = read_parts(LOCALE / "parts")
    for found in extract_all().values():
        texts = [("en", text) for text in found.texts]
        for language, translation in parts.get(found.key, {}).items():
            texts += [(language, text) for text in forms_of(translation)]
        for language, text in texts:
            whose = found.for_families
            found_faults = faults_of_voice(text, language, for_families=whose)
            faults += [f"{found.places[0]}: {fault}" for fault in found_faults]

    assert not faults, "\n".join(faults)
