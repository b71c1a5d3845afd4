"""The question of the month: on her page, in her letter, in the journal."""

TRANSLATIONS = {
    "question of the month asked": ("поставлено запитання місяця", "задан вопрос месяца"),
    "There is no question for you now.": ("Зараз для вас немає запитання.", "Сейчас для вас нет вопроса."),
    "Write your answer, or go back: you may leave it open.": (
        "Напишіть відповідь або поверніться: можна лишити її порожньою.",
        "Напишите ответ или вернитесь: его можно оставить пустым.",
    ),
    "Another question is asked now.": ("Зараз ставлять інше запитання.", "Сейчас задают другой вопрос."),
    "There is a question on your page. We ask everybody the same who left that answer open, whatever we know. You may leave it open.": (
        "На вашій сторінці є запитання. Ми ставимо його всім, хто не відповів на нього, хоч би що ми знали. Можна не відповідати.",
        "На вашей странице есть вопрос. Мы задаём его всем, кто не ответил на него, что бы мы ни знали. Можно не отвечать.",
    ),
    "What is the patronymic of the person you seek?": (
        "Як по батькові людину, яку ви шукаєте?",
        "Какое отчество у человека, которого вы ищете?",
    ),
    "One question this month": ("Одне запитання цього місяця", "Один вопрос в этом месяце"),
    "We ask everybody the same who left this answer open, whatever we know. You may leave it open.": (
        "Ми ставимо це запитання всім, хто не відповів на нього, хоч би що ми знали. Можна не відповідати.",
        "Мы задаём этот вопрос всем, кто не ответил на него, что бы мы ни знали. Можно не отвечать.",
    ),
    "Read the question": ("Прочитати запитання", "Прочитать вопрос"),
    "It adds to what you told us. We compare anew by ourselves.": (
        "Це доповнює те, що ви нам розповіли. Ми самі порівняємо ще раз.",
        "Это дополняет то, что вы нам рассказали. Мы сами сравним ещё раз.",
    ),
    "Each month we ask one question of all who left its answer open. You can add something yourself at any time.": (
        "Щомісяця ми ставимо одне запитання всім, хто на нього не відповів. Ви самі можете щось додати будь-коли.",
        "Каждый месяц мы задаём один вопрос всем, кто на него не ответил. Вы сами можете что-то добавить в любое время.",
    ),
    "Names that go together": ("Імена, що трапляються разом", "Имена, которые встречаются вместе"),
    "these names are often borne together": ("ці імена часто носять разом", "эти имена часто носят вместе"),
    "What one more fact would decide it?": ("Який ще один факт це вирішив би?", "Какой ещё один факт это решил бы?"),
    "A fact that the enquiry lacks": ("Факт, якого бракує зверненню", "Факт, которого нет в обращении"),
    "How telling": ("Наскільки промовистий", "Насколько он говорящий"),
    "Bits expected": ("Очікувані біти", "Ожидаемые биты"),
    "Of the doubt": ("Від сумніву", "От сомнения"),
    "For you alone. No family is asked because of a candidate: one question a month goes out in the same words to all who left its answer empty.": (
        "Лише для вас. Жодну родину не питають через кандидата: раз на місяць одне запитання тими самими словами йде всім, хто на нього не відповів.",
        "Только для вас. Ни одну семью не спрашивают из-за кандидата: раз в месяц один вопрос теми же словами идёт всем, кто на него не ответил.",
    ),
}
