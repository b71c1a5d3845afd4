"""Figures of tracing: for whoever leads it, and for the auditor."""

SAME = {"In words", "another", "Said", "said by the machine"}
TRANSLATIONS = {
    "Figures of tracing": ("Показники розшуку", "Показатели розыска"),
    "Is the machine right about how sure it is, does it find, and is the register still what its weights are for? Weights of version %(version)s.": (
        "Чи слушна машина у своїй упевненості, чи знаходить, і чи реєстр досі такий, для якого її ваги? Версія ваг: %(version)s.",
        "Права ли машина в своей уверенности, находит ли, и остался ли реестр таким, для которого её веса? Версия весов: %(version)s.",
    ),
    "The register has drifted from what the weights were made for. Learn them anew, and read probabilities with care until then.": (
        "Реєстр відійшов від того, для чого робилися ваги. Навчіть їх наново, а доти читайте ймовірності обережно.",
        "Реестр отошёл от того, для чего делались веса. Обучите их заново, а до тех пор читайте вероятности осторожно.",
    ),
    "How sure, and how right": ("Наскільки впевнена і наскільки слушна", "Насколько уверена и насколько права"),
    (
        "%(number)s pair has been judged alike by two people: too few to say much.",
        "%(number)s pairs have been judged alike by two people: too few to say much.",
    ): (
        (
            "Двоє однаково висловилися про %(number)s пару: замало, щоб судити.",
            "Двоє однаково висловилися про %(number)s пари: замало, щоб судити.",
            "Двоє однаково висловилися про %(number)s пар: замало, щоб судити.",
        ),
        (
            "Двое одинаково высказались о %(number)s паре: слишком мало, чтобы судить.",
            "Двое одинаково высказались о %(number)s парах: слишком мало, чтобы судить.",
            "Двое одинаково высказались о %(number)s парах: слишком мало, чтобы судить.",
        ),
    ),
    "Each point is a group of judged pairs: to the right how likely the machine called them, upwards how many people found to be one man. On the line it is right; the bar is what chance allows. Only pairs that reached people are in it.": (
        "Кожна точка – група пар, про які висловилися: праворуч – якими ймовірними назвала їх машина, угору – скільки з них люди визнали однією людиною. На лінії вона слушна; риска – те, що дозволяє випадок. Тут лише пари, що дійшли до людей.",
        "Каждая точка – группа пар, о которых высказались: вправо – насколько вероятными назвала их машина, вверх – сколько из них люди признали одним человеком. На линии она права; чёрточка – то, что допускает случай. Здесь лишь пары, дошедшие до людей.",
    ),
    "said by the machine": ("сказала машина", "сказала машина"),
    "Said": ("Сказано", "Сказано"),
    "Chance allows": ("Дозволяє випадок", "Допускает случай"),
    "Pairs": ("Пари", "Пары"),
    "In words": ("Словами", "Словами"),
    "off": ("хибить", "ошибается"),
    "right": ("слушно", "верно"),
    "Nothing has been judged by two people yet.": ("Двоє ще ні про що не висловилися.", "Двое ещё ни о чём не высказались."),
    "Does it find?": ("Чи знаходить?", "Находит ли?"),
    "Each week invented men are put beside the register, in memory alone, and sought as a family would write them. Nothing of them is stored but these figures.": (
        "Щотижня поруч із реєстром, лише в пам’яті, ставлять вигаданих людей і шукають їх так, як писала б родина. Від них не зберігається нічого, крім цих показників.",
        "Каждую неделю рядом с реестром, только в памяти, ставят вымышленных людей и ищут их так, как писала бы семья. От них не сохраняется ничего, кроме этих показателей.",
    ),
    "The line: found among ten. The dashes: above the threshold.": (
        "Лінія: знайдено серед десяти. Пунктир: вище порога.",
        "Линия: найдено среди десяти. Пунктир: выше порога.",
    ),
    "Week of": ("Тиждень від", "Неделя с"),
    "Cards": ("Картки", "Карточки"),
    "Invented men": ("Вигадані люди", "Вымышленные люди"),
    "Found first": ("Знайдено першими", "Найдено первыми"),
    "Found among ten": ("Знайдено серед десяти", "Найдено среди десяти"),
    "Above the threshold": ("Вище порога", "Выше порога"),
    "Somebody else for an absent man": ("Хтось інший замість відсутнього", "Кто-то другой вместо отсутствующего"),
    "Version of the weights": ("Версія ваг", "Версия весов"),
    "No week has been tried yet. It is done every Monday, once there are cards enough.": (
        "Ще жодного тижня не перевірено. Це роблять щопонеділка, щойно карток достатньо.",
        "Ни одной недели ещё не проверено. Это делается каждый понедельник, как только карточек достаточно.",
    ),
    "Has the register changed?": ("Чи змінився реєстр?", "Изменился ли реестр?"),
    "How the likely pairs of the last four weeks agree, against those of the first four under these weights. Below 0.1 they agree as before; from 0.25 on the weights are for another register.": (
        "Як збігаються ймовірні пари останніх чотирьох тижнів порівняно з першими чотирма за цих ваг. Нижче 0,1 – як раніше; від 0,25 ваги вже для іншого реєстру.",
        "Как совпадают вероятные пары последних четырёх недель по сравнению с первыми четырьмя при этих весах. Ниже 0,1 – как прежде; от 0,25 веса уже для другого реестра.",
    ),
    "Index": ("Індекс", "Индекс"),
    "has moved": ("зрушив", "сдвинулся"),
    "as before": ("як раніше", "как прежде"),
    "There are not pairs enough to say: %(fewest_pairs)s of each side are needed.": (
        "Пар замало, щоб судити: потрібно по %(fewest_pairs)s з кожного боку.",
        "Пар слишком мало, чтобы судить: нужно по %(fewest_pairs)s с каждой стороны.",
    ),
    "What each particular weighs": ("Скільки важить кожна відомість", "Сколько весит каждое сведение"),
    "The mean over this bureau's newest proposals; where there is none, what the program begins with. A rare name weighs more than a common one.": (
        "Середнє за найновішими пропозиціями цього бюро; де їх немає – те, з чого починає програма. Рідкісне ім’я важить більше за поширене.",
        "Среднее по новейшим предложениям этого бюро; где их нет – то, с чего начинает программа. Редкое имя весит больше распространённого.",
    ),
    "If it agrees": ("Якщо збігається", "Если совпадает"),
    "If it disagrees": ("Якщо не збігається", "Если не совпадает"),
    "Known on both sides": ("Відомо з обох боків", "Известно с обеих сторон"),
    "The threshold of each day": ("Поріг кожного дня", "Порог каждого дня"),
    "Day": ("День", "День"),
    "From which probability on": ("Від якої ймовірності", "От какой вероятности"),
    "Room for pairs": ("Місце для пар", "Место для пар"),
    "Pairs proposed a day": ("Пар запропоновано на день", "Пар предложено в день"),
    "No threshold has been set yet: it is set each morning.": (
        "Порога ще не встановлено: його встановлюють щоранку.",
        "Порог ещё не установлен: его устанавливают каждое утро.",
    ),
    "They came with the program; nothing was learned here yet.": (
        "Вони прийшли з програмою; тут ще нічого не вчили.",
        "Они пришли с программой; здесь ещё ничему не учили.",
    ),
    "What stands on the cards now, against what stood there when the weights were learned: scripts, years, what is left out.": (
        "Що стоїть на картках зараз порівняно з тим, що стояло, коли вчили ваги: письмо, роки, пропущене.",
        "Что стоит на карточках сейчас по сравнению с тем, что стояло, когда обучались веса: письмо, годы, пропущенное.",
    ),
    "What stands on the cards": ("Що стоїть на картках", "Что стоит на карточках"),
    "weights of names learned anew": (
        "ваги імен навчено заново",
        "веса имён обучены заново",
    ),
    "weights of names that came with the program taken again": (
        "знову взято ваги імен, що прийшли з програмою",
        "снова взяты веса имён, пришедшие с программой",
    ),
    "There is too little to learn from: at least %(fewest_cards)d cards and %(fewest)d open enquiries are needed; there are %(cards)d and %(enquiries)d.": (
        "Замало, щоб учитися: потрібно щонайменше %(fewest_cards)d карток і %(fewest)d відкритих звернень; є %(cards)d і %(enquiries)d.",
        "Слишком мало, чтобы учиться: нужно не меньше %(fewest_cards)d карточек и %(fewest)d открытых обращений; есть %(cards)d и %(enquiries)d.",
    ),
    "Where the weights come from": ("Звідки ваги", "Откуда веса"),
    "Learned on %(on)s from %(cards)s cards, %(enquiries)s enquiries and %(judgements)s pairs on which two people agreed.": (
        "Навчено %(on)s. Карток: %(cards)s, звернень: %(enquiries)s, пар, про які двоє людей сказали одне: %(judgements)s.",
        "Обучены %(on)s. Карточек: %(cards)s, обращений: %(enquiries)s, пар, о которых двое людей сказали одно: %(judgements)s.",
    ),
    "Before any look at the names, %(prior)s of those sought are taken to be on the register.": (
        "Ще до погляду на імена вважається, що %(prior)s тих, кого шукають, є в реєстрі.",
        "Ещё до взгляда на имена считается, что %(prior)s тех, кого ищут, есть в реестре.",
    ),
    "being learned": ("навчаються", "обучаются"),
    "You may leave this page. When it is done, everything is compared anew.": (
        "Цю сторінку можна залишити. Коли буде готово, все порівняють заново.",
        "Эту страницу можно оставить. Когда будет готово, всё сравнят заново.",
    ),
    "Learn the weights anew": ("Навчити ваги заново", "Обучить веса заново"),
    "Weigh by what came with the program again": (
        "Знову зважувати тим, що прийшло з програмою",
        "Снова взвешивать тем, что пришло с программой",
    ),
}
