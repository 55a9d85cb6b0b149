"""Provinces and the cities, prefectures and leagues under them (行政区划, 地级以上), as of 2024; which place lies in which.

Below these, a place is told by the last character of its name alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

# Province: its prefecture-level places, all without 省, 市, 地区, 盟. An autonomous prefecture has its short name.
_TABLE = """
北京:
天津:
上海:
重庆:
河北: 石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 雄安
山西: 太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁
内蒙古: 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 兴安 锡林郭勒 阿拉善
辽宁: 沈阳 大连 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛
吉林: 长春 四平 辽源 通化 白山 松原 白城 延边
黑龙江: 哈尔滨 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 大兴安岭
江苏: 南京 无锡 徐州 常州 苏州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁
浙江: 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌
安徽: 合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城
福建: 福州 厦门 莆田 三明 泉州 漳州 南平 龙岩 宁德 平潭
江西: 南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶
山东: 济南 青岛 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽 莱芜
河南: 郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店 济源
湖北: 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施 仙桃 潜江 天门 神农架
湖南: 长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西
广东: 广州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 横琴
广西: 南宁 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州 河池 来宾 崇左
海南: 海口 三亚 三沙 儋州
四川: 成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 阿坝 甘孜 凉山
贵州: 贵阳 六盘水 遵义 安顺 毕节 铜仁 黔西南 黔东南 黔南
云南: 昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山 西双版纳 大理 德宏 怒江 迪庆
西藏: 拉萨 日喀则 昌都 林芝 山南 那曲 阿里
陕西: 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛
甘肃: 兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南
青海: 西宁 海东 海北 黄南 果洛 玉树 海西
宁夏: 银川 石嘴山 吴忠 固原 中卫
新疆: 乌鲁木齐 克拉玛依 吐鲁番 哈密 昌吉 博尔塔拉 巴音郭楞 阿克苏 克孜勒苏 喀什 和田 伊犁 塔城 阿勒泰 石河子
台湾: 台北 高雄 台中 台南
香港:
澳门:
"""

PROVINCES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        province: tuple(cities.split())
        for province, _, cities in (line.partition(":") for line in _TABLE.strip().splitlines())
    }
)
"""Prefecture-level places by province, without 省, 市…"""

PROVINCE_OF: Mapping[str, str] = MappingProxyType(
    {city: province for province, cities in PROVINCES.items() for city in cities}
)
"""The province of a prefecture-level place, both without 省, 市…"""

KNOWN = "|".join(sorted([*PROVINCES, *PROVINCE_OF], key=len, reverse=True))
_PEOPLES = "|".join(
    "蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土"
    " 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春"
    " 赫哲 门巴 珞巴 基诺 各".split()
)
AUTONOMOUS = rf"(?:(?:{_PEOPLES})族?)+自治[区州县旗]"
"""The end of an autonomous place's name: 壮族自治区, 土家族苗族自治县."""

SUFFIX = rf"(?:特别行政区|{AUTONOMOUS}|自治区|经济特区|生产建设兵团|新区|地区|[省市州盟])"


@cache
def _part() -> re.Pattern[str]:
    """Made when first needed: it takes 30 ms, and many questions name no place."""
    return re.compile(
        rf"(?P<known>{KNOWN}){SUFFIX}?|(?P<name>.+?)(?:{AUTONOMOUS}|自治州|新区|街道|[省市县区旗镇乡盟州])"
    )


@lru_cache(maxsize=16_384)
def parts(place: str) -> tuple[str, ...]:
    """Return the places that a name leads through, without 省, 市…; the province of a city is one of them.

    重庆市渝北区 gives 重庆, 渝北; 杭州市 gives 浙江, 杭州; a name without any 市, 县… gives itself.
    """
    found = [match["known"] or match["name"] for match in _part().finditer(place)] or [place]
    return (PROVINCE_OF[found[0]], *found) if found[0] in PROVINCE_OF else tuple(found)


def lie_together(place: str, other: str) -> bool:
    """Tell whether one place is the other or lies in it: 杭州市 and 浙江省, but not 杭州市 and 宁波市."""
    ours, theirs = parts(place), parts(other)
    return ours[-1] in theirs or theirs[-1] in ours
