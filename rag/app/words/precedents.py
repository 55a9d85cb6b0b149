"""Words of the page of precedents (先例)."""

from __future__ import annotations

from rag.app.words.message import Message

WORDS = {
    "function.receipt": Message("来文收悉", "Receipt"),
    "function.thanks": Message("致谢", "Thanks"),
    "function.basis": Message("制文依据", "Legal basis"),
    "function.purpose": Message("目的", "Purpose"),
    "function.status": Message("工作情况", "Work done"),
    "function.problem": Message("困难不足", "Problems"),
    "function.refusal": Message("不予采纳", "Refusal"),
    "function.next_steps": Message("下一步打算", "Next steps"),
    "function.target": Message("工作目标", "Targets"),
    "function.duty": Message("职责分工", "Duties"),
    "function.measure": Message("举措要求", "Measures"),
    "function.transmittal": Message("印发转发", "Transmittal"),
    "function.validity": Message("施行期限", "Entry into force"),
    "function.closing": Message("结尾", "Closing"),
    "function.heading": Message("小标题", "Headings"),
    "function.other": Message("其他", "Other"),
}
