"""A name in the other script."""

import pytest

from wayhome.lib.scripts import in_other_script


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Щегловитов Мирон", "Shcheglovitov Miron"),
        ("Їжаченко Ґалаґан", "Izhachenko Galagan"),
        ("Yevstafyevich", "Евстафевич"),
        ("SHCHUKIN", "ЩУКИН"),
        ("Miron Zhukov", "Мирон Жуков"),
        ("Мирон-Заде д'Артаньян", "Miron-Zade d'Artanian"),
        ("12345", ""),
        ("გიორგი", ""),
        ("", ""),
    ],
)
def test_a_name_is_read_in_the_other_script(name: str, other: str) -> None:
    assert in_other_script(name) == other
