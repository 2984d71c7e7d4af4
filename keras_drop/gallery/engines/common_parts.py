"""Those who share no part with a query, whom no distance puts in order."""

from keras_drop.evaluation.distances.part_distances import NO_COMMON_PART
from keras_drop.gallery.engines.concatenated import patterns_of
from keras_drop.gallery.storing.described import part_values


def first_without_common_part(
    person, k, store, about, distance, *, chosen=None, seen=None, but=()
):
    """Dictionary from the numbers of the first `k` of them to 10,000.

    Args:
        person: `Descriptors` of one row.
        k: How many at most.
        store: `Store` of the gallery.
        about: What is known about it.
        distance: `Distance`.
        chosen: SQL condition and its values, which images are looked at.
        seen: Set of identities that were found before, or `None` if all
            images of an identity count.
        but: Numbers that are left out.
    """
    own = int(patterns_of(person.visibility.astype("float32"), distance)[0])
    found, known = {}, {}
    for number, bits in store.visibility(*(chosen or ())):
        if bits not in known:
            values = part_values(bits, about)
            known[bits] = int(patterns_of(values, distance)[0]) & own == 0
        if not known[bits] or number in but:
            continue
        if seen is not None:
            identity = store.identities([number])[number]
            if identity in seen:
                continue
            if identity is not None:
                seen.add(identity)
        found[number] = NO_COMMON_PART
        if len(found) == k:
            break
    return found
