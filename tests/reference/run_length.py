"""COCO's run-length masks, written bit by bit."""


def encode_counts(mask):
    """Lengths of the runs of a 2-D mask, column after column, 0 first."""
    counts, value = [0], 0
    height, width = mask.shape
    for c in range(width):
        for r in range(height):
            if bool(mask[r, c]) != bool(value):
                counts.append(0)
                value = not value
            counts[-1] += 1
    return counts


def compress(counts):
    """COCO's string: five bits a character, a sixth for "more follow"."""
    text = ""
    for i, count in enumerate(counts):
        number = count - counts[i - 2] if i > 2 else count
        bits = format(number & (2**60 - 1), "060b")  # two's complement
        groups = [bits[k - 5 : k] for k in range(60, 0, -5)]
        sign = "11111" if number < 0 else "00000"
        # Drop what only repeats the sign, which is the highest bit kept.
        while (
            len(groups) > 1 and groups[-1] == sign and groups[-2][0] == sign[0]
        ):
            groups.pop()
        for k, group in enumerate(groups):
            more = k < len(groups) - 1
            text += chr(48 + int(group, 2) + 32 * more)
    return text
