"""Notices: one sentence about one thing for one reader, in the program and, where an address is known, outside of it.

``kinds`` what can be told, ``telling`` writes it in the transaction that makes it true, ``delivery`` takes the messages to the
senders, at least once each. What is told holds no NIK, no KK number and no diagnosis; a message that leaves the house, no name.
"""
