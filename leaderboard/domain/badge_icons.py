"""The icons that a badge may bear: a drawn set, for every badge looks its best in the same hand."""

from enum import StrEnum


class BadgeIcon(StrEnum):
    """The name by which a rulebook asks for an icon."""

    BOLT = "bolt"
    CLOCK = "clock"
    COMPASS = "compass"
    CROWN = "crown"
    DIAMOND = "diamond"
    FLAG = "flag"
    FLAME = "flame"
    GEM = "gem"
    HANDSHAKE = "handshake"
    HEART_HAND = "heart-hand"
    LAUREL = "laurel"
    LEAF = "leaf"
    LIGHTHOUSE = "lighthouse"
    MEDAL = "medal"
    MOUNTAIN = "mountain"
    PHONE = "phone"
    PUZZLE = "puzzle"
    ROCKET = "rocket"
    SHIELD = "shield"
    STAR = "star"
    SUN = "sun"
    TARGET = "target"
    TROPHY = "trophy"
    WAVE = "wave"
