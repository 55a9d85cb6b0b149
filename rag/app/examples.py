"""Examples that the interface's description (OpenAPI) shows; a test holds them to their schemas.

The places and figures are invented. ``quote`` is the text between ``start`` and ``end``.
"""

from __future__ import annotations

from typing import Any

_DOCUMENT: dict[str, Any] = {
    "document_id": "0f3a9c1d2b4e5f60",
    "source": "plans/2024-xueyuan.txt",
    "title": "关于印发学生心理健康工作方案的通知",
    "document_number": "云岫教发〔2024〕12号",
}

_QUOTE = "学生心理健康工作由市教育局牵头，市卫生健康委配合。"

ANSWERED: dict[str, Any] = {
    "question": "哪些部门牵头学生心理工作？",
    "status": "answered",
    "answer": "云岫市教育局（云岫教发〔2024〕12号）：学生心理健康工作由市教育局牵头，市卫生健康委配合。[1]",
    "statements": [
        {
            "text": "云岫市教育局（云岫教发〔2024〕12号）：学生心理健康工作由市教育局牵头，市卫生健康委配合。",
            "citations": [1],
        }
    ],
    "citations": [
        {
            "id": 1,
            **_DOCUMENT,
            "issuer": "云岫市教育局",
            "issued_on": "2024-03-08",
            "disclosure": "public",
            "section": ["三、职责分工"],
            "page": 2,
            "start": 410,
            "end": 410 + len(_QUOTE),
            "quote": _QUOTE,
        }
    ],
    "duties": [
        {"task": "学生心理健康工作", "lead": ["市教育局"], "cooperating": ["市卫生健康委"], "citations": [1]},
    ],
    "elapsed_ms": 12.3,
}

REFUSED: dict[str, Any] = {
    "question": "砚溪区的托位补贴是多少？",
    "status": "no_evidence",
    "answer": "现有文件没有说明。",
    "statements": [],
    "citations": [],
    "leads": [{"document_id": _DOCUMENT["document_id"], "title": _DOCUMENT["title"]}],
    "elapsed_ms": 9.8,
}

FOUND: dict[str, Any] = {
    "hits": [
        {
            "passage_id": f"{_DOCUMENT['document_id']}-7",
            **_DOCUMENT,
            "section": ["三、职责分工"],
            "page": 2,
            "start": 410,
            "end": 410 + len(_QUOTE),
            "text": _QUOTE,
            "score": 0.94,
            "parts": {"lexical": 1.0, "dense": 0.86},
        }
    ]
}
