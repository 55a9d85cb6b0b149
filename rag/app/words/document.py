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
    "document.go": Message("转到引文", "Go to them"),
}
