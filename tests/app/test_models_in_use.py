"""Stronger models by setting: through ingest, search, answers and evaluation, and from one encoder to the next."""

from __future__ import annotations

import io
import json
import shutil
import threading
import time
import urllib.request
from contextlib import contextmanager

import numpy as np
import pytest
import uvicorn
from fastapi import UploadFile

from rag.app.api import create_app
from rag.app.serving import listen
from rag.app.uploads import remove_document, store_upload
from rag.app.wiring import Engine
from rag.domain.access import Scope
from rag.domain.filters import Filters
from rag.errors import ConfigurationError, IndexMismatch
from rag.indexes.building import dense_text, heading_of
from rag.indexes.encoding import EncoderRecipe
from rag.indexes.generation import live_manifest
from rag.settings import Settings
from tests.tiny_models import write_encoder

ALL = Scope.everything()
QUERY = "学生心理健康"


@pytest.fixture(scope="session")
def transformed(built, tiny_encoder, tmp_path_factory):
    """Settings over the session's corpus, indexed by a transformer. Not to be changed."""
    settings = built.model_copy(
        update={"index_dir": tmp_path_factory.mktemp("transformed") / "index", "encoder": str(tiny_encoder)}
    )
    with Engine(settings) as engine:
        assert not engine.ingest([settings.corpus_dir]).failed
    return settings


def changed(settings: Settings, **update) -> Settings:
    return settings.model_copy(update=update)


def search(engine: Engine, query: str = QUERY, *, scope: Scope = ALL, top_k: int = 10, **filters):
    return engine.reader().searcher.search_text(query, scope=scope, filters=Filters(**filters), top_k=top_k)


# -------------------------------------------------------------------------------------- an encoder


def test_an_index_is_made_and_searched_with_the_encoder_of_the_settings(transformed, tiny_encoder):
    with Engine(transformed) as engine:
        reader = engine.reader()
        assert engine.note is None
        assert engine.problems() == []
        manifest = live_manifest(transformed.index_dir)
        assert manifest.recipe == EncoderRecipe(str(tiny_encoder))
        assert manifest.dimension == engine.encoder.dimension == 32
        hits = search(engine)
        best = max(hits, key=lambda hit: hit.parts["dense"]).passage
        title = reader.searcher.summaries([best.document_id], scope=ALL)[best.document_id].title
        # The nearest by the encoder itself is the nearest of the search.
        vector = engine.encoder.encode([QUERY], kind="query")[0]
        others = [
            (
                float(
                    engine.encoder.encode(
                        [dense_text(heading_of(summary.title, hit.passage), hit.passage.text)], kind="passage"
                    )[0]
                    @ vector
                ),
                hit.passage.passage_id,
            )
            for hit in search(engine, top_k=100)
            for summary in reader.searcher.summaries([hit.passage.document_id], scope=ALL).values()
        ]
        assert title
        assert max(others)[1] == best.passage_id


def test_by_the_command_line(rag, monkeypatch, transformed, corpus, tmp_path):
    monkeypatch.setenv("RAG_ENCODER", transformed.encoder)
    monkeypatch.setenv("RAG_BATCH_SIZE", "3")
    index = tmp_path / "index"
    assert rag("ingest", corpus, "--index", index, "--json").json["documents"] == 6
    assert live_manifest(index).encoder == live_manifest(transformed.index_dir).encoder
    assert rag("search", "冲锋舟", "--index", index, "--json").json["hits"]
    answer = rag("ask", "汐川县储备冲锋舟多少艘？", "--index", index, "--json").json
    assert answer["status"] == "answered"
    assert "42艘" in answer["answer"]


@pytest.mark.parametrize(
    ("command", "setting"),
    [
        ("ingest", "RAG_ENCODER"),
        *[(command, setting) for command in ("ask", "eval", "serve") for setting in ("RAG_ENCODER", "RAG_RERANKER")],
    ],
)
def test_a_wrong_name_is_a_matter_of_configuration(rag, monkeypatch, command, setting, built, tmp_path):
    monkeypatch.setenv(setting, str(tmp_path / "nowhere"))
    given = {"ingest": [built.corpus_dir], "ask": [QUERY], "eval": [tmp_path], "serve": []}[command]
    where = ["--cache", tmp_path] if command == "eval" else ["--index", built.index_dir]
    ran = rag(command, *given, *where)
    assert ran.code == 2
    assert ran.err.count("\n") == 2
    assert f"{setting}: 没有模型文件夹 {tmp_path / 'nowhere'}" in ran.err
    assert ran.out == ""


def test_answers_are_judged_by_the_shipped_encoder(transformed, built):
    """Its likeness is what the limits of refusal are tuned to."""
    texts = ["中小学每两周安排1课时心理健康课", "冲锋舟42艘"]
    with Engine(transformed) as engine, Engine(built) as plain:
        one, other = (each.reader().searcher for each in (engine, plain))
        assert np.array_equal(one.likeness.similarities(QUERY, texts), other.likeness.similarities(QUERY, texts))
        assert np.array_equal(
            one.likeness.word_likeness(["心理"], ["学生"]), other.likeness.word_likeness(["心理"], ["学生"])
        )


# ---------------------------------------------------------------------------- from one to the next


def test_an_index_is_read_with_the_encoder_it_was_made_with(rag, transformed, tiny_encoder, caplog):
    """Whatever is set: that counts from the next ingest."""
    with Engine(changed(transformed, encoder=None)) as engine:
        assert engine.reader().encoder.identity == live_manifest(transformed.index_dir).encoder
        assert str(tiny_encoder) in engine.note
        assert "rag ingest" in engine.note
        assert search(engine)
    ran = rag("search", QUERY, "--index", transformed.index_dir)
    assert ran.code == 0
    assert "RAG_ENCODER" in caplog.text
    verified = rag("verify", "--index", transformed.index_dir, "--json").json
    assert verified["ok"]
    assert "RAG_ENCODER" in verified["notes"][0]


def test_prompts_of_the_index_are_kept(built, other_tiny_encoder, tmp_path):
    settings = changed(
        built, index_dir=tmp_path / "index", encoder=str(other_tiny_encoder), encoder_query_prompt="学: "
    )
    with Engine(settings) as engine:
        engine.ingest([settings.corpus_dir])
        expected = engine.encoder.encode([QUERY], kind="query")
    with Engine(changed(built, index_dir=tmp_path / "index")) as engine:
        assert np.array_equal(engine.reader().encoder.encode([QUERY], kind="query"), expected)


@pytest.mark.parametrize("fault", ["gone", "changed"])
def test_an_encoder_that_is_not_here_any_more(transformed, tiny_encoder, tmp_path, fault):
    model, index = tmp_path / "model", tmp_path / "index"
    shutil.copytree(tiny_encoder, model)
    with Engine(changed(transformed, index_dir=index, encoder=str(model))) as engine:
        engine.ingest([transformed.corpus_dir])
    if fault == "gone":
        shutil.rmtree(model)
    else:
        (model / "tokenizer.json").write_text((model / "tokenizer.json").read_text() + " ")
    with Engine(changed(transformed, index_dir=index, encoder=None)) as engine:
        with pytest.raises(IndexMismatch, match="another encoder") as caught:
            engine.reader()
        assert str(model) in str(caught.value)
        assert caught.value.remedy == "rag verify --repair"
        assert len(engine.problems()) == 1
        with pytest.raises(IndexMismatch):
            store_upload(engine, [upload()])
        engine.repair()
        assert engine.problems() == []
        assert engine.note is None


def upload(name: str = "water.txt", text: str = "关于停水的通知\n\n周三停水4小时。\n") -> UploadFile:
    return UploadFile(io.BytesIO(text.encode()), filename=name)


def test_uploads_and_removals_do_not_change_the_encoder(own, tiny_encoder):
    made_with = live_manifest(own.index_dir).encoder
    with Engine(changed(own, encoder=str(tiny_encoder))) as engine:
        report, _ = store_upload(engine, [upload()])
        assert (report.added, report.documents) == (1, 7)
        assert live_manifest(own.index_dir).encoder == made_with
        (hit, *_) = search(engine, "停水")
        remove_document(engine, hit.passage.document_id, scope=ALL)
        assert live_manifest(own.index_dir).encoder == made_with
        assert engine.ingest([own.corpus_dir]).documents == 6
        assert live_manifest(own.index_dir).encoder == engine.encoder.identity != made_with


class Server:
    """A real server in a thread, and what it says."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str) -> dict:
        with urllib.request.urlopen(self.url + path, timeout=60) as response:
            return json.load(response)

    def dense_of_best(self) -> float:
        body = json.dumps({"query": QUERY, "top_k": 1}).encode()
        request = urllib.request.Request(f"{self.url}/api/v1/search", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)["hits"][0]["parts"]["dense"]


@contextmanager
def serving(settings: Settings):
    with Engine(settings) as engine, listen("127.0.0.1", 0, has_keys=False) as socket:
        engine.reader()
        server = uvicorn.Server(uvicorn.Config(create_app(engine), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
        thread.start()
        try:
            yield Server(f"http://127.0.0.1:{socket.getsockname()[1]}"), engine
        finally:
            server.should_exit = True
            thread.join()


def wait_until(holds) -> None:
    for _ in range(6_000):
        if holds():
            return
        time.sleep(0.01)
    pytest.fail("it did not come about")


def test_a_server_serves_on_while_another_encoder_takes_over(own, tiny_encoder):
    with serving(own) as (server, engine):
        before = engine.reader()
        assert server.get("/readyz") == {"status": "ready"}
        stop, answers = threading.Event(), []

        def ask():
            while not stop.is_set():
                answers.append(server.get("/readyz")["status"])
                assert server.dense_of_best() > 0
                answers.append("hit")

        asking = threading.Thread(target=ask)
        asking.start()
        try:
            seen = []
            with Engine(changed(own, encoder=str(tiny_encoder))) as other:
                other.ingest([own.corpus_dir], on_progress=lambda _: seen.append(engine.reader() is before))
                made_with = other.encoder.identity
            assert seen
            assert all(seen)
            wait_until(lambda: engine.reader() is not before)
        finally:
            stop.set()
            asking.join()
        after = engine.reader()
        assert after.encoder.identity == live_manifest(own.index_dir).encoder == made_with
        assert after.generation.number == before.generation.number + 1
        assert server.dense_of_best() > 0
        assert str(tiny_encoder) in server.get("/readyz")["note"]
        assert answers
        assert set(answers) == {"ready", "hit"}
        assert before.searcher.search_text(QUERY, scope=ALL)  # whoever still holds it


def test_a_server_that_cannot_load_the_new_encoder_serves_on_with_the_old(own, other_tiny_encoder, tmp_path, caplog):
    model = tmp_path / "model"
    shutil.copytree(other_tiny_encoder, model)
    with serving(own) as (server, engine):
        before = engine.reader()
        with Engine(changed(own, encoder=str(model))) as other:
            other.ingest([own.corpus_dir])
            shutil.rmtree(model)
        wait_until(lambda: "note" in server.get("/readyz"))
        said = server.get("/readyz")
        assert said["status"] == "ready"
        assert str(model) in said["note"]
        assert server.dense_of_best() > 0
        assert engine.reader() is before
        assert [str(model) in record.message for record in caplog.records if record.levelname == "WARNING"].count(True) == 1  # fmt: skip
        # Made with its own again, it is taken up.
        with Engine(own) as other:
            other.ingest([own.corpus_dir])
        wait_until(lambda: engine.reader() is not before)
        assert server.get("/readyz") == {"status": "ready"}


def test_an_engine_closed_while_a_model_is_loaded_waits_for_it(own, tmp_path, tiny_encoder):
    engine = Engine(own)
    engine.reader()
    with Engine(changed(own, encoder=str(tiny_encoder))) as other:
        other.ingest([own.corpus_dir])
    engine.reader()
    engine.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("models")]
    with engine:
        assert engine.reader().encoder.identity == live_manifest(own.index_dir).encoder


# ------------------------------------------------------------------------------------- a reranker


@pytest.fixture
def reranking(built, tiny_reranker):
    with Engine(changed(built, reranker=str(tiny_reranker))) as engine:
        yield engine


def own_scores(engine: Engine, folder, hits) -> list[float]:
    from sentence_transformers import CrossEncoder

    titles = engine.reader().searcher.summaries([hit.passage.document_id for hit in hits], scope=ALL)
    pairs = [
        (QUERY, dense_text(heading_of(titles[h.passage.document_id].title, h.passage), h.passage.text)) for h in hits
    ]
    return CrossEncoder(str(folder), device="cpu").predict(pairs).tolist()


def test_hits_stand_in_the_order_of_the_cross_encoder(reranking, built, tiny_reranker):
    with Engine(built) as plain:
        fused = search(plain, top_k=50)
    hits = search(reranking, top_k=50)
    assert len(hits) == len(fused) == 10
    by_score = sorted(zip(own_scores(reranking, tiny_reranker, fused), range(len(fused)), strict=True), key=lambda p: (-round(p[0], 4), p[1]))  # fmt: skip
    expected = [fused[n].passage.passage_id for _, n in by_score]
    assert [hit.passage.passage_id for hit in hits] == expected != [hit.passage.passage_id for hit in fused]
    assert np.allclose([hit.score for hit in hits], [score for score, _ in by_score], atol=1e-4)
    assert all(hit.parts["rerank"] == hit.score for hit in hits)
    assert search(reranking, top_k=3) == hits[:3]


def test_only_the_first_are_judged(built, tiny_reranker):
    with Engine(built) as plain, Engine(changed(built, reranker=str(tiny_reranker), rerank_top=4)) as engine:
        fused, hits = search(plain), search(engine)
    assert ["rerank" in hit.parts for hit in hits] == [True] * 4 + [False] * 6
    assert {h.passage.passage_id for h in hits[:4]} == {h.passage.passage_id for h in fused[:4]}
    assert [h.passage for h in hits[4:]] == [h.passage for h in fused[4:]]
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)


def test_the_cross_encoder_reads_only_what_is_admitted(reranking, monkeypatch, telling_words, public):
    read = []
    scores = reranking.models.reranker.scores
    monkeypatch.setattr(
        type(reranking.models.reranker), "scores", lambda _, query, texts: read.extend(texts) or scores(query, texts)
    )
    assert search(reranking, "冲锋舟42艘", scope=Scope.public(), top_k=50)
    assert any(telling_words[source] in text for text in read for source in public)
    assert not any(words in text for text in read for source, words in telling_words.items() if source not in public)
    read.clear()
    assert search(reranking, issuer="汐川县应急管理局")
    assert all("防汛" in text for text in read)
    read.clear()
    assert search(reranking, issuer="无此机关") == []
    assert read == []


def test_rerank_by_the_command_line(rag, monkeypatch, built, tiny_reranker):
    monkeypatch.setenv("RAG_RERANKER", str(tiny_reranker))
    ran = rag("search", QUERY, "--index", built.index_dir, "--explain")
    assert "rerank 0." in ran.out
    hits = rag("search", QUERY, "--index", built.index_dir, "--json").json["hits"]
    assert all(0 <= hit["parts"]["rerank"] <= 1 for hit in hits)
    answer = rag("ask", "汐川县储备冲锋舟多少艘？", "--index", built.index_dir, "--json").json
    assert "42艘" in answer["answer"]


def test_a_cross_encoder_that_fails_is_an_error(rag, monkeypatch, built, tiny_reranker, tmp_path):
    from safetensors.numpy import load_file, save_file

    shutil.copytree(tiny_reranker, tmp_path / "spoilt")
    weights = load_file(tmp_path / "spoilt/model.safetensors")
    weights["classifier.bias"][:] = np.nan
    save_file(weights, tmp_path / "spoilt/model.safetensors", metadata={"format": "pt"})
    monkeypatch.setenv("RAG_RERANKER", str(tmp_path / "spoilt"))
    ran = rag("search", QUERY, "--index", built.index_dir)
    assert ran.code == 2
    assert ran.out == ""
    assert "no numbers" in ran.err


def test_evaluation_runs_on_both(rag, monkeypatch, tiny_encoder, tiny_reranker, tmp_path):
    folder = tmp_path / "set"
    folder.mkdir()
    texts = {"d1": "校园餐人均标准为每餐12元", "d2": "全县储备冲锋舟42艘", "d3": "每台补助15万元"}
    lines = [json.dumps({"_id": name, "title": "", "text": text}, ensure_ascii=False) for name, text in texts.items()]
    (folder / "corpus.jsonl").write_text("\n".join(lines), encoding="utf-8")
    # The document's own words: whatever an untrained encoder makes of others, nothing is nearer to them.
    query = texts["d2"]
    (folder / "queries.jsonl").write_text(json.dumps({"_id": "q1", "text": query}) + "\n", encoding="utf-8")
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td2\t1\n")
    monkeypatch.setenv("RAG_ENCODER", str(tiny_encoder))
    from sentence_transformers import CrossEncoder

    scores = CrossEncoder(str(tiny_reranker), device="cpu").predict([(query, text) for text in texts.values()])
    rank = 1 + int((scores > scores[1]).sum())
    for reranker, expected in ((None, 1.0), (str(tiny_reranker), 1 / rank)):
        if reranker:
            monkeypatch.setenv("RAG_RERANKER", reranker)
        report = rag("eval", folder, "--cache", tmp_path / "cache", "--json").json
        assert report["MRR@10"] == pytest.approx(expected, abs=1e-4)


def test_a_load_that_fails_is_tried_again_when_asked_again(built, tmp_path):
    with Engine(changed(built, reranker=str(tmp_path / "late"))) as engine:
        with pytest.raises(ConfigurationError):
            engine.reader()
        write_encoder(tmp_path, "学", seed=9)
        with pytest.raises(ConfigurationError):
            engine.reader()


# -------------------------------------------------------------------------------------- the floors


def test_the_shipped_model_needs_none_of_the_heavy_libraries(rag_run, built):
    """They take 10 s to import; a question must not wait for them."""
    program = (
        "import sys\n"
        "from rag.app.cli import main\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    assert not end.code\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'huggingface_hub'} & sys.modules.keys()\n"
        "sys.stderr.write(','.join(sorted(heavy)))\n"
    )
    ran = rag_run("ask", "汐川县储备冲锋舟多少艘？", "--index", built.index_dir, program=program)
    assert "42艘" in ran.out
    assert ran.err == ""
