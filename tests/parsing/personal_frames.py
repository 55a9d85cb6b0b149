"""Sentence frames (句式) in which official papers carry telephones and identity numbers, and ways of writing them.

Written without looking at the rules of ``rag.parsing.personal``; no frame holds a number or a name, both are drawn.
The numbers cannot be real: they have a run of zeros in the middle, or are of a district ``00``. Fields: ``{mobile}``
手机, ``{landline}`` 座机 with its area code, ``{local}`` without one, ``{id}`` 身份证号, ``{name}`` 姓名.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter

FRAMES: tuple[str, ...] = (
    # Letters and replies: the foot, the body, the margin.
    "联系单位：霁城市文化馆　　{name}　　{mobile}",
    "（承办人：{name}，电话：{landline}）",
    "经办人：{name}（{mobile}）",
    "本件由{name}同志负责解释，手机{mobile}。",
    "如有疑问，请致电{name}（{landline}）。",
    "如需了解更多情况，可拨打{landline}与我局{name}联系。",
    "请于3日内与本院{name}法官联系，号码{mobile}。",
    "联系人 {name} 电话 {landline} 传真 {landline}",
    "联 系 人：{name}\n联系方式：{mobile}",
    "抄送：提案人{name}（{mobile}）。",
    "附注：此件依申请公开。联系人：{name}；联系电话：{landline}、{mobile}",
    "分管领导：{name} {mobile}；具体承办：{name} {landline}",
    "来信人{name}，住本市东城，电话{mobile}，反映小区停车难。",
    "您好，我是市民{name}，我的手机号是{mobile}，请尽快回电。",
    "信访人：{name}，身份证号码：{id}，联系电话：{mobile}。",
    "当事人{name}，男，汉族，公民身份号码{id}，务农。",
    "被处罚人：{name}　性别：女　证件号：{id}",
    "委托代理人{name}（身份证：{id}）全权办理。",
    "申请人：{name}，居民身份证{id}，住址略。",
    "法定代表人：{name}（{id}）",
    "特此证明{name}（身份证号{id}）系我村村民。",
    "经查，{name}（{id}）于2021年起享受低保。",
    "兹有{name}，身份证件号码为{id}，前来办理。",
    "致电{mobile}无人接听，后改拨{landline}。",
    "回访时间：2024年3月5日，回访电话{mobile}，群众满意。",
    "12345热线工单：来电人{name}，来电号码{mobile}，诉求为路灯不亮。",
    "12345转办件，市民来电（{mobile}）反映噪声扰民。",
    "工单编号20240305001，来电号码：{landline}。",
    "网民“{name}”留言，预留电话{mobile}。",
    "举报人{name}（{mobile}）称该厂夜间排污。",
    "委员：{name}  界别：医卫  手机：{mobile}  邮编：443000",
    "提案人 {name}；通讯地址 市一中；移动电话 {mobile}；邮政编码 443000",
    "代表姓名：{name}，代表证号：0231，联系手机：{mobile}",
    "第一提案人：{name}\t{mobile}\t市医院",
    "附议人：{name}（{mobile}）、{name}（{mobile}）",
    "{name}\t{landline}",
    "{name}　{mobile}　{id}",
    "{name},{mobile},{id}",
    "1\t{name}\t男\t{id}\t{mobile}\t合格",
    "| 序号 | 姓名 | 身份证号 | 电话 |\n| 1 | {name} | {id} | {mobile} |",
    "| 联系人 | {name} | 办公电话 | {landline} |",
    "| 手机 | {mobile} |",
    "姓名\t电话\n{name}\t{mobile}",
    "姓名 | 办公室电话 | 手机\n{name} | {landline} | {mobile}",
    "姓名\n{name}\n电话\n{mobile}",
    "联系人\n{name}\n联系电话\n{landline}",
    "联系电话：\n{mobile}",
    "联系电话\n\n{landline}",
    "联系电话（手机）：{mobile}",
    "联系电话(座机):{landline}",
    "固定电话：{landline}　　移动电话：{mobile}",
    "办公电话：{landline}（工作日）",
    "办公室电话{landline}",
    "宅电：{landline}",
    "家庭电话：{landline}",
    "家长电话：{mobile}（母亲）",
    "监护人联系方式：{mobile}",
    "紧急联系人{name}，{mobile}。",
    "单位联系人手机：{mobile}",
    "微信同号：{mobile}",
    "手机（微信）：{mobile}",
    "微信号{mobile}",
    "QQ群管理员{name}，手机号码：{mobile}",
    "Tel：{landline}",
    "TEL: {landline}  FAX: {landline}",
    "Phone: {mobile}",
    "Mobile {mobile}",
    "电 话：{landline}",
    "电话:{local}",
    "联系电话：{local}，{local}",
    "联系电话：{landline}或{local}",
    "办公室{name}（电话：{local}）",
    "传真：{landline}",
    "传真电话:{local}",
    "报名电话{mobile}（{name}）",
    "咨询{name}：{mobile}",
    "请加{name}（{mobile}）进群。",
    "报送至{name}处（{mobile}）。",
    "请将回执传真至{landline}，联系人{name}。",
    "请各单位于5月20日前将联络员名单报市教体局（联系人：{name}，{landline}）。",
    "各区县联络员：渝东区{name}{mobile}，渝西区{name}{mobile}。",
    "联络员：{name}（办公室副主任），{mobile}",
    "责任人：{name}，{mobile}；监管人：{name}，{mobile}。",
    "河长：{name}　电话：{mobile}",
    "网格员{name}电话{mobile}",
    "村支书{name}（{mobile}）",
    "值班人员：{name}　{mobile}",
    "带班领导{name}，手机保持畅通：{mobile}",
    "驻村第一书记：{name}/{mobile}",
    "包保干部 {name} {mobile}",
    "项目负责人：{name}；电话：{landline}；手机：{mobile}",
    "招标人：霁城市城投公司  联系人：{name}  电话：{landline}",
    "采购代理机构：霁城咨询有限公司，项目联系人：{name}，电话：{landline}",
    "质疑联系人：{name}，质疑联系电话：{landline}",
    "公示期内如有异议，请向{name}反映，电话{landline}。",
    "会务联系：{name}，{mobile}；{name}，{landline}。",
    "会议联系人：{name}(手机{mobile})",
    "食宿由{name}安排，{mobile}。",
    "司机{name}，{mobile}，车牌略。",
    "收件人：{name}，{mobile}，霁城市政务服务中心3楼",
    "邮寄地址：霁城市人民路1号，{name}收，{mobile}",
    "患者{name}，{id}，联系电话{mobile}，已隔离。",
    "密接者{name}（{mobile}），乘坐同一航班。",
    "学生{name}，学籍号略，身份证{id}，父亲电话{mobile}",
    "考生{name}　身份证号：{id}　准考证号略",
    "死者{name}，身份证号码{id}。",
    "开户名：{name}，证件：{id}",
    "户主{name}，户主身份证号{id}，家庭人口3人",
    "残疾人{name}（证号{id}）",
    "拟发放对象：{name}，{id}，600元",
    "补贴名单：{name}{id}，{name}{id}",
    "居民身份证号码：{id}",
    "身份证号：\n{id}",
    "公民身份号码 {id}",
    "身 份 证：{id}",
    "证件类型：身份证　证件号码：{id}",
    "ID No.: {id}",
    "纳税人{name}，有效身份证件号码：{id}",
    "当事人：{name}，1985年生，{id}",
    "（身份证号：{id}，电话：{mobile}）",
    "{mobile}（{name}）",
    "{name}：{mobile}",
    "{name}{mobile}",
    "{landline}（{name}）",
    "{name}（{landline}）",
    "{name}，{landline}",
    "局办公室：{landline}　{name}",
    "主任{name} {landline}",
    "办公室 {name} {landline} {mobile}",
    "联系人：{name}、{name}；电话：{landline}/{landline}",
    "联系电话：{landline}、{landline}",
    "电话：{landline} {landline}",
    "联系方式：{mobile}/{mobile}",
    "联系方式：{mobile}；{mobile}。",
    "联系方式（{mobile}）",
    "电话号码为{mobile}的用户",
    "号码{mobile}已停机",
    "本人电话：{mobile}，承诺以上情况属实。",
    "签收人签字：{name}    {mobile}    年  月  日",
    "填表人：{name}　填表日期：2024年6月1日　电话：{landline}",
    "审核人：{name}  制表人：{name}  联系电话：{local}",
    "统计负责人：{name}　填表人：{name}　联系电话：{landline}",
    "霁城市民政局社会救助科，{name}，{landline}，443000。",
    "地址：霁城市人民路1号；邮编：443000；电话：{landline}；联系人：{name}",
    "主题词：教育 提案 答复\n（联系人：{name} 电话：{mobile}）",
    "[{name} {mobile}]",
    "【{name}，{mobile}】",
    "*{name}* **{mobile}**",
    "- {name}：{landline}",
    "对{name}（{mobile}、{id}）予以表扬。",
    "前款所称联系人，指{name}（{mobile}）。",
)
"""The first set; rules were mended on what it showed."""

LATER_FRAMES: tuple[str, ...] = (
    "特约联系：{name} 电话号码：{mobile}",
    "该户联系电话已变更为{mobile}，原{mobile}停用。",
    "经电话核实（{landline}），{name}确已外出务工。",
    "附：报名回执（发送至{mobile}微信）",
    "材料寄送：霁城市教育局体卫艺科{name}收，{landline}",
    "乡镇联络员名册：望江镇 {name} {mobile}；临河镇 {name} {mobile}",
    "请{name}同志（{mobile}）于9时到会。",
    "住院号略，{name}，男，56岁，{id}",
    "我叫{name}，身份证{id}，手机{mobile}，反映如下问题：",
    "乘客{name}手机尾号略，全号{mobile}",
    "区政协委员{name}（联系方式：{landline}）",
    "督办员{name}/{landline}",
    "教师资格证持有人{name}，{id}",
    "不动产权利人：{name}，证件号码{id}",
    "投标联系人 {name} {landline} {mobile}",
    "协查对象身份证号分别为{id}、{id}。",
    "收货人电话{mobile}/{landline}",
    "单位负责人：{name} 统计负责人：{name} 填表人：{name} 电话：{landline}",
    "{name}（法定代表人，{mobile}）",
    "业主{name}来电（{landline}）称电梯停运。",
    "招生咨询找{name}老师：{mobile}",
    "办公地点：行政中心301；电话：{local}；联系人：{name}",
    "（{landline}，{name}）",
    "——{name}，{mobile}",
    "1.{name}，{landline}；\n2.{name}，{landline}。",
    "姓名：{name}\n身份证：{id}\n电话：{mobile}\n",
    "证明人：{name}　电话：{mobile}",
    "被救助人：{name}，{id}，救助金800元。",
    "科室\t姓名\t办公电话\t手机\n医政科\t{name}\t{landline}\t{mobile}",
    "科室\t姓名\t分机\n医政科\t{name}\t{local}",
    "带队领导：{name}（{landline}、{mobile}）",
    "受理人：{name}，受理电话{mobile}",
    "发件人：{name} <{mobile}>",
    "“{name}”，“{mobile}”",
    "请于每周三前电话报告（{name}，{landline}；传真{landline}）。",
    "承办单位联系人及电话：{name}，{landline}",
    "代理人身份证号码: {id}；代理人电话: {mobile}",
    "村医{name}　{mobile}　{id}",
    "驾驶员{name}，驾驶证号{id}",
    "社保卡号（身份证号）{id}",
    "备注：{mobile}为{name}本人电话",
    "有意者请联系{mobile}。",
    "投保人证件{id}，被保险人证件{id}",
    "公示对象：{name}，身份证后四位略，全号{id}",
)
"""The second set, written after those rules and measured before they were touched again."""

# Numbers that are published for everyone: none of their digits may be masked.
PUBLISHED: tuple[str, ...] = (
    "心理援助热线67319162全天开通。",
    "拨打全国统一心理援助热线12356。",
    "可拨打12345政务服务便民热线反映。",
    "请拨打110、119、120、122。",
    "消费者投诉举报热线12315。",
    "“12338”妇女维权热线、12355青少年服务台。",
    "供电服务热线95598，供水热线96390。",
    "客服电话：400-820-8820",
    "全国咨询电话 4008208820",
    "免费电话800-810-8888",
    "24小时热线：0717-6445566",
    "24小时心理援助热线电话（028）87577510",
    "举报电话：0717-6445566",
    "监督电话：0717-6445566",
    "投诉电话：023-67001234",
    "监督举报电话：0717-12388",
    "纪委监督电话12388，国务院督查12388。",
    "服务热线0717－6445566",
    "市长热线：12345",
    "急救电话120",
    "火警119、报警110",
    "求助热线：023-12355",
    "医保服务热线12393",
    "人社热线12333",
    "税务热线12366",
    "交通运输服务监督电话12328",
    "法律援助热线12348",
    "文旅热线12318",
    "环保举报热线12369",
    "银行客服95588、95533",
)

# Figures that look like numbers to call and are none.
FIGURES: tuple[str, ...] = (
    "霁政办发〔2024〕26号",
    "总投资13812345678元",
    "资金138123.45万元",
    "统一社会信用代码91420500MA48ABCD1X",
    "项目代码2019-420500-82-01-012345",
    "邮编：443000",
    "人口4012345人，比上年增加0.5%",
    "预算下达20231234567.89元",
    "标准号GB/T 9704-2012",
    "工单编号202403050012345678",
    "经费合计1,381,234,567元",
    "2023年1月5日至2024年12月31日",
    "0.717-0.644",
    "020304050607",
    "增长13.8%、15.0%、17.2%",
    "银行联行号102526000123（支行）",
    "坐标东经111.2903，北纬30.7026",
    "GDP 5756.35亿元，粮食总产158.37万吨",
    "2010-2023年",
    "0717机房、0101教室",
    "ISBN 978-7-5093-1234-5",
    "开竣工日期20230101-20231231",
    "证书编号：2023（宜）字第0012345号",
    "鄂ICP备12345678号",
    "国发〔2019〕13号、国办发〔2020〕27号",
    "第1234567890号提案",
    "每吨1380元，共15012吨",
)


_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u2066\u2069\u00ad"
_MOBILE_HEADS = (
    "130 131 135 136 138 139 145 147 150 152 155 158 166 170 173 176 177 180 182 186 188 189 191 193 198 199".split()
)
_AREAS = "010 021 023 027 028 0717 0838 0599 0512 0755 0891 0310".split()
_REGIONS = "110100 510600 500100 420500 440300 650100 820000 310100".split()


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _mobile(chance: random.Random) -> str:
    n = f"{chance.choice(_MOBILE_HEADS)}0000{chance.randint(0, 9999):04}"
    a, b, c = n[:3], n[3:7], n[7:]
    gap = chance.choice(_UNSEEN)
    grouped = [
        sign.join((a, b, c)) for sign in (" ", "-", "·", ".", "\u3000", "\u00a0", "\u2011", "/", "_", " - ", gap)
    ]
    return chance.choice(
        [n] * 8
        + grouped
        + [f"{a} {b}{c}", f"{a}{b} {c}", f"{n[:4]} {n[4:8]} {n[8:]}", f"{n[:4]}-{n[4:7]}-{n[7:]}", f"{n[:5]} {n[5:8]} {n[8:]}"]
        + [f"{n[:5]} {n[5:]}", _wide(n), _wide(f"{a}-{b}-{c}"), f"+86 {n}", f"+86{n}", f"0086-{n}", f"（+86）{n}", f"0{n}"]
        + [gap.join(n), "".join(chr(0x1D7CE + int(digit)) for digit in n), f"{a}（{b}）{c}"]
    )  # fmt: skip


def _local(chance: random.Random, length: int) -> str:
    return f"{chance.randint(2, 8)}{chance.randint(0, 99):02}0000{chance.randint(0, 9)}"[:length]


def _landline(chance: random.Random) -> str:
    area = chance.choice(_AREAS)
    local = _local(chance, 7 if len(area) == 4 else 8)
    head, tail = local[:-4], local[-4:]
    gap = chance.choice(_UNSEEN)
    signs = ("—", "——", "－", "–", " ", "", "/", ".", "\u3000", "_", "·", "- ")
    return chance.choice(
        [f"{area}-{local}"] * 5
        + [f"{area}{sign}{local}" for sign in signs]
        + [f"({area}){local}", f"（{area}）{local}", f"（{area}）{head}-{tail}", f"[{area}]{local}", f"{area} {head} {tail}"]
        + [f"{area}-{head} {tail}", f"{area}-{head}-{tail}", f"{area}-{local}转8001", f"{area}-{local}-8001"]
        + [f"{area}-{local}（分机801）", f"{area}-{local}转801、802", f"+86-{area[1:]}-{local}", f"86-{area[1:]}-{local}"]
        + [f"0086 {area[1:]} {local}", _wide(f"{area}-{local}"), _wide(f"({area}){local}"), f"{area}{gap}-{local[:3]}{gap}{local[3:]}"]
    )  # fmt: skip


def _without_area(chance: random.Random) -> str:
    local = _local(chance, chance.choice((7, 8)))
    head, tail = local[:-4], local[-4:]
    return chance.choice(
        [local] * 4 + [f"{head}-{tail}", f"{head} {tail}", _wide(local), f"{local}转801", f"{local}-801"]
    )


def _identity(chance: random.Random) -> str:
    region = chance.choice(_REGIONS)
    day = f"{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
    if chance.random() < 0.2:  # 15 digits, as given out until 1999
        n = f"{region}{chance.randint(30, 99)}{day}{chance.randint(0, 999):03}"
        return chance.choice([n, n, _wide(n), f"{n[:6]} {n[6:12]} {n[12:]}", f"{n[:6]}-{n[6:12]}-{n[12:]}"])
    body = f"{region}{chance.randint(1925, 2023)}{day}{chance.randint(0, 999):03}"
    right = "10X98765432"[sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(body)) % 11]
    n = body + (right if chance.random() < 0.6 else chance.choice("0123456789Xx×"))
    grouped = [sign.join((n[:6], n[6:14], n[14:])) for sign in (" ", "-", "\u3000", "·")]
    return chance.choice(
        [n] * 5
        + grouped
        + [n.lower(), _wide(n), f"{n[:3]} {n[3:6]} {n[6:10]} {n[10:14]} {n[14:]}", f"{n[:6]} {n[6:10]} {n[10:14]} {n[14:]}"]
        + [chance.choice(_UNSEEN).join(n), f"{n[:14]} {n[14:]}", f"{n[:10]} {n[10:]}"]
    )  # fmt: skip


def _name(chance: random.Random) -> str:
    given = chance.choice(("某", "某某", chance.choice("甲乙丙丁戊庚"), "".join(chance.sample("甲乙丙丁戊庚", 2))))
    return chance.choice("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高") + given


_DRAWN = {"mobile": _mobile, "landline": _landline, "local": _without_area, "id": _identity, "name": _name}
_FIELD = re.compile(r"\{(\w+)\}")


def filled(frame: str, chance: random.Random) -> tuple[str, Counter[str], re.Pattern[str]]:
    """Fill a frame.

    Returns:
        The text; how many of each kind of number are in it; what its digits must be once they are masked: those of
        the frame, perhaps with the country code or the 0 before a number, which tell nothing of anybody.
    """
    kinds = Counter(kind for kind in _FIELD.findall(frame) if kind != "name")
    text = _FIELD.sub(lambda field: _DRAWN[field[1]](chance), frame)
    pieces = [re.escape("".join(c for c in piece if c.isdigit())) for piece in _FIELD.split(frame)[::2]]
    return text, kinds, re.compile("(?:(?:00)?86|0)?".join(pieces))


def digits(text: str) -> str:
    """Return the digits that can be read in a text, of whatever script."""
    return "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())
