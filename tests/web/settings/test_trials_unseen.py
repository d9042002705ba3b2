"""Of a version in trial nobody sees anything but those whose business the rules are."""

from tests.web.settings.conftest import ANA, BIA, RUI, People
from tests.web.settings.test_trials import SECRET, begun, today


def test_nothing_of_it_is_seen_by_anybody_else(people: People) -> None:
    """Every page, document and feed that a rep, a stranger, a manager without the right or a program can open."""
    before = everything(people)
    draft, _ = begun(people)
    after = everything(people)
    for path, text in after.items():
        for told in (SECRET, "555", "/trials", f"drafts/{draft}"):
            assert told not in text, path
    assert after.keys() == before.keys()
    assert (before["standings"], before["signs"]) == (after["standings"], after["signs"])


def everything(people: People) -> dict[str, str]:
    """By who asks and what for, with all addresses that need no key, and those of reps."""
    app, found = people.cast.app, {}
    month = today().strftime("%Y-%m")
    keyed = [f"/reps/{people.persons[email]}" for email in (ANA, BIA)]
    boards = [f"/leaderboard/{scope}/{month}" for scope in ("reps", "teams")]
    plain = sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.rule not in ("/logout", "/metrics")
    )
    for email in (ANA, RUI, None):
        browser = people.browser(email)
        for path in (*plain, *boards, *keyed):
            answer = browser.get(path)
            found[f"{email} {path}"] = answer.text if answer.status_code == 200 else ""
    token = people.cast.token("read")
    program = app.test_client().get(
        f"/api/v1/standings/{month}", headers={"Authorization": f"Bearer {token}"}
    )
    assert program.status_code == 200
    found["standings"] = str(program.get_json()["standings"])
    key = {"Authorization": f"Bearer {people.cast.token('metrics')}"}
    told = app.test_client().get("/metrics", headers=key).text.splitlines()
    # How long requests took is told by endpoint, to whom the processes are entrusted; the rest is of the data.
    found["signs"] = "\n".join(line.split(" ")[0] for line in told if "_http_" not in line)
    assert "leaderboard_ledger_entries" in found["signs"]
    return found
