"""Bytes to text: which encoding a document is really in.

Small Bulgarian sites announce encodings they do not use, announce none, or put a windows-1251 include into
a UTF-8 page. So what the bytes look like counts first and what is declared counts last: byte order mark,
UTF-8, mostly UTF-8, then whichever Cyrillic encoding makes it look most like Bulgarian, with windows-1251
and the declared one ahead.
"""

import codecs
import re
from typing import AnyStr, Literal

Kind = Literal["html", "xml", "text"]

CYRILLIC = ("cp1251", "koi8-r", "iso8859-5", "mac-cyrillic", "cp866", "cp855")
LATIN = ("cp1252", "cp1250", "cp437", "cp850", "iso8859-2", "iso8859-15")
FALLBACK = "cp1251"
WESTERN = "cp1252"

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
HEAD = 4096  # bytes in which declarations and UTF-16 are looked for
SAMPLE = 8_000  # bytes of text that detection reads

DECLARED = {
    "html": re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE),
    "xml": re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE),
}
HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE | re.ASCII)
# Python also has codecs that turn text into text or run programs over it: only encodings may be declared.
ENCODINGS = re.compile(
    r"(cp\d+|iso8859-\d+|koi8-[rut]|mac-\w+|gb\w+|big5\w*|euc_\w+|shift_jis\w*|ascii)", re.ASCII
)
# As browsers read them (WHATWG Encoding §4.2): whoever declares these means windows-1252.
SUPERSETS = {"iso8859-1": "cp1252", "ascii": "cp1252"}

TAG = re.compile(rb"<[^<>]{0,2000}>")
HIGH = re.compile(rb"[\x80-\xff]")
# One or two letters of a Latin word: "perché", "żeby", "dziesiątej". Cyrillic words touch no ASCII letters.
ACCENT = re.compile(
    rb"(?<=[A-Za-z])[\x80-\xff]{1,2}(?![\x80-\xff])|(?<![\x80-\xff])[\x80-\xff]{1,2}(?=[A-Za-z])"
)

# How often the letters occur in Bulgarian, as a score: the frequent ones speak for a decoding, the rare ones
# against it.
LETTERS = str.maketrans(
    {
        letter: digit
        for digit, letters in (
            *(("9", "аеио"), ("8", "нт"), ("7", "всрдклпям")),
            *(("5", "збгучъ"), ("3", "хжцйщш"), ("1", "фюь")),
        )
        for letter in letters
    }
)
# What Bulgarian text hardly holds and a wrong decoding does: letters of other languages, box drawing and
# mathematical signs, capitals inside words and alone.
FOREIGN = re.compile(
    "[\u0400-\u040f\u0450-\u045fЫЭыэ\ufffd\x80-\x9f\u2500-\u25ff¬√ƒ≈∆‡†‰§¶]"
    r"|[а-я][А-Я]|[А-Я]{2}[а-я]|\b[А-Я]\b"
)
# What speaks beforehand for windows-1251, and for the declared encoding. Measured on the 997 sentences of
# FLORES-200 dev, undeclared: every sentence right in all six encodings but maccyrillic (846), and every text
# of four in all six. faust-cchardet alone: windows-1251 991, koi8-r 962, iso-8859-5 996, ibm866 979,
# ibm855 972, maccyrillic 413 (75 of 250 texts of four); its vote beside this score gained nothing.
PRIOR = 12

STRAY = re.compile("[\udc80-\udcff]")
PLAUSIBLE = re.compile("[\u0400-\u045f«»\u00a0\u2010-\u2026\u2116]")
HALF_PAIRS = re.compile("\udced[\udca0-\udcbf][\udc80-\udcbf]")  # UTF-16 surrogates written as UTF-8
RUNS = re.compile(r"([<>\n]+)")
WORDS = re.compile(r"(\s+)")

UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\r\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
CONTROLS = bytes({*range(0x20), 0x7F} - {0x09, 0x0A})
HIGH_CONTROL = re.compile(b"\xc2[\x80-\x9f]")
SPACES = re.compile("[\x0b\x0c\x85]")


def decode(body: bytes, content_type: str, kind: Kind) -> str:
    """Return a document's text; never fails, whatever the bytes are.

    ``content_type`` is the header as received, ``kind`` says where the document itself may declare an
    encoding. The result holds no control characters but tab and newline, no lone surrogates and no byte
    order marks; its lines end in ``\\n``.
    """
    encoding = ""
    for mark, marked in BYTE_ORDER_MARKS:
        if body.startswith(mark):
            body, encoding = body[len(mark) :], marked
            break
    else:
        encoding = _utf16_without_mark(body[:HEAD])
    if encoding.startswith(("utf-16", "utf-32")):
        return clean(body.decode(encoding, errors="ignore"))
    if b"\r" in body:  # no other byte of a letter in any encoding that is left
        body = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    # A UTF-8 mark is no proof: editors leave one at the head of an include in another encoding.
    try:
        text = body.decode("utf-8")
        return text if _is_clean_utf8(body) else clean(text)
    except UnicodeDecodeError:
        return clean(_decode_other(body, content_type, kind))


def clean(text: str) -> str:
    """Return text without what no document may hold: control characters, lone surrogates, inner marks."""
    if UNPRINTABLE.search(text) is None:
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return UNPRINTABLE.sub("", SPACES.sub(" ", text))


def _is_clean_utf8(body: bytes) -> bool:
    """Return whether valid UTF-8 surely needs no cleaning; ten times as fast as looking at the text."""
    is_doubtful = b"\xef" in body or (b"\xc2" in body and HIGH_CONTROL.search(body) is not None)
    return not is_doubtful and len(body.translate(None, CONTROLS)) == len(body)


def _utf16_without_mark(head: bytes) -> str:
    """Return the UTF-16 that a document without a mark is in, ``""`` if it is in none.

    Of each pair of bytes the high one is 0 (markup, digits) or 4 (Cyrillic); other encodings hold neither.
    """
    pairs = len(head) // 2
    if pairs < 4:
        return ""
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        high, low = head[start : pairs * 2 : 2], head[1 - start : pairs * 2 : 2]
        if high.count(0) + high.count(4) >= 0.8 * pairs and low.count(0) + low.count(4) < 0.2 * pairs:
            return encoding
    return ""


def _decode_other(body: bytes, content_type: str, kind: Kind) -> str:
    text = body.decode("utf-8", errors="surrogateescape")
    stray, plausible = _count(STRAY, text), _count(PLAUSIBLE, text)
    legacy = _legacy_encoding(_sample(body, mixed=plausible > 0), _declared(body, content_type, kind))
    # In windows-1251 such pairs arise by chance („МВР“ ends in one), but rarely.
    if plausible > stray or (plausible >= 20 and plausible >= 0.1 * stray):
        return _repair(text, legacy)
    return body.decode(legacy, errors="ignore")


def _count(characters: re.Pattern[AnyStr], text: AnyStr) -> int:
    return len(text) - len(characters.sub(text[:0], text))


def _repair(text: str, legacy: str) -> str:
    """Decode, in mostly-UTF-8 text, what is not UTF-8: run by run between tags and line ends."""
    text = HALF_PAIRS.sub("", text)
    return "".join(
        _repair_run(run, legacy) if STRAY.search(run) is not None else run for run in RUNS.split(text)
    )


def _repair_run(run: str, legacy: str) -> str:
    mostly_utf8 = _count(PLAUSIBLE, run) > _count(STRAY, run)
    return "".join(_repair_word(word, legacy, mostly_utf8) for word in WORDS.split(run))


def _repair_word(word: str, legacy: str, mostly_utf8: bool) -> str:
    stray, plausible = _count(STRAY, word), _count(PLAUSIBLE, word)
    if stray == 0 and (mostly_utf8 or plausible != 1):
        return word
    # A lone stray byte in UTF-8 text is half a letter: somebody cut the text by bytes.
    if plausible > stray or (mostly_utf8 and stray == 1):
        return STRAY.sub("", word)
    return word.encode("utf-8", errors="surrogateescape").decode(legacy, errors="ignore")


def _sample(body: bytes, mixed: bool) -> bytes:
    """Return the text between tags that tells most: of a mixed document, what is not UTF-8."""
    lines = TAG.sub(b"\n", body).split(b"\n")
    spoken = [line for line in lines if HIGH.search(line) is not None]
    if mixed:
        spoken = [line for line in spoken if not _is_utf8(line)] or spoken
    return b"\n".join(spoken)[:SAMPLE]


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _declared(body: bytes, content_type: str, kind: Kind) -> str:
    """Return the codec of the encoding that the header or the document declares, ``""`` if none is usable."""
    labels = [match[1] for match in HEADER_CHARSET.finditer(content_type)]
    if kind in DECLARED:
        labels += [match[1].decode("ascii", "ignore") for match in DECLARED[kind].finditer(body[:HEAD])]
    for label in labels:
        try:
            codec = codecs.lookup(label).name
        except LookupError:
            continue
        if ENCODINGS.fullmatch(codec):
            return SUPERSETS.get(codec, codec)
    return ""


def _legacy_encoding(sample: bytes, declared: str) -> str:
    """Return the codec of a text that is not UTF-8."""
    accents = sum(map(len, ACCENT.findall(sample)))
    if accents > 0.5 * _count(HIGH, sample):
        return WESTERN if declared in CYRILLIC else declared or WESTERN
    if declared and declared not in CYRILLIC and declared not in LATIN:
        return declared  # Greek, say: nobody announces that by mistake
    return max(
        dict.fromkeys((FALLBACK, *CYRILLIC)),
        key=lambda name: (
            likeness(sample.decode(name, errors="replace")) + PRIOR * (FALLBACK, declared).count(name)
        ),
    )


def likeness(text: str) -> int:
    """Return how Bulgarian a text looks: of several decodings of the same bytes, the highest is right."""
    scores = text.lower().translate(LETTERS)
    frequent = sum(scores.count(digit) * (int(digit) - 5) for digit in "98731")
    return frequent - 10 * len(FOREIGN.findall(text))
