"""The Compare page: traces of one problem side by side, and many of them as ribbons."""
