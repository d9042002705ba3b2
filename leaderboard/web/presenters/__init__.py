"""From what is known to what is shown: words, icons and figures of charts, and who may see what."""
