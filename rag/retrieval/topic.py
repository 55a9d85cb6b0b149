"""The words that carry a question's topic (主题词), in Chinese or English; asking words and empty ones left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import rjieba

from rag.parsing.agencies import mentions
from rag.retrieval.everyday import opposites, said_for
from rag.retrieval.terms import TermTable

# Words that ask rather than name; each alternative is one way to ask, longest first.
INTERROGATIVE = re.compile(
    r"请问|你好|您好|麻烦问一?下|我想(?:知道|问问?|了解)|想问问?|告诉我|帮我(?:查|找)一?下|"
    r"(?:都|总共|一共|大概|大约)?有多少(?=[家个名所场次项处户位人间座支条份件种类辆张]|万|元|$|，|？)[家个名所场次项处户位间座支条份件种类辆张]?|"
    r"(?:是|达到?|为|有)?多少[家个名所场次项处户位间座支条份件种类辆张]?|"
    r"(?:从|自)?(?:哪一?[年月天]|[什啥]么?时[候间]|何时)(?:开始|起)(?=[\u4e00-\u9fff])|"
    r"(?:是|有|包括|包含|分别是|指|涉及|都有)?哪(?:几)?(?:些|个|家|所|种|项|类|位|里|儿|年|天|份|篇|几)?|"
    r"什么(?:时候|地方|样|时间)?|何时|何地|何处|怎么样?|怎样|如何|为何|为什么|几(?:[家个名所场次项处户位届天](?=[\u4e00-\u9fff])|(?=[家个名所场次项处户位人月号年天届]))|"
    r"多久|多长时间|多大|多高|吗[？?]?$|呢[？?]?$|么[？?]?$|是不是|有没有|能不能|可不可以|要不要|是否|由谁|是谁|谁来|归谁|谁"
)
# What is said to whoever is asked, before the question and after it; commas and stops mark it off.
_COURTESY = re.compile(
    r"^(?:(?:尊敬的)?(?:领导|各位领导|老师|各位|同志)?[您你]们?好[呀啊]?[,，。!！ ]*)+"
    r"|^(?:请问(?:一下)?|麻烦问一下|打扰一下|冒昧(?:地)?问一下|(?:我?想|我?要)(?:咨询|请教|了解|问)(?:一下)?)[,，:：]+"
    r"|(?<=[,，。!！?？ ])(?:请问(?:一下)?|(?:我?想|我?要)(?:咨询|请教|了解|问)一下)[,，:：]*"
    r"|[,，。!！?？ ]*(?:麻烦(?:[您你])?(?:告诉我|告知|帮忙看看|帮我查)(?:一下)?|能(?:不能)?帮(?:忙|我)查一下吗|请(?:尽快)?(?:告知|回复|答复)|盼复|望回复"
    r"|(?:非常|十分)?(?:谢谢|感谢)(?:[您你]们?)?)+[,，。!！?？ ]*$"
    r"|[,，。!！?？ ]+(?:盼复|望回复|谢谢)[,，。!！?？ ]*"
)
# Where something is said is no part of what it is: 方案里, 五份文件中, 这份通知当中.
_WITHIN = re.compile(
    r"(?:[这那该此]|上述|以上|[一二两三四五六七八九十\d]+)?(?:几|些)?(?:份|件|篇|个)?"
    r"(?:文件|方案|通知|答复函?|复函|回复|意见|办法|报告|公文)(?:里面?|当中|之?中(?![心断标央间学国医小考型]))"
)
# 用购买服务的办法, 以讲座的形式: how something is done, in a word that names nothing.
_MEANS = re.compile(r"(?<=的)(?:办法|方法|方式|形式|法子)(?=[来去做搞办给为开提进推])")
_STOP_WORDS = frozenset(
    """
    是 有 为 要 会 能 可以 应 应该 请 请问 做 了 的 该 来 去 到 由 在 对 把 被 让 给 跟 和 与 及
    或 等 中 上 下 里 属于 进行 关于 目前 现在 具体 主要 相关 有关 情况 方面 方式 内容 问题 这份 这个
    那个 这些 这 那 其 一下 号 第 个 份 需要 想 知道 告诉 哪些 什么 多少 怎么 如何 哪里 一共 总共 分别
    各 都 也 就 吧 呢 吗 啊 呀 件 家 名 所 场 次 年 月 日 市 县 区 省 人 点有 没有 地方 地区 各地 打 帮 找 查 名字 直接 不用 不了 顺便 搞 干 干成 做成 搞成 内 看 跑 用 花 有事 指 称 叫 叫做
    下来 上来 过来 回来 出来 起来
    总体 总体上 整体上 总的
    包括 包含 涉及 提到 说 讲 写 发 文件 文 里面 当中 其中 今后 以后 准备 打算 下一步 接下来 设在 位于
    位于 达到 达
    """.split()
)
_CONTENT_TAGS = ("n", "v", "a", "eng", "j", "l", "i", "b", "s", "t", "z", "q")
_NOUN_TAGS = ("n", "j", "b", "a")
# What asks for a number or a length of time, before it could be taken for words of the topic.
_ENGLISH_ASKING = re.compile(
    r"\b(?:how (?:many|much|often|long|large|big|far)|what (?:number|percentage|amount|proportion) of|the end|according to)\b"
)
# 村里, 镇里, 校里: where something is, cut as a word that no document holds.
_INSIDE = re.compile(r"(?<![\u4e00-\u9fff][\u4e00-\u9fff])([乡镇村校厂])里面?(?![程弄])")
# 三年内要: a term of time ends with 内, and 内要 is no word.
_TERM = re.compile(r"([一二两三四五六七八九十\d](?:年|个?月|天|日|周)(?:之|以)?内)(?=[\u4e00-\u9fff])")
_ROAD = re.compile(r"(?<![\u4e00-\u9fff])[国省县乡村]道(?!路|德|理|具|观|教)")
_MONTHS = {
    name: (f"{number}月",)
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), 1
    )
}
_SHARE_OF_VERB = 0.6
_SHARE_OF_LONE_CHARACTER = 0.3
ENGLISH_STOP = frozenset(
    """
    a an the of in on at to for from by with and or is are was were be been being do does did has have had how
    what which who whom whose when where why many much long often there their they them it its this that these
    those i we you he she me my our your us can could should would will shall may might must not no yes any some
    all about into than then as if so such also please tell give show list say says said number kind get got under current currently now located situated
    """.split()
)


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of a question.

    Attributes:
        word: The word, folded.
        alternatives: Words that answer for it, itself first: what official texts say for it, or that it is not so; for an
            English word its Chinese renderings.
        share: How far the word can be counted on to return in an answer: verbs are often put otherwise.
        is_noun: A noun or what qualifies one (名词、区别词、形容词) that the word list holds: none that the tagger guessed.
    """

    word: str
    alternatives: tuple[str, ...]
    share: float = 1.0
    is_noun: bool = False


def chinese_terms(text: str) -> tuple[Term, ...]:
    """Return the content words of folded Chinese text, in order."""
    terms: dict[str, Term] = {}
    for word, tag in _words(INTERROGATIVE.sub(" ", _MEANS.sub(" ", _WITHIN.sub(" ", text)))):
        is_number = any(c.isdigit() for c in word)
        if (
            word.strip()
            and word not in _STOP_WORDS
            and (is_number or tag.startswith(_CONTENT_TAGS))
            and (len(word) > 1 or tag.startswith("n") or tag == "v")
        ):
            share = _SHARE_OF_LONE_CHARACTER if len(word) == 1 else _SHARE_OF_VERB if tag == "v" else 1.0
            is_noun = tag.startswith(_NOUN_TAGS) and rjieba.cut(word, hmm=False) == [word]
            terms.setdefault(word, Term(word, (word, *said_for(word), *opposites(word)), share, is_noun))
    return tuple(terms.values())


def _words(text: str) -> Iterator[tuple[str, str]]:
    """Yield words with their tags; 省道, which is cut in two where nothing stands before it, is one."""
    text = _TERM.sub(r"\1 ", _INSIDE.sub(r"\1 ", text))
    at = 0
    for match in _ROAD.finditer(text):
        yield from _cut(text[at : match.start()])
        yield match[0], "n"
        at = match.end()
    yield from _cut(text[at:])


def _cut(text: str) -> Iterator[tuple[str, str]]:
    """Yield words with their tags; none runs into an agency's name from before it (由市民政局 holds no 由市)."""
    found = list(rjieba.tag(text))
    starts = {span.start for span, _ in mentions(text)}
    begin, ends = 0, [0]
    for word, _ in found:
        begin += len(word)
        ends.append(begin)
    run_into = sorted(starts.difference(ends))
    if not run_into:
        yield from found
        return
    for one, other in pairwise([0, *run_into, len(text)]):
        yield from rjieba.tag(text[one:other])


def english_terms(text: str, table: TermTable) -> tuple[Term, ...]:
    """Return the content words and terms of lower-case English text, in order, each with its renderings in ``table``."""
    words = re.findall(r"[a-z]+(?:'[a-z]+)?|\d+(?:\.\d+)?|[\u4e00-\u9fff]+", _ENGLISH_ASKING.sub(" ", text))
    terms: dict[str, Term] = {}
    at = 0
    while at < len(words):
        length = next(
            (n for n in (4, 3, 2) if at + n <= len(words) and table.translate(" ".join(words[at : at + n]))), 1
        )
        phrase = " ".join(words[at : at + length])
        at += length
        if length == 1 and (phrase in ENGLISH_STOP or phrase in table.stop_words):
            continue
        chinese = _MONTHS.get(phrase, ()) or table.translate(phrase) or (phrase,)
        terms.setdefault(phrase, Term(phrase, tuple(chinese)))
    return tuple(terms.values())


def without_courtesy(text: str) -> str:
    """Return ``text`` without greetings and thanks; as it is when nothing else is left."""
    before, text = "", text.strip()
    while before != text:  # one may hide another: 您好，请问
        before, text = text, _COURTESY.sub("", text).strip()
        text = text or before
    return text
