"""The package `leaderboard`: a score changed and the first 50 of 5,000 read again; prints the seconds of one.

Run by its own interpreter, with the socket of a Valkey. By its path, for the product's package has the same name.
"""

import importlib
import sys
import time

REPS, TIMES = 5_000, 500


def main() -> None:
    """Argument: the socket's path."""
    client = importlib.import_module("redis").Redis(unix_socket_path=sys.argv[1])
    board = importlib.import_module("leaderboard.leaderboard").Leaderboard("bench", connection=client)
    for rep in range(REPS):
        board.rank_member(f"r{rep}", rep % 997)
    began = time.perf_counter()
    for number in range(TIMES):
        board.rank_member(f"r{number * 7 % REPS}", 1_000 + number)
        assert len(board.leaders(1, page_size=50)) == 50
    print((time.perf_counter() - began) / TIMES)


if __name__ == "__main__":
    main()
