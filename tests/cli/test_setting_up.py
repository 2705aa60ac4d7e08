"""``init`` and ``check``, and what every other command says of a config that cannot be used."""

import pytest

ANSWERS = "Градски новини\nhttps://feeds.example.bg/\nops@example.bg\nen it pt\n"
COMMANDS = [
    ["once"],
    ["once", "--json"],
    ["plan"],
    ["status"],
    ["status", "--json"],
    ["ingest", "x.txt"],
    ["articles", "list"],
    ["articles", "show", "x"],
    ["articles", "retry", "x"],
    ["articles", "withdraw", "x"],
    ["articles", "erase", "x", "--yes"],
    ["memory", "import", "x.tmx"],
    ["memory", "export", "x.tmx"],
    ["memory", "stats"],
]


@pytest.fixture
def bare(desk):
    """A desk without a config."""
    desk.config.unlink()
    return desk


def test_init_writes_a_config_that_check_accepts(bare):
    source = f"{bare.site.feed}\nn\nГрадски вести\ny\n"
    ran = bare.run("init", stdin=f"{ANSWERS}{source}{bare.libre.url}\n")
    assert ran.code == 0, ran.err
    assert str(bare.config) in ran.out
    assert bare.run("check").code == 0
    text = bare.config.read_text("utf-8")
    assert '"sqlite:///var/syndicator.db"' in text
    bare.config.write_text(text + "fetch: {allow_private: [127.0.0.1]}\n", "utf-8")
    assert bare.run("once").code in (0, 3)
    assert len(bare.feed("bg")) == 3


def test_init_without_a_name_writes_where_it_is_looked_for(bare):
    ran = bare.run("init", config=False, stdin="\n\n\n\n\n\n")
    assert ran.code == 0, ran.err
    assert (bare.folder / "config" / "syndicator.yaml").is_file()
    checked = bare.run("check", config=False)
    assert checked.code == 0, checked.out
    assert "../feeds" in (bare.folder / "config" / "syndicator.yaml").read_text("utf-8")


def test_init_obeys_the_variable(bare):
    bare.environ["SYNDICATOR_CONFIG"] = "here.yaml"
    assert bare.run("init", config=False, stdin="\n" * 9).code == 0
    assert (bare.folder / "here.yaml").is_file()
    assert bare.run("check", config=False).code == 0


def test_init_takes_a_folder_named_from_where_the_operator_stands(bare):
    ran = bare.run("init", "conf/x.yaml", config=False, stdin="\n\n\n\nnews/texts\nРедакция\n\n\n")
    assert ran.code == 0, ran.err
    assert (bare.folder / "news" / "texts").is_dir()
    assert "../news/texts" in (bare.folder / "conf" / "x.yaml").read_text("utf-8")


def test_init_asks_again_where_an_answer_cannot_be_right(bare):
    ran = bare.run(
        "init", stdin="\nfeeds.example\nhttps://a.example/\nnobody\n\nанглийски\nen\nhttp://\n\nlibre\n\n"
    )
    assert ran.code == 0, ran.err
    for wrong in ("feeds.example", "nobody", "английски", "http://", "libre"):
        assert f'"{wrong}"' in ran.err
    assert bare.run("check").code == 0


def test_init_overwrites_nothing_unasked(desk):
    before = desk.config.read_text("utf-8")
    ran = desk.run("init", stdin="\n" * 9)
    assert ran.code == 1
    assert "--force" in ran.err
    assert desk.config.read_text("utf-8") == before
    assert desk.run("init", desk.config, "--force", stdin="\n" * 9).code == 0
    assert desk.config.read_text("utf-8") != before


def test_init_names_a_place_where_nothing_can_be_written(bare):
    (bare.folder / "file").write_text("in the way", "utf-8")
    ran = bare.run("init", "file/x.yaml", stdin="\n" * 9)
    assert ran.code == 1
    assert "file" in ran.err


def test_init_ends_where_nobody_answers(bare):
    assert bare.run("init", stdin="").code == 1


def test_check_names_every_problem_with_its_place(desk):
    text = desk.config.read_text("utf-8").replace("kind: feed", "kind: fed").replace("targets:", "target:")
    desk.config.write_text(text, "utf-8")
    ran = desk.run("check")
    assert ran.code == 1
    for place in (f"{desk.config}:6:25: languages.target", f"{desk.config}:14:11: sources[0].kind"):
        assert place in ran.out, ran.out


def test_check_tells_the_mistakes_in_memory_and_glossary(desk):
    (desk.folder / "terms.yaml").write_text("terms: 3\n", "utf-8")
    (desk.folder / "m.tmx").write_text("<tmx><body>", "utf-8")
    desk.configure(extra="  glossary: [terms.yaml]\n  memory: [m.tmx]")
    ran = desk.run("check")
    assert ran.code == 1
    assert f"{desk.folder / 'terms.yaml'}:1:" in ran.out
    assert f"{desk.folder / 'm.tmx'}:1" in ran.out


def test_check_tells_which_of_two_glossaries_counts(desk):
    (desk.folder / "ours.yaml").write_text('terms: [{bg: ["АРИР"], en: "SZREDA"}]\n', "utf-8")
    (desk.folder / "theirs.yaml").write_text('terms: [{bg: ["АРИР", "БАН"], en: "ARIR"}]\n', "utf-8")
    desk.configure(extra="  glossary: [ours.yaml, theirs.yaml]")
    ran = desk.run("check")
    assert ran.code == 0, ran.out
    (line,) = [line for line in ran.out.splitlines() if "АРИР" in line]
    assert "theirs.yaml: “АРИР” is “ARIR” here" in line
    assert "ours.yaml comes first and has “SZREDA”" in line
    assert "БАН" not in line


def test_check_without_a_config_finds_a_problem(bare):
    assert bare.run("check").code in (1, 78)


def test_check_online_tries_everything(desk):
    ran = desk.run("check", "--online")
    assert ran.code == 0, ran.out
    assert "“Градски вести”" in ran.out
    assert ran.out.count("✓ ") == 4
    desk.site.broken = True
    desk.libre.fault = "echo"
    ran = desk.run("check", "--online")
    assert ran.code == 1
    assert ran.out.count("✗ ") == 3
    assert not (desk.folder / "feeds").exists()
    desk.configure(engine_url="http://127.0.0.1:9")
    assert "http://127.0.0.1:9/languages: no connection" in desk.run("check", "--online").out


def test_a_credential_outside_systemd_is_only_a_warning_to_check(desk):
    text = desk.config.read_text("utf-8").replace("timeout: 1s}", 'timeout: 1s, api_key: "${credential:k}"}')
    desk.config.write_text(text, "utf-8")
    ran = desk.run("check")
    assert (ran.code, "(warning)" in ran.out) == (0, True)
    assert desk.run("check", "--online").code == 1
    assert desk.run("once").code == 78


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_broken_config_is_refused(desk, command):
    desk.config.write_text("site: [\n", "utf-8")
    ran = desk.run(*command)
    assert ran.code == 78
    assert f"{desk.config}:" in ran.err
    assert ran.out == ""


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_without_a_config_the_places_looked_at_are_named(bare, command):
    ran = bare.run(*command, config=False)
    assert ran.code == 78
    assert str(bare.folder / "config" / "syndicator.yaml") in ran.err
    assert "/etc/syndicator/syndicator.yaml" in ran.err
    assert ran.out == ""


def test_the_variable_names_the_config(desk):
    desk.environ["SYNDICATOR_CONFIG"] = "syndicator.yaml"
    assert desk.run("check", config=False).code == 0
    desk.environ["SYNDICATOR_CONFIG"] = "gone.yaml"
    ran = desk.run("status", config=False)
    assert ran.code == 78
    assert "gone.yaml" in ran.err
