"""Says whether an article changed, is in the wanted language, is wanted, and is one at all."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import islice

from syndicator.extract.likeness import words_of
from syndicator.model import Article, Match, Place
from syndicator.text.classifier import likeliest
from syndicator.text.html import plain_text
from syndicator.text.languages import is_cyrillic_language, primary_language
from syndicator.text.stem_bg import same_word

MIN_WORDS = 12
"""An article of fewer words, summary and body together, is none: a caption, an empty page's slogan."""

SAME_TIME = timedelta(days=30)
"""Between the dates that a site gives one article before and after it has moved."""

_BETWEEN_TAGS = re.compile(r"\s*(<[^>]*>)\s*")
# Where that one has something to take away: what begins with a character is found 30 times as fast.
_BEFORE_TAG, _BEHIND_TAG = re.compile(r"<(?<=\s<)"), re.compile(r">\s")
_PICTURE_VERSION = re.compile(r'(<img[^>]*?\ssrc="[^"?]*)\?[^"]*"')
_LETTER = re.compile(r"[^\W\d_]")
_LETTERS = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]+")
_LATIN_WORD = re.compile(r"[a-z\u00c0-\u024f]+")
_WORD = re.compile(r"\w+")
_LEAST_CYRILLIC = 0.35  # of the letters; the rest may be names of projects and firms
_FEWEST_TO_ASK = 20  # words: of fewer, statistics say nothing
_ENOUGH_STOP_WORDS = 0.08  # of all words; real Bulgarian prose has .2 to .4
_FOREIGN_LETTERS = {
    "bg": "ыэёіїєґѓќјљњџѕђћў",
    "ru": "іїєґѓќјљњџѕђћў",
    "uk": "ыэёъѓќјљњџѕђћў",
    "mk": "ыэёъьщюяйіїєґђћў",
    "sr": "ыэёъьщюяйіїєґѓќѕў",
}
_STOP_WORDS = {
    "bg": "и на за от се са че да по в с това като ще е със при или които беше през след не до му ѝ й бяха",
    "ru": "и в не на что с по как это из у за от то его к но они мы при для так же был была было",
    "en": "the of and to in a is that for it as was with on by at from this are be has have its an which",
    "it": "di e il la che in un per una del è a le non i con da si della sono al gli dei nel ha",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como ao",
    "ro": "și de în a la cu pe o din că pentru este nu care un mai sau au fost prin ale",
}
_STOP_SETS = {code: frozenset(words.split()) for code, words in _STOP_WORDS.items()}


def content_hash(article: Article) -> str:
    """Return a hash of what readers see of an article; whitespace and a picture's version do not count.

    Equal for equal articles in every process and release (SHA-256 over canonical JSON).
    """
    image = article.image
    picture = [image.url.partition("?")[0], image.alt, image.caption, image.credit] if image else []
    body = article.body
    if _BEFORE_TAG.search(body) or _BEHIND_TAG.search(body):
        body = _BETWEEN_TAGS.sub(r"\1", body)
    if "<img" in body:
        body = _PICTURE_VERSION.sub(r'\1"', body)
    seen = [
        article.title,
        article.summary,
        body,
        article.language,
        article.url,
        list(article.authors),
        picture,
        article.rights,
        sorted(article.tags),
    ]
    squeezed = " ".join(json.dumps(seen, ensure_ascii=False).replace("\\n", " ").split())
    return hashlib.sha256(squeezed.encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(maxsize=4)  # asked for twice of an article that is new
def text_hash(title: str, body: str) -> str:
    """Return a hash of an article's words alone: what stays the same when a site moves or is built anew.

    Addresses, markup and pictures do not count. "" for one of fewer words than :data:`MIN_WORDS`: greetings
    and notices of closed offices are repeated word for word.
    """
    words = words_of(title, plain_text(body))
    if len(words) < MIN_WORDS:
        return ""
    return hashlib.sha256(" ".join(words).encode("utf-8", "surrogatepass")).hexdigest()


def has_moved(before: Article, after: Article) -> bool:
    """Whether two articles of one source are the same one at another address (or under another guid).

    Given the same words (:func:`text_hash`). Dates far apart tell a notice that is posted anew from time to
    time from an article that has moved.
    """
    if text_hash(before.title, before.body) != text_hash(after.title, after.body):
        return False
    if before.language != after.language or not text_hash(after.title, after.body):
        return False
    if before.published is None or after.published is None:
        return True
    return abs(before.published - after.published) <= SAME_TIME


def language_among(article: Article, languages: Sequence[str]) -> str:
    """Return the first of the languages that an article is in; "" if it is in none of them."""
    return next((code for code in languages if is_in_language(article, code)), "")


def is_in_language(article: Article, language: str) -> bool:
    """Whether an article is in a language, as far as its text tells; a doubtful one counts as being in it."""
    text = f"{article.title} {article.summary} {plain_text(article.body)}".lower()
    code = primary_language(language)
    if not _LETTER.search(text):
        return True
    cyrillic = sum(map(len, _CYRILLIC.findall(text)))
    if not _is_in_script(text, cyrillic, code):
        return False
    foreign = sum(text.count(letter) for letter in _FOREIGN_LETTERS.get(code, ""))
    if foreign > cyrillic / 100:
        return False
    if is_cyrillic_language(code):
        # An abstract in English makes no Bulgarian page English: what is judged is the Cyrillic part.
        text = _LATIN_WORD.sub(" ", text)
    words = _WORD.findall(text)
    counts = Counter(words)
    shares = {known: _stop_share(counts, known) for known in _STOP_WORDS}
    own = shares.get(code, 0.0)
    if own >= _ENOUGH_STOP_WORDS and own >= max(shares.values()):
        return True
    return len(words) < _FEWEST_TO_ASK or likeliest(text)[0] == code


def _is_in_script(text: str, cyrillic: int, code: str) -> bool:
    """Whether a text with so many Cyrillic letters is in the script of a language."""
    if is_cyrillic_language(code):
        return cyrillic >= _LEAST_CYRILLIC * sum(map(len, _LETTERS.findall(text)))
    return not cyrillic or cyrillic <= sum(map(len, _LETTERS.findall(text))) / 2


def matches(article: Article, match: Match) -> bool:
    """Whether an article passes a keyword filter.

    Case does not count; a Bulgarian word matches in all its forms („община“: „общината“, „общините“), any
    other word as it is; a filter of several words matches them in a row, in their order.
    """
    places = {
        Place.TITLE: (article.title,),
        Place.TEXT: (article.summary, plain_text(article.body)),
        Place.TAGS: article.tags,
    }
    texts = [text for place in match.places for text in places[place]]
    words = [word for text in texts for word in [*_WORD.findall(text), ""]]  # "" keeps texts apart
    if match.any and not any(_holds(words, phrase) for phrase in match.any):
        return False
    if not all(_holds(words, phrase) for phrase in match.all):
        return False
    return not any(_holds(words, phrase) for phrase in match.none)


def too_short(article: Article) -> bool:
    """Whether an article has fewer than :data:`MIN_WORDS` words below its title."""
    words = _WORD.finditer(f"{article.summary} {plain_text(article.body)}")
    return sum(1 for _ in islice(words, MIN_WORDS)) < MIN_WORDS


def _holds(words: list[str], phrase: str) -> bool:
    wanted = _WORD.findall(phrase)
    if not wanted:
        return False
    for at in range(len(words) - len(wanted) + 1):
        if all(same_word(words[at + offset], word) for offset, word in enumerate(wanted)):
            return True
    return False


def _stop_share(words: Counter[str], code: str) -> float:
    return sum(map(words.__getitem__, _STOP_SETS[code] & words.keys())) / words.total() if words else 0.0
