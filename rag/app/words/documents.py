"""Words of the list of documents (文件库)."""

from __future__ import annotations

from rag.app.words.message import Message

WORDS = {
    "documents.heading": Message("文件", "Documents"),
    "documents.find": Message("查找文件", "Find documents"),
    "documents.q": Message("标题、文号或发文机关", "Title, document number or issuer"),
    "documents.example": Message("输入其中几个字即可", "Any part of it will do"),
    "documents.suggestions": Message("可能要找的文件", "Documents perhaps meant"),
    "documents.suggested": Message("{count} 条建议，用上下键选择", "{count} suggestions, choose with the arrow keys"),
    "documents.suggested_none": Message("没有这样的文件", "No such document"),
    "documents.to_filter": Message("按地区、机关、文种、年份筛选", "Filter by place, issuer, kind or year"),
    "documents.filter": Message("筛选", "Filter"),
    # These are those of the forms of other pages, too.
    "documents.place": Message("地区", "Place"),
    "documents.kind": Message("文种", "Kind"),
    "documents.any": Message("不限", "any"),
    "documents.year_from": Message("年份自", "Year from"),
    "documents.year_to": Message("年份至", "Year to"),
    "facet.place": Message("地区", "Place"),
    "facet.issuer": Message("发文机关", "Issuer"),
    "facet.kind": Message("文种", "Kind"),
    "facet.year": Message("年份", "Year"),
    "documents.apply": Message("查找", "Find"),
    "documents.clear": Message("清除条件", "Clear"),
    "documents.total": Message("共 {total} 份", "{total} in all"),
    "facet.disclosure": Message("公开属性", "Disclosure"),
    "documents.also_in": Message("另有 {count} 份同文文件", "{count} more files of this text"),
    "documents.empty": Message("没有符合条件的文件。", "No document meets these conditions."),
    "documents.empty_do": Message("可以少输几个字，或去掉一个条件。", "Type fewer words, or take a condition away."),
    "documents.nothing": Message("文件库还是空的。", "There are no documents yet."),
    "documents.nothing_do": Message(
        "文件由管理员在“管理”页上传，或放进文件夹后同步。",
        "The administrator uploads documents on the page Admin, or syncs a folder of them.",
    ),
    "documents.beyond": Message("这一页没有文件。", "There are no documents on this page."),
    "documents.pages": Message("翻页", "Pages"),
    "documents.previous": Message("上一页", "Previous"),
    "documents.next": Message("下一页", "Next"),
    "documents.at": Message("第 {page} 页，共 {pages} 页", "Page {page} of {pages}"),
    "documents.first": Message("回到第一页", "Back to the first page"),
}
