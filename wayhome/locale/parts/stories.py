"""Ukrainian and Russian for the command that opens a site."""

TRANSLATIONS = {
    "A site's code is one to four Latin capitals.": (
        "Код пункту — від однієї до чотирьох великих латинських літер.",
        "Код пункта — от одной до четырёх больших латинских букв.",
    ),
    "There is a site of this code already.": (
        "Пункт із таким кодом уже є.",
        "Пункт с таким кодом уже есть.",
    ),
}
