"""Words of signing in (登录)."""

from __future__ import annotations

from rag.app.words.message import Message

WORDS = {
    "signin.title": Message("登录", "Sign in"),
    "signin.explain": Message(
        "不登录可查看主动公开的文件。登录后可查看密钥所允许的范围；密钥由管理员发放。",
        "Without signing in you see what is released to the public. A key, which your administrator gives you, shows what it allows.",
    ),
    "signin.key": Message("密钥", "Key"),
    "signin.do": Message("登录", "Sign in"),
    "signin.wrong": Message("没有这个密钥，或它已失效。", "There is no such key, or it is not valid any more."),
    "signin.as": Message("{name}", "{name}"),
    "signin.out": Message("退出", "Sign out"),
}
