"""Instructions to a model in a document (提示注入): words that are said to whoever writes the answer, not to its reader.

Such words are no evidence. A sentence that holds them is not sent, and where the answer itself rests on one no model is asked.
Patterns find the dresses that are known and no others: what gets through still meets ``checking``, which lets nothing
stand that is not in the words cited, and no address, picture, mark-up or code. A false alarm costs the model's wording alone;
the document's own words stand in its place.
"""

from __future__ import annotations

import re

from rag.text import fold

_BEFORE = r"(?:以上|上述|上面|前面|之前|此前|先前|所有|全部|一切|任何|这些|下面|你|的|了|掉){1,6}"
_RULES = r"(?:指令|提示词?|规则|设定|对话|限制|约束|要求)"

# An edge of a Latin word; by itself \b sees none between 访问 and http.
_EDGE = r"(?a:\b)"

_SAID_TO_A_MODEL = re.compile(
    "|".join(
        (
            r"忽略.{0,6}(?:指令|提示词)",
            rf"(?:忽略|无视|忘记|忘掉|抛开|绕过|违反){_BEFORE}{_RULES}",
            rf"{_BEFORE}{_RULES}(?:均|全部|一律|已)?(?:作废|无效)|从现在起|从现在开始",
            r"(?:ai|人工智能|语言模型|大模型|智能体|机器人)(?:助手|系统)?\s*(?:请|注意|必须回|必须写|:)|助手请|(?:如果|假如|若)你是|你(?:现在)?(?:是|扮演)(?:一个|一名|没有)",
            r"系统提示|提示词|开发者模式|管理员指令|越狱|没有限制的",
            # 劳务输出, 请书面回复 are the reader's; 只输出, 直接回答 are not.
            r"(?:只|直接|仅|一律|务必|必须|请|现在|并|后|先)\s*(?:先|再|只|要|须)?\s*(?:输出|复述|复读|回答|作答|写)(?!明|入|字|作|实|好|清|出申)|请说(?!明)",
            r"(?:你|现在)(?:要|须|必须|应)?回复|(?:^|[。;,])(?:输出|复述)[^,。;、]",
            r"(?:回答|作答)(?:任何|所有|关于|时|中|里|一律|用户)|(?:回复|答案|回答)(?:的)?(?:中|末尾|开头|里|末|前|都以|一律)|答案(?:是|为|应|必|:)|写成",
            r"(?:不要|无需|不必|禁止)(?:引用|注明|标注|写)?(?:出处|来源|编号|引文|证据)",
            r"(?:解码|解密|执行)(?:并|后|以下|如下|下列)|调用工具|open_url|(?:助手|用户|assistant|system|user|developer)\s*:",
            rf"{_EDGE}(?:ignore|disregard|forget|override|bypass){_EDGE}.{{0,60}}{_EDGE}(?:instructions?|rules?|prompts?|above|previous|prior){_EDGE}",
            rf"{_EDGE}(?:reply|respond|answer|print|output|say|repeat|write){_EDGE}.{{0,20}}{_EDGE}(?:only|with|nothing|following){_EDGE}|{_EDGE}print \S",
            rf"{_EDGE}(?:you (?:must|are now|should)|any ai|correct answer|system prompt|as an ai){_EDGE}",
            r"<\|[a-z_]+\|>|\[/?inst\]|###\s*\w|</?(?:tool|证据|system|assistant|user|function|think)|tool_calls?|function_call|```",
            r"\"(?:name|arguments|role|content|answer|citations|status|id)\"\s*:|[a-z_]{3,}\([^()]{0,40}(?:url|text|=)",
            # Letters of two scripts in one word; a long run of letters is no word at all.
            r"[a-z][\u0370-\u04ff]|[\u0370-\u04ff][a-z]|[a-z0-9+/]{40,}={0,2}",
        )
    )
)

_BLANK_IN_HAN = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")

# What a page or a table would run, show or fetch.
MATTER = re.compile(
    rf"(?i){_EDGE}(?:https?|ftp|file|javascript|data|vbscript):|{_EDGE}www\."
    r"|!?\[[^\]\n]*\]\([^)\n]*\)|<[a-z!/][^<>\n]*>|[<>]\s*script|```|[{}]\s*\"|\"\s*:\s*[\"\[{]"
    rf"|[=＝@＠+]\s*[a-z]{{3,}}\s*[(（|]|{_EDGE}cmd\s*\|"
)
"""Addresses, pictures, mark-up, code and formulas: never a model's own words in an answer."""


def speaks_to_a_model(text: str) -> bool:
    """Tell whether words are addressed to a language model, or are something to be run, shown or fetched."""
    folded = fold(text)
    # A mark of direction may have set it backwards, and is gone by now; blanks may stand between its characters.
    dressed = (folded, folded[::-1], _BLANK_IN_HAN.sub("", folded))
    return any(_SAID_TO_A_MODEL.search(said) for said in dressed) or _is_code(folded)


def _is_code(folded: str) -> bool:
    """Addresses alone are in many notices (登录www.…); what is to be run is in none."""
    return (
        re.search(
            r"javascript:|!\[|\]\(|<(?:script|img|a|iframe|svg|object)\b|[=@+]\s*[a-z]{3,}\s*[(|]|cmd\s*\|", folded
        )
        is not None
    )
