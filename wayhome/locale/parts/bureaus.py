"""Other bureaus: agreements, questions, sealed files."""

SAME = {"File for them", "Written down", "Our key, for them"}
TRANSLATIONS = {
    "Other bureaus": ("Інші бюро", "Другие бюро"),
    "Agreement with a bureau": ("Угода з бюро", "Соглашение с бюро"),
    "Under a named agreement one of the dead at a time is asked for. No list goes out, and no profile of a relative.": (
        "За названою угодою питають про одного загиблого за раз. Назовні не йде ні список, ні профіль рідних.",
        "По названному соглашению спрашивают об одном погибшем за раз. Наружу не уходит ни список, ни профиль родных.",
    ),
    "Write an agreement down": ("Записати угоду", "Записать соглашение"),
    "It is in force once a second lawyer has read it and heard the fingerprint of their key.": (
        "Вона чинна, коли другий юрист прочитав її й почув відбиток їхнього ключа.",
        "Оно действует, когда второй юрист прочитал его и услышал отпечаток их ключа.",
    ),
    "Write it down": ("Записати", "Записать"),
    "With which bureau": ("З яким бюро", "С каким бюро"),
    "For what: which dead, which families": (
        "Для чого: які загиблі, які родини",
        "Для чего: какие погибшие, какие семьи",
    ),
    "For what": ("Для чого", "Для чего"),
    "On what it rests": ("На чому ґрунтується", "На чём основано"),
    "The act or treaty on which it rests, and who signed it": (
        "Акт чи договір, на якому вона ґрунтується, і хто підписав",
        "Акт или договор, на котором оно основано, и кто подписал",
    ),
    "Until which day": ("До якого дня", "До какого дня"),
    "Questions a month, at most, each way": (
        "Запитань на місяць, не більше, в кожен бік",
        "Вопросов в месяц, не больше, в каждую сторону",
    ),
    "Their key, one line": ("Їхній ключ, один рядок", "Их ключ, одна строка"),
    "They read its fingerprint to the second lawyer on the telephone.": (
        "Його відбиток вони читають другому юристові телефоном.",
        "Его отпечаток они читают второму юристу по телефону.",
    ),
    "Our key, for them": ("Наш ключ, для них", "Наш ключ, для них"),
    "Fingerprint, to be read aloud:": ("Відбиток, читати вголос:", "Отпечаток, читать вслух:"),
    "Fingerprint of their key": ("Відбиток їхнього ключа", "Отпечаток их ключа"),
    "There is no agreement with another bureau.": (
        "Угод з іншими бюро немає.",
        "Соглашений с другими бюро нет.",
    ),
    "Asked by us this month": ("Запитали ми цього місяця", "Спросили мы в этом месяце"),
    "Asked by them this month": ("Запитали вони цього місяця", "Спросили они в этом месяце"),
    "At most": ("Не більше", "Не больше"),
    "agreement\x04waits for a second lawyer": ("чекає на другого юриста", "ждёт второго юриста"),
    "agreement\x04in force": ("чинна", "действует"),
    "agreement\x04ended": ("закінчилася", "закончилось"),
    "question\x04asked by us": ("запитали ми", "спросили мы"),
    "question\x04asked by them": ("запитали вони", "спросили они"),
    "answer of a bureau\x04Answer": ("Відповідь", "Ответ"),
    "answer of a bureau\x04yes": ("так", "да"),
    "answer of a bureau\x04no": ("ні", "нет"),
    "none yet": ("ще немає", "пока нет"),
    "Questions": ("Запитання", "Вопросы"),
    "Who asked": ("Хто запитав", "Кто спросил"),
    "Remains or enquiry": ("Рештки чи звернення", "Останки или обращение"),
    "Their file": ("Їхній файл", "Их файл"),
    "File for them": ("Файл для них", "Файл для них"),
    "Fetch it": ("Забрати", "Забрать"),
    "Nothing was asked yet.": ("Ще нічого не питали.", "Пока ничего не спрашивали."),
    "After a yes a notice goes into the outbox, and the Central Tracing Agency brings the two bureaus together. A ratio names nobody.": (
        "Після «так» повідомлення йде до вихідних, і два бюро зводить Центральне агентство з розшуку. Відношення не називає нікого.",
        "После «да» извещение идёт в исходящие, и два бюро сводит Центральное агентство по розыску. Отношение никого не называет.",
    ),
    "Remains and a family of two bureaus": (
        "Рештки й родина з двох бюро",
        "Останки и семья из двух бюро",
    ),
    "What was agreed": ("Про що домовлено", "О чём договорено"),
    "Written down": ("Записано", "Записано"),
    "Ended before its day": ("Закінчено до строку", "Закончено до срока"),
    "Ask for one of the dead": ("Запитати про загиблого", "Спросить о погибшем"),
    "Read a file of theirs": ("Прочитати їхній файл", "Прочитать их файл"),
    "Call them. They read you the fingerprint of their key; it must be the one on this page.": (
        "Зателефонуйте їм. Вони прочитають вам відбиток свого ключа; він має бути той самий, що на цій сторінці.",
        "Позвоните им. Они прочитают вам отпечаток своего ключа; он должен быть тем же, что на этой странице.",
    ),
    "I have read it, and the fingerprint is theirs": (
        "Мною прочитано, відбиток їхній",
        "Мной прочитано, отпечаток их",
    ),
    "End this agreement": ("Закінчити угоду", "Закончить соглашение"),
    "End the agreement": ("Закінчити", "Закончить"),
    "Nothing more is asked or answered under it. What was, stays.": (
        "За нею більше нічого не питають і не відповідають. Що було, лишається.",
        "По нему больше ничего не спрашивают и не отвечают. Что было, остаётся.",
    ),
    "One at a time. Their profile goes alone.": (
        "Один за раз. Іде лише їхній профіль.",
        "Один за раз. Уходит только их профиль.",
    ),
    "A sealed file is made for this bureau alone. It holds alleles under a number made for this question: no name, no place, no number of ours.": (
        "Готують запечатаний файл лише для цього бюро. У ньому алелі під номером, створеним для цього запитання: без імені, місця й нашого номера.",
        "Готовят запечатанный файл только для этого бюро. В нём аллели под номером, созданным для этого вопроса: без имени, места и нашего номера.",
    ),
    "Make the file": ("Зробити файл", "Сделать файл"),
    "A question is held against families whose relatives allowed it, and answered yes with its ratio, or no. What was asked is not kept.": (
        "Запитання порівнюють із родинами, де рідні це дозволили, і відповідають «так» із відношенням або «ні». Самого профілю не зберігають.",
        "Вопрос сравнивают с семьями, где родные это разрешили, и отвечают «да» с отношением или «нет». Сам профиль не хранят.",
    ),
    "Read it": ("Прочитати", "Прочитать"),
    # what stands against it
    "Write with which bureau.": ("Напишіть, з яким бюро.", "Напишите, с каким бюро."),
    "Write for what: which dead, which families, and nothing else.": (
        "Напишіть, для чого: які загиблі, які родини, і більше нічого.",
        "Напишите, для чего: какие погибшие, какие семьи, и больше ничего.",
    ),
    "Write the act or treaty on which it rests, and who signed it.": (
        "Напишіть акт чи договір, на якому вона ґрунтується, і хто підписав.",
        "Напишите акт или договор, на котором оно основано, и кто подписал.",
    ),
    "Write the day on which it ends: after today.": (
        "Напишіть день, коли вона закінчується: після сьогодні.",
        "Напишите день, когда оно заканчивается: после сегодня.",
    ),
    "From 1 to 1,000 questions a month, each asked for one of the dead.": (
        "Від 1 до 1 000 запитань на місяць, кожне про одного загиблого.",
        "От 1 до 1 000 вопросов в месяц, каждый об одном погибшем.",
    ),
    "This is no key of a bureau. It is one line that begins with wayhome-key/1.": (
        "Це не ключ бюро. Ключ – один рядок, що починається з wayhome-key/1.",
        "Это не ключ бюро. Ключ – одна строка, которая начинается с wayhome-key/1.",
    ),
    "Another agreement under this key was not ended. End it first.": (
        "Іншу угоду з цим ключем не закінчено. Спершу закінчіть її.",
        "Другое соглашение с этим ключом не закончено. Сначала закончите его.",
    ),
    "This agreement does not wait for a second lawyer.": (
        "Ця угода не чекає на другого юриста.",
        "Это соглашение не ждёт второго юриста.",
    ),
    "You wrote it down. A second lawyer checks it.": (
        "Записано вами. Перевіряє другий юрист.",
        "Записано вами. Проверяет второй юрист.",
    ),
    "This agreement has ended.": ("Ця угода закінчилася.", "Это соглашение закончилось."),
    "This agreement is not in force.": ("Ця угода не чинна.", "Это соглашение не действует."),
    "This month's questions are used up. They begin anew on the first.": (
        "Запитання цього місяця вичерпано. З першого числа рахунок починається знову.",
        "Вопросы этого месяца исчерпаны. С первого числа счёт начинается снова.",
    ),
    "No profile of these remains is here.": (
        "Профілю цих решток тут немає.",
        "Профиля этих останков здесь нет.",
    ),
    "Their profile has fewer than 12 markers. It would say too little.": (
        "У їхньому профілі менш ніж 12 маркерів. Він сказав би замало.",
        "В их профиле меньше 12 маркеров. Он сказал бы слишком мало.",
    ),
    "This bureau was asked for them within the last 90 days.": (
        "Це бюро питали про них протягом останніх 90 днів.",
        "Это бюро спрашивали о них в течение последних 90 дней.",
    ),
    "This file was not sealed to us by this bureau, or it was changed on its way.": (
        "Цей файл запечатало для нас не це бюро, або його змінено дорогою.",
        "Этот файл запечатало для нас не это бюро, или он изменён в пути.",
    ),
    "This file says something that no question and no answer says: %(field)s.": (
        "У файлі те, чого немає в запитанні чи відповіді: %(field)s.",
        "В файле то, чего нет в вопросе или ответе: %(field)s.",
    ),
    "We asked no such question of this bureau.": (
        "Такого запитання ми цьому бюро не ставили.",
        "Такого вопроса мы этому бюро не задавали.",
    ),
    # journal
    "agreement with another bureau recorded": (
        "записано угоду з іншим бюро",
        "записано соглашение с другим бюро",
    ),
    "agreement with another bureau checked by a second": (
        "угоду з іншим бюро перевірено другою особою",
        "соглашение с другим бюро проверено вторым лицом",
    ),
    "agreement with another bureau ended": (
        "закінчено угоду з іншим бюро",
        "закончено соглашение с другим бюро",
    ),
    "another bureau asked for one of the dead": (
        "інше бюро запитано про загиблого",
        "другое бюро спрошено о погибшем",
    ),
    "question of another bureau answered": (
        "дано відповідь на запитання іншого бюро",
        "дан ответ на вопрос другого бюро",
    ),
    "answer of another bureau noted": (
        "записано відповідь іншого бюро",
        "записан ответ другого бюро",
    ),
    "purpose\x04agreement with another bureau": ("угода з іншим бюро", "соглашение с другим бюро"),
}
