"""A whole synthetic city as files in the formats the real offices send, so that the real pipelines can be run on it.

One pass makes family after family in the order of the registry file and lets every other file take what it needs from them:
``reference`` the facts, ``calendar`` days and their texts, ``people`` rows of the registry, ``numbers``/``names``/``places``
what people are called and where they live, ``households`` families, ``traps`` malformed lines, ``moves`` what happens in the
one night between the two snapshots, ``jkn`` and ``members`` the lists of the other offices, ``cases`` and ``demand`` who is
referred for what, ``eklaim`` and ``anomalies`` what hospitals bill, ``truth`` what a test may expect, ``build`` the pass.

Only ``random()`` of seeded generators is used, one generator a topic: the same seed and day give the same bytes, and leaving
out the traps or asking for more claims changes no resident.
"""
