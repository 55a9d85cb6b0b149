"""What a sentence of an official document is for (句子功能)."""

from __future__ import annotations

from enum import StrEnum


class SentenceFunction(StrEnum):
    """What a sentence does in its document. The words in brackets are how drafters of 公文 call it."""

    RECEIPT = "receipt"  # 来文收悉: 您提出的…收悉，现答复如下
    THANKS = "thanks"  # 致谢: 感谢您对…的关心
    BASIS = "basis"  # 制文依据: 根据…规定; 经…同意
    PURPOSE = "purpose"  # 目的: 为…，制定本办法
    STATUS = "status"  # 工作情况: 已…; 截至…; 累计…
    PROBLEM = "problem"  # 困难与不足: 仍存在…不足
    REFUSAL = "refusal"  # 不予采纳: 暂不具备条件; 尚不能…
    NEXT_STEPS = "next_steps"  # 下一步打算: 下一步，我局将…
    TARGET = "target"  # 工作目标: 到2025年，…达到…
    DUTY = "duty"  # 职责分工: 由…牵头; …负责
    MEASURE = "measure"  # 举措与要求: 加强…; 各单位要…; 不得…
    TRANSMITTAL = "transmittal"  # 印发转发: 现印发给你们，请认真贯彻执行
    VALIDITY = "validity"  # 施行与有效期: 自…起施行
    CLOSING = "closing"  # 结尾: 特此函复; 再次感谢…
    HEADING = "heading"  # 小标题: （一）加强组织领导。
    OTHER = "other"  # 其他
