"""Her own phone: the number, the sheet for one day, and that it is deleted."""

TRANSLATIONS = {
    # journal
    "number for a family's own phone given": ("видано номер для телефона родини", "выдан номер для телефона семьи"),
    "pass taken onto a family's own phone": ("перепустку взято на телефон родини", "пропуск взят на телефон семьи"),
    "a family's own phone said that the pass was deleted": ("телефон родини повідомив, що перепустку стерто", "телефон семьи сообщил, что пропуск стёрт"),
    # rules
    "This journey has no pass that is valid.": ("Ця поїздка не має чинної перепустки.", "У этой поездки нет действующего пропуска."),
    "There is a number on the day of the journey alone. Before it they carry nothing.": ("Номер буває лише в день поїздки. До того вони не мають при собі нічого.", "Номер бывает только в день поездки. До этого при них нет ничего."),
    "This number opens nothing now. It is good once. Ask the escort for another.": ("Цей номер зараз нічого не відкриває. Він діє один раз. Попросіть у супроводжувача інший.", "Этот номер сейчас ничего не открывает. Он действует один раз. Попросите у сопровождающего другой."),
    # the page of the convoy
    "The pass on their own phone": ("Перепустка на їхньому телефоні", "Пропуск на их телефоне"),
    "Tell them this number at the first leg outside their country, and this address. It is good once, today.": ("Назвіть їм цей номер і цю адресу на першому відтинку за межами їхньої країни. Номер діє один раз, сьогодні.", "Назовите им этот номер и этот адрес на первом отрезке вне их страны. Номер действует один раз, сегодня."),
    "Address of the page": ("Адреса сторінки", "Адрес страницы"),
    "Only if they want it: the sheet on paper is enough.": ("Лише якщо вони цього хочуть: досить аркуша на папері.", "Только если они этого хотят: достаточно листа на бумаге."),
    "Number for their phone": ("Номер для їхнього телефона", "Номер для их телефона"),
    # her page
    "The sheet on paper is enough": ("Досить аркуша на папері", "Достаточно листа на бумаге"),
    "The paper holds the same, and works everywhere. Ask the escort for it.": ("На папері те саме, і він діє всюди. Попросіть його в супроводжувача.", "На бумаге то же самое, и она действует везде. Попросите её у сопровождающего."),
    "The sheet for this day": ("Аркуш на цей день", "Лист на этот день"),
    "The escort tells you a number. With it, the sheet for the way comes onto this phone.": ("Супроводжувач назве вам номер. За ним аркуш для дороги з'явиться на цьому телефоні.", "Сопровождающий назовёт вам номер. По нему лист для дороги появится на этом телефоне."),
    "It works without a network. In the night after this day it is deleted.": ("Він працює без мережі. Уночі після цього дня він стирається.", "Он работает без сети. Ночью после этого дня он стирается."),
    "You need not do this: the sheet on paper is enough.": ("Це не обов'язково: досить аркуша на папері.", "Это не обязательно: достаточно листа на бумаге."),
    "The number, 12 digits": ("Номер, 12 цифр", "Номер: 12 цифр"),
    "Put it onto this phone": ("Взяти на цей телефон", "Взять на этот телефон"),
    "Delete from this phone": ("Стерти з цього телефона", "Стереть с этого телефона"),
    "You say": ("Ви кажете", "Вы говорите"),
    "The sheet on paper still holds the same.": ("На папері лишається те саме.", "На бумаге остаётся то же самое."),
    "The sheet on this phone counts no longer, and was deleted. Please call us.": ("Аркуш на цьому телефоні більше не діє, і його стерто. Зателефонуйте нам.", "Лист на этом телефоне больше не действует, он стёрт. Позвоните нам."),
}
