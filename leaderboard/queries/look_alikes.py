"""Names by their looks: across a room `Lіa` with a Cyrillic і is the same as `Lia`, and `R0sa` the same as `Rosa`.

The tables know the letters that are drawn like Latin ones, not all of Unicode; of a word that borrows a single letter
from another alphabet `mixes_alphabets` tells, whatever that letter is.
"""

import re
import unicodedata
from collections.abc import Mapping

_CAPITALS = {"ΝΗΥΡΧ": "nhypx"}
"""Those that look like another letter than their small ones."""
_SMALL = {
    # Cyrillic.
    "авгеіјкмнопрсԁтухѕһԛԝүӏьґ": "abreijkmhonpcdtyxshqwylbr",
    # Greek.
    "αβγεζηικμνορτυχω": "abyeznikmvoptuxw",
    # Armenian, and Cherokee, which has capitals only.
    "օոսհցզլ": "onuhgql",
    "ᎠᎡᎢᎥᎪᎳᎻᎽᏀᏏᏒᏙᏚᏞᏟᏢᏦᏃᏴ": "drtiawhygbrvslcpkzb",
    # Latin: small capitals, and what Unicode takes no stroke off.
    "ıȷɑɡɩłøđħŧƚɪʟʙɢʜɴʀʏᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢꜱ": "ijagilodhtlilbghnryacdejkmoptuvwzs",
}
_AT_LAST = {"01i58|": "ollsbl"}
_TOGETHER = (("rn", "m"), ("vv", "w"))
_PICTURED = re.compile(r"(?:NEGATIVE|REGIONAL).* LETTER ([A-Z])")
_WRITTEN_TOGETHER = frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "BOPOMOFO", "HANGUL"})
"""What one word of Japanese, Chinese or Korean is made of, with Latin letters among it."""


def _table(pairs: Mapping[str, str]) -> dict[int, str]:
    return {
        ord(sign): shape for signs, shapes in pairs.items() for sign, shape in zip(signs, shapes, strict=True)
    }


_BY_CAPITAL, _BY_SMALL, _BY_LATIN = _table(_CAPITALS), _table(_SMALL), _table(_AT_LAST)


def likeness(name: str) -> str:
    """What two names have in common that look alike. Never shown: it reads as neither."""
    drawn = "".join(map(_drawn, unicodedata.normalize("NFKD", name)))
    latin = drawn.translate(_BY_CAPITAL).casefold().translate(_BY_SMALL).translate(_BY_LATIN)
    shape = "".join(sign for sign in latin if sign.isalnum())
    for parts, whole in _TOGETHER:
        shape = shape.replace(parts, whole)
    return shape


def mixes_alphabets(name: str) -> bool:
    """Whether a word has letters of several alphabets, as no language writes it."""
    return any(
        len(_alphabets(word)) > 1 for word in re.split(r"[\W\d_]+", unicodedata.normalize("NFC", name))
    )


def _alphabets(word: str) -> set[str]:
    letters = (sign for sign in unicodedata.normalize("NFKD", word) if sign.isalpha())
    named = {unicodedata.name(sign, "?").split()[0] for sign in letters} - {
        "MODIFIER",
        "MASCULINE",
        "FEMININE",
    }
    return {"LATIN"} if named <= _WRITTEN_TOGETHER | {"LATIN"} else named


def _drawn(sign: str) -> str:
    """The letter in a picture of one; anything else as it is."""
    found = None if sign.isalnum() else _PICTURED.search(unicodedata.name(sign, ""))
    return found[1] if found else sign
