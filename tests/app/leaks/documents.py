"""The documents of the leak test. Each can be hidden, and each holds words of its own that stand nowhere else (canaries).

Twelve of one pattern with canaries in title, text, 文号, agency, file name, duties, commitments, events and figures; and
those that stand in a relation: one repeals or replaces another, two give different figures of one thing, one text lies
in two files, one file in two folders, one names another. Each of these is told of only to whom may see both.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from rag.domain.document import DOCUMENT_ID_DIGITS
from tests.loaders.pdf_files import PdfFile

LABELS = ("public", "on_request", "internal", "unlabelled")

# Rare characters: no other word of the corpus holds them.
_CANARIES = (
    "鸑鷟 麒麟 螭吻 狻猊 饕餮 貔貅 獬豸 穷奇 梼杌 夔牛 毕方 句芒 狴犴 睚眦 蒲牢 囚牛 嘲风 负屃 椒图 帝江 烛龙 鲲鹏 白泽 猰貐 "
    "朱厌 诸犍 狍鸮 旋龟"
).split()
_PATTERN = 12

_PLACES = ("临洲市", "汐川县")
FOLDERS = ("plans", "replies", "notices")

# Sentences that many documents share, to be counted as precedents.
_THANKS = "感谢您对我市托育服务工作的关心和支持。"


class Source(NamedTuple):
    """A document of the corpus.

    Attributes:
        sources: Paths of its files, all of the same bytes.
        data: Their bytes.
        words: What none but this document, and those that name it, hold.
        place: Where it is of.
        label: Its disclosure at first.
        title: Its title.
        number: Its 发文字号.
        text: What it says.
    """

    sources: tuple[str, ...]
    data: bytes
    words: tuple[str, ...]
    place: str
    label: str
    title: str
    number: str
    text: str

    @property
    def source(self) -> str:
        """The first of its files."""
        return self.sources[0]

    @property
    def document_id(self) -> str:
        """Its id, which is that of its bytes."""
        return hashlib.sha256(self.data).hexdigest()[:DOCUMENT_ID_DIGITS]


def _figure(n: int) -> str:
    return str(710_003 + 1_117 * n)


def _number(n: int, year: int = 2024) -> str:
    return f"{_CANARIES[n]}办发〔{year}〕{n + 11}号"


def _title(n: int) -> str:
    if n % 3 == 1:
        return f"关于市政协三届五次会议第{3001 + n}号提案的答复"
    return f"{_PLACES[n % 2]}{_CANARIES[n]}工作办公室关于印发{_CANARIES[n]}托育服务工作方案的通知"


def _patterned(n: int) -> Source:
    canary, place, figure = _CANARIES[n], _PLACES[n % 2], _figure(n)
    agency, title = f"{place}{canary}工作办公室", _title(n)
    opening = (
        f"提案委员：\n\n{_THANKS}现就{canary}托育服务答复如下。"
        if n % 3 == 1
        else f"各有关单位：\n\n为做好{canary}托育服务，现提出如下意见。"
    )
    text = f"""{agency}文件

{_number(n)}

{title}

{opening}

一、工作目标

到2026年，全{place[-1]}新增托育机构{figure}家，普惠托位占比达到六成。全{place[-1]}现有公办幼儿园{figure}所。

二、重点任务

（一）建设{canary}普惠托位。〔{agency}牵头，{place}教育局、{place}财政局按职责分工负责〕

（二）开展{canary}从业人员培训。由{place}卫生健康局牵头，{place}民政局配合。2024年5月，{agency}举办{canary}培训班{n + 2}期。

三、保障措施

{place}财政局将于2025年底前安排{canary}专项补助{figure}元。我们将继续完善{canary}托育服务体系。{_THANKS}

{agency}

2024年{n % 9 + 1}月8日
"""
    return _of_text(f"{FOLDERS[n % 3]}/{canary}-{n}.txt", text, (canary, figure), n, title, _number(n))


def _of_text(source: str, text: str, words: tuple[str, ...], n: int, title: str, number: str, *copies: str) -> Source:
    return Source(
        (source, *copies), text.encode(), words, _PLACES[n % 2], LABELS[n % 4], title, number, text
    )  # fmt: skip


def _notice(
    n: int, source: str, body: str, *copies: str, title: str = "", month: int = 3, year: int = 2024, issuer: str = ""
) -> Source:
    """Return a notice with a canary of its own, its body among words that name it."""
    canary, place = _CANARIES[n], _PLACES[n % 2]
    issuer = issuer or f"{place}民政局"
    title = title or f"{issuer}关于{canary}事项的通知"
    text = f"""{issuer}文件

{_number(n, year)}

{title}

各有关单位：

{body}

{issuer}

{year}年{month}月18日
"""
    words = (canary, *(word for word in [_figure(n)] if word in text))
    return _of_text(source, text, words, n, title, _number(n, year), *copies)


def _repealing(n: int, old: int) -> Source:
    body = f"现对{_CANARIES[n]}事项作如下调整。\n\n《{_title(old)}》（{_number(old)}）自本通知印发之日起同时废止。"
    issuer = f"{_PLACES[old % 2]}{_CANARIES[old]}工作办公室"  # an organ repeals what is its own
    return _notice(n, f"notices/废止-{n}.txt", body, month=10, issuer=issuer)


def _rules(n: int, source: str, *, is_trial: bool) -> Source:
    """Return rules (办法) of one organ and one title; the trial version is the older one."""
    place, year = _PLACES[0], 2022 if is_trial else 2025
    title = f"{place}民政局托育补助发放办法{'（试行）' if is_trial else ''}"
    text = f"""{title}

{_number(n, year)}

第一条 为规范托育补助的发放，制定本办法。

第二条 {_CANARIES[n]}托育机构每个托位补助{n + 400}元。

第三条 补助由{place}民政局审核，{place}财政局拨付。

{place}民政局

{year}年6月1日
"""
    return _of_text(source, text, (_CANARIES[n],), n, title, _number(n, year))


def _one_text_in_two_files(n: int) -> tuple[Source, Source]:
    """Return a notice as text and as Markdown: one text, two documents."""
    paragraphs = "".join(
        f"{count}、{_CANARIES[n]}中心应当在第{count}季度完成第{count}批设施的检查、登记和养护，并把结果告知所在社区。\n\n"
        for count in range(1, 9)
    )
    plain = _notice(n, f"plans/同文-{n}.txt", paragraphs.strip())
    marked = f"# {plain.title}\n\n" + plain.text.replace(f"{plain.title}\n\n", "", 1)
    # The other label, so that for some one of them is there and for others the other one.
    return plain, plain._replace(sources=(f"replies/同文-{n}.md",), data=marked.encode(), text=marked, label="public")


def _pdf(n: int) -> Source:
    canary, place = _CANARIES[n], _PLACES[n % 2]
    title = f"关于{canary}托育设施的通知"
    pages = (
        (f"{place}民政局文件", _number(n), title, "各有关单位：", f"全{place[-1]}设置{canary}托育点三十处。"),
        (f"请于2025年底前完成{canary}检查。", f"{place}民政局", "2024年5月6日"),
    )
    file = PdfFile()
    for lines in pages:
        page = file.page()
        for at, line in enumerate(lines):
            page.text(100, 100 + 40 * at, line)
    text = "\n".join(line for lines in pages for line in lines)
    return Source(
        (f"plans/{canary}-{n}.pdf",), file.data(), (canary,), place, LABELS[n % 4], title, _number(n), text
    )  # fmt: skip


def _much_of_one_word(n: int) -> Source:
    """Return a document that alone makes a word known, by which a slip (心里健康) is seen to be one."""
    body = "\n\n".join(
        f"（{number}）学校应当把{_CANARIES[n]}心理健康教育列入第{number}项工作，每学期检查心理健康课程一次。"
        for number in "一二三四五六七八九十"
    )
    return _notice(n, f"plans/{_CANARIES[n]}-{n}.txt", f"一、主要任务\n\n{body}", title=f"{_CANARIES[n]}教育工作通知")


UPLOADED = _notice(
    27, "追加通知.txt", f"追加{_CANARIES[27]}托育专项补助{_figure(27)}元，由{_PLACES[1]}财政局牵头。", title=f"关于追加{_CANARIES[27]}补助的通知"
)  # fmt: skip
"""It lies in no folder: an administrator can upload it."""

DOCUMENTS: tuple[Source, ...] = (
    *(_patterned(n) for n in range(_PATTERN)),
    _repealing(12, 0),
    _repealing(13, 5),
    _repealing(14, 6),
    _rules(15, "plans/办法-15.txt", is_trial=True),
    _rules(16, "plans/办法-16.txt", is_trial=False),
    *_one_text_in_two_files(17),
    _notice(
        18, "notices/副本-18.txt", f"{_CANARIES[18]}托育点名单另行公布。", "replies/另存-18.txt", "plans/转存-18.txt"
    ),
    _notice(19, "plans/引用-19.txt", f"请按照《{_title(2)}》（{_number(2)}）和《{_title(3)}》抓好{_CANARIES[19]}工作。"),
    _notice(20, "notices/引用-20.txt", f"根据{_number(8)}，全市现有公办幼儿园{_figure(20)}所，{_CANARIES[20]}另计。", year=2025),
    _pdf(21),
    _pdf(22),
    _much_of_one_word(23),
    UPLOADED,
)  # fmt: skip

CANARIES = tuple(word for document in DOCUMENTS for word in document.words)
BY_SOURCE = {source: document for document in DOCUMENTS for source in document.sources}
