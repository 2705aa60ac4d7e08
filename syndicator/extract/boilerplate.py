"""Lines that stand around articles on small Bulgarian sites, and what becomes of them.

Stock extraction leaves such lines on most of these sites: counters, share buttons, photo credits, reuse
notices, footers. Each kind is one named rule. A rule is asked about a whole short line only, never about a
part of a sentence, so that no rule can cut into what somebody wrote.
"""

import re
from collections.abc import Callable, Sequence
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
    SUBMISSION = "submission"  # who and when, in one sentence


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


def _any_of(words: str) -> str:
    """Return a pattern for one of some words, the longest that fits and no other.

    Rows of such words stand glued together on some pages („FacebookTwitter“), so nothing divides them. Were
    a word taken in turns for one and for two („си“ for „с“ and „и“), time would double with each. What
    begins with no word's first letter is refused at once.
    """
    ordered = sorted(words.split(), key=len, reverse=True)
    rests = {first: [re.escape(word[1:]) for word in ordered if word[0] == first] for first in set(words)}
    starts = (
        f"(?-i:[{first}{first.upper()}])(?:{'|'.join(found)})" for first, found in rests.items() if found
    )
    return f"(?>{'|'.join(sorted(starts))})"


_MONTHS = (
    r"(?:януари|февруари|март|април|май|юни|юли|август|септември|октомври|ноември|декември"
    r"|ян|яну|фев|февр|мар|апр|авг|септ|сеп|окт|ное|ноем|дек)\.?"
)
_MONTHS_ENGLISH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?"
)
_WEEKDAYS = (
    r"(?:понеделник|вторник|сряда|четвъртък|петък|събота|неделя|пон|вт|ср|чет|четв|пет|съб|нед"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\.?"
)
NETWORKS = (
    r"(?:facebook|фейсбук|twitter|туитър|linkedin|viber|вайбър|whatsapp|telegram|телеграм|messenger"
    r"|месинджър|pinterest|google\+?|svejo|instagram|инстаграм|reddit|tiktok|youtube|x|fb|e-?mail|имейл)"
)
_WORD_OF_NAME = r"[А-ЯЁA-Z][\w.’'-]*"
_NAME = rf"{_WORD_OF_NAME}(?:\s+{_WORD_OF_NAME}){{0,3}}"
_VIEWS = (
    r"(?:прегледа|прегледи|преглеждани[яе]|показвания|прочитани[яе]|посещени[яе]|четения|разглеждани[яе]|гледания"
    r"|виждания|импресии|views?|hits?|reads?)"
)
_SEEN = r"(?:прочетен|видян|гледан|прегледан|посетен|разгледан|четен)[аои]?"
_COUNT = r"\d(?:[\d\s.,]*\d)?(?:\s?[kкmм]\b|\s?хил\.)?"
_BEFORE_COUNTER = r"[\s(\[|•·\U0001F441\ufe0f]*"
COUNTER = rf"""(?:
    (?:(?:тази\s+|таз\s+)?(?:статия(?:та)?|новина(?:та)?|публикация(?:та)?|материалът)\s+(?:е|беше)\s+)?
    (?:общо\s+|post\s+|брой\s+)?(?:{_SEEN}|{_VIEWS})(?:\s+(?:общо|досега|от))*\s*[:–-]?\s*{_COUNT}
    (?:\s*(?:пъти|път|човека|души|читатели|посетители|посетителя)(?-i:(?![а-я])))?
    |{_COUNT}\s*{_VIEWS}(?-i:(?![а-яa-z]))
    )"""
"""How often a page was seen, as sites write it; in verbose syntax."""
_SHARE_WORDS = """
    сподели споделете споделяне споделяния споделено споделите бутони share tweet pin туит туитни
    туитване отпечатай отпечатване отпечатате принтирай принтиране печат print версия изпрати изпратете
    изпратите препоръчай препоръчайте харесай харесайте харесва харесвам харесване харесахте хареса ми
    like копирай копиране линк линка pdf this on by it post facebook фейсбук twitter туитър linkedin
    viber вайбър whatsapp telegram телеграм messenger месинджър pinterest google svejo instagram
    инстаграм reddit tiktok youtube x fb email e-mail имейл във в с на чрез и със по от статията статия
    новината новина публикацията публикация страницата страница приятел приятели приятелите си тази тук
    го я ги мрежи социални социалните мрежите поща mail article page story click to opens in new window
    loading friend a натиснете щракнете кликнете цъкнете за да се отваря нов прозорец това ли ви зарежда
    зареждане разпечатай разпечатване запази запазете любими емейл е-мейл епоща е-поща още други хора
"""
RULES: tuple[Rule, ...] = (
    Rule(
        "counter",
        Where.ANYWHERE,
        _rx(rf"""{_BEFORE_COUNTER}{COUNTER}[\s.)\]|•·]*"""),
    ),
    Rule(
        "share",
        Where.ANYWHERE,
        _rx(
            rf"""(?=(?:{_any_of(_SHARE_WORDS)}|[\s:|,.!?•·/\\+&()\[\]\d–—-])+\Z)
            .*(?:сподел|share|tweet|туит|отпечат|принт|print|печат|изпрат|препоръч|харес|like
              |facebook|фейсбук|twitter|viber|вайбър|linkedin|копирай|бутони\s+за|запази\b|pdf|е-?мейл|имейл|e-?mail
              |е-?поща).*"""
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
        _rx(
            r"[\s#🏷]*(?:(?:тагове|таг|етикети|етикет|ключови\s+думи|tags?|labels?|keywords?)\s*(?::.*)?"
            r"|tagged(?:\s+(?:with|as))?(?:\s+\S+){1,6})"
        ),
        longest=300,
    ),
    Rule("hashtags", Where.TAIL, _rx(r"(?:\#\w+[\s,]*){2,}"), longest=300),
    Rule(
        "category",
        Where.EDGE,
        _rx(
            r"""(?:рубрика|категория|категории|раздел|секция|filed\s+under|posted\s+in|тема|теми)\s*:.*
            |(?:публикувана?о?|написана?о?|posted|filed)\s+(?:в|под|in|under)\s+\S+(?:\s+\S+){0,3}"""
        ),
    ),
    Rule(
        "font size",
        Where.ANYWHERE,
        _rx(r"""(?=(?:(?>размера?|шрифта?|намаля?в?а?н?е?и?|на|увелич[аи]?в?а?н?е?и?|нормален|a|а)
            |[\s:|,.+/-])+\Z).*(?:шриф|[aа][+-]).*"""),
    ),
    Rule(
        "rating",
        Where.ANYWHERE,
        _rx(
            r"""(?=(?:(?:вашата|средна|твоята|оценка|оценки|оценяване|оцени|оценете|рейтинг|user|average|rating|rate|this|article
              |гласувай|гласувайте|гласували|глас|гласа|гласове|votes?|cast|точки|звезди|звезда|брой|общо|от|на|out|of
              |тази|този|статия|статията|новина|новината|публикация|публикацията|материал|материала|текста)\b
            |[\s:!★☆\d.,/()|+–-])+\Z)
            .*(?:★|☆|оцен|рейтинг|rating|глас|vot).*"""
        ),
    ),
    Rule(
        "comment count",
        Where.ANYWHERE,
        _rx(
            r"""[\s|•·(]*(?:(?:коментари|коментар|comments?|мнения)\s*[:(]?\s*\d*\s*\)?
            |\d+\s*(?:коментар|коментара|коментари|comments?|мнения)
            |(?:няма|все\s+още\s+няма)\s+коментари|no\s+comments(?:\s+yet)?|comments\s+are\s+closed
            |leave\s+a\s+(?:comment|reply)|be\s+the\s+first\s+to\s+comment|your\s+e-?mail\s+address\s+will\s+not\s+be.*
            |save\s+my\s+name.*|required\s+fields\s+are\s+marked.*
            |коментари(?:те)?\s+са\s+(?:изключени|затворени|забранени).{0,40}
            |(?:бъди|бъдете)\s+първи.{0,40}комент.{0,40}
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
                |(?:още\s+)?по\s+темата|(?:цялата\s+|пълната\s+)?галерия(?:та)?(?:\s+тук)?|(?:още\s+|всички\s+)?снимки(?:те)?(?:\s+тук)?)
            |още(?:\s+по\s+темата|\s+новини(?:\s+от\s+\S+)?|\s+от\s+(?:рубриката|категорията|раздела|деня))
            |по\s+темата|свързан[аи]\s+(?:статия|новина|тема|статии|новини)|препоръчваме\s+ви|read\s+(?:more|also|next)
            |не\s+пропускай(?:те)?(?:\s+(?:и|още))?|related|see\s+also|more\s+on\s+this
            |(?:към|виж(?:те)?)\s+(?:цялата\s+)?(?:статията|новината|публикацията|оригинала|източника|галерията)
            |(?:прочети|прочетете|виж|вижте|научете)\s+(?:още|повече|цялата\s+статия|целия\s+текст)\s+(?:тук
              |(?:на|в)\s+(?:сайта(?:\s+ни)?|(?:www\.)?[\w-]+\.[\w.-]+))
            |(?:read|view|see)\s+(?:the\s+)?(?:original|full|whole)\s+(?:article|story|post)
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
            |(?:назад|напред|нагоре|обратно(?:\s+(?:в|към|горе)\s+.{2,30})?|(?:към|върнете\s+се\s+в|върни\s+се\s+в|обратно\s+в)\s+началото(?:\s+на\s+страницата)?
              |(?:към\s+)?всички\s+новини|начална\s+страница|по-(?:нова|стара)\s+публикация
              |back(?:\s+to\s+(?:top|news|home))?|top|горе)\W*
            |(?:назад|напред|предишна|следваща|предходна|[\s«»‹›←→<>|/-])+)"""
        ),
        longest=220,
    ),
    Rule("arrowed link", Where.EDGE, _rx(r"[«‹←<].*|.*[»›→>]"), longest=220, linked=True),
    Rule(
        "advertisement",
        Where.ANYWHERE,
        _rx(
            r"[\W_]*(?:реклама|advertisements?|(?:google\s+)?ads?|ads\s+by\s+google|рекламно\s+(?:каре|съдържание)"
            r"|платен[ао]\s+(?:съобщение|публикация)|спонсориран[оа](?:\s+(?:съдържание|публикация))?|sponsored"
            r"|(?:(?:статията|съдържанието|текстът|новината|материалът|видеото)\s+)?(?:продължава|още|продължение)\s+"
            r"(?:след|под)\s+рекламата|(?:advertisement\W+)?scroll\s+(?:down\s+)?to\s+continue"
            r"|advertisement\W+scroll\s+down|continue\s+reading\s+below)[\W_]*"
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
        "follow us",
        Where.ANYWHERE,
        _rx(
            rf"""(?:последвай|последвайте|следвай|следвайте|следете|follow)\s+(?:ни|us)
              (?:\s+(?:и|във?|on|в\s+социалните\s+мрежи|социалните\s+мрежи|и\s+в|{NETWORKS})|[\s,:&|/])*\W*
            |(?:последвай|последвайте|следвайте|харесайте)\s+[„"“«].{{2,40}}[“"”»]\s+(?:във?|на)\s+{NETWORKS}\W*
            |(?:follow|like|join)\s+us\b.{{0,60}}|(?:subscribe|sign\s+up)\b.{{0,80}}
            |(?:получавай|получавайте|искаш|искате|желаете|запиши|запишете)\b(?=.*\b(?:новин\w+|най-важното|статии\w*))
              .*(?:абонир\w+|бюлетин\w*|имейл\w*|e-?mail|пощата)\b.*
            |абонирай(?:те)?\s+се(?:\s+(?:сега|безплатно|тук))?\W*
            |абонирай(?:те)?\s+се\b.*\b(?:новини(?:те)?|имейл|e-?mail)\b.*
            |бъдете\s+(?:в\s+течение|информирани)\b.{{0,80}}"""
        ),
        longest=220,
    ),
    Rule(
        "our other news",
        Where.EDGE,
        _rx(
            r"""(?:още|всички|повече|най-важните|най-новите)\s+(?:\S+\s+)?(?:новини|информация|актуални\s+новини)\b.{0,60}
            (?:четете|вижте|прочетете|следете|намерете|ще\s+намерите|научете)\b.{2,60}"""
        ),
        longest=160,
    ),
    Rule(
        "support us",
        Where.TAIL,
        _rx(r"(?:подкрепи|подкрепете)\s+(?:ни|независимат\w+|свободнат\w+|нашат\w+|сайта|медият\w+)\b.*"),
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
              |телефони?\s+на\s+редакцията|за\s+реклама|issn)\s*:.*
            |.{0,60}\bне\s+нос(?:и|ят)\s+отговорност\s+за\s+
              (?:съдържанието|коментарите|мненията|публикуваните|материалите).*"""
        ),
        longest=200,
    ),
    Rule(
        "cookie notice",
        Where.EDGE,
        _rx(
            r"""(?:този|тази|нашият|нашата|ние|сайтът|уебсайтът|с\s+цел|за\s+да|използваме|използвайки
              |продължавайки|за\s+по-добро|ако\s+продължите|we\s+use|this\s+(?:site|website))\b
              .*\b(?:бисквитки(?:те)?|cookies?)\b.*
            |(?:вашата|твоята)\s+поверителност\b.*|.*\b(?:gdpr|личните?\s+(?:ви\s+)?данни|лични\s+данни)\b.*\bсайта\b.*
            |.*\bсайтът?\b.*\b(?:gdpr|лични\s+данни)\b.*"""
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
              |култура|бизнес|общество|карта\s+на\s+сайта|за\s+реклама|екип|галерия|видео|login|search|menu|home
            |общи\s+условия|условия\s+за\s+(?:ползване|използване)|поверителност|за\s+сайта|карта|форум|обяви|помощ
            |политика\s+(?:за|на)\s+(?:поверителност(?:та)?|бисквитки(?:те)?|лични(?:те)?\s+данни)|подробности
            |(?:skip|прескочи|премини|отиди|към)\s+(?:to\s+|към\s+)?(?:main\s+)?(?:content|съдържанието))
            [\s|•·/»,:-]*){2,}
            |(?:skip|прескочи|премини|отиди|към)\s+(?:to\s+|към\s+)?(?:main\s+)?(?:content|съдържанието)\W*"""
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
            r"""(?-i:(?=[^а-яА-Я]*[а-яА-Я]))(?=.*(?:препечатван|препубликуван|копиран|възпроизвежд|цитиран|използван|разпространен|публикуван))
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
            \s*(?:[:–—/|©-]\s*.{{2,100}}|\s(?-i:{_NAME}))[\s)\]*]*
            |[\s(\[/*]*(?:илюстративн[аи]\s+(?:снимк[аи]|фото\w*)|(?:снимк[аи](?:та|те)?\s+(?:е|са)\s+)илюстративн[аи])\W*"""
        ),
        Becomes.CREDIT,
    ),
    Rule("video credit", Where.EDGE, _rx(r"(?:видео|video|кадри)\s*:\s*.{2,60}")),
    Rule(
        "author line",
        Where.EDGE,
        _rx(
            rf"""[\s/(]*(?:автор(?:и|ка)?(?:\s+на\s+(?:текста|статията))?|текст(?:\s+и\s+(?:снимки|фото))?|by|репортер
              |кореспондент|редактор|разговора\s+води|интервю(?:то\s+(?:взе|води|проведе)|\s+на)?|(?:написан[оа]?|публикуван[оа]?|добавен[оа]?|качен[оа]?|изпратен[оа]?)\s+от)
            \s*[:–—-]?\s*(?-i:{_NAME}(?:\s*(?:,|и)\s+{_NAME})*|[aа]dmin\w*|админ\w*
              |редакция(?:та)?|екип(?:ът|а)?(?:\s+на\s+\S+(?:\s+\S+){{0,2}})?)[\s/).]*
            |[\s/(]*(?:за\s+автора|about\s+the\s+author)\b\W*(?:admin\w*|(?-i:{_NAME}))?\W*"""
        ),
        Becomes.AUTHOR,
    ),
    Rule(
        "author after from",
        Where.HEAD,
        _rx(
            rf"(?:от|by)(?:\s*:)?|(?:от|by)\s*:?\s+(?:(?-i:{_WORD_OF_NAME}(?:\s+{_WORD_OF_NAME}){{1,2}})|admin\w*|админ\w*|редактор\w*"
            r"|редакция(?:та)?|super\s*user|webmaster)"
        ),
        Becomes.AUTHOR,
        longest=60,
    ),
    Rule(
        "date line",
        Where.EDGE,
        _rx(
            rf"""(?=.*\d)(?=.*(?:{_MONTHS}|{_MONTHS_ENGLISH}|\d[./-]\d|\d:\d\d|преди\s|днес|вчера|ago))
            (?:(?>(?:публикуван[оа]?|обновен[оа]?|актуализиран[оа]?|последна|промяна|актуализация|обновяване|редакция|дата
              |създаден[ао]?|добавен[ао]?|качен[ао]?|публикуване|добавяне|качване|на|в|от|обновена|година|год\.?|г\.?|ч\.?|часа?|мин\.?|днес
              |вчера|преди|минути?|дни|ден|часове|{_MONTHS}|{_WEEKDAYS}|{_MONTHS_ENGLISH}|\d+|am|pm|posted|on|published|updated
              |last|modified|date|at|ago|hours?|minutes?|days?|последно|изпратено|посл)\b\.?)
            |[\s:.,/|•·()–—+@🕒📅-])+"""
        ),
        Becomes.DATE,
    ),
    Rule(
        "submitted by",  # Drupal: „Подадено от Админ на пн, 11/23/2026 - 16:31“
        Where.HEAD,
        _rx(
            rf"""(?:подаден[оа]?|изпратен[оа]?|публикуван[оа]?|добавен[оа]?|качен[оа]?|submitted|posted)\s+(?:от|by)\s+
            \S+(?:\s+\S+){{0,2}}\s+(?:на|on)\s+(?:\w+,?\s+)?(?:\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}|\d{{1,2}}\s+{_MONTHS}\s+\d{{4}})
            (?:\s*г\.?)?(?:[\s,–-]*\d{{1,2}}:\d\d(?:\s*ч\.?)?)?"""
        ),
        Becomes.SUBMISSION,
        longest=100,
    ),
    Rule(
        "place and date",
        Where.HEAD,
        _rx(
            rf"""(?-i:{_WORD_OF_NAME})(?:\s+[\w„“"-]+){{0,3}},\s*(?:\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|\d{{1,2}}\s+{_MONTHS}\s+\d{{4}})
            (?:\s*г\.?|година)?[\s,]*(?:\d{{1,2}}:\d\d(?:\s*ч\.?)?)?"""
        ),
        Becomes.DATE,
        longest=60,
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
            |(?:публикацията|статията|материалът|новината)\b.*\bпубликуван[ао]?\s+(?:за\s+пръв\s+път|за\s+първи\s+път|първо)
              \s+(?:в|на|от)\b.*
            |(?:this\s+(?:post|article)\s+(?:was\s+)?)?(?:first|originally)\s+(?:published|appeared)\s+(?:at|on|in|by)\b.*
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

FOOTER_DETAILS = _rx(
    r"""(?:(?:нашият\s+)?адрес|телефони?|тел\.?|за\s+контакти?|контакти?|e-?mail|имейл|факс|работно\s+време|редакция
        |за\s+връзка(?:\s+с\s+нас)?)\b\s*[:.]?.*
        |.*\S@[^\s@]+\.[^\s@]+|(?:\d{4}\s+)?(?:гр\.\s*)?[А-Я]\w+(?:\s[А-Я]\w+)?,\s*(?:ул|бул|пл)\..*"""
)
"""A line with contacts."""
SECTION = _rx(
    r"""[\W\d_]*(?:
    популярн[иао]|архив\s+на\s+(?:новини|съобщения|обяви|статии)(?:те|та)?
    |(?:свързани|подобни|сходни|сродни)(?:\s+(?:статии|новини|публикации|теми|материали|постове))?
    |още\s+(?:новини|статии|публикации|материали|актуални|по\s+темата|от\s+|в\s+|интересни|за\s+четене).{0,40}
    |още\s+по\s+темата|по\s+темата|още
    |последни(?:те)?\s+(?:новини|статии|публикации|добавени|коментари).{0,30}
    |най-?\s?(?:четени|четено|нови|ново|популярни|популярно|коментирани|гледани|важно|важното).{0,30}
    |(?:други|още\s+други|предишни|водещи|топ|горещи|актуални|избрани|важни|нови)\s+(?:новини|статии|публикации|теми).{0,30}
    |препоръчани(?:\s+\w+){0,3}|препоръчваме(?:\s+ви)?|може\s+(?:още\s+)?да\s+ви\s+(?:хареса|заинтересува|е\s+интересно).{0,20}
    |(?:виж|вижте|прочети|прочетете|четете|чети)\s+(?:още|също|и|още\s+от.{0,30})
    |(?:related|recent|latest|popular|more|similar)\s+(?:posts?|articles?|news|stories)|you\s+may\s+(?:also\s+)?like
    |leave\s+a\s+(?:comment|reply)
    |не\s+пропускайте|избрано(?:\s+(?:за\s+вас|от\s+редактора))?|може\s+да\s+харесате(?:\s+и)?|от\s+същата\s+(?:категория|рубрика)|в\s+същата\s+рубрика
    |новини\s+от\s+(?:деня|региона|категорията|рубриката)
    )(?:\s*\(?\d+\)?)?[\W_]*"""
)
"""A heading or label under which other articles stand."""
WIDGET = _rx(
    r"""[\W\d_]*(?:времето(?:\s+(?:в|днес|за)\b.{0,30})?|анкета|валут(?:а|и|ни\s+курсове)|календар|хороскоп|бюлетин|архив
    |за\s+(?:нас|сайта|мен)|за\s+автора|newsletter|абонамент|абонирай(?:те)?\s+се.{0,40}|последвайте\s+ни.{0,30}
    |търсене|рубрики|архиви|search|categories|archives?|about\s+us|фейсбук|facebook)[\W_]*"""
)
"""A heading of a box that stands beside articles; as a heading inside one it may be the article's own."""
COMMENTS = _rx(
    r"""[\W\d_]*(?:
    коментари(?:\s+(?:по|към|за)\s+.{2,30})?|\d*\s*коментара?|(?:един|два|три)\s+коментара?|мнения(?:\s+на\s+\w+)?
    |вашите\s+коментари|(?:вашият|твоят|нов|ваш)\s+коментар|вашето\s+мнение|коментирай(?:те)?|отговор|comments?
    |(?:добави|добавете|напиши|напишете|остави|оставете|публикувай)\s+(?:\w+\s+)?(?:коментар|мнение|отговор)
    |leave\s+a\s+(?:reply|comment)|мнения\s+и\s+коментари|facebook\s+коментари
    )(?:\s*\(?\d+\)?)?[\W_]*"""
)
"""A heading or label under which readers have their say."""
_ROW_KINDS = frozenset(
    {
        "counter",
        "share",
        "signs only",
        "font size",
        "rating",
        "comment count",
        "previous or next",
        "author line",
    }
    | {
        "advertisement",
        "consent button",
        "menu",
        "reading time",
        "date line",
        "author after from",
        "lonely number",
    }
    | {"place and date", "photo credit"}
)
_LONGEST_LABEL = 70  # characters
_LONGEST_CONTACT = 300
_LONGEST_ROW = 100  # characters of a row of such pieces
_BARE_NAME = re.compile(rf"{_WORD_OF_NAME}(?:\s+{_WORD_OF_NAME}){{0,2}}")
# What one of them cannot do without. It begins with a set: for that a search passes over text quickest.
_MAY_HAVE_PARTS = re.compile(
    r"[|•·:\s\d](?:(?<=[|•·:])|(?<=\s)(?:\s\s|[/-]\s|на\s+\d)|(?<=\d)\d{3},\s)", re.IGNORECASE
)
# Bars, wide gaps, and the blank before the next label: „6.09.2025 г., 20:31 ч. Автор: Стоян Делчев“.
_BETWEEN_PARTS = _rx(
    r"""[|•·\s,](?:
    (?<=[|•·])\s*
    | (?<=\s)(?:
        \s*[|•·]\s* | \s{2,} | \s*/\s+ | \s*-\s+
        | \s*(?=(?:автор|текст|снимк[аи]|фото|източник|рубрика|категория|прочетен[ао]?|видян[ао]?
            |прегледи|преглеждания
            |посещения|коментари|публикуван[ао]|обновен[ао]|дата)\s*:)
        | \s*(?=на\s+\d{1,2}[\s.])
    )
    | (?<=\d{4},)\s+(?=[^\W\d_])
    )"""
)


@lru_cache(maxsize=2048)  # a line is asked about several times on its way through a page
def judge(line: Line) -> Rule | None:
    """Return the rule by which a line leaves the article, or None where it belongs to it."""
    text = " ".join(line.text.split())
    if not text or len(text) > _LONGEST_LINE:
        return None
    return _fitting(text, _asked(line.is_head, line.is_tail, line.is_link))


_Asked = tuple[tuple[int, Callable[[str], re.Match[str] | None], Rule], ...]
"""Rules in their order: the longest text that each is asked about, and what it is asked."""


def _fitting(text: str, asked: _Asked) -> Rule | None:
    """Return the first rule that fits a text."""
    length = len(text)
    for longest, fits, rule in asked:
        if length <= longest and fits(text):
            return rule
    return None


@lru_cache
def _asked(is_head: bool, is_tail: bool, is_link: bool) -> _Asked:
    """Return the rules that are asked about a line in such a place, each with what it is asked first."""
    line = Line("", is_head, is_tail, is_link)
    return tuple(
        (rule.longest, rule.pattern.fullmatch, rule)
        for rule in RULES
        if _is_asked(rule, line) and (is_link or not rule.linked)
    )


def judge_whole(line: Line) -> Rule | None:
    """Judge a line that may be several: „12.03.2024 | Автор: Иван Петров | Прочетена: 5“.

    Every part must fall under a rule, or at the head be a name beside such; the first rule is returned.
    """
    rule = judge(line)
    if rule is not None:
        return rule
    rules = (judge(replace(line, text=part)) for part in pieces_of(line))
    return next((rule for rule in rules if rule is not None), None)


def pieces_of(line: Line) -> list[str]:
    """Return the parts of a line, each of which falls under a rule; empty where it is no row of such parts.

    Bars and wide gaps divide parts; at the article's edges also mere blanks, where what stands between them
    is of the few kinds that consist of fixed words: „от admin 532 3“.
    """
    text = " ".join(line.text.split())
    if len(text) > _LONGEST_LINE:
        return []
    parts = parts_of(line.text)
    if len(parts) > 1 and _are_parts(line, parts):
        return parts
    if not (line.is_head or line.is_tail) or len(text) > _LONGEST_ROW:
        return []
    return _pieces_by_words(line, text.split(" "))


def _are_parts(line: Line, parts: list[str]) -> bool:
    """Whether parts all fall under a rule; at the head, beside one that does, a person's name may stand."""
    if judge(replace(line, text=parts[0])) is None and not (line.is_head and is_full_name(parts[0])):
        return False  # nearly always: it is prose that holds something like a border
    known = [judge(replace(line, text=part)) is not None for part in parts]
    if all(known):
        return True
    is_named = line.is_head and any(known) and known.count(False) == 1
    return is_named and is_full_name(parts[known.index(False)])


def _pieces_by_words(line: Line, words: list[str]) -> list[str]:
    for end in range(len(words), 0, -1):
        text = " ".join(words[:end]).rstrip(",;")
        if not _may_be_of_row(text, line):
            continue
        rule = judge(replace(line, text=text))
        if rule is None or rule.name not in _ROW_KINDS:
            continue
        if end == len(words):
            return [text]
        if rest := _pieces_by_words(line, words[end:]):
            return [text, *rest]
    return []


def _may_be_of_row(text: str, line: Line) -> bool:
    """Whether a rule of the row's kinds fits a text; another that stands before it may still decide."""
    return _fitting(text, _asked_of_row(line.is_head, line.is_tail, line.is_link)) is not None


@lru_cache
def _asked_of_row(is_head: bool, is_tail: bool, is_link: bool) -> _Asked:
    """Return those of the row's kinds among the rules that are asked about a line in such a place."""
    return tuple(each for each in _asked(is_head, is_tail, is_link) if each[2].name in _ROW_KINDS)


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


def is_footer_detail(text: str) -> bool:
    """Whether a line holds contacts: the site's own where it stands beside the copyright notice."""
    return len(text) <= _LONGEST_CONTACT and FOOTER_DETAILS.fullmatch(text) is not None


def is_section_label(text: str) -> bool:
    """Whether a short line announces something that is not the article: related news, comments."""
    text = " ".join(text.split())
    return is_comments_label(text) or (len(text) <= _LONGEST_LABEL and SECTION.fullmatch(text) is not None)


def is_widget_label(text: str) -> bool:
    """Whether a short line heads a box beside an article: weather, a poll, the newsletter."""
    return len(text) <= _LONGEST_LABEL and WIDGET.fullmatch(" ".join(text.split())) is not None


def is_comments_label(text: str) -> bool:
    """Whether a short line announces comments."""
    return len(text) <= _LONGEST_LABEL and COMMENTS.fullmatch(" ".join(text.split())) is not None


def parts_of(text: str) -> list[str]:
    """Return the parts that a line of details is divided into by bars, dots or wide gaps."""
    if not _MAY_HAVE_PARTS.search(text):
        return [text.strip()] if text.strip() else []
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
