"""How the names core agreed on two words of a name: spellings by rule and by ear."""

TRANSLATIONS = {
    "may well be the same in another language or case": (
        "цілком може бути тим самим іншою мовою чи в іншому відмінку",
        "вполне может быть тем же на другом языке или в другом падеже",
    ),
    "the same by an old or other name": ("те саме за давньою чи іншою назвою", "то же по старому или другому названию"),
    "one letter easily misheard or misread": ("одна літера, яку легко недочути чи хибно прочитати", "одна буква, которую легко не расслышать или неверно прочесть"),
    "the same, as in passports since 2014 (ICAO)": ("те саме, як у паспортах від 2014 року (ICAO)", "то же, как в паспортах с 2014 года (ИКАО)"),
    "the same, as in Ukrainian passports since 2010": ("те саме, як в українських паспортах від 2010 року", "то же, как в украинских паспортах с 2010 года"),
    "the same, as in the English press": ("те саме, як в англійській пресі", "то же, как в английской прессе"),
    "the same, as in Russian passports from 1997 to 2010": ("те саме, як у російських паспортах 1997–2010 років", "то же, как в российских паспортах 1997–2010 годов"),
    "the same, as in passports until 1997 (French fashion)": ("те саме, як у паспортах до 1997 року (на французький лад)", "то же, как в паспортах до 1997 года (на французский лад)"),
    "the same, by the rules of BGN/PCGN": ("те саме, за правилами BGN/PCGN", "то же, по правилам BGN/PCGN"),
    "the same, as in Russian passports from 2010 to 2014 (GOST)": ("те саме, як у російських паспортах 2010–2014 років (ГОСТ)", "то же, как в российских паспортах 2010–2014 годов (ГОСТ)"),
    "the same, by ISO 9, as scholars write": ("те саме, за ISO 9, як пишуть науковці", "то же, по ISO 9, как пишут учёные"),
    "the same, as in the German press": ("те саме, як у німецькій пресі", "то же, как в немецкой прессе"),
    "the same, as in the French press": ("те саме, як у французькій пресі", "то же, как во французской прессе"),
    "the same, as in the Polish press": ("те саме, як у польській пресі", "то же, как в польской прессе"),
    "the same, as in the Turkish press": ("те саме, як у турецькій пресі", "то же, как в турецкой прессе"),
    "the same, as in chats": ("те саме, як у чатах", "то же, как в чатах"),
}
