"""Reading LZ-String in its form for addresses (``compressToEncodedURIComponent``), in which BPJS packs its answers.

A stream of bits, six to a character. Each token is an entry of a dictionary that grows by one entry a token, so tokens grow
in width; three tokens are special: a new character of 8 bits, one of 16 bits, the end.
"""

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-$"
BITS = 6
NEW_8, NEW_16, END = 0, 1, 2
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}


class _Bits:
    """The bits of a text, lowest bit of a number first."""

    def __init__(self, text):
        self.stream = (_VALUES[letter] >> bit & 1 for letter in text for bit in range(BITS - 1, -1, -1))

    def number(self, width):
        return sum(next(self.stream) << place for place in range(width))


def decompress(text):
    """The text packed in ``text``. Raises ValueError when it is no such stream."""
    try:
        return _unpacked(_Bits(text))
    except (KeyError, IndexError, RuntimeError, StopIteration) as error:
        raise ValueError("not an LZ-String stream") from error


def _unpacked(bits):
    token = bits.number(2)
    if token == END:
        return ""
    entries = ["", "", "", _character(bits, token)]
    word, width, room = entries[3], 3, 4
    found = [word]
    while (token := bits.number(width)) != END:
        if token in (NEW_8, NEW_16):
            entries.append(_character(bits, token))
            token, room = len(entries) - 1, room - 1
            if not room:
                room, width = 1 << width, width + 1
        # An entry that is just being made can only be the last word with its own first letter behind it.
        entry = entries[token] if token < len(entries) else word + word[0] if token == len(entries) else entries[token]
        found.append(entry)
        entries.append(word + entry[0])
        word, room = entry, room - 1
        if not room:
            room, width = 1 << width, width + 1
    return "".join(found)


def _character(bits, token):
    return chr(bits.number(8 if token == NEW_8 else 16))
