"""Sentences with figures in them: trusted text of the catalogues, everything else escaped."""

from markupsafe import Markup, escape

from leaderboard.domain.instants import DAY, HOUR, MINUTE
from leaderboard.domain.rulebook import Rating
from leaderboard.web.formats import duration, number
from leaderboard.web.languages import N_, gettext, ngettext

_EVENTS = {
    "lead.created": N_("created"),
    "lead.graded": N_("graded"),
    "lead.marketing_qualified": N_("qualified by marketing"),
    "lead.assigned": N_("assigned"),
    "lead.contact_attempted": N_("contact attempted"),
    "lead.contacted": N_("contacted"),
    "lead.accepted": N_("accepted"),
    "lead.qualified": N_("qualified"),
    "lead.disqualified": N_("disqualified"),
    "lead.returned": N_("returned to marketing"),
    "lead.paused": N_("paused"),
    "lead.resumed": N_("resumed"),
    "opportunity.created": N_("opportunity created"),
    "opportunity.won": N_("won"),
    "opportunity.lost": N_("lost"),
}
_RATINGS = {Rating.EXCEEDED: N_("exceeded"), Rating.MET: N_("met"), Rating.MISSED: N_("missed")}


def rich(text: str, **values: object) -> Markup:
    """A text of the catalogue, still with its placeholders, filled; only what is Markup already stays as it is."""
    return escape(text) % values


def strong(value: object) -> Markup:
    """What the eye should find."""
    return Markup("<strong>%s</strong>") % str(value)


def event_word(type_: str) -> str:
    """What an event of that type did, as a sentence about the lead says it; its own name for others' types."""
    known = _EVENTS.get(type_)
    return _in_words(type_) if known is None else gettext(known)


def _in_words(type_: str) -> str:
    """A type of others', `lead.cadence_started`, as words: `cadence started`."""
    return type_.removeprefix("lead.").replace(".", " ").replace("_", " ")


def rating_word(rating: Rating) -> str:
    """A rating in words."""
    return gettext(_RATINGS[rating])


def used_of_limit(elapsed_us: int, within_us: int, in_working_time: bool) -> str:
    """`16 of 30 working minutes`, `2 h 10 of 8 working hours`: in the limit's own unit where that is whole."""
    if not in_working_time and _in_days(within_us):
        used = duration(elapsed_us)
        return ngettext("%(used)s of %(num)s day", "%(used)s of %(num)s days", within_us // DAY, used=used)
    if within_us % HOUR == 0 and within_us > HOUR:
        hours = within_us // HOUR
        used = duration(elapsed_us)
        if in_working_time:
            return ngettext(
                "%(used)s of %(num)s working hour", "%(used)s of %(num)s working hours", hours, used=used
            )
        return ngettext("%(used)s of %(num)s hour", "%(used)s of %(num)s hours", hours, used=used)
    if within_us % MINUTE == 0:
        minutes, used = within_us // MINUTE, number(elapsed_us // MINUTE)
        if in_working_time:
            return ngettext(
                "%(used)s of %(num)s working minute",
                "%(used)s of %(num)s working minutes",
                minutes,
                used=used,
            )
        return ngettext("%(used)s of %(num)s minute", "%(used)s of %(num)s minutes", minutes, used=used)
    text = (
        gettext("%(used)s of %(limit)s of working time")
        if in_working_time
        else gettext("%(used)s of %(limit)s")
    )
    return text % {"used": duration(elapsed_us), "limit": duration(within_us)}


def _in_days(within_us: int) -> bool:
    return within_us % DAY == 0 and within_us > DAY


def limit_words(within_us: int, in_working_time: bool) -> str:
    """`30 working minutes`, `8 working hours`, `90 days`."""
    if not in_working_time and _in_days(within_us):
        return ngettext("%(num)s day", "%(num)s days", within_us // DAY)
    if within_us % HOUR == 0 and within_us > HOUR:
        hours = within_us // HOUR
        if in_working_time:
            return ngettext("%(num)s working hour", "%(num)s working hours", hours)
        return ngettext("%(num)s hour", "%(num)s hours", hours)
    if within_us % MINUTE == 0:
        minutes = within_us // MINUTE
        if in_working_time:
            return ngettext("%(num)s working minute", "%(num)s working minutes", minutes)
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    return duration(within_us)
