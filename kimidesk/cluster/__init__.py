"""Workers on the nodes of a Ray cluster: an actor each, which owns its engine.

The driver owns the journal. What travels is what travels on a worker's pipe: frames. Ray may not
be installed: `nodes.connect` says so, and comes before `link` is imported.
"""
