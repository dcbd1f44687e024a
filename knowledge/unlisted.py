"""Figures that the catalogue does not list: the question's own words, for the report's local rows and prose."""

from __future__ import annotations

from dataclasses import replace

from knowledge.declined import Declined
from knowledge.query import Operation, Query, Refusal, Target
from knowledge.spoken import Spoken
from knowledge.targets import find_targets


class Unlisted(Declined):
    """Queries by free words."""

    def by_words(self, otherwise: Refusal | None) -> Query | Refusal | None:
        """Not explained by the catalogue: the report's own local rows and prose may hold these very words."""
        bodies = self.bodies or (self.previous and self.previous.query.organisations)
        refusal = otherwise or self.not_understood()
        if not bodies and not self.years:
            return refusal
        if self.unknown_body():
            return self.unknown_body()
        words = self.content_words()
        operation = self.operation(1)
        if operation == "trend" and len(self.bodies) == 1:
            return self.base("trend", targets=(Target((), (), words, ""),), otherwise=refusal)
        if operation in ("count", "sum", "average") and len(self.bodies) == 1:
            operation = "value"  # 惠及多少家企业: 家 is the unit; 累计公开…条: 累计 stands in the sentence
        if operation in ("compare", "difference", "max", "min") and len(self.bodies) > 1:
            return self._compared_words(operation, words, refusal)
        if operation == "share" and "share" in self.roles:
            return self._share_of_words(refusal)
        if operation not in ("value", "growth", "share"):
            return refusal
        condition = None
        verdict = False
        if operation == "value":
            numbers = [t for t in self.rest if t.has("number")]
            if numbers or self._weighs():
                return refusal
            verdict = self.asks_whether(None)
        return self.base(
            "value", targets=(Target((), (), words, ""),), otherwise=refusal, verdict=verdict, condition=condition
        )

    def _weighs(self) -> bool:
        """「比微信多多少」「收到多条少」: 比, 多, 少 ask to weigh two figures, unless they belong to an unknown word (大走访)."""
        said = set(self.unknown)
        for before, token, after in zip([None, *self.rest], self.rest, [*self.rest[1:], None], strict=False):
            if set(token.keys("op")) & {"more", "less", "than"} and not token.has("filler"):
                if before not in said and after not in said:
                    return True
        return False

    def _compared_words(self, operation: Operation, words: str, refusal: Refusal) -> Query:
        """「柳湾和石桥清理失效文件哪家多」: the same words looked for in each report."""
        operation = "compare" if operation in ("max", "min") else operation
        named = sorted((b.text for b in self.bodies), key=len, reverse=True)
        for name in named:
            words = words.replace(name, " ")
        target = Target((), (), words, "".join(words.split()))
        less = "less" in self.roles or "min" in self.roles
        return self.base(operation, targets=(target,), otherwise=refusal, descending=not less)

    def _share_of_words(self, refusal: Refusal) -> Query | Refusal:
        at = next(i for i, t in enumerate(self.tokens) if t.has("op", "share"))
        sides = []
        for side in (self.tokens[:at], self.tokens[at + 1 :]):
            attempt = Spoken(side, None)
            content = [t for t in attempt.rest if not t.has("op", "ratio_word")]
            found = find_targets(content, self.roles) if not attempt.unknown else []
            words = Spoken([t for t in side if not t.has("op", "ratio_word")], None).content_words()
            if (
                all(t.has("filler") for t in attempt.rest) and not attempt.bodies
            ):  # 重点领域信息占比多少: the report prints the share itself
                return self.base("value", targets=(Target((), (), self.content_words(), ""),), otherwise=refusal)
            sides.append(replace(found[0].target, words=words) if len(found) == 1 else Target((), (), words, ""))
        return self.base("share", targets=(sides[0],), denominator=(sides[1],), otherwise=refusal)
