# ruff: noqa: E501 (markup and sentences read better unbroken)
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from syndicator.extract.embeds import is_embed_link, link_embeds
from syndicator.extract.page import read_markup
from syndicator.model import SiteRules
from syndicator.text.html import parse_html

BASE = "https://vesti.example/7"
TEXT = "Общината откри новия мост над Сазлийка след ремонт, който продължи две години и половина."


def linked(markup: str, language: str = "bg") -> list[tuple[str, str]]:
    root = parse_html(f"<body>{markup}</body>")
    link_embeds(root, BASE, language)
    return [("".join(link.itertext()), link.get("href", "")) for link in root.iter("a")]


@pytest.mark.parametrize(
    ("markup", "text", "url"),
    [
        (
            '<iframe src="https://www.youtube.com/embed/aB3dE6gH9jK?rel=0" title="Откриването на моста"></iframe>',
            "Видео: Откриването на моста",
            "https://www.youtube.com/watch?v=aB3dE6gH9jK",
        ),
        (
            '<iframe data-src="//www.youtube-nocookie.com/embed/aB3dE6gH9jK" title="YouTube video player"></iframe>',
            "Видео: YouTube",
            "https://www.youtube.com/watch?v=aB3dE6gH9jK",
        ),
        (
            '<object><param name="movie" value="http://www.youtube.com/v/aB3dE6gH9jK&hl=bg"><embed></object>',
            "Видео: YouTube",
            "https://www.youtube.com/watch?v=aB3dE6gH9jK",
        ),
        (
            '<iframe src="https://www.youtube.com/embed/videoseries?list=PL12345"></iframe>',
            "Видео: YouTube",
            "https://www.youtube.com/playlist?list=PL12345",
        ),
        (
            '<iframe src="https://www.facebook.com/plugins/video.php?href=https%3A%2F%2Fwww.facebook.com%2Fgrad%2Fvideos%2F12%2F&width=500"></iframe>',
            "Видео: Facebook",
            "https://www.facebook.com/grad/videos/12/",
        ),
        (
            '<iframe src="https://www.facebook.com/plugins/post.php?href=https%3A%2F%2Fwww.facebook.com%2Fgrad%2Fposts%2F9"></iframe>',
            "Публикация: Facebook",
            "https://www.facebook.com/grad/posts/9",
        ),
        (
            '<iframe src="https://player.vimeo.com/video/123456789?h=1"></iframe>',
            "Видео: Vimeo",
            "https://vimeo.com/123456789",
        ),
        (
            '<iframe src="https://www.vbox7.com/emb/external.php?vid=a1b2c3d4e5"></iframe>',
            "Видео: Vbox7",
            "https://www.vbox7.com/play:a1b2c3d4e5",
        ),
        (
            '<iframe src="https://www.google.com/maps/embed?pb=!1m18!1m12!2d25.6259!3d42.4258!2m3"></iframe>',
            "Карта: Google Maps",
            "https://www.google.com/maps?q=42.4258,25.6259",
        ),
        (
            '<iframe src="https://www.openstreetmap.org/export/embed.html?bbox=1&marker=42.4,25.6"></iframe>',
            "Карта: OpenStreetMap",
            "https://www.openstreetmap.org/?mlat=42.4&mlon=25.6",
        ),
        (
            '<video><source src="/video/most.mp4" type="video/mp4"></video>',
            "Видео: most.mp4",
            "https://vesti.example/video/most.mp4",
        ),
        (
            '<audio src="intervyu.mp3"></audio>',
            "Аудио: intervyu.mp3",
            "https://vesti.example/intervyu.mp3",
        ),
        (
            '<iframe src="https://play.tv.example/embed/77" title="Репортаж от площада" allowfullscreen></iframe>',
            "Видео: Репортаж от площада",
            "https://play.tv.example/embed/77",
        ),
        (
            '<blockquote class="instagram-media" data-instgrm-permalink="https://www.instagram.com/p/Xy1/?utm=e"></blockquote>',
            "Публикация: Instagram",
            "https://www.instagram.com/p/Xy1/",
        ),
    ],
)
def test_what_is_embedded_becomes_a_titled_link(markup, text, url):
    assert linked(markup) == [(text, url)]


@pytest.mark.parametrize(
    "markup",
    [
        '<iframe src="https://www.facebook.com/plugins/like.php?href=https%3A%2F%2Fvesti.example"></iframe>',
        '<iframe src="https://www.facebook.com/plugins/page.php?href=https%3A%2F%2Fvesti.example"></iframe>',
        '<iframe src="https://www.googletagmanager.com/ns.html?id=GTM-1" width="0" height="0"></iframe>',
        '<iframe src="https://ads.example/banner/1"></iframe>',
        '<iframe src="javascript:alert(1)"></iframe>',
        '<iframe src="https://www.youtube.com/embed/"></iframe>',
        '<iframe src="https://weather.example/vremeto"></iframe>',
        '<iframe srcdoc="<p>x</p>"></iframe>',
        '<iframe src="https://www.youtube.com/embed/aB3dE6gH9jK" style="display:none"></iframe>',
        '<video src="data:video/mp4;base64,AAAA"></video>',
    ],
)
def test_what_says_nothing_to_readers_is_no_link(markup):
    assert linked(markup) == []


def test_the_same_video_is_linked_once_and_in_the_articles_language():
    frame = '<iframe src="https://youtu.be/aB3dE6gH9jK"></iframe>'
    url = "https://www.youtube.com/watch?v=aB3dE6gH9jK"
    assert linked(frame * 2, "en") == [("Video: YouTube", url)]
    assert linked(frame, "pt") == [("Video: YouTube", url)]


def test_links_of_embeds_stand_in_the_body_where_the_embeds_stood():
    frame = '<div class="video-container"><iframe src="https://www.youtube.com/embed/{}" allowfullscreen></iframe></div>'
    page = (
        f"<html><body><div class='menu'><a href='/'>Начало</a></div><article><h1>Нов мост над Сазлийка</h1><p>{TEXT}</p>"
        f"{frame.format('aB3dE6gH9jK')}<p>Движението тръгна веднага след прерязването на лентата, видя наш репортер.</p>"
        f"{frame.format('zzzzzzzzzz1')}{frame.format('zzzzzzzzzz2')}</article></body></html>"
    )
    now = datetime(2026, 3, 20, 12, tzinfo=UTC)
    body = read_markup(page, BASE, SiteRules(), "bg", now, ZoneInfo("Europe/Sofia")).body
    lines = [part for part in body.split("</p>") if part]
    assert [line.count("youtube.com/watch") for line in lines] == [0, 1, 0, 1, 1]
    assert "iframe" not in body


def test_a_link_with_other_words_is_no_embed():
    root = parse_html('<p><a href="https://a.example">Видео: мостът</a> още</p>')
    assert not is_embed_link(root.find(".//p"))
