"""Judging answers to generated problems of reasoning-gym, without its own graders.

Those give credit for an answer that merely contains the right one, two reward anything, and several
evaluate what a model wrote. Each allowed task is judged here: right or wrong, by its form.
"""
