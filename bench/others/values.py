"""The package `gamification-engine`: a value increased, each in a transaction of its own; prints the seconds of one.

Run by its own interpreter, with the URL of an empty PostgreSQL database.
"""

import datetime as dt
import importlib
import sys
import time

TIMES, SUBJECTS = 300, 200


def main() -> None:
    """Argument: the database's URL. No achievement rests on the value: only what every event costs."""
    sqlalchemy = importlib.import_module("sqlalchemy")
    transaction = importlib.import_module("transaction")
    config = importlib.import_module("pyramid.config").Configurator(settings=_CACHES)
    importlib.import_module("pyramid_dogpile_cache").includeme(config)
    importlib.import_module("gengine.app.cache").init_caches()
    metadata = importlib.import_module("gengine.metadata")
    metadata.init_session()
    metadata.init_declarative_base()
    engine = sqlalchemy.create_engine(sys.argv[1])
    metadata.init_db(engine)
    model = importlib.import_module("gengine.app.model")
    metadata.Base.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute("INSERT INTO subjecttypes (id, name, created_at) VALUES (1, 'User', now())")
        connection.execute("INSERT INTO variables (id, name, created_at) VALUES (1, 'contacts', now())")
        for subject in range(1, SUBJECTS + 1):
            connection.execute(
                "INSERT INTO subjects (id, name, subjecttype_id, timezone, created_at)"
                " VALUES (%s, %s, 1, 'UTC', now())", (subject, f"r{subject}"),
            )  # fmt: skip
    first = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    began = time.perf_counter()
    for number in range(TIMES):
        at = first + dt.timedelta(minutes=number)
        with transaction.manager:
            model.Value.increase_value("contacts", number % SUBJECTS + 1, 1, "", at)
    print((time.perf_counter() - began) / TIMES)


_CACHES = {
    "dogpile_cache.backend": "dogpile.cache.memory",
    "dogpile_cache.expiration_time": "10000",
    "dogpile_cache.regions": "general, achievement_eval, achievements_by_subject_for_today,"
    " achievements_subjects_levels, translations, goal_evaluation",
}

if __name__ == "__main__":
    main()
