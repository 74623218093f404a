"""Code that a checkpoint wrote, held against tests: only where a person allowed it, in a sandbox.

Two processes that cannot touch each other run for each judgement. The *player* has the checkpoint's
code and never sees a test; the *referee* has the tests and calls the player's functions over a
pipe. Only plain values come back, so no `__eq__`, exit, hook or read frame can make a test pass.
"""
