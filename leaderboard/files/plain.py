"""Writing YAML that our own reader and any other take for the same values."""

import datetime as dt
from decimal import Decimal

import yaml

_WIDE = 1_000_000


class PlainText(str):
    """A text that was written without quotes, and is written so again: `90%`, `2026-07-01`, `NO`."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True  # the reader refuses aliases


def decimal_text(number: Decimal) -> str:
    """A decimal written out plainly, without exponent or trailing zeros."""
    written = format(number, "f")
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if written in ("-0", "") else written


def _write_decimal(dumper: yaml.SafeDumper, number: Decimal) -> yaml.Node:
    written = decimal_text(number)
    tag = "tag:yaml.org,2002:float" if "." in written else "tag:yaml.org,2002:int"
    return dumper.represent_scalar(tag, written)


def _write_plain(dumper: yaml.SafeDumper, text: PlainText) -> yaml.Node:
    tag = dumper.resolve(yaml.ScalarNode, str(text), (True, False))  # type: ignore[no-untyped-call]
    return dumper.represent_scalar(tag, str(text))


_Dumper.add_representer(Decimal, _write_decimal)
_Dumper.add_representer(PlainText, _write_plain)


def write_yaml(document: dict[str, object]) -> str:
    """The YAML of texts, whole numbers, decimals, dates, booleans, lists and mappings."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDE)


def jsonable(value: object) -> object:
    """The same with dates and decimals as text, for JSON."""
    if isinstance(value, dict):
        return {str(key): jsonable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [jsonable(one) for one in value]
    if isinstance(value, Decimal):
        return decimal_text(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def without_gaps(document: dict[str, object]) -> dict[str, object]:
    """A mapping less what was left out: keys with None."""
    return {key: value for key, value in document.items() if value is not None}
