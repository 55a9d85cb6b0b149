"""Pages of poisoned documents in a real browser: no request to another host, no script of theirs, no error."""

from __future__ import annotations

from urllib.parse import quote

from rag.domain.access import Scope
from rag.settings import Settings
from tests.hostile.judging import Listener
from tests.hostile.poisoned import MARK, poisoned

_FAMILIES = ("link", "hidden", "forged", "sidecar")
_EVERY = 23


def test_pages_of_poisoned_documents_fetch_and_run_nothing(serve, open_page, tmp_path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    with Listener() as listener:
        chosen = [each for each in poisoned(listener.url) if each.family in _FAMILIES][::_EVERY]
        for each in chosen:
            (corpus / each.name).write_bytes(each.data)
            if each.sidecar is not None:
                (corpus / f"{each.name}.meta.toml").write_text(each.sidecar, encoding="utf-8")
        server = serve(Settings(index_dir=tmp_path / "index", corpus_dir=corpus), [corpus])
        listed = server.engine.reader().catalog.list_documents(scope=Scope.everything()).documents
        assert len(listed) == len(chosen) >= 5
        answered = open_page(f"/?q={quote(chosen[0].question)}", on=server)
        answered.locator("text=" + chosen[0].fact).first.wait_for()
        dialogs: list[str] = []
        answered.on("dialog", lambda dialog: dialogs.append(dialog.message))
        for path in (
            *(f"/?q={quote(each.question)}" for each in chosen),
            *(f"/documents/{d.document_id}" for d in listed),
        ):
            answered.goto(path)
            answered.wait_for_load_state("networkidle")
            assert MARK not in answered.evaluate(
                "window.name + location.href + (document.querySelector('base')?.href ?? '')"
            )
        assert dialogs == []
        assert listener.asked == []
