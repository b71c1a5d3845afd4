"""The queue of pairs: what reaches people, and what is expected below the threshold."""

TRANSLATIONS = {
    "Below the threshold": ("Нижче порога", "Ниже порога"),
    "What reaches you": ("Що до вас доходить", "Что до вас доходит"),
    "At most %(pairs)s pairs a day reach people: two officers, each pair read by both, eight minutes a reading. Today %(today)s did.": (
        "До людей доходить щонайбільше %(pairs)s пар на день: двоє офіцерів, кожну пару читають обоє, по вісім хвилин. Сьогодні дійшло %(today)s.",
        "До людей доходит не больше %(pairs)s пар в день: два офицера, каждую пару читают оба, по восемь минут. Сегодня дошло %(today)s.",
    ),
    "A pair reaches you from a probability of %(threshold)s on.": (
        "Пара доходить до вас від імовірності %(threshold)s.",
        "Пара доходит до вас от вероятности %(threshold)s.",
    ),
    "There is room: every pair worth showing reaches you.": (
        "Місце є: доходить кожна пара, яку варто показати.",
        "Место есть: доходит каждая пара, которую стоит показать.",
    ),
    "Waits for people": ("Чекає на людей", "Ждёт людей"),
    "True pairs expected below": ("Очікувано слушних пар нижче", "Ожидаемо верных пар ниже"),
    "Of all true pairs expected, have reached people": (
        "З усіх очікуваних слушних пар дійшло до людей",
        "Из всех ожидаемых верных пар дошло до людей",
    ),
    "are among the ten best of their enquiry": (
        "серед десяти найкращих свого звернення",
        "среди десяти лучших своего обращения",
    ),
    "What lies below comes by itself: with new evidence, or when there is room. You find it by a name at any time.": (
        "Те, що нижче, прийде саме: з новим свідченням або коли буде місце. За іменем ви знайдете його будь-коли.",
        "То, что ниже, придёт само: с новым свидетельством или когда будет место. По имени вы найдёте его в любое время.",
    ),
    "Reached people": ("Дійшло до людей", "Дошло до людей"),
    "not yet": ("ще ні", "ещё нет"),
}
