"""Every sentence the bot says in a chat besides the answers themselves."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.messages import Command

COMMANDS = (
    Command("ask", "提问，例如：/ask 柴桥2020年收到几件申请"),
    Command("reports", "库里有哪些报告"),
    Command("check", "核对报告里的数对不对得上"),
    Command("source", "看原文，或要一份报告的全文"),
    Command("explain", "上一个回答是怎么来的"),
    Command("help", "怎么用"),
    Command("start", "从头开始"),
)
ADMIN_COMMANDS = (
    Command("history", "一份报告的各个版本"),
    Command("undo", "撤销最近一次入库"),
    Command("unanswered", "没答上来的和被点 👎 的问题"),
    Command("alias", "教一个别名，例如：/alias 政务办 北仑区政务服务管理办公室"),
)

ORIGINAL, STORE, REPLACE, CANCEL, UNDO, NEXT, BEFORE = "原文", "入库", "替换", "取消", "撤销", "下一页", "上一页"

STALE = "这个按钮已经过期了，请重新问一次。"
USED = "这个按钮已经用过了。"
NOT_YOURS = "这是给提问的人选的，您可以直接问我。"
NOT_YOUR_FILE = "这个文件由发它的管理员决定。"
ADMINS_ONLY = "这个命令只有管理员能用。"
FILES_FROM_ADMINS = "谢谢，不过只有管理员发来的文件才能入库。"
TOO_MANY = "问得太快了，每分钟最多 {limit} 个问题，请稍等一会儿再问。"
TOO_LARGE = "《{name}》有 {size}，Telegram 只让机器人收 20 MB 以内的文件；请压缩或拆开后再发。"
ONLY_TEXT = "我只看得懂文字，请把问题打出来。"
INTERNAL = "程序自己出了错，已记入日志，请换个说法再试，或稍后再问。"
UNKNOWN_COMMAND = "没有“/{name}”这个命令，用 /help 看看有哪些。"
NO_QUESTION = "请在后面写上问题。"
ORIGINAL_ABOVE = "原文已经发在下面了。"
NO_ORIGINAL = "这个回答没有原文可看。"
THANKS = "谢谢，记下了。"
SORRY = "记下了，管理员会看到。"
NOTHING_TO_EXPLAIN = "还没有可以解释的回答，请先问一个问题。"
NOTHING_TO_UNDO = "没有可以撤销的入库。"
EMPTY_STORE = "库里还没有报告。"

READING = "正在读取《{name}》…"
DOWNLOADING = "正在下载《{name}》…"
STORING = "正在入库…"
CUT_SHORT = "……太长了，全文请私下问我。"
LOOK_AGAIN = "看过之后库里有了改动，请再看一遍。\n"
CANCELLED = "《{name}》已取消，没有入库。"
EXPIRED = "《{name}》等了一天没有决定，已放弃；要入库请重新发。"
UNDONE = "已撤销《{name}》的入库。"
UNDONE_BACK = "{org}{year}年改回用第 {version} 版（{source}）。"
UNDONE_GONE = "{org}{year}年的报告不再用来回答问题。"
NEWER = "之后又入库了更新的版本，这一次撤销不了。"
DOWNLOAD_FAILED = "《{name}》下载不了，请重新发一次。"
ALL_KNOWN = "《{name}》库里已经有了，内容一字不差，不用再入库。"

_INTRODUCTION = "您好！我是问报，读过库里的政府信息公开工作年度报告，直接问我里面的数就行，每个数都附原文。"
_IN_GROUP = "大家好！我是问报，读过库里的政府信息公开工作年度报告。@我 提问，或回复我的话接着问，每个数都附原文。"


def introduction(examples: Sequence[str], group: bool) -> str:
    """What is said at the first meeting."""
    return _with_examples(_IN_GROUP if group else _INTRODUCTION, examples)


def manual(examples: Sequence[str], admin: bool) -> str:
    """What /help says."""
    lines = ["直接把问题打给我；在群里请 @我，或回复我的话接着问。", "改了问题，我会改回答；点“原文”看出处。", ""]
    lines += [f"/{c.name} {c.text}" for c in COMMANDS if c.name not in ("start", "help")]
    if admin:
        lines += ["", "管理员：", *(f"/{c.name} {c.text}" for c in ADMIN_COMMANDS)]
        lines.append("发来报告文件（Word、PDF、网页、表格、文本、zip），我读完给您看，点“入库”才算数；群里发文件时请在说明里 @我 并写“入库”。")
    return _with_examples("\n".join(lines), examples)


def _with_examples(text: str, examples: Sequence[str]) -> str:
    return "\n".join([text, "", "可以这样问：", *(f"· {e}" for e in examples)]) if examples else text


def megabytes(size: int | None) -> str:
    """A file's size as people say it."""
    if size is None:
        return "大小不明"
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, size // 1024)} KB"
