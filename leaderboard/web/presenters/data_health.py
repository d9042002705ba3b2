"""Data health as managers read it: what is wrong, what it means, and what to do about it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from leaderboard.queries.data_health_page import DataHealthPage, Example, SourceFacts, Trouble, TroubleFacts
from leaderboard.web.formats import ago, duration, moment, number
from leaderboard.web.languages import N_, gettext, ngettext
from leaderboard.web.presenters.board import waiting_words
from leaderboard.web.presenters.reasons import reason_words

_ICONS = {
    Trouble.REJECTED: "rejected",
    Trouble.CONFLICT: "conflict",
    Trouble.UNPLACED_VERDICT: "verdict",
    Trouble.UNKNOWN_REP: "unknown",
    Trouble.OWNERLESS_LEAD: "ownerless",
    Trouble.SILENT_SOURCE: "silent",
    Trouble.STUCK_LEAD: "stuck",
}


# Title, what it means, what to do, and the command that helps.
_WORDS: Mapping[Trouble, tuple[str, str, str, str | None]] = {
    Trouble.REJECTED: (
        N_("Rejected events"),
        N_("They were refused one by one, each with its reason, and count nowhere."),
        N_("Mend what the reason says where the event comes from, and send it again under the same id."),
        None,
    ),
    Trouble.CONFLICT: (
        N_("Conflicting events"),
        N_("The same id came again with other content. The first one received stands."),
        N_(
            "If the second is right, void the first one with an event.voided and send the second under a new "
            "id."
        ),
        None,
    ),
    Trouble.UNPLACED_VERDICT: (
        N_("Verdicts without a place"),
        N_(
            "Another system recorded an outcome that lacks its rep, or names a rating or a service level that "
            "the rulebook does not have."
        ),
        N_(
            "Correct the name in the sending system or in its import profile, or add the service level to the "
            "next rulebook."
        ),
        None,
    ),
    Trouble.UNKNOWN_REP: (
        N_("Reps the roster does not know"),
        N_("Events name them, so they have points and a place, but no team."),
        N_("Add them to the roster, or write this name as an alias of somebody who is there already."),
        "flask roster import roster.yaml",
    ),
    Trouble.OWNERLESS_LEAD: (
        N_("Leads without an owner"),
        N_("A clock runs or ran on them, and nobody holds it: no rep gets points or misses for it."),
        N_("Assign the lead in the CRM; the clock goes to its new owner from then on."),
        None,
    ),
    Trouble.SILENT_SOURCE: (
        N_("Sources gone silent"),
        N_(
            "They have sent nothing for far longer than is usual for them. Clocks run on, and promises that "
            "were kept may look missed."
        ),
        N_("Look at the connection and its token. What arrives late still counts by the time it happened."),
        None,
    ),
    Trouble.STUCK_LEAD: (
        N_("Leads that could not be evaluated"),
        N_(
            "Their events are safe, but working them out failed; it is tried again on its own, at longer and "
            "longer intervals."
        ),
        N_("Tell your administrator: the log names the lead and the reason."),
        "flask evaluate",
    ),
}


@dataclass(frozen=True, slots=True)
class ExampleView:
    """One case."""

    subject: str
    reason: str
    facts: str


@dataclass(frozen=True, slots=True)
class TroubleView:
    """A card: what it is, how much of it, what to do."""

    id: str
    icon: str
    title: str
    count: str
    is_calm: bool
    meaning: str
    remedy: str
    command: str | None
    href: str | None
    newest: str | None
    examples: tuple[ExampleView, ...]
    more: int


@dataclass(frozen=True, slots=True)
class SourceView:
    """A row of the sources."""

    name: str
    is_silent: bool
    last: str
    today: str
    week: str
    usual: str


@dataclass(frozen=True, slots=True)
class DataHealthView:
    """The page for a manager."""

    page: DataHealthPage
    headline: str
    troubled: tuple[TroubleView, ...]
    calm: tuple[TroubleView, ...]
    sources: tuple[SourceView, ...]
    waiting: str | None


def present_data_health(page: DataHealthPage, unplaced_href: str | None = None) -> DataHealthView:
    """The view of the page. `unplaced_href` is where names are placed, for those who may."""
    hrefs = {Trouble.UNKNOWN_REP: unplaced_href}
    cards = [_card(facts, page, hrefs.get(facts.trouble)) for facts in page.troubles]
    return DataHealthView(
        page=page,
        headline=_headline(sum(1 for card in cards if not card.is_calm), page.has_events),
        troubled=tuple(card for card in cards if not card.is_calm),
        calm=tuple(card for card in cards if card.is_calm),
        sources=tuple(_source(source, page) for source in page.sources),
        waiting=waiting_words(page.freshness.waiting, page.freshness.oldest_waiting_at, page.freshness.as_of),
    )


def _headline(troubled: int, has_events: bool) -> str:
    if not has_events:
        return gettext("Waiting for the first events")
    if not troubled:
        return gettext("Everything that came in is counted")
    return ngettext("%(num)s thing needs somebody", "%(num)s things need somebody", troubled)


def _card(facts: TroubleFacts, page: DataHealthPage, href: str | None) -> TroubleView:
    title, meaning, remedy, command = _WORDS[facts.trouble]
    newest = None
    if facts.newest_at is not None:
        newest = gettext("latest %(time)s ago", time=ago(page.freshness.as_of - facts.newest_at))
    return TroubleView(
        id=facts.trouble.value,
        icon=_ICONS[facts.trouble],
        title=gettext(title),
        count=number(facts.count),
        is_calm=not facts.count,
        meaning=gettext(meaning),
        remedy=gettext(remedy),
        command=None if href else command,
        href=href,
        newest=newest,
        examples=tuple(_example(example, facts.trouble, page) for example in facts.examples),
        more=max(0, facts.count - len(facts.examples)),
    )


def _example(example: Example, trouble: Trouble, page: DataHealthPage) -> ExampleView:
    facts = [example.source] if example.source else []
    if example.count > 1:
        facts.append(
            ngettext("%(number)s event", "%(number)s events", example.count, number=number(example.count))
        )
    facts.append(moment(example.noted_at))
    return ExampleView(example.subject, _reason(example, trouble, page), " · ".join(facts))


def _reason(example: Example, trouble: Trouble, page: DataHealthPage) -> str:
    if trouble is Trouble.UNPLACED_VERDICT:
        return _verdict(example, page.level_names)
    if trouble is Trouble.OWNERLESS_LEAD:
        return page.level_names.get(example.reason or "", example.reason or "")
    if trouble is Trouble.SILENT_SOURCE:
        source = next((one for one in page.sources if one.source == example.subject), None)
        return "" if source is None else _silence(source)
    return reason_words(example.reason or "", example.params)


def _verdict(example: Example, names: Mapping[str, str]) -> str:
    """What the event said, so that one sees which of it is wrong."""
    said = json.loads(example.reason or "{}")
    level, rating = said.get("service_level") or "–", said.get("rating") or "–"
    words = gettext(
        "service level %(level)s, rating %(rating)s", level=names.get(level, level), rating=rating
    )
    return gettext("names no rep: %(words)s", words=words) if example.params == "rep" else words


def _silence(source: SourceFacts) -> str:
    return gettext(
        "%(silence)s of working time; otherwise %(usual)s at most",
        silence=duration(source.silence_us),
        usual=duration(source.usual_gap_us or 0),
    )


def _source(source: SourceFacts, page: DataHealthPage) -> SourceView:
    return SourceView(
        name=source.source,
        is_silent=source.is_silent,
        last=gettext("%(time)s ago", time=ago(page.freshness.as_of - source.last_received_at)),
        today=number(source.events_today),
        week=number(source.events_7_days),
        usual=duration(source.usual_gap_us) if source.usual_gap_us is not None else "–",
    )
