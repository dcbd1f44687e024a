"""The units that tables print in a column of their own."""

from __future__ import annotations

import re

UNIT = re.compile(
    r"百?千?万?亿?(?:件次|人次|批次|场次|元|件|项|条|份|篇|期|次|场|个|人|家|户|宗|起|通|处|类|张|册|名|部|天|分钟|小时|平方米|公里|%|％|‰"
    r"|个工作日|工作日|页|字)"
)
