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
    "signin.failed.wrong": Message("没有这个密钥，或它已失效。", "There is no such key, or it is not valid any more."),
    "signin.explain.account": Message(
        "不登录可查看主动公开的文件。用本单位账号登录后，可查看管理员为您分配的范围；也可用管理员发放的密钥登录。",
        "Without signing in you see what is released to the public. Your organisation's account shows what your administrator grants it; a key, which your administrator gives you, what it allows.",
    ),
    "signin.account": Message("用本单位账号登录", "Sign in with your organisation's account"),
    "signin.failed.unreachable": Message(
        "身份认证服务暂时无法使用，没有登录。请稍后再试，或用密钥登录；公开文件照常可查。",
        "The sign-in service cannot be reached, and you are not signed in. Try again later, or use a key; public documents are there as ever.",
    ),
    "signin.failed.refused": Message(
        "身份认证服务的答复没有通过核验，没有登录。请再试一次；仍不行时，请告知管理员，服务器日志中有原因。",
        "What the sign-in service answered did not stand up to checking, and you are not signed in. Try once more; if that does not help, tell your administrator: the server's log says why.",
    ),
    "signin.failed.declined": Message(
        "身份认证服务没有同意登录。请再试一次，或联系管理员。",
        "The sign-in service did not sign you in. Try once more, or ask your administrator.",
    ),
    "signin.failed.expired": Message(
        "这次登录已过期，或不是在这个浏览器里开始的，没有登录。请重新登录。",
        "This sign-in has expired, or was not begun in this browser, and you are not signed in. Please begin again.",
    ),
    "signin.ungranted": Message(
        "您已登录为 {name}，但管理员没有为您的账号分配范围：您只能查看主动公开的文件。",
        "You are signed in as {name}, but your administrator has granted your account nothing: you see only what is released to the public.",
    ),
    "signin.go_on": Message("继续", "Go on"),
    "signin.as": Message("{name}", "{name}"),
    "signin.out": Message("退出", "Sign out"),
}
