"""What a picture file may be, for whoever looks at one: the window before it is asked, the engines.

A file is of anybody's making; a few kilobytes may claim gigabytes of pixels.
"""

MOST_BYTES = 64 << 20
MOST_PIXELS = 64_000_000
LONGEST = 200  # times the shorter side; beyond it scaling to a projector's size leaves no pixel
