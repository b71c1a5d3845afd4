"""Evidence side by side, chances in words, who could be meant."""

SAME = {"%(number)s %%", "for", "very likely"}
TRANSLATIONS = {
    "With whom he served": ("З ким він служив", "С кем он служил"),
    "If no unit is known. His name, and his date of birth if they know it.": (
        "Якщо частина невідома. Його ім'я та, якщо знають, дата народження.",
        "Если часть неизвестна. Его имя и, если знают, дата рождения.",
    ),
    "%(name)s (comrade)": ("%(name)s (товариш по службі)", "%(name)s (сослуживец)"),
    "that of the comrade who was named": (
        "та сама, що в названого товариша по службі", "та же, что у названного сослуживца",
    ),
    "that of the comrade who was named, but for slips of the pen": (
        "та сама, що в названого товариша по службі, якщо не рахувати описок",
        "та же, что у названного сослуживца, если не считать описок",
    ),
    "the comrade who was named is of another unit": (
        "названий товариш по службі з іншої частини", "названный сослуживец из другой части",
    ),
    "If no patronymic is known.": ("Якщо по батькові невідоме.", "Если отчество неизвестно."),
    "%(name)s (first name of the father)": ("%(name)s (ім'я батька)", "%(name)s (имя отца)"),
    "almost certain": ("майже напевно", "почти наверняка"),
    "very likely": ("дуже ймовірно", "очень вероятно"),
    "likely": ("імовірно", "вероятно"),
    "as likely as not": ("рівні шанси так і ні", "равные шансы да и нет"),
    "possible, yet unlikely": ("можливо, але малоймовірно", "возможно, но маловероятно"),
    "unlikely": ("малоймовірно", "маловероятно"),
    "very unlikely": ("дуже малоймовірно", "очень маловероятно"),
    "under %(number)s %%": ("менше ніж %(number)s %%", "менее %(number)s %%"),
    "over %(number)s %%": ("понад %(number)s %%", "более %(number)s %%"),
    "%(number)s %%": ("%(number)s %%", "%(number)s %%"),
    "Of %(of)s such proposals about %(right)s are right.": (
        "З %(of)s таких пропозицій слушні приблизно %(right)s.",
        "Из %(of)s таких предложений верны примерно %(right)s.",
    ),
    "It is a reason to look, never an answer.": (
        "Це привід подивитися, а не відповідь.",
        "Это повод посмотреть, а не ответ.",
    ),
    "Others on the register, each less likely": (
        "Інші в реєстрі, кожен менш імовірний",
        "Другие в реестре, каждый менее вероятен",
    ),
    "Not on the register": ("Немає в реєстрі", "Нет в реестре"),
    "Evidence together": ("Свідчення разом", "Свидетельства вместе"),
    "%(bits)s bits": ("%(bits)s біта", "%(bits)s бита"),
    "How they agree": ("Як збігаються", "Как совпадают"),
    "against": ("проти", "против"),
    "for": ("за", "за"),
    "Together": ("Разом", "Вместе"),
    "%(agrees)s agree, %(disagrees)s disagree, %(unknown)s unknown": (
        "збігаються: %(agrees)s, не збігаються: %(disagrees)s, невідомо: %(unknown)s",
        "совпадают: %(agrees)s, не совпадают: %(disagrees)s, неизвестно: %(unknown)s",
    ),
    ("One person with %(number)s card", "One person with %(number)s linked cards"): (
        ("Одна людина, %(number)s картка", "Одна людина, %(number)s пов’язані картки", "Одна людина, %(number)s пов’язаних карток"),
        ("Один человек, %(number)s карточка", "Один человек, %(number)s связанные карточки", "Один человек, %(number)s связанных карточек"),
    ),
    "compared above": ("порівняно вище", "сравнена выше"),
    "Nobody else fits nearly as well": ("Ніхто інший не підходить майже так само", "Никто другой не подходит почти так же"),
    "Everybody who could be meant by this enquiry, and that he is not on the register: together they are one whole.": (
        "Усі, про кого може йтися в цьому зверненні, і те, що цієї людини в реєстрі немає: разом це одне ціле.",
        "Все, о ком может идти речь в этом обращении, и то, что этого человека в реестре нет: вместе это одно целое.",
    ),
    "Who could be meant": ("Про кого може йтися", "О ком может идти речь"),
    "Who": ("Хто", "Кто"),
    "Share of the whole": ("Частка цілого", "Доля целого"),
    "this one": ("ця людина", "этот человек"),
    "Not weighed": ("Не зважується", "Не взвешивается"),
    "likely one man with the one above: counted there": (
        "імовірно, одна людина з тією, що вище: враховано там",
        "вероятно, один человек с тем, кто выше: учтён там",
    ),
}
