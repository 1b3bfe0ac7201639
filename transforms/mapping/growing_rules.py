"""Rules to which the decisions of a list are added; existing rules are not edited."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from transforms.mapping.rules import CODE, CODE_FIELD, EXACT, ONE_DAY, Rule

Text = tuple[str, str, str, str]
"""Scope, modality, field and pattern of a rule for a whole text or a code."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Author and reviewer of the rules of a list, and the first study date they apply to."""

    author: str
    reviewer: str | None
    valid_from: date


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided about one text or code; `procedure_id` is None for no procedure."""

    scope: str
    modality: str
    field: str
    text: str
    procedure_id: str | None
    note: str | None = None

    @property
    def key(self) -> Text:
        """What makes two decisions concern the same text."""
        return (self.scope, self.modality, self.field, self.text)


class GrowingRules:
    """Rules in the order of their file, found by text, version and priority without a search."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules: list[Rule] = []
        self.added = self.closed = self.unchanged = 0
        self._places: dict[Text, list[int]] = defaultdict(list)
        self._versions: dict[str, int] = defaultdict(int)
        self._priorities: dict[tuple[str, str], int] = defaultdict(int)
        for rule in rules:
            self._append(rule)

    def decide(self, decided: Decided, signed: Signature) -> None:
        """Add a decision as a new version of the rule for this text."""
        places = list(self._places[decided.key])
        if any(self._is_decided_already(self.rules[at], decided, signed) for at in places):
            self.unchanged += 1
            return
        for place in places:
            self._close(place, signed.valid_from)
        self._append(self._new_version(decided, signed, places))
        self.added += 1

    def _append(self, rule: Rule) -> None:
        if rule.match_type in (EXACT, CODE):
            key = (rule.scope, rule.modality, rule.field, rule.pattern)
            self._places[key].append(len(self.rules))
        self._versions[rule.rule_id] = max(self._versions[rule.rule_id], rule.rule_version)
        rank = (rule.scope, rule.modality)
        self._priorities[rank] = max(self._priorities[rank], rule.priority)
        self.rules.append(rule)

    def _close(self, place: int, valid_from: date) -> None:
        """End a rule on the day before; a rule that began later is withdrawn."""
        rule = self.rules[place]
        if rule.is_withdrawn or rule.last_day < valid_from:
            return
        self.rules[place] = replace(rule, valid_to=max(rule.valid_from, valid_from) - ONE_DAY)
        self.closed += 1

    def _new_version(self, decided: Decided, signed: Signature, places: list[int]) -> Rule:
        earlier = self.rules[places[-1]] if places else None
        own = earlier.rule_id if earlier else _rule_id(decided)
        next_priority = self._priorities[(decided.scope, decided.modality)] + 1
        return Rule(
            rule_id=own,
            rule_version=self._versions[own] + 1,
            scope=decided.scope,
            modality=decided.modality,
            field=decided.field,
            match_type=CODE if decided.field == CODE_FIELD else EXACT,
            pattern=decided.text,
            procedure_id=decided.procedure_id,
            priority=earlier.priority if earlier else next_priority,
            author=signed.author,
            reviewer=signed.reviewer,
            valid_from=signed.valid_from,
            valid_to=None,
            note=decided.note,
        )

    @staticmethod
    def _is_decided_already(rule: Rule, decided: Decided, signed: Signature) -> bool:
        """Whether this rule decides the same, for these studies and without an end."""
        is_current = rule.valid_to is None and rule.valid_from <= signed.valid_from
        return is_current and rule.procedure_id == decided.procedure_id


def _rule_id(decided: Decided) -> str:
    """Return an id that is always the same for a text and does not contain it."""
    digest = hashlib.sha256("\n".join(decided.key).encode()).hexdigest()
    scope = decided.scope.partition(":")[0]
    return f"{scope}.{decided.modality}.{decided.field}.{digest[:12]}"
