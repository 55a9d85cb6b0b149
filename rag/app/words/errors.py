"""Words of errors (出错)."""

from __future__ import annotations

from rag.app.words.message import Message

WORDS = {
    "error.401": Message("密钥不符", "Unknown key"),
    "error.403": Message("不允许这样做", "This is not allowed"),
    "error.404": Message("没有这个文件或页面", "There is no such document or page"),
    "error.413": Message("内容过大", "Too large"),
    "error.422": Message("请求的内容有误", "Something in the request is wrong"),
    "error.429": Message("请求过于频繁", "Too many requests"),
    "error.500": Message("系统出错", "The system failed"),
    "error.503": Message("文件库暂不可用", "The document index is not available"),
    "error.other": Message("无法完成请求", "The request could not be met"),
    "error.explain.401": Message("请核对密钥后再试。", "Check the key and try again."),
    "error.explain.403": Message(
        "请从本站的页面重新操作；仍不行时，请联系管理员。",
        "Do it again from a page of this site; if that does not help, ask the administrator.",
    ),
    "error.explain.404": Message(
        "它可能已被移除，或不在您可查看的范围内。", "It may have been removed, or lie outside what you may see."
    ),
    "error.explain.413": Message(
        "请分几次提交，或联系管理员放宽上限。", "Send it in parts, or ask for a higher limit."
    ),
    "error.explain.422": Message("请改正后再试。", "Mend it and try again."),
    "error.explain.429": Message("请稍等片刻再试。", "Wait a moment and try again."),
    "error.explain.500": Message("服务器日志中有详细记录。", "The server's log says more."),
    "error.explain.503": Message("请按下面的提示处理后再试。", "Do what is said below, then try again."),
    "error.explain.other": Message("请返回上一页再试。", "Go back and try again."),
    "error.detail": Message("详细信息", "Details"),
    "error.home": Message("回到首页", "Back to the front page"),
}
