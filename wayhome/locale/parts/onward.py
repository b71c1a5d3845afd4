"""What goes with him on the day of the act: his medical file, his wish, his word."""

TRANSLATIONS = {
    "what goes with him noted": ("записано, що їде з ним", "записано, что едет с ним"),
    "Given to him, sealed": ("Віддано йому запечатаною", "Отдана ему запечатанной"),
    "It follows him by the Red Cross": ("Надійде йому через Червоний Хрест", "Придёт ему через Красный Крест"),
    "There is none": ("Її немає", "Её нет"),
    "His medical file, and whether he wants to be reached later, are not noted.": (
        "Не записано, де його медична картка і чи хоче він, щоб із ним потім зв’язалися.",
        "Не записано, где его медицинская карта и хочет ли он, чтобы с ним потом связались."),
    "His medical file": ("Його медична картка", "Его медицинская карта"),
    "He gave his word freely, before a neutral; nobody may be compelled to (GC III 21). His words:": (
        "Він дав слово добровільно, перед нейтральною особою; примушувати до цього не можна (ЖК III 21). Його слова:",
        "Он дал слово добровольно, перед нейтральным лицом; принуждать к этому нельзя (ЖК III 21). Его слова:"),
    "It goes to nobody but him.": ("Її не отримує ніхто, крім нього.", "Её не получает никто, кроме него."),
    "Does he want us to ask later how he is?": (
        "Чи хоче він, щоб ми потім запитали, як він?", "Хочет ли он, чтобы мы потом спросили, как он?"),
    "Ask him. Without his wish nobody calls, and nobody is followed.": (
        "Запитайте його. Без його бажання ніхто не телефонує і ні за ким не стежать.",
        "Спросите его. Без его желания никто не звонит и ни за кем не следят."),
    "How he wants to be reached": ("Як із ним зв’язатися", "Как с ним связаться"),
    "Write how he wants to be reached.": ("Напишіть, як із ним зв’язатися.", "Напишите, как с ним связаться."),
    "What goes with him": ("Що їде з ним", "Что едет с ним"),
    "He wants no call": ("Дзвінка не хоче", "Звонка не хочет"),
    "Note what goes with him": ("Записати, що їде з ним", "Записать, что едет с ним"),
    # The clock of a refused road.
    "A refusal must be looked at again": ("Відмову треба переглянути", "Отказ надо пересмотреть"),
}
