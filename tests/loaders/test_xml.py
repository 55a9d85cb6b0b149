from __future__ import annotations

import contextlib
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import UnreadableSource
from rag.loaders.xml import parse_xml


def laughs(use: str) -> str:
    entities = '<!ENTITY l0 "lololol">' + "".join(
        f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 12)
    )
    return f"<!DOCTYPE a [{entities}]>{use}"


def swollen(use: str) -> str:
    return f'<!DOCTYPE a [<!ENTITY x "{"A" * 500_000}">]>{use.format("&x;" * 5_000)}'


SHIFTED = "+ADwAIQ-DOCTYPE a+AD4APA-a/+AD4-"  # <!DOCTYPE a><a/> in UTF-7


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<a>通知</a>".encode(), "通知"),
        ("\ufeff<a>通知</a>".encode(), "通知"),
        ('<?xml version="1.0" encoding="UTF-16"?><a>通知</a>'.encode("utf-16"), "通知"),
        ('<?xml version="1.0" encoding="GBK"?><a>通知</a>'.encode("gbk"), "通知"),
        ('<?xml version="1.0" encoding="gb2312"?><a>通知</a>'.encode("gb2312"), "通知"),
        ('<?xml version="1.0" encoding="GB18030"?><a>通知</a>'.encode("gb18030"), "通知"),
        ("<a>文件</a>".encode("gbk"), "文件"),  # should say so
        ('<?xml version="1.0"?><a>文件</a>'.encode("gbk"), "文件"),
        (b'\r\n<?xml version="1.0"?><a>x</a>', "x"),  # an empty line where the declaration must stand
        (b"<a>x</a>\r\n \n", "x"),
        ("<a>通<!-- c -->知<?p i?>书</a>".encode(), "通知书"),
        (b"<a>&lt;&#65;&amp;</a>", "<A&"),
        (b"<a><![CDATA[<!DOCTYPE x>]]></a>", "<!DOCTYPE x>"),
        (b"<a>" * 200 + b"</a>" * 200, None),
        (b"<a>" + b"x" * 9_000_000 + b"</a>", "x" * 9_000_000),
    ],
    ids=lambda value: f"{str(value)[:30]}",
)
def test_xml_of_office_files_is_read(data, text):
    assert parse_xml(data, "a.ofd", "a.xml").text == text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"text",
        b"<a>",
        b"<a></b>",
        b"<a/><b/>",
        b"<!-- only -->",
        b"<a>\0</a>",
        b"<a/>\0",
        b"<a>\x01</a>",
        b"<a>&#0;</a>",
        b"<a>&undeclared;</a>",
        '<?xml version="1.0" encoding="UTF-8"?><a>文件</a>'.encode("gbk"),
        b"<a>\xff\xff</a>",
        b'<?xml version="1.0" encoding="wibble"?><a/>',
        '<?xml version="1.0" encoding="cp037"?><a/>'.encode("cp037"),
        b"\xff\xfe\x00",
        b"<a>" * 300 + b"</a>" * 300,
        b"<a>" * 100_000 + b"</a>" * 100_000,
        b'<a b="' + b"x" * 11_000_000 + b'"/>',
        b"<a>" + b"x" * 11_000_000 + b"</a>",
        b"<" + b"a" * 200_000 + b"/>",
        laughs("<a>&l11;</a>").encode(),
        laughs('<a b="&l11;"/>').encode(),
        swollen("<a>{}</a>").encode(),
        swollen('<a b="{}"/>').encode(),
        b"<!DOCTYPE a><a/>",
        b'<!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>',
        b'<!DOCTYPE a [<!ENTITY x "y">]><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
        b'<!DOCTYPE a [<!ATTLIST a b CDATA "default">]><a/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"),
        f'<?xml version="1.0" encoding="UTF-7"?>{SHIFTED}'.encode("ascii"),
    ],
    ids=lambda data: repr(data[:40]),
)
def test_what_is_no_office_xml_is_refused(data):
    with pytest.raises(UnreadableSource) as caught:
        parse_xml(data, "a.ofd", "Doc_0/Document.xml")
    assert "Doc_0/Document.xml" in caught.value.reason


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE a SYSTEM "{url}/a.dtd"><a/>',
        '<!DOCTYPE a PUBLIC "-//X//Y" "{url}/a.dtd"><a/>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "{url}/x">]><a>&x;</a>',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "{url}/x"> %x;]><a/>',
        '<a xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="{url}/x"/></a>',
        '<?xml-stylesheet href="{url}/x.xsl"?><a/>',
        '<a xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:schemaLocation="u {url}/x.xsd"/>',
    ],
)
def test_nothing_is_fetched(body):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with contextlib.suppress(UnreadableSource):
            parse_xml(body.replace("{url}", url).encode(), "a.ofd", "a.xml")
        with pytest.raises(BlockingIOError):  # nobody has called
            server.accept()


@pytest.mark.parametrize("form", ["{}", "file://{}"])
def test_no_file_is_read(tmp_path, form):
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    inside = f'<a xmlns:i="http://www.w3.org/2001/XInclude"><i:include parse="text" href="{form.format(secret)}"/></a>'
    assert "the secret" not in "".join(parse_xml(inside.encode(), "a.ofd", "a.xml").itertext())
    with pytest.raises(UnreadableSource, match="document type"):
        parse_xml(f'<!DOCTYPE a [<!ENTITY x SYSTEM "{form.format(secret)}">]><a>&x;</a>'.encode(), "a.ofd", "a.xml")


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from([*'<>/!?&;"= ab\0\ufeff', "<a>", "</a>", "<!DOCTYPE a [", "]>", "<![CDATA[", "&x;"]),
        max_size=30,
    )
)
def test_any_text_gives_a_root_or_a_reason(parts):
    with contextlib.suppress(UnreadableSource):
        assert isinstance(parse_xml("".join(parts).encode(), "a.ofd", "a.xml").tag, str)
