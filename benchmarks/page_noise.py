"""What surrounds articles on small Bulgarian sites: all of it must stay out of the feeds.

Every string holds words that no article holds, so that it is recognised in a feed even after an engine
that does not know it spelled it in Latin letters.
"""

import re
from collections.abc import Callable, Iterable

MENU = ["Начало", "Общинска хроника", "Спортен преглед", "Любопитно", "Обяви", "Форум", "Връзка с нас"]
BREADCRUMBS = ["Начало", "Архивни броеве", "Общинска хроника"]
SHARE = ["Сподели във Facebook", "Сподели в Туитър", "Изпрати на приятел", "Принтирай"]
SHARE_LABEL = "бутони за споделяне"
VIEWS = "Прочетена: {count} пъти"
VIEWS_SHORT = "Преглеждания: {count}"
DATE_LINE = "Публикувана на {day}.{month:02}.{year} г., {hour:02}:{minute:02} ч."
UPDATED_LINE = "Последно обновяване на {day}.{month:02}.{year} г."
BYLINE = "Автор: {author}"
PHOTO_CREDIT = "Снимка: Архив на редакцията, Булфото"
REUSE = "Препечатването на материали е позволено само с активен хиперлинк към редакцията."
COPYRIGHT = (
    "Copyright © 2025 Тракийски вести. Всички права запазени. Собственик и издател: „Ерима Медиапрес“ ЕООД"
)
POWERED = "Изработка на уебсайтове: Тримонциум дизайн"
COOKIES = "Този сайт използва бисквитки. Приемам бисквитките. Научете повече за поверителността."
RELATED_HEAD = "Още новини от рубриката"
RELATED = [
    (
        "Откриват обновената детска градина „Чучулига“ в Казанлък",
        "Ремонтираната забавачница ще посрещне дечицата от кварталите още през септември, съобщиха от кметството.",
    ),
    (
        "Пенсионерският хор на Чирпан изнася благотворителен концерт",
        "Самодейците канят съгражданите си в читалището, а събраните дарения отиват за болничния параклис.",
    ),
    (
        "Спират водоподаването в Раднево заради авария на водопровода",
        "Аварийните бригади на водопреносното дружество обещават възстановяване до вечерта, като раздават минерална вода.",
    ),
]
SIDEBAR_HEAD = "Най-четени"
SIDEBAR = [
    "Кметицата откри панаира на розопроизводителите",
    "Берое победи гостите с късна дузпа на Камбуров",
    "Затварят подлеза до гарата за асфалтиране",
    "Времето: разкъсана облачност и следобедни превалявания",
]
COMMENTS_HEAD = "Коментари на читателите"
COMMENTS = [
    ("Пешо от Самара", "Браво на журналистчетата, най-после смислена информацийка!"),
    ("Баба Гинка", "Ама вие пък кога ще пишете за дупките по нашата уличка?"),
]
COMMENT_FORM = "Напишете коментар. Вашият имейл няма да бъде публикуван."
NEWSLETTER = "Абонирайте се за нашия бюлетин и печелете томболни награди"
TAGS_LABEL = "Етикети"
PREVIOUS = "« Предишна публикация"
NEXT = "Следваща публикация »"
READ_ALL = "Прочетете цялата публикация"
FIRST_SEEN = "Публикацията {title} се появи първо в {site}."
AD = "Рекламно каре: Мебелна къща Добруджанка, лизинг без оскъпяване"
TOP = "Обратно към началото на страницата"

AUTHORS = ["Мария Петрова", "Стоян Делчев", "редакцията"]
TAGS = ["Общество", "Наука и техника"]
SITE_NAME = "Тракийски вести"

CYRILLIC_WORD = re.compile(r"[А-Яа-яЍѝ]{5,}")


def strings() -> list[str]:
    """Every text of this module that a reader of a page sees."""
    return [
        *MENU, *BREADCRUMBS, *SHARE, SHARE_LABEL, VIEWS, VIEWS_SHORT, DATE_LINE, UPDATED_LINE, BYLINE, PHOTO_CREDIT,
        REUSE, COPYRIGHT, POWERED, COOKIES, RELATED_HEAD, *(text for pair in RELATED for text in pair), SIDEBAR_HEAD,
        *SIDEBAR, COMMENTS_HEAD, *(text for pair in COMMENTS for text in pair), COMMENT_FORM, NEWSLETTER, TAGS_LABEL,
        PREVIOUS, NEXT, READ_ALL, FIRST_SEEN, AD, TOP,
    ]  # fmt: skip


def words(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"[^\W\d_]+", text)}


def markers(
    known_texts: Iterable[str], transliterate: Callable[[str], str], noise: Iterable[str] | None = None
) -> frozenset[str]:
    """Words of the noise, in both scripts, that no known text holds: one of them in a feed is junk.

    ``known_texts`` are the articles and their translations; names that a feed may rightly show (of the
    source, of authors, of tags) count as known.
    """
    ours = [SITE_NAME, *AUTHORS, *TAGS]
    known: set[str] = set()
    for text in [*known_texts, *ours]:
        known |= words(text) | words(transliterate(text))
    found: set[str] = set()
    for text in strings() if noise is None else noise:
        for word in CYRILLIC_WORD.findall(text):
            found |= {word.casefold(), transliterate(word).casefold()}
    return frozenset(found - known)
