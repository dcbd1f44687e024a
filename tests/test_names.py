"""A body is found by every name people use for it, and two bodies are never taken for one."""

from __future__ import annotations

import pytest

from knowledge.names import looks_like_a_body, same_body, short_names, split

SHORT = [
    ("青禾县白石镇人民政府", ["青禾县白石镇", "青禾白石镇", "白石镇政府", "青禾白石", "白石镇", "白石"]),
    ("望江县石门民族乡人民政府", ["石门民族乡", "石门", "望江石门"]),
    ("临海市望江区人民政府石浦街道办事处", ["望江区石浦街道", "望江石浦", "石浦街道办", "石浦街道", "石浦"]),
    ("望江区人民政府", ["望江区政府", "望江区", "望江"]),
    ("望江区政府", ["望江区人民政府", "望江区"]),
    ("内海自治区人民政府", ["内海自治区"]),
    ("江海省人民政府办公厅", ["江海省政府办公厅", "省政府办公厅", "江海省政府办"]),
    ("青禾县市场监督管理局", ["县市场监管局", "青禾市监局", "市场监管局"]),
    ("望江区政务服务办公室", ["望江区政务办", "区政务办", "望江政务服务办"]),
    ("临海市发展和改革委员会", ["临海市发改委", "市发改委"]),
    ("国家税务总局临海市税务局", ["临海市税务局", "市税务局"]),
    ("临海市公安局望江分局", ["望江公安分局", "望江分局", "公安局望江分局"]),
    ("临海市高新技术产业开发区管理委员会", ["临海高新区", "临海高新区管委会"]),
    ("临海国家高新技术产业开发区管委会", ["临海高新区"]),
    ("云台经济技术开发区管理委员会", ["云台经开区", "云台开发区", "云台经开区管委会"]),
    ("望江新城管理委员会", ["望江新城", "望江新城管委会"]),
    ("临海市云台新区白石镇人民政府", ["白石镇", "白石镇政府", "云台新区白石镇", "云台白石镇"]),
    ("云台开发区石浦街道办事处", ["石浦街道", "云台开发区石浦街道", "石浦"]),
    ("云台新区管理委员会", ["云台新区", "云台新区管委会"]),
    ("江海省药品监督管理局", ["江海省药监局", "省药监局", "江海药监局"]),
    ("望江区人民法院", ["望江法院", "望江区法院"]),
]


@pytest.mark.parametrize(("org", "short"), SHORT)
def test_a_body_is_called(org: str, short: list[str]) -> None:
    names = short_names(org, [])
    assert set(short) <= set(names)
    assert org not in names and len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("石浦街道", "临海市望江区人民政府石浦街道办事处", True), ("石浦街道办事处", "石门街道办事处", False),
        ("望江区政务办", "临海市望江区政务服务办公室", True), ("县教育局", "青禾县教育局", True),
        ("青禾县教育局", "白石县教育局", False), ("青禾县教育局", "青禾县财政局", False),
        ("青禾县人民政府", "青禾县人民政府办公室", True), ("青禾县人民政府", "白石县人民政府", False),
        ("云台经开区管委会", "云台经济技术开发区管理委员会", True), ("白石镇", "青禾县白石镇人民政府", True),
        ("白石镇", "白石街道", False), ("临海市发改委", "临海市发展和改革委员会", True),
    ],
)  # fmt: skip
def test_two_names_mean_one_body(one: str, other: str, same: bool) -> None:
    assert same_body(one, other) is same_body(other, one) is same


@pytest.mark.parametrize("name", ["青禾县水利局", "石浦街道", "临海市望江区人民政府石浦街道办事处", "云台经开区管委会", "青禾县"])
def test_a_name_of_a_body(name: str) -> None:
    assert looks_like_a_body(name)


@pytest.mark.parametrize(
    "text", ["我局", "本机关", "各街道办事处", "2021年1月9日", "认真做好信息公开", "特此报告。", "政府信息公开工作年度报告", "无", "（公章）"]
)
def test_no_name_of_a_body(text: str) -> None:
    assert not looks_like_a_body(text)


def test_the_parts_of_a_name() -> None:
    name = split("临海市望江区人民政府石浦街道办事处")
    assert (name.kind, name.places, name.core) == ("street", ("临海市", "望江区"), "石浦")
