from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import EmptyDocument, SourceError, UnreadableSource
from rag.loaders import MediaType, load
from rag.loaders.html import load_html
from rag.loaders.html.page_labels import is_page_line
from rag.parsing.document import parse

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples" / "html"
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the real web pages are not in this checkout")

TITLE = "汉州市教育局关于开展校园安全检查的通知"
PARAGRAPHS = [
    "各区县教育局，市直属各学校：",
    "为进一步加强校园安全工作，保障师生平安，经研究，决定在全市开展校园安全检查。现将有关事项通知如下。",
    "一、检查范围",
    "全市各级各类学校、幼儿园，以及校外培训机构。",
    "二、检查内容",
    "消防设施是否完好、疏散通道是否畅通、食堂卫生是否达标、校车管理是否规范。",
    "汉州市教育局",
    "2025年3月6日",
]
BODY = "".join(f"<p>　　{paragraph}</p>\n" for paragraph in PARAGRAPHS)

MENU = (
    "<ul>"
    + "".join(f'<li><a href="/{n}/">{n}</a></li>' for n in ("首页", "政务公开", "政务服务", "互动交流"))
    + "</ul>"
)
FOOTER = (
    "<p>主办单位：汉州市人民政府办公室　承办单位：汉州市大数据中心</p>"
    "<p>网站标识码：5100000001　<a href='//beian.miit.gov.cn'>川ICP备00000001号</a>　川公网安备00000000000001号</p>"
)
BUTTONS = (
    "<div>来源：汉州市教育局　发布时间：2025-03-07 09:00　浏览次数：<span id='hits'>12</span></div>"
    "<div>【字体：<a href='javascript:'>大</a> <a>中</a> <a>小</a>】 <a>打印</a> <a>关闭</a></div><div>分享到：<a>微信</a><a>微博</a></div>"
)
PAGER = "<p>上一篇：<a href='1.html'>关于某事的公告</a></p><p>下一篇：<a href='2.html'>没有了</a></p>"
RELATED = "<h3>相关链接</h3><ul><li><a href='3.html'>关于开展校园安全检查的解读</a></li></ul>"


def page(article: str, *, title: str = f"<h1>{TITLE}</h1>", head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{TITLE}_通知公告_汉州市教育局</title>{head}"
        "<script>var a = '<p>脚本里的话，不是正文。</p>';</script><style>p{color:red}</style></head><body>"
        f"<div class='header'><div class='logo'>汉州市教育局</div>{MENU}</div>"
        f"<div class='crumbs'>您当前的位置：<a href='/'>首页</a> &gt; <a href='/tz'>通知公告</a></div>"
        f"<div class='wrap'>{title}{BUTTONS}{article}<div class='page'>{PAGER}</div>{RELATED}</div>"
        f"<div class='footer'>{FOOTER}</div></body></html>"
    )


def texts(markup, source="a.html"):
    data = markup if isinstance(markup, bytes) else markup.encode()
    return [block.text for block in load_html(data, source).blocks]


EDITORS = [
    "<div class='TRS_Editor'>{}</div>",
    "<div class='view TRS_UEDITOR trs_paper_default'>{}</div>",
    "<table><tr><td id='UCAP-CONTENT'>{}</td></tr></table>",
    "<div id='zoom'><!--ZJEG_RSS.content.begin-->{}<!--ZJEG_RSS.content.end--></div>",
    "<div class='pages_content' id='UCAP-CONTENT'>{}</div>",
    "<div class='article-content'>{}</div>",
    "<div class='xyz'>{}</div>",  # a template unknown
    "<form id='form1' action='./'><table width='100%'><tr><td><table><tr><td class='q'>{}</td></tr></table></td></tr></table></form>",
    "{}",  # right in the frame
    "<div class='rich_media_content' id='js_content' style='visibility: hidden; opacity: 0;'><section>{}</section></div>",  # WeChat
]


@pytest.mark.parametrize("editor", EDITORS)
def test_the_document_without_the_site(editor):
    assert texts(page(editor.format(BODY))) == [TITLE, *PARAGRAPHS]


@pytest.mark.parametrize("editor", EDITORS)
def test_a_short_notice_is_found_too(editor):
    found = texts(page(editor.format("<p>本局定于3月8日停电检修，当日暂停办公。</p><p>特此通知。</p>")))
    assert found == [TITLE, "本局定于3月8日停电检修，当日暂停办公。", "特此通知。"]


def test_title_in_the_text_is_not_said_twice():
    body = f"<p style='text-align:center'>{TITLE[:10]}<br>{TITLE[10:]}</p>{BODY}"
    assert texts(page(f"<div class='TRS_Editor'>{body}</div>"))[:3] == [TITLE[:10], TITLE[10:], PARAGRAPHS[0]]
    # Shown elsewhere with a mark of reprint.
    found = texts(page(f"<div id='zoom'>{body}</div>", title=f"<h1>（转载）{TITLE}</h1>"))
    assert found[:2] == [TITLE[:10], TITLE[10:]]


@pytest.mark.parametrize(
    ("title", "head"),
    [
        (f"<h1>{TITLE}</h1>", ""),
        (f"<h2 class='tit'>{TITLE}</h2>", ""),
        (f"<h1>{TITLE[:10]}\n      {TITLE[10:]}</h1>", ""),
        ("", f"<meta name='ArticleTitle' content='{TITLE}'>"),
        ("", f"<meta property='og:title' content='{TITLE}'>"),
        ("", ""),  # only <title>, with the names of column and site
        ("<h1>汉州市教育局</h1>", f"<meta name='ArticleTitle' content='{TITLE}'>"),  # the site's name as heading
    ],
)
def test_title_from_heading_or_head(title, head):
    raw = load(page(f"<div id='zoom'>{BODY}</div>", title=title, head=head).encode(), "a.html")
    assert (raw.blocks[0].text, raw.blocks[0].level) == (TITLE, 1)
    assert raw.blocks[1].text == PARAGRAPHS[0]


INFORMATION = [
    "<table class='info'><tr><td>索引号：</td><td>000-01/2025</td><td>主题分类：</td><td>教育</td></tr>"
    "<tr><td>发布机构：</td><td>汉州市教育局</td><td>成文日期：</td><td>2025年3月6日</td></tr>"
    f"<tr><td>名称：</td><td colspan='3'>{TITLE}</td></tr>"
    "<tr><td>文号：</td><td>汉教函〔2025〕7号</td><td>有效性：</td><td>有效</td></tr></table>",
    "<ul><li><b>索&nbsp;引&nbsp;号：</b><span>000-01/2025</span></li><li>主题分类：教育</li><li>发布机构：汉州市教育局</li>"
    "<li>成文日期：2025年3月6日</li><li>文　　号：汉教函〔2025〕7号</li><li>有效性：有效</li></ul>",
    "<dl><dt>索引号</dt><dd>000-01/2025</dd><dt>主题分类</dt><dd>教育</dd><dt>发布机构</dt><dd>汉州市教育局</dd>"
    "<dt>成文日期</dt><dd>2025年3月6日</dd><dt>文号</dt><dd>汉教函〔2025〕7号</dd><dt>有效性</dt><dd>有效</dd></dl>",
    "<div>索引号：000-01/2025 主题分类：教育</div><div>发布机构：汉州市教育局 成文日期：2025年3月6日</div>"
    "<div>文号：汉教函〔2025〕7号 有效性：有效</div>",
]


@pytest.mark.parametrize("information", INFORMATION)
@pytest.mark.parametrize("inside", [False, True])
def test_the_table_of_information_stands_first(information, inside):
    if inside and not information.startswith("<table"):
        pytest.skip("lines within the text stay in it")
    article = f"<div id='zoom'>{information}{BODY}</div>" if inside else f"{information}<div id='zoom'>{BODY}</div>"
    raw = load_html(page(article).encode(), "a.html")
    rows = [block.text for block in raw.blocks if block.is_table_row]
    assert set(rows) >= {
        "索引号\t000-01/2025",
        "发布机构\t汉州市教育局",
        "成文日期\t2025年3月6日",
        "文号\t汉教函〔2025〕7号",
        "有效性\t有效",
    }
    assert [block.text for block in raw.blocks[-len(PARAGRAPHS) :]] == PARAGRAPHS
    assert raw.blocks[len(rows)].text == TITLE
    elements = parse(raw, source="a.html", sha256="ab" * 32).elements
    assert (elements.title, elements.document_number) == (TITLE, "汉教函〔2025〕7号")
    assert elements.issuer == "汉州市教育局"
    assert elements.issued_on is not None
    assert elements.issued_on.isoformat() == "2025-03-06"


def test_the_site_that_reprints_is_no_issuer():
    information = INFORMATION[0].replace("汉州市教育局</td>", "汉州市某镇人民政府</td>")
    found = texts(page(f"{information}<div id='zoom'>{BODY}</div>", title=f"<h1>（转载）{TITLE}</h1>"))
    assert "发布机构\t汉州市某镇人民政府" not in found
    assert "文号\t汉教函〔2025〕7号" in found


def test_tables_row_by_row():
    table = (
        "<table border='1'><caption>附表</caption><thead><tr><th rowspan='2'>序号</th><th colspan='2'>任务</th></tr>"
        "<tr><th>内容</th><th>牵头单位</th></tr></thead>"
        "<tr><td>1</td><td><p>健全</p><p>网络</p></td><td>市卫健委<br/>市教育局</td></tr>"
        "<tr><td>2</td><td></td><td>市财\n   政局</td></tr></table>"
    )
    raw = load_html(page(f"<div id='zoom'>{BODY}{table}</div>").encode(), "a.html")
    assert [block.text for block in raw.blocks if block.is_table_row] == [
        "序号\t任务\t",
        "\t内容\t牵头单位",
        "1\t健全 网络\t市卫健委 市教育局",
        "2\t\t市财政局",
    ]
    assert raw.blocks[-5].text == "附表"


def test_a_table_that_sets_the_page_is_no_table():
    article = f"<table width='960'><tr><td width='20'>&nbsp;</td><td>{BODY * 4}</td></tr></table>"
    raw = load_html(page(article).encode(), "a.html")
    assert not any(block.is_table_row for block in raw.blocks)
    assert [block.text for block in raw.blocks] == [TITLE, *PARAGRAPHS * 4]


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<ol><li>甲。</li><li><p>乙。</p></li></ol>", ["1.甲。", "2.乙。"]),
        ("<ol start='3'><li>甲。</li><li value='7'>乙。</li><li>丙。</li></ol>", ["3.甲。", "7.乙。", "8.丙。"]),
        ("<ol type='a'><li>甲。</li></ol>", ["a.甲。"]),
        ("<ol style='list-style-type:cjk-ideographic'><li>甲。</li></ol>", ["一、甲。"]),
        ("<ol style='list-style:none'><li>甲。</li></ol>", ["甲。"]),
        ("<ol><li>1.自己编号。</li></ol>", ["1.自己编号。"]),
        ("<ul><li>甲。</li><li>乙。</li></ul>", ["甲。", "乙。"]),
        ("<p>甲。<br>乙。<br/><br/>丙。</p>", ["甲。", "乙。", "丙。"]),
        ("甲。<p>乙。</p>丙。<div>丁。</div>戊。", ["甲。", "乙。", "丙。", "丁。", "戊。"]),
        ("<p>市人民\n        政府，Health\n  Bureau</p>", ["市人民政府，Health Bureau"]),
        ("<pre>甲。\n  乙。</pre>", ["甲。", "乙。"]),
        ("<span style='display:block'>甲。</span><span style='display: block'>乙。</span>", ["甲。", "乙。"]),
        ("<p>甲&amp;乙&nbsp;丙&#12290;</p>", ["甲&乙\u00a0丙。"]),
        ("<p>甲<!-- 注释 -->乙。</p>", ["甲乙。"]),
        ("<p>甲<script>x</script>乙<iframe src='http://a.cn'>框架</iframe>丙。</p>", ["甲乙丙。"]),
        ("<section><section><p>甲。</p></section></section>", ["甲。"]),
        ("<p>甲。<p>乙。", ["甲。", "乙。"]),  # nothing closed
    ],
)
def test_elements_as_a_browser_sets_them(markup, found):
    raw = load_html(page(f"<div id='zoom'>{BODY}{markup}</div>").encode(), "a.html")
    assert [block.text for block in raw.blocks[1 + len(PARAGRAPHS) :]] == found


def test_headings_indents_and_blank_lines():
    body = "<h2>一、范围</h2><p style='text-indent:2em'>全市各级各类学校，包括民办。</p><p>&nbsp;</p><p>　　其他机构，参照执行。</p>"
    raw = load_html(page(f"<div id='zoom'>{body}</div>").encode(), "a.html")
    assert [(b.level, b.indent, b.follows_blank) for b in raw.blocks[1:]] == [
        (2, 0, False),
        (0, 2.0, False),
        (0, 2.0, True),
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='display:none'>看不见的话。</p>",
        "<p style='opacity: 0'>看不见的话。</p>",
        "<p style='position:absolute;left:-9999px'>看不见的话。</p>",
        "<p style='color:red; DISPLAY : None;'>看不见的话。</p>",
        "<div hidden><p>看不见</p>的话。</div>",
        "<p aria-hidden='true'>看不见的话。</p>",
        "<span style='visibility:hidden'>看不见的话。</span>",
        "<p style='font-size:0'>看不见的话。</p>",
        "<span style='mso-hide:all'>看不见的话。</span>",
    ],
)
def test_hidden_words_are_counted_not_read(hidden):
    raw = load_html(page(f"<div id='zoom'>{BODY}{hidden}</div>").encode(), "a.html")
    assert [block.text for block in raw.blocks] == [TITLE, *PARAGRAPHS]
    assert raw.reading.hidden_characters == len("看不见的话。")


def test_a_page_shown_by_its_script_is_read():
    markup = page(f"<div id='zoom'>{BODY}</div>").replace("<body>", "<body style='visibility: hidden'>")
    assert texts(markup) == [TITLE, *PARAGRAPHS]


def test_attachments_are_named():
    links = (
        "<p>附件：<a href='/P0202.doc'>1.检查表.doc</a></p><p><a href='./x.html'>网页</a></p>"
        "<p><a href='http://a.gov.cn/%E8%A1%A8.xlsx?v=1'><img src='i.gif'></a></p><p><a href='/P0202.doc'>1.检查表.doc</a></p>"
    )
    below = "<div class='fj'><a href='b.PDF'>解读材料</a><a href='javascript:void(0)'>打印</a><a href='http://[x'>坏</a></div>"
    raw = load_html(page(f"<div id='zoom'>{BODY}{links}</div>{below}").encode(), "a.html")
    assert raw.reading.attachments == ("1.检查表.doc", "解读材料")
    assert "附件：1.检查表.doc" in [block.text for block in raw.blocks]


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "GBK", "big5", "utf-16", "iso-8859-1", "x-unknown", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_whatever_is_declared(declared, encoding):
    markup = page(f"<div id='zoom'>{BODY}<p>㐂、镕、𠮷</p></div>").replace("charset='utf-8'", f"charset='{declared}'")
    if (declared, encoding) == ("big5", "gb18030"):
        pytest.skip("told by nothing but its words")
    assert texts(markup.encode(encoding)) == [TITLE, *PARAGRAPHS, "㐂、镕、𠮷"]


def test_big5_as_declared():
    body = "<p>關於加強心理健康服務體系建設工作的通知，各有關單位應當遵照執行。</p>"
    data = f"<html><head><meta charset=big5></head><body>{body}</body></html>".encode("big5")
    assert texts(data) == ["關於加強心理健康服務體系建設工作的通知，各有關單位應當遵照執行。"]


def mhtml(transfer: str, payload: str) -> bytes:
    return (
        "From: <Saved by Microsoft Internet Explorer>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="----=_NextPart"\r\n\r\n'
        "This is a multi-part message in MIME format.\r\n\r\n------=_NextPart\r\n"
        f'Content-Type: text/html;\r\n\tcharset="gb2312"\r\nContent-Transfer-Encoding: {transfer}\r\n\r\n{payload}\r\n'
        "------=_NextPart\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n------=_NextPart--\r\n"
    ).encode()


@pytest.mark.parametrize("name", ["通知.mht", "通知.doc"])
def test_pages_in_archives(name):
    inner = page(f"<div id='zoom'>{BODY}</div>").replace("charset='utf-8'", "charset='gb2312'").encode("gb18030")
    raw = load(mhtml("base64", base64.encodebytes(inner).decode()), name)
    assert raw.media_type is MediaType.HTML
    assert [block.text for block in raw.blocks] == [TITLE, *PARAGRAPHS]
    with pytest.raises(UnreadableSource, match="no page"):
        load(mhtml("base64", ""), name)


def test_pages_saved_by_office_programs_are_read_whole():
    markup = (
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><meta name=Generator content='Microsoft Word 15'>"
        "<title>x</title></head><body lang=ZH-CN><div class=WordSection1><p class=MsoNormal align=center><b>汉州市教育局文件</b></p>"
        "<p class=MsoNormal>汉教函〔2025〕7号<o:p></o:p></p>"
        f"<h1>{TITLE}</h1>{BODY}<p class=MsoNormal><o:p>&nbsp;</o:p></p></div></body></html>"
    )
    assert texts(markup, "a.doc") == ["汉州市教育局文件", "汉教函〔2025〕7号", TITLE, *PARAGRAPHS]
    bare = f"<html><body><p>汉州市教育局文件</p><p>7号</p><div>{BODY * 3}</div><p>印</p></body></html>"
    assert texts(bare) == ["汉州市教育局文件", "7号", *PARAGRAPHS * 3, "印"]


@pytest.mark.parametrize(
    "line",
    [
        "【打印】 【关闭】",
        "[字体：大 中 小]",
        "分享到：",
        "打印本页 | 关闭窗口",
        "上一篇：关于某事的公告",
        "下一条",
        "浏览次数：12次",
        "您现在的位置：首页 > 政务公开",
        "责任编辑：某某",
        "扫一扫在手机打开当前页",
        "字号： 大  中  小",
        "A+ A-",
    ],
)
def test_lines_to_the_visitor(line):
    assert is_page_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "大",
        "中",
        "一、打印要求",
        "打印店管理办法",
        "主办单位：市文化和旅游局",
        "位置示意图",
        "上一年度工作情况",
        "下一步工作打算",
        "分类：A",
        "关闭煤矿名单",
        "编辑出版管理规定",
        "大中小学劳动教育",
        "首页",
    ],
)
def test_lines_of_documents_are_no_lines_to_the_visitor(line):
    assert not is_page_line(line)


def test_words_of_a_document_that_templates_use_too_stay():
    body = (
        BODY.replace("汉州市教育局</p>", "主办单位：汉州市教育局</p>")
        + "<div class='print'><p>附则，自印发之日起施行，有效期五年。</p></div>"
    )
    markup = page(f"<div class='print-area'><div class='zoom'>{body * 3}</div></div>")
    found = texts(markup)
    assert "主办单位：汉州市教育局" in found


@pytest.mark.parametrize(
    ("markup", "error", "words"),
    [
        ("<html><body></body></html>", EmptyDocument, "no text"),
        ("<html><body><script>正文。</script><p hidden>正文。</p></body></html>", EmptyDocument, "no text"),
        ("<html><!-- 正文 --></html>", EmptyDocument, "no text"),
        ("<html><body>" + "<div>" * 5000 + "正文。", UnreadableSource, "too deep"),
        ("<html><body>" + "<b>" * 1_000_001, UnreadableSource, "too many tags"),
    ],
)
def test_pages_that_cannot_be_read_say_why(markup, error, words):
    with pytest.raises(error, match=words):
        load(markup.encode(), "a.html")


@pytest.mark.parametrize(
    "markup",
    [
        "<table>" + "<tr><td colspan=1000000000 rowspan=99999999999999>甲</td><td>乙</td></tr>" * 50 + "</table>",
        "<div>" * 1500 + "<p>甲乙，丙。</p>" + "</div>" * 1500,
        "<table><tr><td>" * 400 + "甲，乙。" + "</td></tr></table>" * 400,
        "<p style='text-indent:....em'>甲，乙。</p><ol start=99999999999999999999><li value=-1>甲。</ol>",
        "<p>" + " \n" * 100_000 + "甲，乙。" + "\u3000" * 100_000 + "</p>",
        "<div class='footer'>" * 500 + "甲，乙。",
        "<div id='zoom'>" * 1000 + "甲，乙。",
        "<!DOCTYPE html [<!ENTITY a '甲'><!ENTITY b '&a;&a;'>]><p>乙&b;</p>",
        "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><p>乙&x;</p>",
        "<a href='" + "(" * 100_000 + "'>甲</a>",
    ],
)
def test_odd_pages_are_read(markup):
    found = texts(f"<html><body>{markup}</body></html>")
    assert any("甲" in text or "乙" in text for text in found)
    assert not any("root:" in text for text in found)


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<td colspan=3>",
        "<ol>",
        "<li>",
        "</ol>",
        "<h1>",
        "<br>",
        "<a href='x.doc'>",
        "</a>",
        "<pre>",
        "</pre>",
        "<p hidden>",
        "<div class='footer'>",
        "<div id=zoom>",
        "通知",
        "甲，乙。",
        "文号：",
        "汉教函〔2025〕7号",
        " ",
        "\n",
        "\t",
        "&nbsp;",
        "&#0;",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<",
        "&",
        "<span style='display:block'>",
        "\x00",
        "<caption>",
        "</body>",
        "<frameset>",
        "<svg>",
        "<textarea>",
        "<plaintext>",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_tags_load_or_say_why(markup):
    try:
        raw = load_html(f"<html><body>{markup}".encode(), "a.html")
    except SourceError:
        return
    assert all(block.text.strip() and "\n" not in block.text for block in raw.blocks)
    assert all("\t" not in block.text or block.is_table_row for block in raw.blocks)


@needs_samples
@pytest.mark.parametrize(
    ("name", "first", "last", "count"),
    [
        ("05_*.html", "广州市天河区教育局关于印发", "附件1-5下载", 60),
        ("11_*.html", "索引号\t", "广州市人民政府办公厅秘书处", 140),
        ("33_*.html", "广州市人民政府令", "广州市人民政府办公厅", 44),
        ("34_*.html", "电子居住证如何申领", "其监护人及近亲属可为", 41),
    ],
)
def test_real_pages(name, first, last, count):
    path = next(SAMPLES.glob(name))
    found = texts(path.read_bytes(), path.name)
    assert len(found) == count
    assert found[0].startswith(first)
    assert found[-1].startswith(last)
    noise = ("打印", "分享", "首页", "网站标识码", "ICP", "扫一扫", "无障碍", "版权所有", "浏览")
    assert not [text for text in found for word in noise if word in text and len(text) < 40]
