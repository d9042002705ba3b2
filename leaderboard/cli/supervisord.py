"""`python -m leaderboard.cli.supervisord`: the supervisor, which starts its programs before it first waits a second."""

from supervisor import supervisord


class PromptSupervisor(supervisord.Supervisor):  # type: ignore[misc]
    """Supervisor begins by listening for a second, and only then starts what there is to start."""

    def runforever(self) -> None:
        """As Supervisor's, with the programs started first."""
        for group in sorted(self.process_groups.values()):
            group.transition()
        super().runforever()


if __name__ == "__main__":
    supervisord.Supervisor = PromptSupervisor
    supervisord.main()
