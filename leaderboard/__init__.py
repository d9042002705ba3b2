"""A sales-and-marketing service level agreement, played as a game people can trust."""
