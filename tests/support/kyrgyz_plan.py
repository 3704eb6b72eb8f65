"""A plan of another country, in Russian: its files."""

# Invented. Tabs separate columns.
TEXT = """НАЦИОНАЛЬНЫЙ ПЛАН
по реализации Конвенции о правах ребёнка на 2019–2023 годы

№|Мера и номер рекомендации|Мероприятия|Срок|Исполнители|Результат
1|Сбор данных о детях (рекомендации 3 и 5-6)|1) Создать систему сбора данных.|2019-2020 гг.|МОН, НСК|Система создана.
||2) Издавать ежегодный сборник.|ежегодно|НСК|Сборник издан.
2|Доступ к образованию (рекомендация 9)|Построить школы.|2023 г.|МОН, акимиаты|

Сокращения
МОН – Министерство образования и науки
НСК – Национальный статистический комитет
"""


TOML = """source = "plan.txt"
country = "KGZ"
approved_on = 2019-02-01
approved_by = "Правительство"
[layout]
plan_heading = "НАЦИОНАЛЬНЫЙ ПЛАН"
column_headings = ["№", "Мера и номер рекомендации", "Мероприятия", "Срок", "Исполнители", "Результат"]
glossary_heading = "Сокращения"
recommendation_words = ["рекомендация", "рекомендации"]
conjunctions = ["и"]
year_words = ["г.", "гг."]
[periods]
"ежегодно" = "recurring"
[[plan]]
instrument = "CRC"
title_phrase = "Конвенции о правах ребёнка"
[plan.expected]
measures = 2
activities = 3
recommendation_links = 4
agency_links = 5
activity_years = 8
blank_periods = 0
blank_results = 1
"""


AGENCIES = """abbreviation,agency_type,name,reason
MOES,ministry,,Министерство
NSC,committee,,Комитет
LA,collective,Акимиаты,Названы словом
"""


ALIASES = """alias,abbreviation,reason
МОН,MOES,По-английски
НСК,NSC,По-английски
акимиаты,LA,Местные власти
"""
