"""Welfare: the monthly inspection."""

SAME: set[str] = set()
TRANSLATIONS = {
    "Give the weight in kilograms, such as 68.5.": ("Вкажіть вагу в кілограмах, наприклад 68,5.", "Укажите вес в килограммах, например 68,5."),
    "medical inspection noted": ("медичний огляд записано", "медицинский осмотр записан"),
    "A physician must see and weigh him": ("Лікар має оглянути й зважити його", "Врач должен осмотреть и взвесить его"),
    "Weight in kilograms": ("Вага в кілограмах", "Вес в килограммах"),
    "With it this is the monthly inspection.": ("З нею це щомісячний огляд.", "С ним это ежемесячный осмотр."),
    "He has lost %(percent)s %% of his weight within two months.": ("За два місяці він втратив %(percent)s %% ваги.", "За два месяца он потерял %(percent)s %% веса."),
    "Weights": ("Зважування", "Взвешивания"),
    "Inspected on": ("Огляд", "Осмотр"),
    "Weight, kg": ("Вага, кг", "Вес, кг"),
}
