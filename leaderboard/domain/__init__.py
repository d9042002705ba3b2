"""The rules: points as a pure function of rulebooks, roster, events and an instant."""
