"""Words of question and answer (问答)."""

from __future__ import annotations

from rag.app.words.message import Message

WORDS = {
    "ask.heading": Message("向公文提问", "Ask the documents"),
    "ask.label": Message("您的问题", "Your question"),
    "ask.placeholder": Message(
        "问职责、数目、期限、文号、条款…", "Duties, figures, deadlines, document numbers, articles…"
    ),
    "ask.follow": Message("接着问", "Ask further"),
    "ask.follow.hint": Message("可以只说变化的部分，例如“那…呢？”", "Naming what changes is enough, as in: and in …?"),
    "ask.looking": Message("正在查阅文件…", "Looking through the documents…"),
    "ask.failed": Message("连接中断，未能取得回答。", "The connection broke off before the answer came."),
    "ask.empty.heading": Message("文件库还是空的", "There are no documents yet"),
    "ask.empty.upload": Message("上传文件", "Upload documents"),
    "ask.empty.folder": Message("也可以把文件放进这个文件夹：", "Or put them into this folder:"),
    "ask.empty.command": Message("然后运行：", "then run:"),
    "ask.empty.formats": Message(
        "可读 PDF、扫描件、DOCX、DOC、OFD、HTML、Markdown 和纯文本。",
        "PDF, scans, DOCX, DOC, OFD, HTML, Markdown and plain text can be read.",
    ),
    "example.lead": Message("{place}{task}由哪个部门牵头？", "Which department leads {task} in {place}?"),
    "example.figure": Message("{place}有多少{unit}{counted}？", "How many {counted} ({unit}) are there in {place}?"),
    "example.number": Message("{number}是哪个机关印发的？", "Who issued {number}?"),
    "example.dated": Message("{number}是什么时候印发的？", "When was {number} issued?"),
    "example.next": Message("{place}下一步有哪些打算？", "What does {place} plan to do next?"),
    "ask.button": Message("提问", "Ask"),
    "ask.examples": Message("可以这样问", "You could ask"),
    "ask.stock": Message(
        "现有 {documents} 份文件、{duties} 条职责分工可查。",
        "{documents} documents with {duties} assigned duties are at hand.",
    ),
    "ask.problem": Message(
        "这个问题无法受理：请输入 1 至 {longest} 个字符。",
        "This question cannot be taken: enter 1 to {longest} characters.",
    ),
    "answer.heading": Message("回答", "Answer"),
    "answer.drafted": Message(
        "由语言模型代拟，逐句核对过引文。",
        "Written by a language model, each sentence checked against the words it cites.",
    ),
    "answer.unverified": Message("未核实，不作为答案", "Not verified, no part of the answer"),
    "answer.mark": Message("引文 {id}：{reference}", "Citation {id}: {reference}"),
    "answer.duties": Message("职责分工", "Who is responsible"),
    "answer.task": Message("任务", "Task"),
    "answer.lead": Message("牵头", "Lead"),
    "answer.cooperating": Message("配合", "Cooperating"),
    "answer.source": Message("出处", "Source"),
    "answer.none": Message("未写明", "not stated"),
    "answer.citations": Message("原文出处", "Sources"),
    "answer.comparison": Message("对照", "Side by side"),
    "answer.year": Message("年份", "Year"),
    "answer.document": Message("文件", "Document"),
    "answer.content": Message("内容", "What it says"),
    "answer.quotes": Message("引用原文", "Words cited"),
    "answer.tools": Message("使用这一回答", "Use this answer"),
    "answer.copy": Message("复制回答", "Copy the answer"),
    "answer.copied": Message("已复制", "Copied"),
    "answer.copy_quote": Message("复制引文", "Copy with source"),
    "answer.cited.before": Message("“", '"'),
    "answer.cited.after": Message("”——", '" — '),
    "answer.link": Message("固定链接", "Permanent link"),
    "answer.print": Message("打印", "Print"),
    "answer.docx": Message("导出 Word", "Word file"),
    "answer.pane": Message("原文对照", "Source"),
    "source.open": Message("打开全文", "Open the document"),
    "source.close": Message("关闭原文", "Close the source"),
    "source.image": Message("第 {page} 页原貌，引文已框出", "Page {page} as it looks, the cited words framed"),
    "source.before": Message("上文略", "What stands before is left out"),
    "source.after": Message("下文略", "What follows is left out"),
    "source.failed": Message("未能取得原文，请打开全文查看。", "The source could not be had here; open the document."),
    "answer.open": Message("在原文中查看", "See in the document"),
    "answer.page": Message("第 {page} 页", "page {page}"),
    "refusal.heading": Message("没有依据，不作答", "No evidence, no answer"),
    "refusal.what": Message("可以怎么做", "What you can do"),
    "refusal.other": Message(
        "换一种说法，或去掉地区、年份等条件再问。", "Ask in other words, or leave out the place or year."
    ),
    "refusal.browse": Message("到文件库里按标题、地区查找", "Look by title and place among the documents"),
    "refusal.leads": Message("相近的文件，可作线索", "Nearest documents, as leads"),
}
