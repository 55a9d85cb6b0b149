"""Corrections beside files, through a whole run."""

from __future__ import annotations

import shutil

import pytest

from rag.domain.access import Disclosure, Scope
from rag.domain.document import Kind
from rag.ingest.sidecars import orphans_below

ALL = Scope.everything()
PUBLIC = Scope.public()

TEXT = """\
岚湾市民政局文件

岚民发〔2024〕31号

关于新建社区助餐网点的通知

各街道办事处：

年内新建助餐网点二十处，由各街道办事处负责选址。

岚湾市民政局

2024年6月20日

公开属性：主动公开
"""
OTHER = TEXT.replace("31号", "32号").replace("助餐", "日间照料").replace("二十", "七")


def write(folder, **files):
    for name, words in files.items():
        path = folder / name.replace("__", "/").replace("_toml", ".meta.toml").replace("_txt", ".txt").replace(
            "_md", ".md"
        )
        path.parent.mkdir(exist_ok=True)
        path.write_text(words, encoding="utf-8")


def counted(report):
    counts = {name: getattr(report, name) for name in ("added", "updated", "unchanged", "moved", "removed")}
    return {name: count for name, count in counts.items() if count}


def reasons(report):
    return {failure.source: failure.reason for failure in report.failed}


def shown(engine, source, scope=ALL):
    return engine.reader().find_document(source, scope=scope)


def public(engine):
    return {document.source for document in engine.reader().catalog.list_documents(scope=PUBLIC).documents}


@pytest.mark.parametrize("sidecar", ["a_txt_toml", "a_toml"])
def test_corrections_come_and_go_with_their_file_and_touch_no_other_document(engine, folder, sidecar):
    write(folder, a_txt=TEXT, b_txt=OTHER)
    assert counted(engine.ingest([folder])) == {"added": 2}
    write(folder, **{sidecar: 'title = "新标题"\nkind = "plan"\ndisclosure = "internal"'})
    report = engine.ingest([folder])
    assert counted(report) == {"updated": 1, "unchanged": 1}
    assert report.failed == []
    document = shown(engine, "a.txt")
    assert (document.elements.title, document.kind) == ("新标题", Kind.PLAN)
    assert document.elements.corrected == ("title", "disclosure", "kind")
    assert "title" not in document.elements.spans
    assert public(engine) == {"b.txt"}
    assert counted(engine.ingest([folder])) == {"unchanged": 2}

    write(folder, **{sidecar: 'title = "更新的标题"'})
    assert counted(engine.ingest([folder])) == {"updated": 1, "unchanged": 1}
    assert shown(engine, "a.txt").elements.title == "更新的标题"
    assert public(engine) == {"a.txt", "b.txt"}

    next(folder.glob("*.meta.toml")).unlink()
    assert counted(engine.ingest([folder])) == {"updated": 1, "unchanged": 1}
    assert shown(engine, "a.txt").elements.title == "关于新建社区助餐网点的通知"
    assert shown(engine, "a.txt").elements.corrected == ()


def test_a_corrected_title_is_searched(engine, folder):
    write(folder, a_txt=TEXT, a_txt_toml='title = "银龄餐桌建设任务书"')
    engine.ingest([folder])
    reader = engine.reader()
    (document,) = reader.catalog.list_documents(scope=ALL).documents
    assert document.title == "银龄餐桌建设任务书"
    assert reader.searcher.search_text("银龄餐桌", scope=ALL)[0].parts["lexical"] > 0


def test_a_wrong_sidecar_stops_its_file_and_the_earlier_version_stays(engine, folder):
    write(folder, a_txt=TEXT, b_txt=OTHER, b_toml='disclosur = "internal"')
    report = engine.ingest([folder])
    assert counted(report) == {"added": 1}
    assert "b.meta.toml" in reasons(report)["b.txt"]
    assert "'disclosur'" in reasons(report)["b.txt"]
    write(folder, a_toml='disclosure = "hidden"')
    report = engine.ingest([folder])
    assert "public | on_request | internal | unlabelled" in reasons(report)["a.txt"]
    assert "stays" in reasons(report)["a.txt"]
    assert public(engine) == {"a.txt"}


def test_corrections_that_could_be_of_two_files_stop_both(engine, folder):
    write(folder, a_txt=TEXT, a_md=OTHER, a_toml='disclosure = "internal"')
    report = engine.ingest([folder])
    assert reasons(report).keys() == {"a.txt", "a.md"}
    assert all("a.meta.toml" in reason for reason in reasons(report).values())
    (folder / "a.meta.toml").rename(folder / "a.md.meta.toml")
    assert counted(engine.ingest([folder])) == {"added": 2}
    assert shown(engine, "a.md").elements.disclosure is Disclosure.INTERNAL
    assert public(engine) == {"a.txt"}


def test_two_corrections_of_one_file_stop_it(engine, folder):
    write(folder, a_txt=TEXT, a_toml='title = "甲"', a_txt_toml='title = "乙"')
    assert "a.txt.meta.toml" in reasons(engine.ingest([folder]))["a.txt"]


def test_a_sidecar_is_no_document_and_without_one_it_is_listed(engine, folder):
    write(folder, a_txt=TEXT, sub__gone_txt_toml='title = "甲"')
    report = engine.ingest([folder])
    assert counted(report) == {"added": 1}
    assert reasons(report).keys() == {"sub/gone.txt.meta.toml"}
    assert [file.source for file in orphans_below(folder)] == ["sub/gone.txt.meta.toml"]
    report = engine.ingest([folder / "sub/gone.txt.meta.toml"])
    assert report.documents == 1
    assert "corrects" in reasons(report)["gone.txt.meta.toml"]


def test_a_file_given_alone_has_its_corrections(engine, folder):
    write(folder, a_txt=TEXT, a_txt_toml='signatory = "丁"')
    engine.ingest([folder / "a.txt"])
    assert shown(engine, "a.txt").elements.signatory == "丁"


def test_a_file_moved_with_its_corrections_stays_as_it_is(engine, folder):
    write(folder, a_txt=TEXT, a_txt_toml='title = "甲"')
    engine.ingest([folder])
    for name in ("a.txt", "a.txt.meta.toml"):
        (folder / "x").mkdir(exist_ok=True)
        shutil.move(folder / name, folder / "x" / name)
    assert counted(engine.ingest([folder])) == {"moved": 1}
    assert shown(engine, "x/a.txt").elements.title == "甲"


# ---------------------------------------------------------------------------------------------- copies


def test_of_copies_the_first_corrections_hold_and_the_strictest_label(engine, folder):
    write(folder, a_txt=TEXT, b_txt=TEXT, c_txt=TEXT)
    assert counted(engine.ingest([folder])) == {"added": 3}
    write(folder, b_txt_toml='title = "乙"\ndisclosure = "public"', c_txt_toml='title = "丙"\ndisclosure = "internal"')
    engine.ingest([folder])
    document = shown(engine, "a.txt")
    assert document.elements.title == "乙"
    assert document.elements.disclosure is Disclosure.INTERNAL
    assert counted(engine.ingest([folder])) == {"unchanged": 3}


def test_a_copy_withheld_takes_the_others_with_it_until_it_is_gone(engine, folder):
    write(folder, a_txt=TEXT)
    engine.ingest([folder])
    assert public(engine) == {"a.txt"}
    write(folder, z__a_txt=TEXT, z__a_txt_toml='disclosure = "internal"')
    assert counted(engine.ingest([folder])) == {"added": 1, "unchanged": 1}
    assert public(engine) == set()
    assert counted(engine.ingest([folder])) == {"unchanged": 2}
    shutil.rmtree(folder / "z")
    report = engine.ingest([folder], prune=True)
    assert report.failed == []
    assert report.removed == 1
    assert public(engine) == {"a.txt"}
    assert counted(engine.ingest([folder], prune=True)) == {"unchanged": 1}


def test_a_copy_cannot_be_released_by_the_corrections_of_another(engine, folder):
    withheld = TEXT.replace("主动公开", "不予公开")
    write(folder, a_txt=withheld, b_txt=withheld, a_txt_toml='disclosure = "public"')
    engine.ingest([folder])
    assert public(engine) == set()
    write(folder, b_txt_toml='disclosure = "public"')
    engine.ingest([folder])
    assert public(engine) == {"a.txt"}


def test_the_order_of_copies_does_not_matter(engine, folder, tmp_path):
    """The one corrected is taken in first, last, or alone and the others later."""
    for name in ("a", "b"):
        write(folder, **{f"{name}_txt": TEXT})
    write(folder, a_txt_toml='disclosure = "internal"')
    for paths in ([folder / "b.txt"], [folder / "a.txt"], [folder]):
        engine.ingest(paths)
    assert shown(engine, "b.txt").elements.disclosure is Disclosure.INTERNAL
    assert counted(engine.ingest([folder])) == {"unchanged": 2}
