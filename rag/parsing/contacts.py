"""Contact persons (联系人) and their numbers, found by the label before them or the head of their column.

What is no personal data: names in office (签发人, addressees), and numbers the public is to call (12356, 咨询电话, 热线).
"""

from __future__ import annotations

import re

from rag.domain.personal import PersonalKind
from rag.parsing.phones import EXTENSION, MOBILE, is_introduced_as_public

Found = tuple[int, int, PersonalKind]
"""Start, end and kind of personal data."""

# ------------------------------------------------------------------------- after a label

_GAP = r"[ \t\u3000]{0,4}"


def _spaced(word: str) -> str:
    """Return a pattern of ``word`` with the blanks that layout puts into labels (联 系 人)."""
    return _GAP.join(word)


_PERSON_LABELS = (
    *(
        "联系人员",
        "联系人",
        "联络人",
        "联络员",
        "经办人员",
        "经办人",
        "承办人员",
        "承办人",
        "责任领导",
        "分管领导",
        "主管领导",
    ),
    *("包案领导", "主办人", "协办人", "填表人", "填报人", "审核人", "责任人", "负责人", "咨询人", "起草人", "校对人"),
)
_PHONE_LABELS = (
    *(
        "联系电话",
        "联系方式",
        "联络电话",
        "办公电话",
        "移动电话",
        "手机号码",
        "手机号",
        "手机",
        "电话号码",
        "电话",
        "传真",
        "座机",
        "联系号码",
        "联系方法",
        "Tel",
        "TEL",
        "tel",
        "Phone",
        "phone",
        "Fax",
        "电传",
    ),
)
_PERSON = "|".join(map(_spaced, _PERSON_LABELS))
_PHONE = "|".join(map(_spaced, _PHONE_LABELS))

# The numbers after these words are for the public.
_PUBLIC = r"(?<!热线)(?<!咨询)(?<!举报)(?<!投诉)(?<!监督)(?<!报警)(?<!急救)(?<!救援)(?<!服务)(?<!值班)(?<!援助)(?<!预约)(?<!报名)(?<!公开)"

_PERSON_LABEL = re.compile(
    rf"(?:{_PERSON})(?:(?:及|和|、|/|与)?{_GAP}(?:{_PHONE}))?{_GAP}(?:[（(][^（）()\n]{{1,12}}[)）])?(?:[:：][ \t\u3000]*\n?|(?P<bare>[ \t\u3000]+))"
)
# 电话是5200000 may stand in a sentence; a label with only a blank after it must stand in a form.
_PHONE_LABEL = re.compile(
    rf"(?=[联办移手电传座TtPpF]){_PUBLIC}(?:{_PHONE})(?:[、/及和]{_GAP}(?:{_PHONE}))?{_GAP}(?:[（(][^（）()\n]{{1,12}}[)）])?(?:[:：][ \t\u3000]*\n?|[为是]?[ \t\u3000]{{0,2}}(?=[(+\d])|(?P<bare>[ \t\u3000]+))"
)
# 王科长：2600000, 王老师（2600000）
_TITLED = re.compile(
    r"(?:老师|科长|股长|主任|同志|先生|女士|处长|医生|局长|书记|校长|警官|院长)[ \u3000]?(?:[(（：:，,]|(?=\d))[ \u3000]?(?=[\d(（])"
)
_OWNER = re.compile(
    r"(?:^|[\s、，,；;：:(（。.])(?P<name>[\u3400-\u9fff]{2,4}?)(?:同志|先生|女士|老师)?[(（：:，, \u3000\t]{0,2}"
    r"(?:(?:联系)?(?:手机|电话|方式)(?:号码?)?)?[为是]?[(（：:，, \u3000\t]{0,2}$"
)
_UNIT_BEFORE = re.compile(r"[\u4e00-\u9fff]{2,16}[，, \u3000]{1,2}(?=[\d(（])")
_ANY_LABEL = re.compile(rf"{_PERSON}|{_PHONE}|邮\s*编|邮政编码|邮\s*箱|地\s*址|单\s*位|部\s*门|职\s*务")
# A cheap test that spares most texts the rest.
_HAS_LABEL = re.compile(
    r"[师长任志生士官记][ \u3000]?[(（：:，,]?[ \u3000]?[(（]?\d{3}|[Tt][Ee][Ll]|[Pp]hone|[Ff]ax|[系络办责管案填审咨起校手电传座联][ \t\u3000]{0,4}[系络办任管导案表报核询草对机话真传员人领]"
)

# Numbers with their area codes and extensions; short codes (12356, 110, 95598) and 400 numbers are public.
_NUMBERS = re.compile(
    r"[ \t\u3000]*(?P<number>(?:\+?86[- ]{1,2})?[(（]?0\d{2,3}[)）]?[- \u3000~]{0,3}\d{3,4}[- ]?\d{4}|[(（]?\d{3,4}[)）]?[- ~]{0,2}\d{7,8}"
    r"|\+?86[- ]\d{2,3}[- ]\d{3,4}[- ]?\d{4}|\d{7,8}|\d{3,4}[- ]\d{3,4}[- ]?\d{3,4}|\d{3,4}[- ]\d{4}|\d{6})"
    rf"{EXTENSION}(?!\d)(?![ ]?[部户万个台次人元%])"
)
_PUBLIC_NUMBER = re.compile(r"(?:400|800)[- ]?(?:\d[- ]?){6}\d(?!\d)")
_NEXT_NUMBER = re.compile(r"[ \t\u3000]*[、,，;；/／或和及 \t\u3000][ \t\u3000]*")

_SEPARATOR = re.compile(r"[ \t\u3000，,、：:]{1,4}")

_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗"
    "毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁"
    "钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌"
    "焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄"
    "姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩"
    "厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖覃闫付代岳税苟阳佘帅仝初但兰晋楚冼揭尧佟青官巨粟"
)
_DOUBLE_SURNAMES = (
    "欧阳",
    "上官",
    "司马",
    "诸葛",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "司徒",
    "令狐",
    "东方",
    "夏侯",
    "端木",
    "独孤",
    "南宫",
)

_NAME_END = re.compile(r"[\n\t，,。；;：:（）()〔〕\[\]【】0-9０-９]")
_NAME_GAP = re.compile(r"[、/／和 \u3000]+")
_HAN_NAME = re.compile(
    r"[\u3400-\u9fff](?:[ \u3000]{0,4}[\u3400-\u9fff·•．]){1,3}|[\u3400-\u9fff]{1,8}[·•][\u3400-\u9fff]{1,8}"
)
_HONORIFIC = re.compile(
    r"(?:同志|先生|女士|老师|科长|处长|主任|局长|副局长|主席|书记|部长|院长|所长|股长|医生|委员|代表|[某]{1,2})$"
)
_OFFICE = re.compile(
    r"(?:办公室|[科处室股]|.{2}(?:局|委|办|部|司|厅|会|院|署|站|队|中心|公司|政府|街道|大厅|窗口|单位|部门|组))$"
)
_NOT_A_NAME = re.compile(
    r"(?:见|详见|附|另|同上|无|略|姓名|电话|手机|职务|单位|部门|签名|签字|签章|盖章|名单|各|由|是|为|的|应|须|需|及|待定|信息|变更)"
)


def find_contacts(text: str) -> list[Found]:
    """Return the names of contact persons and the numbers given for them, in no order."""
    found: list[Found] = []
    for match in MOBILE.finditer(text):
        _find_owner(text, match.start(), found)
    if not _HAS_LABEL.search(text):
        return found
    for match in _PERSON_LABEL.finditer(text):
        if match["bare"] is None or _is_form(text, match.start()):
            _find_people(text, match.end(), found)
    for match in _PHONE_LABEL.finditer(text):
        is_stated = match["bare"] is None or _is_form(text, match.start())
        if is_stated and not is_introduced_as_public(text, match.start()):
            _find_numbers(text, _after_unit(text, match.end()), found)
    for match in _TITLED.finditer(text):
        _find_numbers(text, match.end(), found)
    _find_columns(text, found)
    return found


def _after_unit(text: str, at: int) -> int:
    """Step over the unit in 联系单位及电话：市教育局，2600000."""
    unit = _UNIT_BEFORE.match(text, at)
    return unit.end() if unit else at


def _is_form(text: str, at: int) -> bool:
    """Whether the label at ``at`` without a colon stands in a table row or a short line, not in a sentence."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[start : end if end >= 0 else len(text)]
    return "\t" in line or (len(line) <= 60 and "。" not in line and "，" not in line)


# ------------------------------------------------------------------------- people


def _find_people(text: str, at: int, found: list[Found]) -> None:
    """Find the names that stand at ``at``, and the numbers that follow them without a label."""
    end = at
    while end < len(text):
        value_end = _value_end(text, end)
        is_named = _find_names(text, end, value_end, found)
        rest = _skip_brackets(text, value_end, found)
        after = _find_numbers(text, rest, found, separated=True)
        if not is_named and after == rest:
            return
        # 张三，2603083；李四，2603084: the next person of the same label.
        if after < len(text) and text[after] in "，,、；;" and not _ANY_LABEL.match(text, after + 1):
            following = after + 1
            following_end = _value_end(text, following)
            if following_end - following <= 6 and _is_name(text[following:following_end].strip()):
                end = following
                continue
        return


def _find_owner(text: str, at: int, found: list[Found]) -> None:
    """Find the name right before a mobile number: 李某某，手机139…"""
    before = text[max(0, at - 16) : at]
    owner = _OWNER.search(before)
    if owner is None:
        return
    name = owner["name"]
    if ((name[0] in _SURNAMES and len(name) <= 3) or name.startswith(_DOUBLE_SURNAMES)) and _is_name(name):
        found.append((at - len(before) + owner.start("name"), at - len(before) + owner.end("name"), PersonalKind.NAME))


def _value_end(text: str, at: int) -> int:
    label = _ANY_LABEL.search(text, at, at + 60)
    stop = _NAME_END.search(text, at, at + 60)
    return min(match.start() if match else min(len(text), at + 60) for match in (label, stop))


def _skip_brackets(text: str, at: int, found: list[Found]) -> int:
    """Step over 张三（市卫健委） to what follows; a number in the bracket is found."""
    if at < len(text) and text[at] in "（(":
        closing = min((i for i in (text.find("）", at, at + 40), text.find(")", at, at + 40)) if i >= 0), default=-1)
        inner_end = _find_numbers(text, at + 1, found)
        if closing >= 0 and inner_end <= closing:
            return closing + 1
    return at


def _find_names(text: str, start: int, end: int, found: list[Found]) -> bool:
    whole = text[start:end]
    stripped = whole.strip(" \u3000")
    if _HAN_NAME.fullmatch(stripped) and _is_name(stripped):  # 张  弦
        at = start + whole.index(stripped)
        found.append((at, at + len(stripped), PersonalKind.NAME))
        return True
    is_named = False
    at = start
    for gap in [*_NAME_GAP.finditer(text, start, end), None]:
        word_end = gap.start() if gap else end
        if _is_name(text[at:word_end]):
            found.append((at, word_end, PersonalKind.NAME))
            is_named = True
        at = gap.end() if gap else end
    return is_named


def _is_name(word: str) -> bool:
    """Whether ``word`` after a contact label is a person's name rather than an office's; in doubt it is."""
    bare = _HONORIFIC.sub("", word.replace(" ", "").replace("\u3000", "")) or word
    if "·" in bare or "•" in bare:
        return _HAN_NAME.fullmatch(bare) is not None
    if not 1 <= len(bare) <= 4 or not all("\u3400" <= character <= "\u9fff" for character in bare):
        return False
    if len(bare) == 1:
        return bare != word and bare in _SURNAMES  # 王同志, 王某
    if _NOT_A_NAME.match(bare):
        return False
    if len(bare) >= 3 and _OFFICE.search(bare):
        return False
    return len(bare) <= 3 or bare.startswith(_DOUBLE_SURNAMES) or bare[0] in _SURNAMES


# ------------------------------------------------------------------------- numbers


def _find_numbers(text: str, at: int, found: list[Found], *, separated: bool = False) -> int:
    """Find the phone numbers that stand at ``at``; return where they end (``at`` when there are none)."""
    gap = _SEPARATOR.match(text, at) if separated else None
    start = gap.end() if gap else at
    end = at
    while match := _NUMBERS.match(text, start):
        if not _PUBLIC_NUMBER.match(match["number"]):
            found.append((match.start("number"), match.end(), PersonalKind.PHONE))
        end = match.end()
        gap = _NEXT_NUMBER.match(text, end)
        if gap is None:
            break
        start = gap.end()
    mobile = MOBILE.match(text, start)
    return mobile.end() if mobile else end


# ------------------------------------------------------------------------- tables

_PERSON_CELL = re.compile(rf"(?:{_PERSON}|{_spaced('姓名')})(?:[（(].*[)）])?")
_PHONE_CELL = re.compile(rf"(?:{_PERSON}.{{0,2}})?(?:{_PHONE})(?:[（(].*[)）])?")


def _find_columns(text: str, found: list[Found]) -> None:
    """Find the columns under 联系人 and 电话 of a table, and the cell beside such a label."""
    people: set[int] = set()
    phones: set[int] = set()
    width = 0
    at = 0
    for line in text.split("\n"):
        cells = line.split("\t")
        if len(cells) < 2:
            width = 0
        else:
            labels_of_people = {i for i, cell in enumerate(cells) if _PERSON_CELL.fullmatch(cell.strip())}
            labels_of_phones = {i for i, cell in enumerate(cells) if _PHONE_CELL.fullmatch(cell.strip())}
            if labels_of_phones or labels_of_people:
                people, phones, width = labels_of_people, labels_of_phones, len(cells)
            elif len(cells) == width:
                start = at
                for i, cell in enumerate(cells):
                    end = start + len(cell)
                    # 姓名 alone may head a list of members; it is contact data beside a phone.
                    if i in people and phones:
                        _find_names(text, start, end, found)
                    if i in phones:
                        _find_numbers(text, start, found)
                    start = end + 1
        at += len(line) + 1
