TRANSLATIONS = {
    "A PIN has six digits.": (
        "PIN складається з шести цифр.",
        "PIN состоит из шести цифр.",
    ),
    "This PIN is easy to guess. Choose another one.": (
        "Цей PIN легко вгадати. Оберіть інший.",
        "Этот PIN легко угадать. Выберите другой.",
    ),
}
