"""Whole cycles with a confidential source: what the engine that is not local gets to see is counted."""

import pytest

BRIDGE = "Мостът над реката е отворен отново"
SECRET = {
    "Кметът подписва договора за новата болница": (
        "The mayor signs the contract for the new hospital",
        "Il sindaco firma il contratto per il nuovo ospedale",
    ),
    "Договорът за новата болница ще бъде подписан в четвъртък в присъствието на двамата министри.": (
        "The contract for the new hospital will be signed on Thursday in the presence of both ministers.",
        "Il contratto per il nuovo ospedale sarà firmato giovedì alla presenza dei due ministri.",
    ),
}


@pytest.fixture
def away(libre):
    """A second engine, of somebody else."""
    server = type(libre)()
    yield server
    server.close()


def test_confidential_texts_reach_no_engine_that_is_not_local(desk, away):
    text = desk.config.read_text("utf-8")
    foreign = f'    - {{id: away, kind: libretranslate, url: "{away.url}", timeout: 1s}}\n'
    text = text.replace("  engines:\n", "  engines:\n" + foreign).replace(
        "    path: inbox\n", "    path: inbox\n    confidential: true\n"
    )
    desk.config.write_text(text, "utf-8")
    for text, (english, italian) in SECRET.items():
        desk.libre_knows(text, english, italian)
    title, *body = SECRET
    (desk.folder / "inbox" / "contract.txt").write_text(f"{title}\n\n{' '.join(body)}\n", "utf-8")
    desk.libre.fault = "500"  # the engine that may see it is down: it waits, it does not go elsewhere
    for _ in range(2):
        assert desk.run("once").code == 3
    assert BRIDGE in away.asked, "open texts go to the first engine"
    assert desk.titles("en") == desk.titles_but("en")
    desk.libre.fault = ""
    assert desk.run("once").code == 0
    assert SECRET[title][0] in desk.titles("en")
    assert set(SECRET) <= set(desk.libre.asked)
    seen = [text for text in away.asked if any(part in text or text in part for part in SECRET)]
    assert seen == []
