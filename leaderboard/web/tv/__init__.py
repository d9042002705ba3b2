"""The screens on the walls: /tv, its pages, its frames, and the stream by which these come."""
