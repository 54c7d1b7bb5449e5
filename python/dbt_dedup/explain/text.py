"""An explanation as text for a terminal; apart from the values of the data it is ASCII."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

from dbt_dedup.constants import MOST_CERTAIN
from dbt_dedup.explain.explanation import ExplainedEntity, ExplainedPair, Explanation, Model, Outcome
from dbt_dedup.explain.tables import IDENTICAL, Link, Located, Pair, RuleOutcome
from dbt_dedup.labelling.screen import ASCII_SIGNS, SIGNS, pair_screen
from dbt_dedup.resolve.replay import ASSIGNED, DECIDED, SOURCE, Meeting
from dbt_dedup.side_by_side import visible
from dbt_dedup.spec import Spec
from dbt_dedup.words import counted, probability

LISTED = 12  # records, pairs or merges of a list that are shown
NAMED = 6  # records of a cluster that are named
SMALL = 0.005  # log2 odds that are shown as 0.00
LONGEST_VALUE = 40  # characters of a key value that are shown
MOST_ODDS = math.log2(MOST_CERTAIN / (1 - MOST_CERTAIN))


def explanation_text(found: Explanation | ExplainedEntity, width: int, colour: bool, encoding: str) -> str:
    """The explanation in lines of about `width` columns, in characters that the encoding has."""
    parts = _pair(found, width, colour, encoding) if isinstance(found, Explanation) else _entity(found)
    text = "\n".join(parts)
    return text.encode(encoding, "replace").decode(encoding)


def _pair(found: Explanation, width: int, colour: bool, encoding: str) -> Iterator[str]:
    left, right = found.left, found.right
    records = found.records
    yield pair_screen(records[left.record_id], records[right.record_id], width, colour, _signs(encoding))
    yield ""
    yield f"{_id(left)} and {_id(right)} are {'one entity' if found.outcome.is_merged else 'not one entity'}."
    yield _verdict(found)
    yield ""
    if len(found.chain) > 1:
        what = (
            "The strongest chain that joins them" if found.outcome.is_merged else "What connects them, at its strongest"
        )
        yield f"{what}:"
        for pair in found.chain:
            yield f"  {_id(pair.left)} - {_id(pair.right)}: {_stored(pair, found.spec)}{_ways(pair)}"
        yield ""
    if found.rules:
        yield from _rules(found)
        yield ""
    explained = [*found.chain, *([found.pair] if found.pair else [])]
    for pair in found.explained:
        yield from _reasons(pair, found.spec)
        yield ""
    if found.pair and found.pair not in found.explained:
        yield f"{_id(left)} - {_id(right)}, the pair itself: {_stored(found.pair, found.spec)}{_ways(found.pair)}"
        yield f"  {_summary(found.pair)}"
        yield ""
    if found.meetings:
        yield _clustering(found.needed)
        yield from _meetings(found.meetings, found.known)
        yield ""
    yield from _decisions(found.links, found.never, found.known)
    yield from _notes(found.notes, found.model, explained, found.spec)


def _verdict(found: Explanation) -> str:
    pair = found.pair or (found.chain[0] if found.chain else None)
    threshold = f"the match threshold {found.spec.thresholds.match:.3g}"
    if found.outcome is Outcome.REFUSED:
        last = next((meeting for meeting in found.meetings if not meeting.merged), None)
        if last is None:
            return "Matches connect them, but nothing speaks for a merge of their clusters."
        return (
            f"Matches connect them, but the average of all pairs between their clusters is {last.average:+.2f} log2"
            f" odds, below {_amount(found.needed)}: the other pairs speak against it."
        )
    if found.outcome is Outcome.NEVER and pair and pair.never_rule:
        return f"The rule of `never` {pair.never_rule} rules it out."
    return {
        Outcome.COPIES: "They are identical in every field that is compared. Such records are compared once, and the"
        " copies follow the first of them"
        + (
            ", whatever their score: chance alone does not make two such records." if found.left.is_distinctive else "."
        ),
        Outcome.DIRECT: "They were joined directly: a blocking rule proposed the pair, and its probability reaches"
        f" {threshold}.",
        Outcome.CLOSURE: "They were joined by closure: no blocking rule proposed the pair, but other matches put them"
        f" into one component, so it was compared too, and its probability reaches {threshold}.",
        Outcome.CHAIN: "They were joined through other records.",
        Outcome.LABEL_MATCH: "People decided that they are one entity; that holds whatever the model says.",
        Outcome.AVERAGE: f"The pair itself is below {threshold}, but the average of all pairs between their clusters"
        " speaks for a merge.",
        Outcome.LABEL_NO_MATCH: "People decided that they, or records that are one entity with them, are not one"
        " entity; that holds whatever the model says.",
        Outcome.NEVER: "A rule of `never` rules out a pair of records of their clusters.",
        Outcome.DUPLICATE_FREE: "Their clusters both hold a record of a source that duplicate_free lists, and an entity"
        " has at most one record of it.",
        Outcome.TOO_LARGE: "Matches connect them, but also more than max_cluster_size"
        f" ({found.spec.max_cluster_size:,}) distinct records. That component was parted at its weakest bridges, and"
        " the two are in different parts.",
        Outcome.BELOW_THRESHOLD: f"A blocking rule proposed the pair, but its probability is below {threshold}, and no"
        " chain of matches connects them.",
        Outcome.NOT_PROPOSED: _not_proposed(found.rules, found.max_block_size),
    }[found.outcome]


def _not_proposed(rules: Sequence[RuleOutcome], max_block_size: int) -> str:
    if not rules:
        return "No blocking rule proposed them, so they were never compared."
    nearest = _nearest(rules)
    if nearest.missing:
        failed = f"failed on {', '.join(part.name for part in nearest.missing)}"
    elif nearest.block is not None and nearest.block > max_block_size:
        failed = f"agrees, but its block holds {nearest.block:,} records, more than max_block_size ({max_block_size:,})"
    elif nearest.block is not None:
        failed = "agrees, but source_mode does not compare these two sources"
    else:
        failed = "agrees now: the pairs were built from other records or rules, so run `dbt build`"
    return f"No blocking rule proposed them: the nearest rule, {nearest.rule}, {failed}."


def _nearest(rules: Sequence[RuleOutcome]) -> RuleOutcome:
    return min(rules, key=lambda rule: (len(rule.missing), -len(rule.parts)))


def _rules(found: Explanation) -> Iterator[str]:
    nearest = _nearest(found.rules)
    yield "Blocking rules, and what the records say in each part:"
    for rule in found.rules:
        if rule.missing:
            state = f"{len(rule.parts) - len(rule.missing)} of {len(rule.parts)} parts agree"
        elif rule.block is not None and rule.block > found.max_block_size:
            state = f"agrees, but its block of {rule.block:,} records is over max_block_size ({found.max_block_size:,})"
        else:
            state = "agrees"
        yield f"  {rule.rule}: {state}{' (nearest)' if rule is nearest else ''}"
        for part in rule.parts:
            sign = "=" if part.agrees else " " if part.left is None or part.right is None else "!"
            yield f"    {sign} {part.name}: {_value(part.left)} | {_value(part.right)}"


def _reasons(pair: ExplainedPair, spec: Spec) -> Iterator[str]:
    told = "what the model would say" if pair.stored is None and not pair.proposed_by else "what the model says"
    yield f"{_id(pair.left)} - {_id(pair.right)}, {told} (log2 odds):"
    rows = [("base: a pair of which nothing is known", "", pair.base, 0)]
    for field, weight, parts in pair.by_field:
        remark = _remark(pair, field)
        rows.append((f"{field}{remark}", "", weight, 0))
        small = [part for part in parts if abs(part.weight) < SMALL]
        for part in parts:
            if abs(part.weight) >= SMALL and (len(parts) > 1 or part.feature != field):
                rows.append((part.feature, _number(part.value), part.weight, 1))
        if small and len(small) < len(parts):
            rows.append((f"{len(small)} more of less than {SMALL:g}", "", sum(part.weight for part in small), 1))
    rows.append((f"sum = probability {probability(pair.probability)}", "", pair.weight, 0))
    name_width = max(len(f"{'  ' * depth}{name}{_equals(value)}") for name, value, _, depth in rows)
    for name, value, weight, depth in rows:
        shown = f"{'  ' * depth}{name}{_equals(value)}"
        amount = f"{weight:+7.2f}"
        yield f"  {shown:<{name_width}}  {amount if depth == 0 else '        ' + amount}"
    if pair.has_changed and pair.stored:
        yield f"  The last build stored {probability(pair.stored.probability)}; see below."
    decided = _state(pair, spec)
    if decided:
        yield f"  {decided}"


def _remark(pair: ExplainedPair, field: str) -> str:
    """How common the shared value is, and what that adds."""
    records = pair.shared.get(field)
    rarity = sum(part.weight for part in pair.contributions if part.field == field and part.is_rarity and part.value)
    notes = []
    if records is not None:
        notes.append(f"{records:,} records have this value")
    if abs(rarity) >= SMALL:
        notes.append(f"{rarity:+.2f} of it for its rarity")
    return f" ({', '.join(notes)})" if notes else ""


def _state(pair: ExplainedPair, spec: Spec) -> str:
    if pair.link:
        return f"Decided: {_link(pair.link)}."
    if pair.never_rule:
        return f"Ruled out by the rule of `never` {pair.never_rule}."
    thresholds = spec.thresholds
    chance = pair.probability
    if chance >= thresholds.match:
        state = f"At or above the match threshold {thresholds.match:.3g}: a match"
    elif chance >= thresholds.review:
        state = f"Below the match threshold {thresholds.match:.3g}, at or above the review threshold"
        state += f" {thresholds.review:.3g}: for a person to review"
    else:
        state = f"Below the review threshold {thresholds.review:.3g}: no match"
    if not pair.proposed_by and pair.stored is None and chance >= thresholds.match:
        state += " if it were compared"
    return state + "."


def _clustering(needed: float) -> str:
    return (
        "How clusters formed: two merge while the average of the log2 odds of all pairs between them is at least"
        f" {_amount(needed)}.\nA pair counts for {MOST_ODDS:.2f} at most, either way, and one without a score for"
        f" -{MOST_ODDS:.2f}."
    )


def _meetings(meetings: Sequence[Meeting], known: dict[int, Located]) -> Iterator[str]:
    shown = meetings if len(meetings) <= LISTED else [*meetings[: LISTED - 1], meetings[-1]]
    for meeting in shown:
        if len(meetings) > LISTED and meeting is shown[-1]:
            yield f"  ... {len(meetings) - LISTED:,} more"
        sides = f"{_cluster(meeting.left, known)} + {_cluster(meeting.right, known)}"
        average = f"average {meeting.average:+.2f} of {counted(meeting.pairs, 'pair')}"
        if meeting.unknown:
            average += f", {meeting.unknown:,} of them without a score"
        yield f"  {sides}: {_step(meeting, average, known)}"


def _step(meeting: Meeting, average: str, known: dict[int, Located]) -> str:
    because = "; ".join(_named(pair, known) for pair in meeting.because[:NAMED])
    if meeting.merged:
        if meeting.reason == DECIDED:
            return f"joined by a decision about {because}"
        return f"{'assigned to each other' if meeting.reason == ASSIGNED else 'joined'}, {average}"
    if meeting.reason == DECIDED:
        return f"kept apart by a decision or rule about {because}, {average}"
    if meeting.reason == SOURCE:
        return f"kept apart, {because} are of one source that has no duplicates, {average}"
    return f"refused, {average}"


def _decisions(links: dict[Pair, Link], never: dict[Pair, str], known: dict[int, Located]) -> Iterator[str]:
    lines = [f"  {_named(pair, known)}: {_link(link)}" for pair, link in sorted(links.items())]
    lines += [f"  {_named(pair, known)}: ruled out by never rule {rule}" for pair, rule in sorted(never.items())]
    if lines:
        yield "Decisions and rules about these records:"
        yield from lines[:LISTED]
        if len(lines) > LISTED:
            yield f"  ... {len(lines) - LISTED:,} more"
        yield ""


def _notes(notes: Sequence[str], model: Model, pairs: Iterable[ExplainedPair], spec: Spec) -> Iterator[str]:
    if "too_many" in notes:
        yield "The components of these records are so large that the merges are not replayed here."
    if "other_clusters" in notes:
        yield (
            "The tables hold other clusters than resolving these records again gives. They were built from other pairs"
            f" or decisions, or int_{spec.name}__clusters is a model of your own: the merges above are not theirs."
        )
    if "rearranged" in notes:
        yield "After the merges, records changed places between clusters, for the sources in duplicate_free."
    yield f"Model {model.version}. Base and contributions add up to the log2 odds; the calibration is part of them."
    if model.is_tree_ensemble:
        yield "Its trees look at several features together: what one adds depends on the values of the others."
    if model.built_version is not None and model.built_version != model.production:
        in_production = f"{model.production} is in production" if model.production else "no model is in production"
        yield f"The tables were scored by {model.built_version}, but {in_production}: run `dbt build` to score with it."
    if model.built_version is not None and model.version != model.built_version:
        yield f"The artefact of {model.built_version} cannot be used, so {model.version} explains what it decided."
    elif any(pair.has_changed for pair in pairs):
        yield (
            "Records or counts of values changed since the pairs were scored, so the stored probabilities differ:"
            " run `dbt build`."
        )


def _entity(found: ExplainedEntity) -> Iterator[str]:
    members = found.members
    yield f"Entity {_clean(found.entity_id)} has {counted(len(members), 'record')}:"
    for member in members[:LISTED]:
        copy = ", a copy of another" if member.key in found.copies else ""
        values = found.records[member.record_id].values.values()
        said = _clean(", ".join(" ".join(value.split()) for value in values if value))
        shown = said if len(said) <= 80 else said[:77] + "..."
        yield f"  {_id(member)}{f' ({_clean(member.source)})' if member.source else ''}{copy}: {shown}"
    if len(members) > LISTED:
        yield f"  ... {len(members) - LISTED:,} more"
    yield ""
    if found.tree:
        yield "The pairs that hold it together, the weakest first:"
        for pair in found.tree[:LISTED]:
            yield f"  {_id(pair.left)} - {_id(pair.right)}: {_stored(pair, found.spec)}{_ways(pair)}"
            yield f"    {_summary(pair)}"
        if len(found.tree) > LISTED:
            yield f"  ... {len(found.tree) - LISTED:,} more"
        yield ""
    elif len(members) == 1:
        yield "No other record is one entity with it."
        if found.nearest is None:
            yield "No scored pair has it: blocking proposed none, or all are below thresholds.floor."
        yield ""
    if found.nearest:
        yield f"Its likeliest pair is that with {_id(found.nearest.right)}: {_stored(found.nearest, found.spec)}"
        yield f"  {_summary(found.nearest)}"
        yield ""
    if found.merges or found.refused:
        yield _clustering(found.needed)
        yield from _meetings(found.merges, found.known)
        yield from _meetings(found.refused, found.known)
        yield ""
    yield from _decisions(found.links, found.never, found.known)
    pairs = [*found.tree, *([found.nearest] if found.nearest else [])]
    yield from _notes(found.notes, found.model, pairs, found.spec)
    if len(members) > 1:
        one, other = members[0], members[1]
        yield f"For the reasons of one pair: dbt-dedup why {found.spec.name} {_id(one)} {_id(other)}"


def _summary(pair: ExplainedPair) -> str:
    parts = [f"{field} {weight:+.1f}" for field, weight, _ in pair.by_field if abs(weight) >= 0.05]
    return f"base {pair.base:+.1f}" + "".join(f", {part}" for part in parts) + f" = {pair.weight:+.1f}"


def _stored(pair: ExplainedPair, spec: Spec) -> str:
    if pair.link:
        return _link(pair.link)
    if pair.stored is None:
        return "compared, below the floor" if pair.proposed_by else "not compared"
    return f"probability {probability(pair.stored.probability)} ({pair.stored.weight:+.2f} log2 odds)"


def _ways(pair: ExplainedPair) -> str:
    if pair.proposed_by == (IDENTICAL,):
        return ", identical records"
    if pair.proposed_by:
        return f", proposed by {', '.join(pair.proposed_by)}"
    return ", by closure" if pair.stored else ""


def _link(link: Link) -> str:
    return f"{'match' if link.is_match else 'no_match'} by {link.origin}{f' {link.number}' if link.number else ''}"


def _cluster(keys: Sequence[int], known: dict[int, Located]) -> str:
    named = [_id(known[key]) for key in keys[:NAMED]]
    more = f", {len(keys) - NAMED:,} more" if len(keys) > NAMED else ""
    return named[0] if len(keys) == 1 else f"{{{', '.join(named)}{more}}}"


def _named(pair: Pair, known: dict[int, Located]) -> str:
    return f"{_id(known[pair[0]])} and {_id(known[pair[1]])}"


def _id(record: Located) -> str:
    return _clean(record.record_id)


def _value(text: str | None) -> str:
    if text is None:
        return "-"
    clean = _clean(text)
    return clean if len(clean) <= LONGEST_VALUE else clean[: LONGEST_VALUE - 3] + "..."


def _clean(text: str) -> str:
    return "".join(map(visible, text))


def _amount(value: float) -> str:
    return "0" if value == 0 else f"{value:+.2f}"


def _number(value: float | None) -> str:
    return "null" if value is None else f"{value:.3g}"


def _equals(value: str) -> str:
    return f" = {value}" if value else ""


def _signs(encoding: str) -> str:
    try:
        SIGNS.encode(encoding)
    except UnicodeEncodeError:
        return ASCII_SIGNS
    return SIGNS
