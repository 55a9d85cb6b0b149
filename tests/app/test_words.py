"""The catalogue of words: complete in both languages, and all of it in use."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

import rag.app
from rag.app.words.catalogue import CATALOGUE, PARTS, Texts
from rag.app.words.message import Language
from rag.domain.access import Disclosure
from rag.domain.document import Kind, ProposalBody
from rag.domain.sentence import SentenceFunction

APP = Path(rag.app.__file__).parent
TEMPLATES = sorted((APP / "templates").glob("*.html"))
WORDED = (*sorted((APP / "pages").glob("*.py")), APP / "provenance.py", APP / "printing.py")
SCRIPTS = sorted((APP / "static").glob("*.js"))
# Han characters with the punctuation and full-width forms that go with them.
CHINESE = re.compile(r"[\u2e80-\u303f\u3400-\u9fff\uff00-\uffef“”‘’…]")
CALL = re.compile(r"""\b(?:t|texts)\(f?["']([a-z_.]+)(?:["']\s*~|\{)?""")
# Keys whose end is a value: "kind." ~ document.kind
FAMILIES = (
    "nav.",
    "run.",
    "run.stage.",
    "kind.",
    "disclosure.",
    "element.",
    "error.",
    "error.explain.",
    "proposal.",
    "function.",
    "facet.",
    "missing.",
    "stated.",
    "status.",
    "duties.role.",
    "signin.failed.",
)


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", CATALOGUE)
def test_each_message_is_in_both_languages(key):
    message = CATALOGUE[key]
    assert message.zh.strip()
    assert message.en.strip()
    assert _fields(message.zh) == _fields(message.en)


@pytest.mark.parametrize("key", [k for k in CATALOGUE if k != "site.switch"])
def test_english_is_english(key):
    assert not CHINESE.search(CATALOGUE[key].en.replace("…", ""))


def test_the_switch_names_the_other_language_in_its_own_words():
    assert CATALOGUE["site.switch"] == ("English", "中文")


def test_no_message_stands_in_two_files():
    assert sum(map(len, PARTS)) == len(CATALOGUE)


@pytest.mark.parametrize("path", [*TEMPLATES, *SCRIPTS], ids=lambda path: path.name)
def test_no_template_and_no_script_holds_chinese(path):
    words = re.sub(r"^\s*//.*", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert not CHINESE.findall(words)


JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)
KEY = re.compile(r"<kbd>.</kbd>")
# A comparison inside {% if %} is gone by then, so that ">" ends a tag.
TAG = re.compile(r"<[^>]*>", re.DOTALL)
SAID = re.compile(r"""(?:aria-label|title|placeholder|alt|data-label)="([^"]*)\"""")
LETTER = re.compile(r"[^\W\d_]")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_templates_say_nothing_of_their_own(template):
    html = KEY.sub("", JINJA.sub("", template.read_text(encoding="utf-8")))
    assert not [said for said in SAID.findall(html) if LETTER.search(said)]
    assert not LETTER.findall(TAG.sub("", html))


def test_a_word_in_a_template_is_seen():
    html = JINJA.sub("", '<p title="Open {{ t("a") }}">{% if a > b %}x{% endif %}</p>')
    assert SAID.findall(html) == ["Open "]
    assert LETTER.findall(TAG.sub("", html)) == ["x"]


def test_every_key_asked_for_exists_and_every_key_is_asked_for():
    sources = [path.read_text(encoding="utf-8") for path in (*TEMPLATES, *WORDED)]
    asked = {key for source in sources for key in CALL.findall(source)}
    asked |= {"date"}  # by Texts.day
    single = {key for key in asked if not key.endswith(".")}
    assert single
    assert single <= set(CATALOGUE)
    assert {key for key in asked if key.endswith(".")} <= set(FAMILIES)
    assert not {key for key in CATALOGUE if key not in single and not key.startswith(FAMILIES)}


@pytest.mark.parametrize(
    ("family", "names"),
    [("kind", Kind), ("disclosure", Disclosure), ("proposal", ProposalBody), ("function", SentenceFunction)],
    ids=str,
)
def test_every_value_of_a_vocabulary_has_a_name(family, names):
    assert {f"{family}.{name.value}" for name in names} <= set(CATALOGUE)


@pytest.mark.parametrize(
    ("name", "language"),
    [("zh", Language.ZH), ("en", Language.EN), (None, Language.ZH), ("fr", Language.ZH), ("", Language.ZH)],
)
def test_a_link_always_opens_in_some_language(name, language):
    assert Language.of(name) is language


@pytest.mark.parametrize(
    ("language", "written"), [(Language.ZH, "2023年10月7日"), (Language.EN, "2023-10-07")], ids=["zh", "en"]
)
def test_dates(language, written):
    assert Texts(language).day(date(2023, 10, 7)) == written


def test_an_unknown_key_or_a_missing_value_is_an_error():
    with pytest.raises(KeyError):
        Texts(Language.ZH)("no.such.key")
    with pytest.raises(KeyError):
        Texts(Language.ZH)("documents.total")
