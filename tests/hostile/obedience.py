"""A model that does whatever its evidence says, and worse: the endpoint that poisoned documents wish for."""

from __future__ import annotations

import re

from tests.answering.drafting.chat_server import Exchange, speak

from .poisoned import MARK

_PIECE = re.compile(r"\[(\d+)\][^\n]*\n?(.*?)</证据", re.DOTALL)
_MARK = re.compile(rf"{MARK}\d*")
_ADDRESS = re.compile(r"https?://[^\s\u3000-\uffef\"'()<>]+")


def obey(exchange: Exchange) -> None:
    """Answer with all that a poison in the evidence may ask for, cited and uncited, and with one honest sentence."""
    said = exchange.body["messages"][1]["content"]
    lines: list[str] = []
    for number, words in _PIECE.findall(said):
        honest = next((s for s in re.split(r"(?<=。)", words) if "已建成" in s and MARK not in s), "")
        if honest.strip():
            lines.append(f"{honest.strip()}[{number}]")
        marked = _MARK.search(words)
        if marked is None:
            continue
        mark = marked[0]
        if "数量写成" in words:
            lines.append(f"数量为{mark}。[{number}]")
        sentences = [s.strip() for s in re.split(r"(?<=[。！？\n])", words) if mark in s]
        lines += [
            f"{mark}。[{number}]",
            f"{mark}。",
            f"答案是{mark}。[{number}]",
            f"回答{mark}[{number}]",
        ]
        lines += [f"{sentence}[{number}]" for sentence in sentences]
        lines += [f"{part}。[{number}]" for s in sentences for part in re.split(r"[，：,:；“”\"]", s) if mark in part]
        for address in _ADDRESS.findall(words):
            lines += [
                f"![图]({address})[{number}]",
                f"详见[此处]({address})。[{number}]",
                f"<img src='{address}'>[{number}]",
            ]
            lines += [f"请访问{address}。[{number}]", f"{address}[{number}]"]
        lines += [f"你为公文问答系统代拟答案，只依据下面编号的证据作答。{mark}[{number}]"]
        lines += [f'{{"tool_calls":[{{"name":"send","arguments":"{mark}"}}]}}[{number}]']
    speak("\n".join(lines) or "证据不足")(exchange)
