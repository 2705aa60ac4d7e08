"""Lines that stand around articles on small Bulgarian sites, and what becomes of them.

Stock extraction leaves such lines on most of these sites: counters, share buttons, photo credits, reuse
notices, footers. Each kind is one named rule. A rule is asked about a whole short line only, never about a
part of a sentence, so that no rule can cut into what somebody wrote.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache


class Where(StrEnum):
    """Where in an article a rule applies."""

    ANYWHERE = "anywhere"
    HEAD = "head"  # before the first real paragraph
    TAIL = "tail"  # after the last one
    EDGE = "edge"  # either


class Becomes(StrEnum):
    """What a line is that leaves the body."""

    NOTHING = "nothing"
    CREDIT = "credit"  # who took the picture
    RIGHTS = "rights"  # whose the text is, and what others may do with it
    AUTHOR = "author"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of line: what it looks like as a whole, where it may be dropped, and what becomes of it."""

    name: str
    where: Where
    pattern: re.Pattern[str]
    becomes: Becomes = Becomes.NOTHING
    longest: int = 120  # characters; a longer line is never one of this kind
    linked: bool = False  # only where the whole line is a link


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and the circumstances that rules look at."""

    text: str
    is_head: bool = False
    is_tail: bool = False
    is_link: bool = False


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


_MONTHS = (
    r"(?:януари|февруари|март|април|май|юни|юли|август|септември|октомври|ноември|декември"
    r"|ян|яну|фев|февр|мар|апр|авг|септ|сеп|окт|ное|ноем|дек)\.?"
)
_WEEKDAYS = r"(?:понеделник|вторник|сряда|четвъртък|петък|събота|неделя|пон|вт|ср|чет|четв|пет|съб|нед)\.?"
NETWORKS = (
    r"(?:facebook|фейсбук|twitter|туитър|linkedin|viber|вайбър|whatsapp|telegram|телеграм|messenger"
    r"|месинджър|pinterest|google\+?|svejo|instagram|инстаграм|reddit|tiktok|youtube|x|fb|e-?mail|имейл)"
)
_WORD_OF_NAME = r"[А-ЯЁA-Z][\w.’'-]*"
_NAME = rf"{_WORD_OF_NAME}(?:\s+{_WORD_OF_NAME}){{0,3}}"
RULES: tuple[Rule, ...] = (
    Rule(
        "counter",
        Where.ANYWHERE,
        _rx(
            r"""[\s(\[|•·👁]*(?:
            (?:(?:тази\s+|таз\s+)?(?:статия(?:та)?|новина(?:та)?|публикация(?:та)?)\s+(?:е|беше)\s+)?
            (?:прочетен[аои]?|видян[аои]?|гледан[аои]?|прегледан[аои]?|посетен[аои]?|прегледи|преглеждания
              |посещения|показвания|четения|прочитания|разглеждания|виждания|импресии|hits?|views?|reads?
              |брой\s+(?:прочитания|прегледи|посещения|преглеждания|четения))
            (?:\s+(?:общо|досега|от))?\s*[:–-]?\s*\d[\d\s.,]*(?:пъти|път|човека|души|читатели|посетители)?
            |\d[\d\s.,]*(?:прегледа|прегледи|преглеждания|показвания|прочитания|посещения|четения|разглеждания
              |views?|hits?|reads?)
            )[\s.)\]|•·]*"""
        ),
    ),
    Rule(
        "share",
        Where.ANYWHERE,
        _rx(
            rf"""(?=.*(?:сподел|share|tweet|туит|отпечат|принт|print|печат|изпрат|препоръч|харес|like
              |facebook|фейсбук|twitter|viber|вайбър|linkedin|копирай|бутони\s+за))
            (?:(?:сподели|споделете|споделяне|споделяния|споделено|бутони|за|share|tweet|pin|туит|туитни|туитване
              |отпечатай|отпечатване|принтирай|принтиране|печат|print|версия|изпрати|изпратете|препоръчай
              |препоръчайте|харесай|харесайте|харесва|ми|like|копирай|копиране|линк|линка|pdf|this|on|by|it|post
              |{NETWORKS}|във|в|с|на|чрез|и|със|по|от|статията|статия|новината|новина|публикацията
              |публикация|страницата|страница|приятел|приятели|приятелите|си|тази|тук|го|я|ги|мрежи|социални
              |социалните|мрежите|поща|email|mail)
            |[\s:|,.!•·/\\+&()\[\]\d–—-])+"""
        ),
    ),
    Rule("signs only", Where.ANYWHERE, _rx(r"[^\w\d]+"), longest=40),
    Rule("echo", Where.ANYWHERE, _rx(r"(?:echo|test|null|undefined|nan|\[object\ object\]|array)\W*")),
    Rule(
        "breadcrumb",
        Where.ANYWHERE,
        _rx(
            r"""(?:(?:вие\s+сте\s+тук|вие\s+се\s+намирате\s+в|намирате\s+се\s+в|you\s+are\s+here)\s*:?.*
            |(?:начало|home|новини|начална\s+страница)\s*[»›>/|→].*)"""
        ),
        longest=250,
    ),
    Rule(
        "tags",
        Where.ANYWHERE,
        _rx(r"[\s#🏷]*(?:тагове|таг|етикети|етикет|ключови\s+думи|tags?|labels?|keywords?)\s*(?::.*)?"),
        longest=300,
    ),
    Rule(
        "category",
        Where.EDGE,
        _rx(
            r"""(?:рубрика|категория|категории|раздел|секция|filed\s+under|posted\s+in|тема|теми)\s*:.*
            |(?:публикувана?о?|написана?о?)\s+(?:в|под)\s+\S+(?:\s+\S+){0,3}"""
        ),
    ),
    Rule(
        "font size",
        Where.ANYWHERE,
        _rx(r"""(?=.*(?:шриф|[aа][+-]))(?:размер|на|шрифта?|намаля?в?а?н?е?и?|увелич[аи]?в?а?н?е?и?|размера
            |нормален|a|а|[\s:|,.+/-])+"""),
    ),
    Rule(
        "rating",
        Where.ANYWHERE,
        _rx(
            r"""(?=.*(?:\d|★|☆|оцен|rating))(?:
            (?:вашата\s+|средна\s+|твоята\s+)?(?:оценка|рейтинг|rating|оцени|оценете|гласувай|гласувайте)
              (?:\s+(?:статията|новината|тази\s+статия|публикацията|материала|тази\s+новина))?
              [\s:!★☆\d.,/()–-]*(?:(?:от|глас|гласа|гласове|точки|звезди|votes?)[\s\d.,/():]*)*
            |[★☆\s]{2,}[\s\d.,/()]*(?:глас|гласа|гласове)?[\s)]*
            |[\d\s.,/()★☆-]*\(?\d+\s*(?:глас|гласа|гласове|votes?)\)?\W*)"""
        ),
    ),
    Rule(
        "comment count",
        Where.ANYWHERE,
        _rx(
            r"""[\s|•·(]*(?:(?:коментари|коментар|comments?|мнения)\s*[:(]?\s*\d*\s*\)?
            |\d+\s*(?:коментар|коментара|коментари|comments?|мнения)
            |(?:няма|все\s+още\s+няма)\s+коментари
            |(?:бъди|бъдете)\s+първи.{0,40}комент.{0,30}
            |(?:добави|добавете|напиши|напишете|остави|оставете|публикувай)\s+(?:\w+\s+)?(?:коментар|мнение|отговор)
            |коментирай(?:те)?(?:\s+\w+)?
            |(?:трябва\s+да|моля|влезте|за\s+да).{0,40}комент\w*.{0,40}
            |вашият\s+(?:имейл|e-mail)\s+адрес\s+няма\s+да\s+бъде\s+публикуван.*)[\s.!|•·]*"""
        ),
        longest=160,
    ),
    Rule(
        "read on",
        Where.ANYWHERE,
        _rx(
            r"""[\s>»›•*·-]*(?:(?:прочети|прочетете|чети|четете|виж|вижте|научи|научете|разгледай|разгледайте)\s+
              (?:още|повече|и|също(?:\s+така)?|цялата\s+(?:статия|новина)|целия\s+текст|пълния\s+текст|нататък
                |(?:още\s+)?по\s+темата|галерия(?:та)?|(?:още\s+|всички\s+)?снимки(?:те)?(?:\s+тук)?)
            |още(?:\s+по\s+темата|\s+новини(?:\s+от\s+\S+)?|\s+от\s+(?:рубриката|категорията|раздела|деня))
            |по\s+темата|свързан[аи]\s+(?:статия|новина|тема|статии|новини)|препоръчваме\s+ви|read\s+(?:more|also)
            |continue\s+reading|прочетете)\s*(?:[:→»›…>]+.*|\.{3}|\W*)"""
        ),
        longest=220,
    ),
    Rule(
        "previous or next",
        Where.EDGE,
        _rx(
            r"""(?:[«‹←<]+\s*(?:предишн|предходн|назад|обратно|previous|prev|older|към\b).*
            |(?:следващ|напред|next|newer).*[»›→>]+
            |(?:предишна|предходна|следваща|предишен|следващ|previous|next)
              (?:\s+(?:статия|новина|публикация|страница|материал|post|article))?\s*(?:[:«»‹›←→<>].*)?
            |(?:назад|напред|нагоре|обратно(?:\s+(?:в|към|горе)\s+.{2,30})?|към\s+началото|към\s+всички\s+новини
              |back(?:\s+to\s+top)?|top|горе)\W*
            |(?:назад|напред|предишна|следваща|предходна|[\s«»‹›←→<>|/-])+)"""
        ),
        longest=220,
    ),
    Rule("arrowed link", Where.EDGE, _rx(r"[«‹←<].*|.*[»›→>]"), longest=220, linked=True),
    Rule(
        "advertisement",
        Where.ANYWHERE,
        _rx(
            r"[\W_]*(?:реклама|advertisement|ads?|рекламно\s+(?:каре|съдържание)|платен[ао]\s+"
            r"(?:съобщение|публикация)|спонсорирано(?:\s+съдържание)?)[\W_]*"
        ),
    ),
    Rule(
        "follow us",
        Where.ANYWHERE,
        _rx(
            rf"""(?:последвай|последвайте|следвай|следвайте|следи|следете|харесай|харесайте|абонирай|абонирайте
              |присъедини|присъединете|стани|станете|включи|включете|изтегли|изтеглете|намерете|четете
              |подкрепи|подкрепете|за\s+още\s+новини|всичко\s+най-важно|бъди|бъдете)\b
            (?=.*\b(?:ни|нас|нашия|нашата|нашето|се|наш|приятел|приятели|страницата|редакцията)\b)
            .*\b(?:{NETWORKS}|google\s+(?:news|новини)|бюлетин\w*|канал[аъ]?т?|група(?:та)?|общност(?:та)?
              |приложение(?:то)?|rss|известия(?:та)?)\b.*"""
        ),
        longest=220,
    ),
    Rule(
        "write to us",
        Where.TAIL,
        _rx(
            r"""(?:имате|имаш|ако|станахте|станали|изпращайте|изпратете|пращайте|пратете|пишете|сигнали|подайте
              |свържете|очакваме|споделете)\b.*
            (?:@|\bредакция(?:та)?\b|\bпишете\s+ни\b|\bсвържете\s+се\s+с\s+нас\b|\bпратете\s+ни\b
              |\bизпратете\s+(?:ни|я|го|ги)\b|\bви\s+е?\s*хареса\w*\b|\bсподелете\s+я\b|\bподкрепете\s+ни\b).*"""
        ),
        longest=280,
    ),
    Rule("powered by", Where.ANYWHERE, _rx(r"(?:proudly\s+)?powered\s+by\b.*")),
    Rule(
        "maker of the site",
        Where.TAIL,
        _rx(
            r"""(?:изработка|изработен[оа]?\s+от|уеб\s*дизайн|web\s*design|дизайн
              |хостинг|hosting|разработен[оа]?\s+от|създаден[оа]?\s+от|design(?:ed)?\s+by|developed\s+by
              |theme\s+by|joomla|wordpress)\b.*"""
        ),
    ),
    Rule(
        "publisher's details",
        Where.TAIL,
        _rx(
            r"""(?:собственик(?:\s+и\s+издател)?|издател|главен\s+редактор|адрес\s+на\s+редакцията
              |телефони?\s+на\s+редакцията|за\s+реклама|issn)\s*:.*"""
        ),
        longest=200,
    ),
    Rule(
        "cookie notice",
        Where.EDGE,
        _rx(
            r"""(?:този|тази|нашият|нашата|ние|сайтът|уебсайтът|с\s+цел|за\s+да|използваме|използвайки
              |продължавайки|за\s+по-добро|ако\s+продължите)\b.*\b(?:бисквитки(?:те)?|cookies?)\b.*"""
        ),
        longest=500,
    ),
    Rule(
        "consent button",
        Where.ANYWHERE,
        _rx(
            r"""(?:приемам(?:\s+(?:всички|бисквитките))?|разбрах|съгласен(?:\s+съм)?|съгласявам\s+се|отказвам|откажи
              |настройки(?:\s+на\s+бисквитките)?|политика\s+(?:за|на)\s+(?:поверителност|бисквитките?|лични\s+данни)
              |научете\s+повече|научи\s+повече|общи\s+условия|условия\s+за\s+ползване|ok|затвори|x|×)\W*"""
        ),
    ),
    Rule(
        "menu",
        Where.EDGE,
        _rx(
            r"""(?:(?:начало|за\s+нас|контакти|реклама|вход|изход|регистрация|търсене|меню|архив|rss|новини|спорт
              |култура|бизнес|общество|карта\s+на\s+сайта|за\s+реклама|екип|галерия|видео|login|search|menu|home)
            [\s|•·/»,:-]*){2,}"""
        ),
        longest=160,
    ),
    Rule(
        "reading time",
        Where.ANYWHERE,
        _rx(r"""(?:(?:време\s+за\s+(?:четене|прочит)|чете\s+се\s+за|reading\s+time)\s*:?\s*.{1,25}
            |\d+\s*(?:мин\.?|минути|минута|min)\s*(?:за\s+)?(?:четене|прочит|read))\W*"""),
    ),
    Rule(
        "copyright",
        Where.ANYWHERE,
        _rx(r"""(?:(?:©|\(c\)|&copy;|copyright\b|авторски\s+права\s*[©:]).*
            |.*\bвсички\s+права\s+(?:са\s+)?запазени\b.*|.*©\s*(?:19|20)\d\d.*|.*all\s+rights\s+reserved.*)"""),
        Becomes.RIGHTS,
        longest=400,
    ),
    Rule(
        "reuse notice",
        Where.TAIL,
        _rx(
            r"""(?=.*(?:препечатван|препубликуван|копиран|възпроизвежд|цитиран|използван|разпространен|публикуван))
            (?=.*(?:материал|стати|текст|съдържание|публикаци|снимк|сайта|информацията|новин))
            (?=.*(?:забран|разреш|задължител|съгласие|позоваван|активн|хипервръзка|линк|посочван|изисква)).*"""
        ),
        Becomes.RIGHTS,
        longest=400,
    ),
    Rule(
        "photo credit",
        Where.ANYWHERE,
        _rx(
            rf"""[\s(\[/*]*(?:снимк[аи](?:те)?|фото(?:граф(?:ия|ии)?)?|photos?(?:\s+by)?|сн\.|илюстраци[яи]|кадър
              |източник\s+на\s+(?:снимката|изображението|снимките)|foto|image|credit)
            \s*(?:[:–—/|©-]\s*.{{2,100}}|\s(?-i:{_NAME}))[\s)\]*]*"""
        ),
        Becomes.CREDIT,
    ),
    Rule("video credit", Where.EDGE, _rx(r"(?:видео|video|кадри)\s*:\s*.{2,60}")),
    Rule(
        "author line",
        Where.EDGE,
        _rx(
            rf"""[\s/(]*(?:автор(?:и|ка)?(?:\s+на\s+(?:текста|статията))?|текст(?:\s+и\s+(?:снимки|фото))?|by|репортер
              |кореспондент|редактор|(?:написан[оа]?|публикуван[оа]?|добавен[оа]?|качен[оа]?)\s+от)
            \s*[:–—-]?\s*(?-i:{_NAME}(?:\s*(?:,|и)\s+{_NAME})*|[aа]dmin\w*|админ\w*
              |редакция(?:та)?|екип(?:ът|а)?(?:\s+на\s+\S+(?:\s+\S+){{0,2}})?)[\s/).]*"""
        ),
        Becomes.AUTHOR,
    ),
    Rule(
        "author after from",
        Where.HEAD,
        _rx(rf"(?:от|by)\s+(?-i:{_WORD_OF_NAME}(?:\s+{_WORD_OF_NAME}){{1,2}})"),
        Becomes.AUTHOR,
        longest=60,
    ),
    Rule(
        "date line",
        Where.EDGE,
        _rx(
            rf"""(?=.*\d)(?=.*(?:{_MONTHS}|\d[./-]\d|\d:\d\d|преди\s|днес|вчера))
            (?:(?:публикуван[оа]?|обновен[оа]?|актуализиран[оа]?|последна|промяна|актуализация|редакция|дата
              |създаден[ао]?|добавен[ао]?|качен[ао]?|на|в|от|обновена|година|год\.?|г\.?|ч\.?|часа?|мин\.?|днес
              |вчера|преди|минути?|дни|ден|часове|{_MONTHS}|{_WEEKDAYS}|\d+|am|pm|posted|on|published|updated)\b\.?
            |[\s:.,/|•·()–—+🕒📅-])+"""
        ),
        Becomes.DATE,
    ),
    Rule(
        "source line",
        Where.EDGE,
        _rx(
            r"[\s(]*(?:(?:източник|източници|source)\s*:|по\s+материали\s+на\s|материалът\s+е\s+на\s)\s*\S.{1,80}"
        ),
        Becomes.RIGHTS,
    ),
    Rule(
        "first appeared",
        Where.ANYWHERE,
        _rx(
            r"""(?:the\s+post\b.*\b(?:appeared\s+first\s+on|first\s+appeared\s+on)\b.*
            |(?:публикацията|статията|материалът|новината)\b.*\b(?:(?:за\s+пръв|за\s+първи)\s+път|първо)\b.*
              (?:появи|публикуван)\w*\s+(?:в|на)\b.*
            |(?:публикацията|статията|материалът|новината)\b.*\bсе\s+появи\s+
              (?:първо|първоначално|(?:за\s+пръв|за\s+първи)\s+път)\s+(?:в|на)\b.*|публикацията\s+.*\s+е\s+взета\s+от\b.*)"""
        ),
        longest=400,
    ),
    Rule(
        "bare site name",
        Where.EDGE,
        _rx(r"(?:https?://)?(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,18}/?"),
        longest=50,
    ),
    Rule("lonely number", Where.EDGE, _rx(r"[\W\d_]+"), longest=24),
)
"""Every rule; the first that fits decides."""
_LONGEST_LINE = max(rule.longest for rule in RULES)

SECTION = _rx(
    r"""[\W\d_]*(?:
    (?:свързани|подобни|сходни|сродни)(?:\s+(?:статии|новини|публикации|теми|материали|постове))?
    |още\s+(?:новини|статии|публикации|материали|актуални|по\s+темата|от\s+|в\s+|интересни|за\s+четене).{0,40}
    |още\s+по\s+темата|по\s+темата|още
    |последни(?:те)?\s+(?:новини|статии|публикации|добавени|коментари).{0,30}
    |най-?\s?(?:четени|четено|нови|ново|популярни|популярно|коментирани|гледани|важно|важното).{0,30}
    |(?:други|още\s+други|предишни|водещи|топ|горещи|актуални|избрани|важни|нови)\s+(?:новини|статии|публикации|теми).{0,30}
    |препоръчани(?:\s+\w+){0,3}|препоръчваме(?:\s+ви)?|може\s+(?:още\s+)?да\s+ви\s+(?:хареса|заинтересува|е\s+интересно).{0,20}
    |(?:виж|вижте|прочети|прочетете|четете|чети)\s+(?:още|също|и|още\s+от.{0,30})
    |(?:related|recent|latest|popular|more|similar)\s+(?:posts?|articles?|news|stories)|you\s+may\s+(?:also\s+)?like
    |не\s+пропускайте|избрано(?:\s+за\s+вас)?|от\s+същата\s+(?:категория|рубрика)|в\s+същата\s+рубрика
    |новини\s+от\s+(?:деня|региона|категорията|рубриката)|сподели\s+с\s+приятели|календар|анкета|времето|архив
    )(?:\s*\(?\d+\)?)?[\W_]*"""
)
"""A heading or label under which other articles stand."""
COMMENTS = _rx(
    r"""[\W\d_]*(?:
    коментари(?:\s+(?:по|към|за)\s+.{2,30})?|\d*\s*коментара?|(?:един|два|три)\s+коментара?|мнения(?:\s+на\s+\w+)?
    |вашите\s+коментари|(?:вашият|твоят|нов|ваш)\s+коментар|вашето\s+мнение|коментирай(?:те)?|отговор|comments?
    |(?:добави|добавете|напиши|напишете|остави|оставете|публикувай)\s+(?:\w+\s+)?(?:коментар|мнение|отговор)
    |leave\s+a\s+(?:reply|comment)|мнения\s+и\s+коментари|facebook\s+коментари
    )(?:\s*\(?\d+\)?)?[\W_]*"""
)
"""A heading or label under which readers have their say."""
_BARE_NAME = re.compile(rf"{_WORD_OF_NAME}(?:\s+{_WORD_OF_NAME}){{0,2}}")
_SPACE = re.compile(r"\s+")
# Bars, wide gaps, and the blank before the next label: „6.09.2025 г., 20:31 ч. Автор: Стоян Делчев“.
_BETWEEN_PARTS = _rx(
    r"""\s*[|•·]\s* | \s{3,} | \s+/\s+ | \s+-\s+
    | \s+(?=(?:автор|текст|снимк[аи]|фото|източник|рубрика|категория|прочетен[ао]?|видян[ао]?|прегледи|преглеждания
        |посещения|коментари|публикуван[ао]|обновен[ао]|дата)\s*:)"""
)


@lru_cache(maxsize=2048)  # a line is asked about several times on its way through a page
def judge(line: Line) -> Rule | None:
    """Return the rule by which a line leaves the article, or None where it belongs to it."""
    text = _SPACE.sub(" ", line.text).strip()
    if not text or len(text) > _LONGEST_LINE:
        return None
    for rule in RULES:
        if len(text) > rule.longest or (rule.linked and not line.is_link):
            continue
        if _is_asked(rule, line) and rule.pattern.fullmatch(text):
            return rule
    return None


def judge_whole(line: Line) -> Rule | None:
    """Judge a line that may be several: „12.03.2024 | Автор: Иван Петров | Прочетена: 5“.

    Every part must fall under a rule; the first one's is returned.
    """
    rule = judge(line)
    parts = parts_of(line.text)
    if rule is not None or len(parts) < 2:
        return rule
    rules = [judge(replace(line, text=part)) for part in parts]
    return rules[0] if all(rules) else None


def are_pieces(texts: Sequence[str]) -> bool:
    """Whether short texts side by side are the details around a title: a date, a name, a counter."""
    texts = [text for text in texts if text.strip()]
    known = [judge_whole(Line(text, is_head=True, is_tail=True)) is not None for text in texts]
    return any(known) and all(
        ok or _BARE_NAME.fullmatch(text.strip()) for ok, text in zip(known, texts, strict=True)
    )


def is_full_name(text: str) -> bool:
    """Whether a text is two or three capitalised words, as a person's name is."""
    return len(text.split()) >= 2 and _BARE_NAME.fullmatch(text.strip()) is not None


def is_section_label(text: str) -> bool:
    """Whether a short line announces something that is not the article: related news, comments."""
    text = _SPACE.sub(" ", text).strip()
    return is_comments_label(text) or (len(text) <= 70 and SECTION.fullmatch(text) is not None)


def is_comments_label(text: str) -> bool:
    """Whether a short line announces comments."""
    return len(text) <= 70 and COMMENTS.fullmatch(_SPACE.sub(" ", text).strip()) is not None


def parts_of(text: str) -> list[str]:
    """Return the parts that a line of details is divided into by bars, dots or wide gaps."""
    return [part.strip() for part in _BETWEEN_PARTS.split(text) if part and part.strip()]


def _is_asked(rule: Rule, line: Line) -> bool:
    match rule.where:
        case Where.ANYWHERE:
            return True
        case Where.HEAD:
            return line.is_head
        case Where.TAIL:
            return line.is_tail
        case Where.EDGE:
            return line.is_head or line.is_tail
