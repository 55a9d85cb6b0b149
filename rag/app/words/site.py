"""Words of every page (各页)."""

from __future__ import annotations

from rag.app.words.message import Message

WORDS = {
    "site.name": Message("公文问答", "Policy answers"),
    "site.promise": Message(
        "依据公文原文作答，句句有出处。", "Answers from official documents, every sentence with its source."
    ),
    "site.skip": Message("跳到正文", "Skip to content"),
    "site.navigation": Message("主导航", "Main"),
    "nav.ask": Message("问答", "Ask"),
    "nav.precedents": Message("先例", "Precedents"),
    "nav.duties": Message("职责", "Duties"),
    "nav.commitments": Message("承诺", "Commitments"),
    "nav.documents": Message("文件库", "Documents"),
    "nav.admin": Message("管理", "Admin"),
    "site.switch": Message("English", "中文"),
    "site.footer": Message(
        "答案摘自文件原文；引用前请核对原件。",
        "Answers are taken from the documents' own words; check the original before you rely on them.",
    ),
    "site.api": Message("接口说明（OpenAPI）", "OpenAPI description"),
    "site.twin": Message("本页数据（JSON）", "This page as JSON"),
    "site.public_only": Message(
        "未提供密钥：只显示主动公开的文件。", "No key was given: only documents released to the public are shown."
    ),
    "date": Message("{year}年{month}月{day}日", "{year}-{month:02}-{day:02}"),
    "list.separator": Message("、", ", "),
    "keys.heading": Message("键盘快捷键", "Keyboard shortcuts"),
    "keys.search": Message("转到搜索框", "Go to the search box"),
    "keys.next": Message("下一条", "Next result"),
    "keys.previous": Message("上一条", "Previous result"),
    "keys.open": Message("打开原文", "Open the source"),
    "keys.help": Message("显示本说明", "Show this help"),
    "keys.off": Message("停用单键快捷键", "Turn single-key shortcuts off"),
    "keys.close": Message("关闭", "Close"),
    "section.separator": Message(" › ", " › "),
}
