"""Packs segments into as few requests as an engine takes."""

from collections.abc import Callable, Sequence


def first_fit(
    texts: Sequence[str], max_characters: int, max_texts: int = 0, size: Callable[[str], int] = len
) -> list[list[str]]:
    """Return the texts in groups of at most ``max_characters`` (by ``size``) and ``max_texts`` (0: any).

    First-fit in the given order. A text that alone exceeds the limit gets a request of its own: the engine's
    answer says what to do with it.
    """
    groups: list[list[str]] = []
    room: list[int] = []
    first_open = 0  # groups before it are full: without this, packing is quadratic in the number of requests
    for text in texts:
        need = size(text)
        for index in range(first_open, len(groups)):
            if need <= room[index] and (not max_texts or len(groups[index]) < max_texts):
                groups[index].append(text)
                room[index] -= need
                break
        else:
            groups.append([text])
            room.append(max_characters - need)
        while first_open < len(groups) and (
            room[first_open] < 1 or (max_texts and len(groups[first_open]) >= max_texts)
        ):
            first_open += 1
    return groups
