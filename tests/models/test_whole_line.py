"""From a Portuguese text in the inbox to an English feed, with real models and nothing else."""

import json
import shutil

ARTICLE = """\
Jovens aprendem a fazer queijo na serra

Doze jovens de cinco aldeias terminaram no sábado um curso de queijaria. O curso durou três semanas e \
decorreu na velha escola da vila, que a câmara recuperou em 2021 por 85 000 €.

«O mais difícil é a paciência», disse a professora Marta Reis. Cada aluno leva para casa um queijo que fez \
com as suas mãos — e uma receita da sua avó.

O próximo curso começa no dia 14 de março. As inscrições estão abertas até ao fim de fevereiro.
"""


def entries(office, language):
    path = office.folder / "feeds" / language / "all.json"
    return json.loads(path.read_text("utf-8"))["items"] if path.exists() else []


def test_a_confidential_article_reaches_its_feed_on_this_machine_alone(office, service, models):
    office.configure(service.url)
    (office.folder / "inbox" / "queijo.txt").write_text(ARTICLE, "utf-8")
    ran = office.run("once", "--json")
    assert ran.code == 3, "without its model the article waits for the operator"
    assert entries(office, "en") == []
    assert office.run("models", "add", "pt-en").code == 0
    ran = office.run("once", "--json")
    assert ran.code == 0, ran.out + ran.err
    assert ran.json["translations"] == {"done": 1, "pending": 0, "held": 0, "failed": 0}
    assert ran.json["engines"]["local"]["errors"] == 0
    assert len(entries(office, "pt")) == 1
    [entry] = entries(office, "en")
    text = entry["content_html"]
    assert "cheese" in entry["title"].lower()
    for words in ("Marta Reis", "“", "”", "—", "85", "€", "March 14", "February"):
        assert words in text, words
    assert "queijo" not in text
    again = office.run("once", "--json").json
    assert again["engines"]["local"]["requests"] == 0
    assert again["feeds_written"] == 0


def test_a_damaged_model_fails_by_name_until_it_is_fetched_again(office, service):
    office.configure(service.url)
    (office.folder / "inbox" / "queijo.txt").write_text(ARTICLE, "utf-8")
    office.run("models", "add", "pt-en")
    file = next((office.folder / "models" / "pt-en").glob("model.pten*"))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 255
    file.write_bytes(data)
    ran = office.run("once", "--json")
    assert ran.code == 3
    [problem] = ran.json["problems"]
    assert file.name in problem
    assert "syndicator models add pt-en" in problem
    assert ran.json["translations"]["failed"] == 1
    assert office.run("models", "add", "pt-en").code == 0
    assert office.run("once").code == 0
    assert len(entries(office, "en")) == 1


def test_check_online_tries_the_models(office, service, models):
    office.configure(service.url, models)
    ran = office.run("check", "--online")
    assert ran.code == 0, ran.out
    assert "✓ engine local, pt→en: " in ran.out


def test_plan_asks_no_process(office, service, models, tmp_path):
    shutil.copytree(models, office.folder / "models")
    office.configure(service.url)
    (office.folder / "inbox" / "queijo.txt").write_text(ARTICLE, "utf-8")
    planned = office.run("plan", "--json").json
    assert planned["engines"]["local"]["requests"] == 1
