"""What follows a field in a sentence stays on its line."""

import pytest
from markupsafe import Markup

from leaderboard.web.sentences import kept

SELECT = '<select name="a"><option>one. two</option></select>'
CHOOSER = (
    '<details class="chooser"><summary>an event</summary><fieldset><input name="b"></fieldset></details>'
)
PAIR = f'<span class="pair"><input name="c">{SELECT}</span>'
SHORT = '<input class="input" name="d">'


@pytest.mark.parametrize("field", [SELECT, CHOOSER, PAIR, SHORT])
def test_a_full_stop_is_kept_with_the_field_before_it(field: str) -> None:
    made = kept(Markup(f"It is met within {field}."))
    assert made == f'It is met within <span class="kept">{field}.</span>'
    assert isinstance(made, Markup)


def test_each_field_is_kept_with_its_own() -> None:
    made = kept(Markup(f"For {SHORT} and {SELECT}, until {CHOOSER} ({PAIR}); more."))
    assert made == (
        f'For {SHORT} and <span class="kept">{SELECT},</span> until {CHOOSER} '
        f'(<span class="kept">{PAIR});</span> more.'
    )


def test_what_is_followed_by_a_word_is_left_alone() -> None:
    sentence = Markup(f"{SHORT} points at once, and {SELECT} more. <b>Bold</b>.")
    assert kept(sentence) == sentence
