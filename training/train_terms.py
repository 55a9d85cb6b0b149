"""Builds the English→Chinese term table that lets an English question search Chinese texts by words.

    python training/train_terms.py --data ../shared/data --out rag/models/terms-en-zh.json.gz

For each English word or term: up to four Chinese terms with probabilities, from (1) our glossary of public
administration, which overrides all else; (2) CC-CEDICT read backwards; (3) word alignment of parallel texts. A
Chinese sense counts by how often government documents and statutes use it, so that ``department`` is 部门
before 系 and rare senses drop out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import rjieba
from alignment import Bitext, align, word_ids
from corpora import (
    DictionaryEntry,
    Translation,
    read_articles,
    read_dictionary,
    read_policy_documents,
    read_translations,
)
from vocabulary import count_words

from rag.text import HAN

log = logging.getLogger("train_terms")

# English term -> Chinese terms with probabilities, likeliest first.
Terms = dict[str, list[tuple[str, float]]]

FORMAT_VERSION = 1
_GLOSSARY = Path(__file__).with_name("glossary.tsv")
_MOST_TERMS = 4
_LEAST_PROBABILITY = 0.05
# A word that this many headwords have for a whole gloss is a word of its own, whatever it ends in.
_OWN_WORD = 3
# A place is not known by a romanised name that general English texts use as often as this (long, ding, wan).
_COMMON_WORD = 2
# Probabilities of a glossary line's terms by place in the line, before they are made to sum to 1.
_BY_PLACE = (0.5, 0.25, 0.15, 0.1)

_HAN_RUN = re.compile(f"[{HAN}]+")
_WORD = re.compile("[a-z]+(?:'[a-z]+)?")

# Words that ask or join and name nothing to search for.
STOP_WORDS = frozenset(
    "a an the of to in on at by for from with without into onto upon about above below over under between among during "
    "and or but nor so yet if then than as because while although though unless until since whether that this these "
    "those it its he him his she her hers they them their theirs we us our ours you your yours i me my mine myself "
    "itself himself herself themselves who whom whose which what when where why how is are was were be been being am "
    "do does did doing done have has had having will would shall should can could may might must not no yes there here "
    "also too very much many more most some any all both each every either neither such same other another own just "
    "only even still again ever never always often please s t d m re ve ll etc e g vs per via let lets got get gets "
    "getting go goes going like make makes made making give gives given take takes taken taking one ones".split()
)

_IRREGULAR = {
    "children": "child", "women": "woman", "men": "man", "people's": "people", "led": "lead", "paid": "pay",
    "taught": "teach", "built": "build", "held": "hold", "bought": "buy", "sold": "sell", "spent": "spend",
    "sent": "send", "lent": "lend", "kept": "keep", "left": "leave", "lost": "lose", "met": "meet",
    "began": "begin", "begun": "begin", "wrote": "write", "written": "write", "grew": "grow", "grown": "grow",
    "knew": "know", "known": "know", "chose": "choose", "chosen": "choose", "won": "win", "fought": "fight",
    "dying": "die", "lives": "life", "lying": "lie", "wives": "wife", "teeth": "tooth", "feet": "foot",
    "mice": "mouse", "drove": "drive", "driven": "drive", "rose": "rise", "risen": "rise", "fell": "fall",
    "fallen": "fall", "drew": "draw", "drawn": "draw", "stood": "stand", "understood": "understand",
    "brought": "bring", "thought": "think", "sought": "seek", "caught": "catch", "criteria": "criterion",
    "saw": "see", "seen": "see", "shown": "show", "found": "find", "ran": "run", "came": "come", "went": "go",
    "said": "say", "told": "tell", "spoke": "speak", "spoken": "speak", "broke": "break", "broken": "break",
    "stole": "steal", "stolen": "steal", "wore": "wear", "worn": "wear", "ate": "eat", "eaten": "eat",
    "drank": "drink", "sang": "sing", "sung": "sing", "swam": "swim", "flew": "fly", "flown": "fly",
    "threw": "throw", "thrown": "throw", "hid": "hide", "hidden": "hide", "born": "birth", "laid": "lay",
    "felt": "feel", "heard": "hear", "became": "become", "forgot": "forget", "forgotten": "forget", "rode": "ride",
    "shot": "shoot", "slept": "sleep", "struck": "strike", "dealt": "deal", "meant": "mean", "fed": "feed",
    "arisen": "arise", "arose": "arise", "borne": "bear", "bore": "bear", "sank": "sink", "sunk": "sink",
    "swept": "sweep", "torn": "tear", "tore": "tear", "woke": "wake", "analyses": "analysis", "crises": "crisis",
    "phenomena": "phenomenon", "media": "medium", "halves": "half", "leaves": "leaf", "thieves": "thief",
    "knives": "knife", "shelves": "shelf", "policemen": "policeman", "firemen": "fireman", "countries": "country",
}  # fmt: skip


def stem_candidates(word: str) -> list[str]:
    """Return the forms under which ``word`` may be listed, itself first; the loader tries them in this order."""
    found = [word]
    if word.endswith("'s"):
        found.append(word[:-2])
    for ending, replacements in (
        ("ies", ("y",)),
        ("ied", ("y",)),
        ("s", ("",)),
        ("es", ("",)),
        ("ed", ("", "e")),
        ("ing", ("", "e")),
        ("ly", ("",)),
    ):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 1:
            found.extend(stem + replacement for replacement in replacements)
            if ending in {"ed", "ing"} and len(stem) > 3 and stem[-1] == stem[-2]:
                found.append(stem[:-1])  # planned → plan
    return found


class Lemmas:
    """Brings inflected words to the form that occurs in its own right."""

    def __init__(self, counts: Counter[str], words: frozenset[str] = frozenset()) -> None:
        """Take English word counts, and the ``words`` that the dictionary glosses with as they stand."""
        self._counts = counts
        self._words = words

    def __call__(self, word: str) -> str:
        """Return the lemma of ``word``, or ``word`` when no shorter form occurs on its own."""
        if word in _IRREGULAR:
            return _IRREGULAR[word]
        if word in self._words:  # news, seed, goods
            return word
        candidates = [candidate for candidate in stem_candidates(word)[1:] if len(candidate) > 2]
        best = max(candidates, key=lambda candidate: self._counts[candidate], default=word)
        return best if self._counts[best] >= max(3, 0.2 * self._counts[word]) else word

    def words(self, text: str) -> list[str]:
        """Return the lemmas of ``text`` without stop words."""
        found = (self(word) for word in _WORD.findall(text) if word not in STOP_WORDS)
        return [word for word in found if word not in STOP_WORDS]


def read_glossary(path: Path = _GLOSSARY) -> Terms:
    """Return our terms with probabilities by place."""
    found: Terms = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            english, _, chinese = line.partition("\t")
            terms = chinese.split()[:_MOST_TERMS]
            total = sum(_BY_PLACE[: len(terms)])
            found[english] = [(term, share / total) for term, share in zip(terms, _BY_PLACE, strict=False)]
    return found


_BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_LEADING = re.compile(r"^(?:to be |to |a |an |the )")
_PLACE = re.compile(r"^([a-z' ]+?),? (?:[a-z-]+ ){0,4}(?:city|county|district|province|prefecture|region|banner)\b")


def glosses_of(entry: DictionaryEntry) -> list[str]:
    """Return an entry's glosses as bare terms: no brackets, articles or infinitive ``to``."""
    found = []
    for gloss in entry.glosses:
        if re.search(r"variant of|surname |^cl:|^see |abbr\. for|used in|particle|radical", gloss):
            continue
        for part in _BRACKETED.sub(" ", gloss).split(";"):
            bare = _LEADING.sub("", " ".join(_WORD.findall(part)))
            if bare and len(bare.split()) <= 4:
                found.append(bare)
    return found


def dictionary_scores(
    entries: Iterable[DictionaryEntry], lemmas: Lemmas
) -> tuple[dict[str, dict[str, float]], dict[str, str]]:
    """Read the dictionary backwards.

    Returns:
        For each English term, Chinese words with a weight: 1 for a first gloss, less for later ones; and names of
        places by their romanised reading.
    """
    scores: dict[str, dict[str, float]] = defaultdict(dict)
    places: dict[str, str] = {}
    for entry in entries:
        if not _HAN_RUN.fullmatch(entry.word):
            continue
        for place, gloss in enumerate(glosses_of(entry)):
            words = gloss.split()
            key = " ".join(lemmas(word) for word in words)
            if len(words) == 1 and words[0] in STOP_WORDS:
                continue
            weight = 1.0 / (1 + 0.4 * place)
            scores[key][entry.word] = max(weight, scores[key].get(entry.word, 0.0))
        if entry.is_name:
            for gloss in entry.glosses:
                match = _PLACE.match(gloss)
                if match and match[1].replace("'", "").replace(" ", "") in entry.reading:
                    name = match[1].replace("'", "").removesuffix(" city").strip()
                    places.setdefault(name, entry.word)
    return scores, places


def alignment_scores(
    translations: Iterable[Translation], entries: Iterable[DictionaryEntry], lemmas: Lemmas
) -> dict[str, dict[str, float]]:
    """Estimate word translations; dictionary entries join as short sentence pairs."""
    english: list[list[str]] = []
    chinese: list[list[str]] = []
    weights: list[float] = []
    for translation in translations:
        words = lemmas.words(translation.english)
        cut = [w for run in _HAN_RUN.findall(translation.chinese) for w in rjieba.cut(run)]
        if 0 < len(words) <= 40 and 0 < len(cut) <= 50 and not (translation.source == "pydocs" and len(words) > 12):
            english.append(words)
            chinese.append(cut)
            weights.append(0.3 if translation.source == "pydocs" else 1.0)
    for entry in entries:
        cut = list(rjieba.cut(entry.word)) if _HAN_RUN.fullmatch(entry.word) else []
        for gloss in glosses_of(entry) if cut else ():
            words = lemmas.words(gloss)
            if words:
                english.append(words)
                chinese.append([entry.word] if len(cut) == 1 else [entry.word, *cut])
                weights.append(0.5)
    english_ids: dict[str, int] = {}
    chinese_ids: dict[str, int] = {}
    bitext = Bitext(word_ids(english, english_ids), word_ids(chinese, chinese_ids), np.array(weights))
    log.info("aligning %d pairs, %d English and %d Chinese words", len(english), len(english_ids), len(chinese_ids))
    aligned = align(bitext, len(english_ids), len(chinese_ids))
    english_words, chinese_words = list(english_ids), list(chinese_ids)
    found: dict[str, dict[str, float]] = defaultdict(dict)
    keep = aligned.scores > 0.03
    for e, z, score in zip(aligned.english[keep], aligned.chinese[keep], aligned.scores[keep], strict=True):
        found[english_words[e]][chinese_words[z]] = float(score)
    return found


def combine(
    from_dictionary: dict[str, dict[str, float]],
    from_alignment: dict[str, dict[str, float]],
    domain: Counter[str],
    general: Counter[str],
) -> Terms:
    """Weigh senses by both sources and by how often official texts use the word."""
    found: Terms = {}
    for key in sorted(set(from_dictionary) | set(from_alignment)):
        senses = from_dictionary.get(key, {})
        aligned = from_alignment.get(key, {})
        scores: dict[str, float] = {}
        for word in senses.keys() | aligned.keys():
            evidence = 0.5 * senses.get(word, 0.0) + 1.5 * aligned.get(word, 0.0)
            # Chance neighbours are above all single characters; the dictionary vouches for the others.
            if word not in senses and aligned[word] < (0.3 if len(word) == 1 else 0.12):
                continue
            # A single character is a word of its own less often than it is counted.
            usage = math.log1p(domain[word] + 2.0 * general[word]) * (0.5 if len(word) == 1 else 1.0)
            scores[word] = evidence * (0.15 + usage) ** 1.5
        seen = {word: score for word, score in scores.items() if domain[word] + general[word] > 1}
        if " " in key:  # A phrase earns its place only where official texts use its translation.
            seen = {word: score for word, score in seen.items() if domain[word] > 4}
            scores = {}
        ranked = sorted((seen or scores).items(), key=lambda item: (-item[1], item[0]))[:_MOST_TERMS]
        total = sum(score for _, score in ranked)
        kept = [(word, score / total) for word, score in ranked if score / total >= _LEAST_PROBABILITY]
        if kept:
            found[key] = kept
    return found


def find_aliases(terms: Terms, lemmas: Lemmas, words: Iterable[str]) -> dict[str, str]:
    """Return the words that the loader's trial of endings would look up under another key than their lemma's."""
    aliases = {word: lemma for word, lemma in _IRREGULAR.items() if lemma in terms}
    glossary = read_glossary()
    for word in words:
        lemma = lemmas(word)
        tried = next((candidate for candidate in stem_candidates(word) if candidate in terms), "")
        if lemma in terms and lemma != tried and word not in glossary:
            aliases[word] = lemma
    return aliases


def write_table(path: Path, terms: Terms, aliases: dict[str, str]) -> None:
    """Write the table; the same terms give the same bytes."""
    rounded = {key: [[word, round(share, 2)] for word, share in terms[key]] for key in sorted(terms)}
    value = {
        "version": FORMAT_VERSION,
        "stop_words": sorted(STOP_WORDS),
        "aliases": dict(sorted(aliases.items())),
        "terms": rounded,
    }
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    path.write_bytes(gzip.compress(body, 9, mtime=0))


def count_whole(text: str, words: set[str]) -> Counter[str]:
    """Count how often ``words`` stand in ``text``, wherever a segmenter would cut them."""
    counts: Counter[str] = Counter()
    for length in sorted({len(word) for word in words}):
        counts.update(
            piece for start in range(len(text) - length + 1) if (piece := text[start : start + length]) in words
        )
    return counts


def build_terms(data: Path) -> tuple[Terms, Lemmas, Counter[str]]:
    """Estimate the table from the data folder; also return the English lemmas and word counts behind it."""
    translations, dictionary = read_translations(data), read_dictionary(data)
    documents = [line for document in read_policy_documents(data) for line in document.lines]
    policy = count_words(documents)
    domain = count_words(article.text for article in read_articles(data))
    for word, count in policy.items():
        domain[word] += 4 * count
    official = "\n".join(documents)
    plain = [translation for translation in translations if translation.source != "pydocs"]
    general = count_words(translation.chinese for translation in plain)
    plain_english = count_words(translation.english for translation in plain)
    english = Counter(plain_english)
    english.update(count_words(" ".join(entry.glosses) for entry in dictionary))
    lone = Counter(gloss for entry in dictionary for gloss in glosses_of(entry) if " " not in gloss)
    lemmas = Lemmas(english, frozenset(word for word, count in lone.items() if count >= _OWN_WORD))
    log.info("%d words of official texts, %d of translations", len(domain), len(general))

    from_dictionary, places = dictionary_scores(dictionary, lemmas)
    # The segmenter cuts long words up; what stands in the text whole is counted whole.
    long_words = {w for senses in from_dictionary.values() for w in senses if 3 < len(w) < 9 and w not in domain}
    for word, count in count_whole(official, long_words).items():
        domain[word] += 4 * count
    terms = combine(from_dictionary, alignment_scores(translations, dictionary, lemmas), domain, general)
    for name, word in places.items():
        if plain_english[name] >= _COMMON_WORD and name in terms:
            continue
        bare = word[:-1] if len(word) > 2 and word[-1] in "市县区省" else word
        terms[name] = [(word, 1.0)] if bare == word else [(bare, 0.6), (word, 0.4)]
    terms.update(read_glossary())
    return terms, lemmas, english


def build_table(data: Path, path: Path) -> None:
    """Estimate the table from the data folder and write it to ``path``."""
    terms, lemmas, english = build_terms(data)
    aliases = find_aliases(terms, lemmas, (word for word in sorted(english) if word.isascii()))
    write_table(path, terms, aliases)
    log.info("%d terms, %d aliases, %d bytes", len(terms), len(aliases), path.stat().st_size)


def read_terms(path: Path) -> Terms:
    """Read a written table back."""
    listed = json.loads(gzip.decompress(path.read_bytes()))["terms"]
    return {english: [(str(word), float(share)) for word, share in chinese] for english, chinese in listed.items()}


def main() -> None:
    """Build the table from the data folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    build_table(arguments.data, arguments.out)


if __name__ == "__main__":
    main()
