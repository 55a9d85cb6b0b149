"""Words of the list of documents (文件库)."""

from __future__ import annotations

from rag.app.words.message import Message

WORDS = {
    "documents.heading": Message("文件", "Documents"),
    "documents.filter": Message("筛选", "Filter"),
    "documents.topic": Message("标题用词", "Words of the title"),
    "documents.place": Message("地区", "Place"),
    "documents.issuer": Message("发文机关", "Issuer"),
    "documents.kind": Message("文种", "Kind"),
    "documents.year_from": Message("年份自", "Year from"),
    "documents.year_to": Message("年份至", "Year to"),
    "documents.any": Message("不限", "any"),
    "documents.apply": Message("筛选", "Filter"),
    "documents.clear": Message("清除条件", "Clear"),
    "documents.total": Message("共 {total} 份", "{total} in all"),
    "documents.date": Message("日期", "Date"),
    "documents.title": Message("标题", "Title"),
    "documents.disclosure": Message("公开属性", "Disclosure"),
    "documents.also_in": Message("另有 {count} 份同文文件", "{count} more files of this text"),
    "documents.empty": Message("没有符合条件的文件。", "No document meets these conditions."),
    "documents.beyond": Message("这一页没有文件。", "There are no documents on this page."),
    "documents.pages": Message("翻页", "Pages"),
    "documents.previous": Message("上一页", "Previous"),
    "documents.next": Message("下一页", "Next"),
    "documents.at": Message("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
    "documents.first": Message("回到第一页", "Back to the first page"),
}
