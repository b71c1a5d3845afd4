"""Words that the walk through every address asked for."""

TRANSLATIONS = {
    "This page is open already.": ("Ця сторінка вже відкрита.", "Эта страница уже открыта."),
}
