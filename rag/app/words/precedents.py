"""Words of the page of precedents (先例)."""

from __future__ import annotations

from rag.app.words.message import Message

WORDS = {
    "precedents.heading": Message("先例", "Precedents"),
    "precedents.promise": Message("以往文件是怎么写的", "how past documents put it"),
    "precedents.label": Message("您想写的话（一句或几句）", "What you want to say (a sentence or a few)"),
    "precedents.placeholder": Message(
        "粘贴或输入，例如：感谢您对我市教育工作的关心和支持",
        "Paste or type, in the words of the documents",
    ),
    "precedents.problem": Message(
        "请输入 1 至 {longest} 个字符，年份为四位数字。", "Enter 1 to {longest} characters; years have four digits."
    ),
    "precedents.narrow": Message("限定地区、文种、年份", "Limit by place, kind or year"),
    "precedents.button": Message("查先例", "Find precedents"),
    "precedents.function": Message("句子功能", "What it is for"),
    "precedents.all": Message("全部", "All"),
    "precedents.found": Message("相近的句子", "Sentences worded like it"),
    "precedents.total": Message("共 {total} 种写法。", "{total} wordings."),
    "precedents.legend": Message("与您的原句相比：", "Against your own words:"),
    "precedents.added": Message("多出", "added"),
    "precedents.removed": Message("缺少", "missing"),
    "precedents.compared": Message("措辞对比：", "Wording compared: "),
    "precedents.times": Message("{count} 处，{documents} 份文件", "{count} times in {documents} documents"),
    "precedents.years": Message("{years} 年", "{years}"),
    "precedents.more": Message("另有 {count} 处", "{count} more"),
    "precedents.unlisted": Message("还有 {count} 处未列出", "{count} more not listed"),
    "precedents.take": Message("收入摘句篮", "Collect"),
    "precedents.taken": Message("已在摘句篮", "In the basket"),
    "precedents.collect": Message("把勾选的收入摘句篮", "Collect what is ticked"),
    "precedents.none": Message("没有措辞相近的句子", "No sentence is worded like it"),
    "precedents.none_advice": Message(
        "可以只留下关键的半句，或换一种说法再查。", "Try the telling half of it alone, or other words."
    ),
    "precedents.unfilter": Message("去掉筛选条件再查", "Look again without conditions"),
    "precedents.how": Message(
        "写下想说的话，就能看到以往文件里措辞相近的句子：出现过几次、哪些年份、哪些地方，每一句都能点回原文。勾选收进摘句篮，可导出为带脚注出处的 Word 文稿。",
        "Write what you want to say and see how past documents put it: how often, in which years and places, each "
        "sentence one click from its document. Collect what fits and export it to Word, with sources as footnotes.",
    ),
    "precedents.basket": Message("摘句篮", "Basket"),
    "precedents.basket_count": Message("{count} 句", "{count} sentences"),
    "precedents.lost": Message(
        "有 {count} 句已不存在，或您无权查看。", "{count} sentences are gone, or not for you to see."
    ),
    "precedents.full": Message("摘句篮最多 {most} 句。", "A basket holds {most} sentences at most."),
    "precedents.earlier": Message("上移", "Move up"),
    "precedents.drop": Message("移出", "Remove"),
    "precedents.title": Message("文稿标题", "Title of the draft"),
    "precedents.title_default": Message("先例摘句", "Precedents"),
    "precedents.export": Message("导出 Word", "Export to Word"),
    "precedents.empty": Message("清空", "Empty the basket"),
    "precedents.cited": Message("引用文件", "Documents cited"),
    "function.receipt": Message("来文收悉", "Receipt"),
    "function.thanks": Message("致谢", "Thanks"),
    "function.basis": Message("制文依据", "Legal basis"),
    "function.purpose": Message("目的", "Purpose"),
    "function.status": Message("工作情况", "Work done"),
    "function.problem": Message("困难不足", "Problems"),
    "function.refusal": Message("不予采纳", "Refusal"),
    "function.next_steps": Message("下一步打算", "Next steps"),
    "function.target": Message("工作目标", "Targets"),
    "function.duty": Message("职责分工", "Duties"),
    "function.measure": Message("举措要求", "Measures"),
    "function.transmittal": Message("印发转发", "Transmittal"),
    "function.validity": Message("施行期限", "Entry into force"),
    "function.closing": Message("结尾", "Closing"),
    "function.heading": Message("小标题", "Headings"),
    "function.other": Message("其他", "Other"),
}
