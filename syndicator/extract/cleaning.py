"""Takes the lines off an article's blocks that are no part of it, and keeps what they say."""

import re
from dataclasses import dataclass, field

from lxml import etree

from syndicator.extract.boilerplate import (
    COUNTER,
    NETWORKS,
    Becomes,
    Line,
    Rule,
    are_pieces,
    is_footer_detail,
    is_full_name,
    is_section_label,
    judge,
    judge_whole,
    pieces_of,
)
from syndicator.extract.embeds import is_embed_link
from syndicator.extract.measures import flat_text, is_prose, link_share, runs_of
from syndicator.extract.rights import copyright_line
from syndicator.extract.teasers import SHORTEST_TITLE
from syndicator.text.paragraphs import lines_of, paragraph_of


@dataclass(slots=True)
class Gleanings:
    """What lines said that left the body, in the order they stood."""

    credits: list[str] = field(default_factory=list)
    rights: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    dropped: list[tuple[str, str]] = field(default_factory=list)  # each line with the name of its rule


_EYE = "\U0001f441\\ufe0f?"
_SENTENCE_START = r"(?-i:(?=[А-ЯЁA-Z„“\"«–—-])|(?<=\s)(?=\d)(?!\d{3}(?!\d)))"
_GLUED_COUNTER = re.compile(
    rf"^\s*(?:{_EYE}\s*\d[\d\s.,]*{_SENTENCE_START}|[(\[]?{COUNTER}[)\].,|•·]*\s*{_SENTENCE_START})",
    re.IGNORECASE | re.VERBOSE,
)
_GLUED_NUMBER = re.compile(r"^\s*(?:\d{5,}\s*(?=[А-ЯЁA-Z„“\"«])|\d{2,}(?=[А-Я][а-я]|[А-Я]\s[а-я]{4}|[„«]))")
_ENDS_SENTENCE = r"(?<=[.!?…”“\"»)])"
_GLUED_COUNTER_END = re.compile(
    rf"{_ENDS_SENTENCE}\s*(?:{_EYE}\s*\d[\d\s.,]*|[(\[|]?\s*{COUNTER}[)\].]*)\s*$",
    re.IGNORECASE | re.VERBOSE,
)
_GLUED_SHARE = re.compile(
    rf"{_ENDS_SENTENCE}\s*(?:(?:сподели(?:те)?(?:\s+във?\s+{NETWORKS}|\s+с\s+приятели)?|tweet|share(?:\s+on\s+{NETWORKS})?"
    rf"|отпечатай|изпрати\s+на\s+приятел|харесай|like|facebook|twitter|viber|pdf|print)[\s|•·,/]*)+$",
    re.IGNORECASE,
)
_GLUED_CREDIT = re.compile(
    rf"{_ENDS_SENTENCE}\s*[(/\[]?(?:снимк[аи]|фото|сн\.)\s*:\s*([^.;()\[\]]{{2,60}}?)[)/\]]?\.?\s*$",
    re.IGNORECASE,
)
_WHOLE_CREDIT = re.compile(
    r"^[\s(\[/*]*(?:снимк[аи](?:те)?|фото(?:граф(?:ия)?)?|photos?(?:\s+by)?|сн\.|foto|credit|източник\s+на\s+снимк\w+)"
    r"\s*[:–—/|©-]?\s*",
    re.IGNORECASE,
)
_AUTHOR_LABEL = re.compile(
    r"^[\s/(]*(?:автор(?:и|ка)?(?:\s+на\s+\w+)?|текст(?:\s+и\s+\w+)?|by|репортер|кореспондент|редактор"
    r"|разговора\s+води|интервю(?:то\s+\w+|\s+на)?"
    r"|(?:написан|публикуван|добавен|качен)[оа]?\s+от|от)\s*[:–—-]?\s+|(?<![\s/).])[\s/).]+$",
    re.IGNORECASE,
)
_WHO_AND_WHEN = re.compile(r"^\w+\s(?:от|by)\s(.{1,80}?)\s(?:на|on)\s", re.IGNORECASE)
_CLOCK_APART = re.compile(r"(\d{4}(?:\s*г\.)?)\s*[|•·/]\s*(?=\d{1,2}:\d\d\b)")  # „12.03.2026 | 09:30“
_BUTTON_NAME = re.compile(
    r"^(?:fb|facebook|twitter|x|viber|whatsapp|linkedin|telegram|instagram|youtube|google|rss|share|print|printbutton"
    r"|pdf|pdf_button|email|emailbutton|mail|arrow|icon|btn|button|spacer|blank|pixel)(?:[-_.\d]|$)"
    r"|(?:[-_.]|^)(?:icon|button|btn|share|sprite)s?(?:[-_.]|$)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"\w\s+\w.*[.!?…][\"'“”»)]*$")
_FOOTER_RULES = frozenset({"powered by", "maker of the site", "publisher's details"})
_GLUED = 400  # characters of a paragraph's end among which something glued to it is looked for
_NEAR_TITLE = 3  # paragraphs to the front of which a counter may be glued
_BUTTON_WIDTH = 40  # pixels
_TEXT_BLOCKS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre"})
_ALL = 0.9  # of a text that is links: the rest is spaces and arrows
_BESIDE_LINK = 14  # characters of a line that is a link: a dash, a date
_LIST = 60  # characters of a list that is taken for the article's


def clean_blocks(blocks: list[etree._Element]) -> tuple[list[etree._Element], Gleanings]:
    """Drop the lines that are no part of an article from its blocks.

    Takes rebuilt blocks (:mod:`syndicator.text.paragraphs`) in reading order, returns those that remain
    (changed in place where only a part of one left) and what the dropped lines said.
    """
    gleanings = Gleanings()
    first, last = _prose_bounds(blocks)
    footless = _without_footer(blocks, last)
    gleanings.dropped += [(flat_text(block), "footer") for block in blocks if block not in footless]
    blocks = footless
    kept: list[etree._Element] = []
    for index, block in enumerate(blocks):
        remaining = _clean_block(block, index - first, index - last, gleanings)
        if remaining is not None:
            kept.append(remaining)
    _trim_ends(kept)
    texts = [block for block in kept if block.tag == "p" and flat_text(block)]
    if texts:
        for block in texts[:_NEAR_TITLE]:
            _cut_front(block, _glued_length(block, block is texts[0]))
        for block in texts:
            _cut_glued_end(block, gleanings, block is texts[-1])
    return kept, gleanings


def note_parts(rule: Rule, text: str, gleanings: Gleanings) -> None:
    """Keep what a dropped line says, part by part where only its parts are lines of known kinds."""
    if judge(Line(text, is_head=True, is_tail=True)) is not None:
        _note(rule, text, gleanings)
        return
    for whole in _CLOCK_APART.sub(r"\1 ", text), text:
        pieces = pieces_of(Line(whole, is_head=True, is_tail=True))
        if pieces:
            break
    for piece in pieces:
        piece_rule = judge(Line(piece, is_head=True, is_tail=True))
        if piece_rule is not None:
            _note(piece_rule, piece, gleanings)
        elif is_full_name(piece):
            gleanings.authors.append(piece)


def clean_credit(text: str) -> str:
    """Return the name in a line like „Снимка: Иван Петров“."""
    return _WHOLE_CREDIT.sub("", text).strip(" \t()[]/*.")


def clean_author(text: str) -> str:
    """Return the name in a line like „Автор: Иван Петров“."""
    return _AUTHOR_LABEL.sub("", text[:_GLUED]).strip(" ,;|")


def is_button(image: etree._Element) -> bool:
    """Whether a picture is a sign to click on: a network's, a printer."""
    alt = image.get("alt", "").strip()
    name = image.get("src", "").rpartition("/")[2]
    width = image.get("width", "")
    if width.isdigit() and int(width) <= _BUTTON_WIDTH:
        return True
    return _BUTTON_NAME.search(name) is not None or (bool(alt) and judge(Line(alt)) is not None)


def _note(rule: Rule, text: str, gleanings: Gleanings) -> None:
    """Keep what a dropped line says."""
    text = " ".join(text.split())
    match rule.becomes:
        case Becomes.CREDIT:
            gleanings.credits.append(clean_credit(text))
        case Becomes.RIGHTS:
            gleanings.rights.append(text)
        case Becomes.AUTHOR:
            gleanings.authors.append(clean_author(text))
        case Becomes.DATE:
            gleanings.dates.append(text)
        case Becomes.SUBMISSION:
            _, who, when = _WHO_AND_WHEN.split(text, 1)
            gleanings.authors.append(who)
            gleanings.dates.append(when)
        case Becomes.NOTHING:
            pass


def _without_footer(blocks: list[etree._Element], last: int) -> list[etree._Element]:
    """Drop the footer behind the last paragraph: contacts before its copyright line, and all behind.

    Lines that have a rule of their own stay, for what they say.
    """
    notices = [at for at in range(last + 1, len(blocks)) if _is_notice(blocks[at])]
    if not notices:
        signs = [at for at in range(last + 1, len(blocks)) if _is_of_site(blocks[at])]
        first = signs[0] if signs else len(blocks)
        return [block for at, block in enumerate(blocks) if at < first or not _is_contact(block)]
    start = notices[0]
    while start - 1 > last and blocks[start - 1].tag in _TEXT_BLOCKS and _is_of_footer(blocks[start - 1]):
        start -= 1
    return blocks[:start] + [block for block in blocks[start:] if _is_boilerplate(block)]


def _is_notice(block: etree._Element) -> bool:
    if block.tag not in _TEXT_BLOCKS or not _is_boilerplate(block):
        return False
    rule = judge(Line(flat_text(block), is_tail=True))
    return bool(copyright_line(flat_text(block))) or (rule is not None and rule.name in _FOOTER_RULES)


def _is_of_site(block: etree._Element) -> bool:
    """Whether a line is the site's own and no box inside an article."""
    rule = judge(Line(flat_text(block), is_tail=True)) if block.tag in _TEXT_BLOCKS else None
    return (
        rule is not None and rule.becomes is Becomes.NOTHING and rule.name not in {"read on", "advertisement"}
    )


def _is_contact(block: etree._Element) -> bool:
    return block.tag in _TEXT_BLOCKS and is_footer_detail(flat_text(block))


def _is_boilerplate(block: etree._Element) -> bool:
    lines = [text for text, _ in lines_of(block) if text] if block.tag in _TEXT_BLOCKS else []
    return bool(lines) and all(judge_whole(Line(text, is_tail=True)) is not None for text in lines)


def _is_of_footer(block: etree._Element) -> bool:
    lines = [text for text, _ in lines_of(block) if text]
    return all(is_footer_detail(text) or judge_whole(Line(text, is_tail=True)) is not None for text in lines)


def _prose_bounds(blocks: list[etree._Element]) -> tuple[int, int]:
    """Return the places of the first and the last block that no rule could take for anything else."""
    real = [index for index, block in enumerate(blocks) if _is_real(block)]
    if real:
        return real[0], real[-1]
    own = [index for index, block in enumerate(blocks) if block.tag == "p" and not _is_edge_line(block)]
    return (own[0], own[-1]) if own else (0, len(blocks) - 1)


def _is_edge_line(block: etree._Element) -> bool:
    """Whether a short line is boilerplate or no sentence."""
    text = flat_text(block)
    return (
        not _SENTENCE.search(text[-_GLUED:])
        or judge_whole(Line(text, is_head=True, is_tail=True)) is not None
    )


def _is_real(block: etree._Element) -> bool:
    if block.tag in {"blockquote", "dl"}:
        return not _is_all_boilerplate(block, -1, 1, Gleanings())
    if block.tag == "table":
        return True
    if block.tag in {"ul", "ol"}:
        return not _is_menu(block) and len(flat_text(block)) >= _LIST
    text = flat_text(block)
    if block.tag != "p" or not is_prose(text):
        return False
    at_edge = [Line(part, is_head=True, is_tail=True, is_link=False) for part, _ in lines_of(block)]
    return any(is_prose(line.text) and judge(line) is None for line in at_edge)


def _clean_block(
    block: etree._Element, from_first: int, from_last: int, gleanings: Gleanings
) -> etree._Element | None:
    """Return what remains of a block; its places count from the first and the last real paragraph."""
    if block.tag in {"ul", "ol"}:
        is_menu = _is_menu(block) or (from_first < 0 and are_pieces([flat_text(item) for item in block]))
        if is_menu:
            gleanings.dropped.append((flat_text(block), "list of such lines"))
        return None if is_menu else block
    if block.tag == "figure":
        _clean_caption(block, gleanings)
        return block
    if block.tag in {"blockquote", "dl"} and _is_all_boilerplate(block, from_first, from_last, gleanings):
        return None
    if block.tag not in _TEXT_BLOCKS or is_embed_link(block):
        return block
    if not flat_text(block) and _has_image(block) and not _has_picture(block):
        return None
    lines = lines_of(block)
    is_link = link_share(block) > _ALL
    prose = [number for number, (text, _) in enumerate(lines) if is_prose(text)] or [0]
    kept: list[list[etree._Element | str]] = []
    dropped = False
    for number, (text, nodes) in enumerate(lines):
        is_head = from_first < 0 or (from_first == 0 and number < prose[0])
        is_tail = from_last > 0 or (from_last == 0 and number > prose[-1])
        line = Line(text, is_head, is_tail, is_link)
        rule = judge_whole(line)
        if rule is None:
            kept.append(nodes)
        else:
            dropped = True
            gleanings.dropped.append((text, rule.name))
            note_parts(rule, text, gleanings)
            kept.extend([[node] for node in nodes if not isinstance(node, str) and _has_picture(node)])
    if not dropped:
        return block
    return _joined(block.tag, kept)


def _is_all_boilerplate(block: etree._Element, from_first: int, from_last: int, gleanings: Gleanings) -> bool:
    """Whether a quote or list of terms holds nothing but lines of boilerplate; their parts are kept then."""
    if _has_image(block):
        return False
    texts = [text for text in runs_of(block) if text]
    if block.tag == "dl" and from_first < 0 and are_pieces(texts):
        return True
    rules = [judge_whole(Line(text, from_first < 0, from_last > 0)) for text in texts]
    if not all(rules):
        return False
    for rule, text in zip(rules, texts, strict=True):
        if rule is not None:
            gleanings.dropped.append((text, rule.name))
            note_parts(rule, text, gleanings)
    return True


def _is_menu(block: etree._Element) -> bool:
    """Whether every item of a list is a line of boilerplate: share buttons, counters, tags."""
    items = [flat_text(item) for item in block]
    return all(
        not item or judge(Line(item, is_head=True, is_tail=True, is_link=False)) is not None for item in items
    ) and not _has_image(block)


def _clean_caption(figure: etree._Element, gleanings: Gleanings) -> None:
    caption = figure.find("figcaption")
    if caption is None:
        return
    text = flat_text(caption)
    rule = judge(Line(text))
    if rule is not None and rule.becomes in {Becomes.CREDIT, Becomes.RIGHTS}:
        gleanings.dropped.append((text, rule.name))
        gleanings.credits.append(clean_credit(text))
        figure.remove(caption)
    elif match := _GLUED_CREDIT.search(text[-_GLUED:]):
        gleanings.credits.append(match.group(1).strip())
        raw = "".join(str(part) for part in caption.itertext())[-_GLUED:]
        if raw_match := _GLUED_CREDIT.search(raw):
            _cut_back(caption, len(raw) - raw_match.start())


def cut_labelled_lines(block: etree._Element) -> None:
    """Cut off a paragraph's end, in place, where a label stands above nothing but lines of links."""
    lines = lines_of(block) if block.tag == "p" else []
    for number, (text, _) in enumerate(lines):
        rest = [nodes for words, nodes in lines[number + 1 :] if words]
        if number and rest and is_section_label(text) and all(map(_is_linked_line, rest)):
            letters = "".join(str(part) for part in block.itertext())
            before = "".join(
                part if isinstance(part, str) else "".join(map(str, part.itertext(with_tail=False)))
                for _, nodes in lines[:number]
                for part in nodes
            )
            _cut_back(block, len(letters) - len(before))
            return


def labels_links(block: etree._Element) -> bool:
    """Whether a paragraph is a label in a line and nothing but lines of links below it."""
    lines = [(text, nodes) for text, nodes in lines_of(block) if text] if block.tag == "p" else []
    return (
        len(lines) > 1
        and is_section_label(lines[0][0])
        and all(_is_linked_line(nodes) for _, nodes in lines[1:])
    )


def _is_linked_line(nodes: list[etree._Element | str]) -> bool:
    """Whether a line is a link, with no more than a dash or a date beside it."""
    text = sum(len(node.strip()) for node in nodes if isinstance(node, str))
    linked = sum(len(flat_text(node)) for node in nodes if not isinstance(node, str) and node.tag == "a")
    return linked >= SHORTEST_TITLE and text <= _BESIDE_LINK


def _trim_ends(blocks: list[etree._Element]) -> None:
    """Drop rules at both ends, and headings and labels of sections that nothing follows."""
    while blocks and blocks[0].tag == "hr":
        del blocks[0]
    headings = {"hr", "h1", "h2", "h3", "h4", "h5", "h6"}
    while blocks and (blocks[-1].tag in headings or _is_lone_label(blocks[-1])):
        del blocks[-1]


def _is_lone_label(block: etree._Element) -> bool:
    return block.tag == "p" and not _has_image(block) and is_section_label(flat_text(block))


def _cut_glued_end(block: etree._Element, gleanings: Gleanings, is_last: bool) -> None:
    raw = "".join(str(part) for part in block.itertext())[-_GLUED:]
    for pattern in (_GLUED_SHARE, _GLUED_COUNTER_END) if is_last else ():
        if glued := pattern.search(raw):
            _cut_back(block, len(raw) - glued.start())
            raw = raw[: glued.start()]
    if credit := _GLUED_CREDIT.search(raw):
        gleanings.credits.append(credit.group(1).strip())
        _cut_back(block, len(raw) - credit.start())


def _joined(tag: object, lines: list[list[etree._Element | str]]) -> etree._Element | None:
    """Return a block of the given lines with a break between each two, or None of none."""
    lines = [line for line in lines if any(not isinstance(n, str) or n.strip() for n in line)]
    if not lines:
        return None
    nodes: list[etree._Element | str] = list(lines[0])
    for line in lines[1:]:
        nodes += [etree.Element("br"), *line]
    block = paragraph_of(nodes)
    block.tag = str(tag)
    return block


def _has_picture(element: etree._Element) -> bool:
    return any(not is_button(image) for image in element.iter("img"))


def _has_image(element: etree._Element) -> bool:
    return next(element.iter("img"), None) is not None


def _cut_front(block: etree._Element, count: int) -> None:
    """Remove the first ``count`` characters of a block's text, in place."""
    for element, attribute in _text_places(block):
        if count <= 0:
            return
        text = str(getattr(element, attribute) or "")
        setattr(element, attribute, text[count:])
        count -= len(text)


def _cut_back(block: etree._Element, count: int) -> None:
    """Remove the last ``count`` characters of a block's text, in place, and the elements emptied by it."""
    for element, attribute in reversed(_text_places(block)):
        if count <= 0:
            break
        text = str(getattr(element, attribute) or "")
        setattr(element, attribute, text[: max(0, len(text) - count)].rstrip())
        count -= len(text)
    for element in reversed(list(block.iter("a", "b", "strong", "em", "i", "u", "s", "br"))):
        parent = element.getparent()
        at_end = parent is not None and parent[-1] is element and not (element.tail or "").strip()
        if at_end and parent is not None and len(element) == 0 and not (element.text or "").strip():
            parent.remove(element)


def _glued_length(block: etree._Element, is_first: bool) -> int:
    """Return how many characters of a counter are glued to the front of a paragraph near the title."""
    raw = "".join(str(text) for text in block.itertext())[:_GLUED]
    match = _GLUED_COUNTER.match(raw) or (_GLUED_NUMBER.match(raw) if is_first else None)
    return match.end() if match else 0


def _text_places(block: etree._Element) -> list[tuple[etree._Element, str]]:
    """Return where the texts of a block are kept, in reading order."""
    places: list[tuple[etree._Element, str]] = []
    for event, element in etree.iterwalk(block, events=("start", "end")):
        if event == "start":
            places.append((element, "text"))
        elif element is not block:
            places.append((element, "tail"))
    return places
