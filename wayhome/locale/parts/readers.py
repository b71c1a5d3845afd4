"""Who reads letters in which language, and effects that the act gives back."""

TRANSLATIONS = {
    # languages of letters
    "In which language do you write?": ("Якою мовою ви пишете?", "На каком языке вы пишете?"),
    "Please choose its language.": ("Виберіть мову листа.", "Выберите язык письма."),
    "Every language": ("Усі мови", "Все языки"),
    "Those you read": ("Ті, якими ви читаєте", "Те, на которых вы читаете"),
    "You read: %(reads)s. What waited five days in a language that nobody here reads is shown to everybody.": (
        "Ваші мови: %(reads)s. Що чекало п’ять днів мовою, якою тут не читає ніхто, показано всім.",
        "Ваши языки: %(reads)s. Что ждало пять дней на языке, на котором здесь не читает никто, показано всем.",
    ),
    "No language is noted for you, so that every letter is shown. The administrator notes which you read.": (
        "Для вас не записано жодної мови, тому показано всі листи. Мови записує адміністратор.",
        "Для вас не записан ни один язык, поэтому показаны все письма. Языки записывает администратор.",
    ),
    "Its language is not among those noted for you. Leave it to somebody who reads it.": (
        "Мови цього листа немає серед записаних для вас. Залиште його тому, хто нею читає.",
        "Языка этого письма нет среди записанных для вас. Оставьте его тому, кто на нём читает.",
    ),
    "Or it is in another language": ("Або лист написано іншою мовою", "Или письмо написано на другом языке"),
    "It goes to somebody who reads that language. If nobody does, everybody is shown it after five days.": (
        "Лист перейде до того, хто читає цією мовою. Якщо такого немає, за п’ять днів його побачать усі.",
        "Письмо перейдёт к тому, кто читает на этом языке. Если такого нет, через пять дней его увидят все.",
    ),
    "Note its language": ("Записати мову", "Записать язык"),
    "A letter in a language that nobody here reads must go on": (
        "Лист мовою, якою тут не читає ніхто, має піти далі",
        "Письмо на языке, на котором здесь не читает никто, должно пойти дальше",
    ),
    "Languages that this person reads letters in": ("Якими мовами ця людина читає листи", "На каких языках этот человек читает письма"),
    "A call supervisor is shown letters in these languages.": (
        "Супровідник бачить листи цими мовами.",
        "Сопровождающий видит письма на этих языках.",
    ),
    "Keep these languages": ("Зберегти ці мови", "Сохранить эти языки"),
    "Choose languages of the list.": ("Виберіть мови зі списку.", "Выберите языки из списка."),
    "languages noted that somebody reads": ("записано, якими мовами хтось читає", "записано, на каких языках кто-то читает"),
    "language of a letter noted": ("записано мову листа", "записан язык письма"),
    "This letter was taken back, or is not allowed any more. Nothing was done with it.": (
        "Цей лист відкликано, або на нього вже немає дозволу. З ним нічого не зроблено.",
        "Это письмо отозвано, или на него больше нет разрешения. С ним ничего не сделано.",
    ),
    # a Red Cross Message on the tablet
    "Write a Red Cross Message": ("Написати повідомлення Червоного Хреста", "Написать послание Красного Креста"),
    "It is free. It holds about 30 lines, with family news only.": (
        "Це безкоштовно. Вміщується приблизно 30 рядків, лише родинні новини.",
        "Это бесплатно. Помещается примерно 30 строк, только семейные новости.",
    ),
    "An empty sheet for the answer goes with it.": (
        "Разом іде порожній аркуш для відповіді.",
        "Вместе идёт пустой лист для ответа.",
    ),
    # effects in the act
    "The list is not what the register of effects holds for him now. List his belongings again.": (
        "У списку не те, що зараз записано за ним у реєстрі речей. Складіть список речей знову.",
        "В списке не то, что сейчас числится за ним в реестре вещей. Составьте список вещей заново.",
    ),
    "Not given back today": ("Сьогодні не повернено", "Сегодня не возвращено"),
    "Say whether it was given back.": ("Вкажіть, чи це повернено.", "Укажите, возвращено ли это."),
    "Why not, and how it follows him": ("Чому ні і як це дістанеться до нього", "Почему нет и как это попадёт к нему"),
    "What stands in no register, one on a line": ("Чого немає в реєстрі, по одному на рядок", "Чего нет в реестре, по одному на строке"),
    "Write why it was not given back.": ("Напишіть, чому це не повернено.", "Напишите, почему это не возвращено."),
}
