"""Copyright lines, without what stands around them."""

import pytest

from syndicator.extract.rights import copyright_line, find_rights


@pytest.mark.parametrize(
    ("line", "notice"),
    [
        (
            "Copyright © 2024 Стара Загора днес. Всички права запазени.",
            "Copyright © 2024 Стара Загора днес. Всички права запазени.",
        ),
        (
            "© 2026 Вести. Всички права запазени. ЗА КОНТАКТИ: E-mail: a@b.bg",
            "© 2026 Вести. Всички права запазени.",
        ),
        ("Вести © 2004-2026. Всички права запазени.", "Вести © 2004-2026. Всички права запазени."),
        ("Вести ООД. Всички права запазени.", "Вести ООД. Всички права запазени."),
        ("© 2026 Вести | Уеб дизайн: Студио", "© 2026 Вести"),
        ("Copyright 2026 Вести Powered by Joomla", "Copyright 2026 Вести"),
        ("Снимка: © БТА 2026", ""),
        ("© БТА", ""),
        ("Законът пази авторските права.", ""),
        ("", ""),
    ],
)
def test_copyright_line(line: str, notice: str) -> None:
    assert copyright_line(line) == notice


def test_the_last_notice_of_a_page_counts() -> None:
    assert find_rights(["© 2020 Друг", "Текст.", "© 2026 Вести", "Контакти"]) == "© 2026 Вести"
    assert find_rights(["Текст."]) == ""
