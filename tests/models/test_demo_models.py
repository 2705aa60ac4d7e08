"""The demo takes local models where this machine has those that its samples need."""

import shutil


def test_the_demo_uses_the_models_of_this_machine(office, models):
    # Bulgarian models are in no package: these translate nothing well, and the checks refuse what they say.
    for pair in ("bg-en", "en-it"):
        shutil.copytree(
            models / ("pt-en" if pair == "bg-en" else "en-pt"), office.folder / "var/models" / pair
        )
    ran = office.run("demo", "shown", config=False)
    assert ran.code == 0, ran.err
    config = (office.folder / ".shown.demo" / "syndicator.yaml").read_text("utf-8")
    assert f'kind: firefox, models: "{office.folder}/var/models"' in config
    assert config.index("kind: firefox") < config.index("kind: libretranslate")


def test_half_of_the_models_is_not_enough(office, models):
    shutil.copytree(models / "pt-en", office.folder / "var/models" / "bg-en")
    assert office.run("demo", "shown", config=False).code == 0
    assert "kind: firefox" not in (office.folder / ".shown.demo" / "syndicator.yaml").read_text("utf-8")
