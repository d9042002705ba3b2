"""Made-up pages of data health: everything wrong at once, and nothing."""

from leaderboard.domain.instants import DAY, HOUR, MINUTE
from leaderboard.queries.board_page import Freshness
from leaderboard.queries.data_health_page import DataHealthPage, Example, SourceFacts, Trouble, TroubleFacts
from tests.web.sample_pages import NOW


def troubled() -> DataHealthPage:
    """Some of everything."""
    troubles = (
        TroubleFacts(
            Trouble.REJECTED,
            214,
            NOW - 6 * MINUTE,
            (
                Example(
                    "00Q5e1/assigned",
                    "salesforce",
                    "time: '2026-11-20 09:00' has no offset",
                    NOW - 6 * MINUTE,
                ),
                Example("row 4711", "crm-export", "rep: required for lead.assigned", NOW - 3 * HOUR),
            ),
        ),
        TroubleFacts(
            Trouble.CONFLICT,
            1,
            NOW - DAY,
            (Example("00Q5a9/contacted", "salesforce", "time was 10:20, came again as 10:50", NOW - DAY),),
        ),
        TroubleFacts(Trouble.UNPLACED_VERDICT, 0, None, ()),
        TroubleFacts(
            Trouble.UNKNOWN_REP,
            3,
            NOW - 2 * HOUR,
            (
                Example("bcastro2", "salesforce", None, NOW - 2 * HOUR, 41),
                Example("temp.agency@example.com", "helpdesk", None, NOW - 5 * HOUR, 7),
            ),
        ),
        TroubleFacts(Trouble.OWNERLESS_LEAD, 0, None, ()),
        TroubleFacts(
            Trouble.SILENT_SOURCE,
            1,
            NOW - 9 * HOUR,
            (Example("helpdesk", None, None, NOW - 9 * HOUR),),
        ),
        TroubleFacts(Trouble.STUCK_LEAD, 0, None, ()),
    )
    return DataHealthPage(Freshness(NOW, 3, NOW - 12_000_000), troubles, sources())


def sources() -> tuple[SourceFacts, ...]:
    """Two that speak, one that has gone silent."""
    return (
        SourceFacts("salesforce", 412, 3_104, NOW - 40_000_000, False, 25 * MINUTE),
        SourceFacts("rd-station", 96, 702, NOW - 11 * MINUTE, False, 90 * MINUTE),
        SourceFacts("helpdesk", 0, 1_088, NOW - 9 * HOUR, True, 40 * MINUTE, 9 * HOUR),
    )


def calm() -> DataHealthPage:
    """Nothing wrong."""
    troubles = tuple(TroubleFacts(trouble, 0, None, ()) for trouble in Trouble)
    return DataHealthPage(Freshness(NOW), troubles, sources()[:2])
