"""Wording (措辞): when a word of a draft is covered by the words cited.

Official prose has few ways to say a thing; those that say the same are listed here. A word that is neither cited,
nor the same as one that is, nor empty, is one too many. Opposites are never in one list.
"""

from __future__ import annotations

import re
from functools import lru_cache

_SAME = """
开展 组织 举办 举行 实施 进行 实行 推行 采取 采用 落实
建立 建成 设立 成立 建设 新建 组建 建有 设有 设置 设
开通 启用 投入使用 上线 运行 投用 开放
开设 开齐 安排 设置
提高 提升 增强 上调 调高 增加 增长 上升 增至 扩大 上浮
减少 下降 降低 下调 调低 缩小 降至 下浮
补助 补贴 资助 财政补助
给予 发放 提供 享受 获得 领取 可获 获 得到
要求 规定 应当 应 必须 须 需 应该 需要
严禁 禁止 不得 不准 不许 不能 不可 不允许
尚未 暂未 还未 未 没有 还没有 仍未 并未
可以 可 能够 能 允许
负责 承担 具体负责
牵头 牵头负责 牵头落实
配合 协助 予以配合 协同 配合落实
会同 联合 共同
按职责分工负责 分工负责 分别负责 按照职责分工负责 按分工负责 按职责分工
承办 主办 负责承办
上年 去年 上一年 同比 较上年 比上年 上年同期 去年同期
同比 较上年同期 与上年相比
全市 我市 本市 市内 全市范围
全县 我县 本县 县内 全县范围
全区 我区 本区 区内 全区范围
全省 我省 本省 省内
我局 本局
我委 本委
完工 竣工 完成 建成
开工 动工 开工建设
目前 现 现有 现在 当前 截至目前
居民 群众 市民 老百姓
老人 老年人
孩子 儿童
学校 校 中小学 中小学校
企业 公司
占比 比重 比例 占
覆盖率 覆盖面
达到 达 至 为 到
超过 突破 高于 多于
低于 少于 不足
用于 用作
分别 各自
包括 包含 涵盖 含
其中 当中
首批 第一批
全天 每天24小时 全天候 每天
存放 储存 存储 储备
审批 审核批准 审批核准
备案 报备
聘用 聘请 聘任
培训 训练
处罚 处以 处
免收 免费 不收取 免除 不收
强制 强迫
惠及 受益 受惠
投资 投入
排查 检查
整改 整治
发现 查出 查处
印发 下发 发布 公布 出台 颁布
施行 实施 执行 生效
废止 失效
道路 路
上路 上道路
采集 收集
优先 优先考虑
持续 不断 继续
推进 推动 加快
加强 强化 加大
完善 健全
支持 扶持
鼓励 引导 倡导
解决 化解
保障 确保 保证
举措 措施 做法
困难 难题 问题 困难问题
受 由于 因 因为 原因
计划 拟 打算 将 预计 规划 力争 争取
下一步 今后 接下来
标准 额度 限额
金额 资金 经费 款项
家庭 户
转介 转诊
报名 申报 申请
录取 招录
时 的时候 之时
农民 村民 农村村民
课程 课
人员 者
每部 每台 每台电梯
建成 建 已建
购买 采购
联系电话 电话
24小时 全天24小时
两次 2次
设立 设置 设有 配有 配备 配置
方可 才能 才可 方能
位于 设在 设于 坐落于
拨付 下达 拨款 下拨
申请人 申请者
办理 受理 经办
公示 公布 公开 向社会公开
处理 处置
治理 整治
修缮 维修 修复 修葺
招聘 招录 录用
场地 场所
方式 形式 模式
期限 时限
教师 老师
医护人员 医务人员
每名 每人 每位
每户 每个家庭
首次 第一次
免费 不收费
收费 收取费用
出台 制定 印发
制订 制定
预防 防范
宣传 宣讲
走访 入户
帮助 帮扶 协助
接收 收到 接到
答复 回复 复函
施工 建设
起始 开始
截止 截至 结束
超出 超过
另 另外
须 须要 必须
购置 购买 采购
覆盖 涵盖
约谈 面谈
巡查 巡逻 巡检
涉及 有关 事关
服务点 服务站点 站点
发生 出现
成效 效果 成果
资源 力量
运营 经营 运行
入学 就读
申领 领取
""".strip()

# Empty in a draft: they join, point or frame, and say nothing of the matter.
_EMPTY = frozenset(
    """
    的 了 地 得 着 之 其 该 此 这 那 它 者 而 且 并 并且 以及 及 与 和 或 或者 同 跟 即 也 还 又 均 都 则 就 便 亦
    在 于 对 对于 从 自 由 向 为 为了 以 按 按照 根据 依据 依照 据 关于 至 到 把 将 被 让 使 给 用 通过 经
    是 有 共 共有 共计 总共 合计 总计 有关 相关 各 每 每个 所 等 等等 个 名 家 位 项 件 处 次 年 月 日 万 亿 元 人 中 间 时 期间 之间 以来 之日起
    此外 另外 同时 其次 首先 最后 其中 当中 方面 情况 具体 具体来说 主要 主要包括 主要是 分别 分别为 分别是 包括 包含 涵盖 分为 所述 上述 如下 即为
    规定 明确 提出 指出 显示 表示 称 说明 介绍 提到 写明 载明 明确规定 要求 文件 原因 标准 数量 数 总数 总 总量 现有 目前 已 已经 截至 达 达到 约为 一共
    本 我 会 能 可 可以 应 应当 须 必须 要 需 需要 予以 进行 实行 做 作 给予 作为 属于 成为 来 去 较 比 相比 与此同时 并由 均为 作出 做到 以便
    项目 工作 事项 内容 任务 也就是 亦即 目标 目标是 旨在 针对 相应 如 例如 比如 仍 仍然 行为 现象 存在 还将 也将 均已 都已 又将 即可 共可 不仅 而且 因此 所以 由于 因 下一步 接下来 今后 未来 预计 计划 拟 力争 单位 部门 责任单位 责任 职责 分工 分工负责 年度
    """.split()
)
_EMPTY_CHARACTERS = frozenset(
    "的了地得之其该此与和及或并且且即也还又均都则在于对从自由向为以按据至到把将被是有共各每所等个名家中时已可应须要需会能较比者这那、们校路各"
)

# Of the single characters above; 建 or 将 stands in too many words.
_TELLING_CHARACTERS = frozenset("户路校占达")

_EMPTY_ENDINGS = frozenset("为是有由将已的在")
_COMPOUND_STARTS = ("未", "非", "不", "无")
_COMPOUNDS = re.compile(r"未成年人?|未婚|非法|非机动车?|非公有?制?|非税|非营利|不动产|无障碍|无人机?")
_EMPTY_PREFIXES = frozenset("并由为将须应已在的于按及和该")

LIGHT = frozenset(
    (
        "提供",
        "持续",
        "开展",
        "进行",
        "组织",
        "实施",
        "推出",
        "采取",
        "设有",
        "拥有",
        "作出",
        "给出",
        "予以",
        "做好",
        "共设",
        "使用",
    )
)
"""Verbs that add nothing to the noun they stand with: 提供健康体检 for 健康体检."""

_GROUPS: dict[str, frozenset[str]] = {}
for _line in _SAME.splitlines():
    _words = frozenset(w for w in _line.split() if len(w) > 1 or w in _TELLING_CHARACTERS)
    for _word in _words:
        _GROUPS[_word] = _GROUPS.get(_word, frozenset()) | _words


def same(word: str) -> frozenset[str]:
    """Return the words that say the same as ``word``, itself among them."""
    return _GROUPS.get(word, frozenset()) | {word}


def is_empty(word: str) -> bool:
    """Tell whether a word says nothing of the matter."""
    return word in _EMPTY


@lru_cache(maxsize=8192)
def covers(text: str, word: str) -> bool:
    """Tell whether ``text`` holds a word, one that says the same, or the parts of a word that is put together."""
    if not word.startswith(_COMPOUND_STARTS):
        text = _COMPOUNDS.sub(" ", text)  # 未成年人 holds no 成年人
    if any(other in text for other in same(word)):
        return True
    if len(word) == 2 and word[0] in _EMPTY_PREFIXES:  # 并报, 由市: the cutter took two words for one
        return word[1] in text
    if len(word) == 2 and word[1] in _EMPTY_ENDINGS and word[0] in text:  # 率为
        return True
    return len(word) > 2 and _covers_parts(text, word)


def _covers_parts(text: str, word: str) -> bool:
    """Whether a word is made of parts of two or more characters that the text holds, and empty characters between."""
    at = 0
    while at < len(word):
        end = next((e for e in range(len(word), at + 1, -1) if any(s in text for s in same(word[at:e]))), 0)
        if end:
            at = end
        elif word[at] in _EMPTY_CHARACTERS:
            at += 1
        else:
            return False
    return True
