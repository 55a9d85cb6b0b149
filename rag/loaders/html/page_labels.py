"""Lines that a site sets around a document: its table of information, and what is said to the visitor."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rag.loaders.html.blocks import HtmlBlock

_LABELS = (
    r"索\s*引\s*号|统一编号|主题分类|体裁分类|组配分类|发布(?:机构|单位|机关|日期|时间)|发文(?:机关|单位|日期)|发\s*文\s*字\s*号"
    r"|文\s*号|文件编号|制发(?:机关|单位)|成文(?:日期|时间)|生成日期|印发日期|公开日期|有\s*效\s*性|是否有效|效力状态|文件状态"
    r"|(?:施行|实施|生效)日期|(?:废止|失效)日期|公开(?:方式|类别|属性|形式|类型|范围|程度)|信息公开(?:类型|选项)"
)
_LABEL = re.compile(rf"(?:{_LABELS})\s*[:：]?\s*")
_LABELLED = re.compile(rf"(?P<label>{_LABELS})\s*[:：]\s*(?P<value>.*)")
_NEXT_LABEL = re.compile(
    rf"[\s|｜]+(?=[【\[]?(?:{_LABELS}|主\s*题\s*词|名\s*称|标\s*题|(?:信息)?来\s*源|作\s*者|编\s*辑|字\s*[体号]|发表(?:日期|时间)|更新(?:日期|时间)|(?:浏览|访问|点击|阅读)\w{{0,2}})\s*[:：])"
)
_OTHER_LABEL = re.compile(
    r"(?:分\s*类|名\s*称|标\s*题|主\s*题\s*词|关\s*键\s*词|信息来源|来\s*源|内容概述|语\s*种|载体类型|服务对象)\s*[:：]?\s*"
)
_PUBLISHER = re.compile(r"发布(?:机构|单位|机关)\t")
_LONGEST_VALUE = 120
_LONGEST_LINE = 400
_LEAST_ROWS = 2

_LONGEST_BYLINE = 160
_BYLINE_PIECE = re.compile(
    r"[\s【\[]*(?:(?:信息|稿件|文章)?来\s*源|作\s*者|编\s*辑|发[布表](?:日期|时间)|更新(?:日期|时间)|日\s*期|时\s*间|字\s*[体号]|(?:浏览|访问|点击|阅读)\w{0,2})\s*[:：]"
)
_BYLINE_TIME = re.compile(r"(?:发[布表]|更新)(?:日期|时间)[:：]\d{4}-\d\d?-\d\d?(?:\d\d?:\d\d(?::\d\d)?)?")
_RELATED = re.compile(
    r"[【\[]?(?:相关|延伸|热门|推荐)(?:链接|阅读|新闻|文章|稿件|报道|推荐|文件|信息|解读|政策)[】\]]?[:：]?"
)
_LONGEST_PAGE_LINE = 80
_SEPARATORS = re.compile(r"[\s|｜/【】\[\]()（）〖〗<>《》+\-]+")
# Buttons; what separates them is gone before they are matched, so that no blank can be matched in two ways.
_BUTTONS = re.compile(
    r"(?:字体|字号|文字大小|[:：]|特大|较大|较小|放大|缩小|默认|超大|大|中|小|A|打印(?:本页|此页|文本|页面)?|关闭(?:窗口|本页|页面)?|我?要?收藏(?:本页)?"
    r"|我?要?纠错|返回(?:顶部|列表|上一页|首页)?|下载(?:文字版|图片版|全文)|复制(?:链接|本文)|我?要?分享|保存(?:本页)?|语音朗读|朗读|听全文|繁體|繁体|简体"
    r"|无障碍(?:阅读|浏览)?|长者助手)+"
)
_PAGE_LINE = re.compile(
    r"分享(?:到|至).*|扫一扫.*|扫码.{0,20}|用?微信扫.*"
    r"|(?:浏览|访问|点击|阅读)(?:次数|量|数)?[:：][-\d]*次?"
    r"|您?(?:当前|现在)?(?:所在)?的?位置是?[:：].*"
    r"|首页[>»›/].*"
    r"|[上下]一(?:篇|条|页|则)(?:[:：].*)?"
    r"|(?:【?我要纠错】?)?(?:责任编辑|网站编辑|初审|复审|终审|责编)[:：].{0,20}"
)


def is_page_line(text: str) -> bool:
    """Tell whether a line is said by the site to its visitor: 【打印】【关闭】, 上一篇：…, 浏览次数：12."""
    if len(text) > _LONGEST_PAGE_LINE:
        return False
    return _PAGE_LINE.fullmatch("".join(text.split())) is not None or (
        len(text) > 1 and _BUTTONS.fullmatch(_SEPARATORS.sub("", text)) is not None
    )


def without_page_lines(blocks: Iterable[HtmlBlock]) -> list[HtmlBlock]:
    """Return the blocks that the site does not say to its visitor, and without its lists of related pages."""
    found: list[HtmlBlock] = []
    is_related = False
    for block in blocks:
        is_related = (is_related and block.is_linked) or _RELATED.fullmatch("".join(block.text.split())) is not None
        if not (is_related or is_page_line(block.text) or _is_byline(block.text)):
            found.append(block)
    return found


def _is_byline(text: str) -> bool:
    """Whether a line gives the page's source, time and count of visits, and nothing else."""
    if len(text) > _LONGEST_BYLINE:
        return False
    pieces = [piece for piece in _NEXT_LABEL.split(text) if piece.strip()]
    return (
        len(pieces) > 1 and all(map(_BYLINE_PIECE.match, pieces)) and not all(map(_LABELLED.fullmatch, pieces))
    ) or _BYLINE_TIME.fullmatch("".join(text.split())) is not None


def information(
    outside: Sequence[HtmlBlock], text: Sequence[HtmlBlock], *, is_reprint: bool
) -> tuple[list[str], list[HtmlBlock]]:
    """Take the table of information from around a document, or from its first lines.

    Args:
        outside: Blocks of the page around the document.
        text: Blocks of the document.
        is_reprint: Whether another site's document is shown: who set it there is not its issuer.

    Returns:
        Its rows, label and value separated by a tab, and the text without those taken from it.
    """
    rows = _rows(outside)
    if len(rows) < _LEAST_ROWS:
        rows = []
    # In the text only whole rows of labels are taken, so that 发布单位 in a table of data stays there.
    opening = [block for block in text if block.is_table_row and _is_row_of_labels(block.cells)]
    if opening and len(inside := _rows(opening)) >= _LEAST_ROWS:
        rows += inside
        taken = set(map(id, opening))
        text = [block for block in text if id(block) not in taken]
    if is_reprint:
        rows = [row for row in rows if not _PUBLISHER.match(row)]
    return list(dict.fromkeys(rows)), list(text)


def _rows(blocks: Iterable[HtmlBlock]) -> list[str]:
    rows: list[str] = []
    label = ""
    for block in blocks:
        if block.cells:
            rows.extend(_row(one, other) for one, other in pairwise(block.cells) if _is_pair(one, other))
            continue
        if len(block.text) > _LONGEST_LINE:
            continue
        if label and _is_pair(label, block.text):
            rows.append(_row(label, block.text))
            label = ""
            continue
        label = block.text if _LABEL.fullmatch(block.text) else ""
        for piece in _NEXT_LABEL.split(block.text):
            match = _LABELLED.fullmatch(piece.strip())
            if match and _is_pair(match["label"], match["value"]):
                rows.append(_row(match["label"], match["value"]))
    return rows


def _is_row_of_labels(cells: Sequence[str]) -> bool:
    """Whether every other cell is a label; one that other tables have as a heading too, with its colon."""
    labels = [cell for cell in cells[::2] if cell]
    return bool(labels) and all(
        cell.rstrip().endswith((":", "：")) and (_LABEL.fullmatch(cell) or _OTHER_LABEL.fullmatch(cell))
        for cell in labels
    )


def _is_pair(label: str, value: str) -> bool:
    value = value.strip()
    return (
        _LABEL.fullmatch(label) is not None
        and 0 < len(value) <= _LONGEST_VALUE
        and not _LABEL.fullmatch(value)
        and not _OTHER_LABEL.fullmatch(value)
        and any(character.isalnum() for character in value)
    )


def _row(label: str, value: str) -> str:
    return "\t".join(("".join(label.split()).rstrip(":："), " ".join(value.split())))
