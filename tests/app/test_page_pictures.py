"""Pictures of pages: for whom, with what covered, from which file, and for how long they are kept."""

from __future__ import annotations

import hashlib
import os
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from starlette.testclient import TestClient

from rag.app.api import create_app
from rag.app.page_pictures import KEPT_SUFFIX, PagePictures, covers_on
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.domain.layout import Box, Region
from rag.domain.reading import Reading
from rag.domain.span import Span
from rag.settings import Settings
from tests.loaders.pdf_files import PdfFile

KEY = "a-key-of-this-test"
MOBILE = "13900000000"
CONTACT = f"联系电话：{MOBILE}"


def _reply(disclosure: str) -> bytes:
    file = PdfFile()
    lines = (
        "棠湾市城市管理局", "棠城管函〔2024〕18号", "关于市政协三届三次会议第18号提案的答复", "提案委员：",
        "您提出的提案收悉，现将办理情况答复如下。", "全市已设置便民摊点三十处。", "棠湾市城市管理局", "2024年5月6日",
    )  # fmt: skip
    page = file.page()
    for number, line in enumerate(lines):
        page.text(100, 100 + 40 * number, line)
    file.page().text(100, 100, CONTACT).text(100, 140, f"（此件{disclosure}）")
    return file.data()


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "public.pdf").write_bytes(_reply("主动公开"))
    (corpus / "hidden.pdf").write_bytes(_reply("不予公开"))
    (corpus / "plain.txt").write_text(
        "棠湾市2024年工作总结\n\n全市已设置便民摊点三十处。\n（此件主动公开）", encoding="utf-8"
    )
    with Engine(Settings(index_dir=folder / "index", corpus_dir=corpus)) as engine:
        assert engine.ingest([corpus]).failed == []
    return folder / "index", corpus


@pytest.fixture
def opened(folders):
    """Open an engine with further settings, and a client of it."""
    engines: list[Engine] = []

    def start(**settings: object) -> tuple[Engine, TestClient]:
        engine = Engine(Settings(index_dir=folders[0], corpus_dir=folders[1], **settings))
        engines.append(engine)
        return engine, TestClient(create_app(engine), base_url="http://127.0.0.1")

    yield start
    for engine in engines:
        engine.close()


def _id(engine: Engine, source: str) -> str:
    page = engine.reader().catalog.list_documents(scope=Scope.everything())
    return next(d.document_id for d in page.documents if d.source == source)


def _covered(png: bytes) -> bool:
    """Whether the place of the telephone number, on the second page, is of one colour."""
    image = np.asarray(Image.open(BytesIO(png)).convert("L"))
    scale = image.shape[1] / 595
    left = 100 + 16 * len("联系电话：")
    place = image[round(100 * scale) : round(114 * scale), round(left * scale) : round((left + 8 * 11) * scale)]
    return bool(np.ptp(place) <= 4)


class TestCovers:
    def test_masked_words_are_painted_over(self, opened):
        engine, client = opened()
        shown = client.get(f"/documents/{_id(engine, 'public.pdf')}/pages/2.png")
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
        assert _covered(shown.content)

    def test_whoever_may_see_them_sees_them_and_nobody_else_after(self, opened):
        engine, client = opened(show_personal=True)
        assert not _covered(client.get(f"/documents/{_id(engine, 'public.pdf')}/pages/2.png").content)
        engine, client = opened()
        assert _covered(client.get(f"/documents/{_id(engine, 'public.pdf')}/pages/2.png").content)

    REGIONS = (
        Region(Span(0, 5), 1, Box(10, 10, 60, 20), (10, 20, 30, 40, 50, 60)),
        Region(Span(5, 10), 2, Box(10, 10, 60, 20)),
        Region(Span(12, 14), 3),
    )
    TEXT = "甲乙丙丁戊己庚辛壬癸\n子丑寅卯"

    @pytest.mark.parametrize(
        ("page", "span", "expected"),
        [
            (1, Span(1, 3), [(20, 40)]),
            (2, Span(1, 3), []),
            (1, Span(3, 7), [(40, 60)]),  # on over to the next page
            (2, Span(3, 7), [(10, 60)]),  # there the places of the characters are not known: the whole line
            (3, Span(12, 14), None),  # a page without places
            (2, Span(12, 14), []),
            (2, Span(10, 11), []),  # a line end has no place and needs no cover
            (2, Span(9, 12), None),  # 子 is in no region: it may stand on any page from there to the next
        ],
    )
    def test_places(self, page, span, expected):
        boxes = covers_on(page, [span], self.REGIONS, self.TEXT, Reading())
        if expected is None:
            assert boxes is None
        else:
            assert boxes is not None
            assert [(round(box.left + 1.5), round(box.right - 1.5)) for box in boxes] == expected

    def test_what_was_left_out_as_furniture(self):
        reading = Reading(covered=((2, Box(0, 0, 50, 10)),))
        assert covers_on(1, [], (), "", reading) == []
        (box,) = covers_on(2, [], (), "", reading) or ()
        assert box.left < 0 < 50 < box.right

    def test_no_places_at_all(self):
        assert covers_on(1, [Span(0, 2)], (), "甲乙", Reading()) is None

    def test_a_telephone_at_the_foot_of_each_page(self, tmp_path):
        file = PdfFile()
        for number, line in enumerate(
            ("关于做好便民摊点管理的通知", "全市已设置便民摊点三十处。", "请各单位认真执行。"), 1
        ):
            page = file.page().text(100, 100, line).text(100, 130, f"这是第{number}部分的内容，请予遵照执行。")
            page.text(100, 780, CONTACT, 12)
        (tmp_path / "corpus").mkdir()
        (tmp_path / "corpus/foot.pdf").write_bytes(file.data())
        with Engine(Settings(index_dir=tmp_path / "index", corpus_dir=tmp_path / "corpus")) as engine:
            engine.ingest([tmp_path / "corpus"])
            catalog = engine.reader().catalog
            document_id = _id(engine, "foot.pdf")
            for number in (1, 2, 3):
                made = engine.pictures.picture(document_id, number, 600, catalog=catalog, scope=Scope.everything())
                image = np.asarray(Image.open(BytesIO(made)).convert("L"))
                scale = image.shape[1] / 595
                foot = image[round(781 * scale) : round(790 * scale), round(162 * scale) : round(226 * scale)]
                assert np.ptp(foot) <= 4


class TestScope:
    @pytest.mark.parametrize("path", ["pages/1.png", "pages/1.json", "pages/2.png?width=600"])
    def test_hidden_is_as_absent(self, opened, path):
        engine, client = opened(api_keys=[KEY])
        hidden = client.get(f"/documents/{_id(engine, 'hidden.pdf')}/{path}")
        absent = client.get(f"/documents/{'0' * 16}/{path}")
        assert hidden.status_code == absent.status_code == 404
        said = [r.json() | {"instance": "", "detail": r.json()["detail"][:11]} for r in (hidden, absent)]
        assert said[0] == said[1]

    def test_one_with_a_key_sees_it_and_others_not_after(self, opened):
        engine, client = opened(api_keys=[KEY])
        path = f"/documents/{_id(engine, 'hidden.pdf')}/pages/1.png"
        assert client.get(path, headers={"X-API-Key": KEY}).status_code == 200
        assert client.get(path).status_code == 404

    @pytest.mark.parametrize("number", [0, 3, 10**20])
    def test_no_such_page(self, opened, number):
        engine, client = opened()
        assert client.get(f"/documents/{_id(engine, 'public.pdf')}/pages/{number}.png").status_code == 404

    def test_widths_are_few(self, opened):
        engine, client = opened()
        assert client.get(f"/documents/{_id(engine, 'public.pdf')}/pages/1.png?width=601").status_code == 422


class TestFiles:
    def test_a_file_that_changed(self, opened, folders):
        engine, client = opened()
        document_id = _id(engine, "public.pdf")
        assert client.get(f"/documents/{document_id}/pages/1.png").status_code == 200
        file = folders[1] / "public.pdf"
        before = file.read_bytes()
        file.write_bytes(before.replace(b"595", b"594", 1))
        try:
            assert client.get(f"/documents/{document_id}/pages/1.png").status_code == 404
            view = client.get(f"/documents/{document_id}/pages/1.json").json()
            assert (view["image"], view["missing"]) == (None, "changed")
        finally:
            file.write_bytes(before)

    def test_a_file_written_into_with_its_time_set_back(self, opened, folders):
        engine, client = opened()
        path = f"/documents/{_id(engine, 'public.pdf')}/pages/1.png"
        assert client.get(path).status_code == 200
        file = folders[1] / "public.pdf"
        before, modified = file.read_bytes(), file.stat().st_mtime_ns
        file.write_bytes(before.replace(b"595", b"594", 1))
        os.utime(file, ns=(modified, modified))
        try:
            assert client.get(path).status_code == 404
        finally:
            file.write_bytes(before)

    def test_a_format_without_pages(self, opened):
        engine, client = opened()
        assert client.get(f"/documents/{_id(engine, 'plain.txt')}/pages/1.png").status_code == 404

    def test_kept_until_the_document_goes(self, tmp_path):
        corpus = tmp_path / "corpus"
        corpus.mkdir()
        (corpus / "a.pdf").write_bytes(_reply("主动公开"))
        with Engine(Settings(index_dir=tmp_path / "index", corpus_dir=corpus)) as engine:
            engine.ingest([corpus])
            document_id = _id(engine, "a.pdf")
            engine.pictures.picture(document_id, 1, 600, catalog=engine.reader().catalog, scope=Scope.everything())
            (kept,) = (tmp_path / "index/page-pictures").rglob(f"*{KEPT_SUFFIX}")
            kept.write_bytes(hashlib.sha256(b"another").digest() + b"another")
            catalog = engine.reader().catalog
            again = engine.pictures.picture(document_id, 1, 600, catalog=catalog, scope=Scope.everything())
            assert again == b"another"
            engine.remove(document_id)
            assert list((tmp_path / "index/page-pictures").rglob(f"*{KEPT_SUFFIX}")) == []

    def test_one_that_is_not_as_it_was_is_made_again(self, tmp_path, folders):
        with Engine(Settings(index_dir=folders[0], corpus_dir=folders[1])) as engine:
            pictures = PagePictures(tmp_path / "kept", megabytes=8, worker_megabytes=1024)
            asked = (_id(engine, "public.pdf"), 1, 600)
            named = {"catalog": engine.reader().catalog, "scope": Scope.everything()}
            try:
                made = pictures.picture(*asked, **named)
                (kept,) = (tmp_path / "kept").rglob(f"*{KEPT_SUFFIX}")
                sound = kept.read_bytes()
                for at in (0, 31, 32, 40, len(sound) // 2, len(sound) - 1):
                    kept.write_bytes(sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 :])
                    assert pictures.picture(*asked, **named) == made
                    assert kept.read_bytes() == sound
                for cut in (b"", sound[:31], sound[:-1]):
                    kept.write_bytes(cut)
                    assert pictures.picture(*asked, **named) == made
            finally:
                pictures.close()

    def test_the_folder_has_a_bound(self, tmp_path, folders):
        with Engine(Settings(index_dir=folders[0], corpus_dir=folders[1])) as engine:
            catalog = engine.reader().catalog
            pictures = PagePictures(tmp_path / "kept", megabytes=1, worker_megabytes=1024)
            (tmp_path / "kept").mkdir()
            old = tmp_path / "kept/old.png"
            old.write_bytes(bytes(1 << 20))
            try:
                pictures.picture(_id(engine, "public.pdf"), 1, 600, catalog=catalog, scope=Scope.everything())
            finally:
                pictures.close()
        assert not old.exists()
        assert len(list((tmp_path / "kept").rglob(f"*{KEPT_SUFFIX}"))) == 1


class TestBoxes:
    def test_words_over_two_lines(self, opened):
        engine, client = opened()
        document_id = _id(engine, "public.pdf")
        text = client.get(f"/api/v1/documents/{document_id}/text").json()["text"]
        start = text.index("办理情况")
        end = text.index("已设置便民") + 5
        view = client.get(f"/documents/{document_id}/pages/1.json?start={start}&end={end}").json()
        assert view["quote"] == text[start:end]
        assert (view["page"], view["pages"], view["quote_pages"]) == (1, 2, [1])
        assert (view["width"], view["height"]) == (595.0, 842.0)
        first, second = view["boxes"]
        assert first["top"] < second["top"]
        assert (first["left"], second["left"]) == (100 + 16 * 11, 100.0)

    @pytest.mark.parametrize("query", ["start=1", "start=5&end=5", "start=0&end=100000", "start=-1&end=4"])
    def test_no_words(self, opened, query):
        engine, client = opened()
        assert client.get(f"/documents/{_id(engine, 'public.pdf')}/pages/1.json?{query}").status_code == 422
