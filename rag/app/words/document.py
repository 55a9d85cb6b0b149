"""Words of the page of one document (单份文件)."""

from __future__ import annotations

from rag.app.words.message import Message

WORDS = {
    "document.elements": Message("公文要素", "Elements"),
    "document.contents": Message("目录", "Contents"),
    "document.to_text": Message("跳到全文", "Go to the text"),
    "document.text": Message("全文", "Text"),
    "document.twins": Message("其他形式", "Other forms"),
    "document.json": Message("要素数据（JSON）", "Elements as JSON"),
    "document.also_in": Message("同文文件：{source}", "Same text: {source}"),
    "document.file": Message("原始文件", "Original file"),
    "document.astray": Message(
        "链接所指的位置不在本文之内，故未标出。",
        "The place that the link names is not within this text; nothing is marked.",
    ),
    "document.marked": Message("已标出引文", "The cited words are marked"),
    "document.tools": Message("工具", "Tools"),
    "document.copy": Message("复制引文和出处", "Copy with citation"),
    "document.quote": Message("“{quote}”", '"{quote}"'),
    "document.copied": Message("已复制。", "Copied."),
    "document.not_copied": Message("浏览器不让复制，请手工复制。", "The browser does not allow it; copy by hand."),
    "document.permalink": Message("永久链接", "Permanent link"),
    "document.to_page": Message("看原页", "Go to the page"),
    "document.page.at": Message("原页：第 {page} 页，共 {pages} 页", "Page {page} of {pages} as it looks"),
    "document.page.one": Message("第 {page} 页", "page {page}"),
    "document.page.go": Message("看原页（第 {page} 页）", "See it on page {page}"),
    "document.page.previous": Message("上一页", "Previous"),
    "document.page.next": Message("下一页", "Next"),
    "document.page.alt": Message("第 {page} 页的影像，文字见全文", "Picture of page {page}; its words are in the text"),
    "document.page.quote": Message("引文在：", "The cited words are on"),
    "missing.old": Message(
        "这份文件入库较早，没有记下版面。重新读取（rag ingest）后可看原页。",
        "This file was taken in before places on pages were kept. Take it in again (rag ingest) to see its pages.",
    ),
    "missing.changed": Message(
        "原文件入库后已改动，或已不在原处，故不显示原页。再次运行 rag ingest 可读入现在的文件。",
        "The file has changed since it was taken in, or is gone, so its pages are not shown. rag ingest takes in what is there now.",
    ),
    "missing.personal": Message(
        "这一页有个人信息，其位置不明，无法遮盖，故不显示。",
        "This page holds personal data whose place is not known, so that it cannot be covered; it is not shown.",
    ),
    "missing.unreadable": Message("这一页无法显示。", "This page cannot be shown."),
    "document.facts": Message("职责与承诺", "Duties and commitments"),
    "stated.duties": Message("职责 {count} 项", "{count} duties"),
    "stated.commitments": Message("承诺 {count} 项", "{count} commitments"),
    "document.is_repealed": Message("本文已被废止，见", "This document is repealed, see"),
    "document.repealed_by": Message("废止本文的文件", "Repealed by"),
    "document.cites": Message("本文引用", "Cites"),
    "document.cited_by": Message("引用本文", "Cited by"),
    "document.repeals": Message("予以废止", "repealed by this"),
    "document.unheld": Message("库中没有", "not held"),
    "document.go": Message("转到引文", "Go to them"),
}
