"""Gets articles' pictures from their sites, ready to be published by ourselves."""

from collections.abc import Callable
from dataclasses import dataclass

from syndicator.errors import PictureError
from syndicator.extract.picture import prepare
from syndicator.ports import Fetcher, Picture

FOR_PICTURES = "image/avif, image/webp, image/jpeg, image/png, image/gif;q=0.9, image/*;q=0.5"

# Pictures that feeds can name, but that we do not make anew: drawings may hold scripts, the rest is rare.
_LEFT_WHERE_THEY_ARE = {"image/svg+xml", "image/bmp", "image/tiff", "image/heic", "image/jxl"}


@dataclass(frozen=True, slots=True)
class HttpPictures:
    """The port :class:`~syndicator.ports.Pictures`, by way of the guarded fetcher of all else."""

    fetcher: Fetcher
    max_width: int
    beat: Callable[[], None] = lambda: None  # called before each: the work goes on

    def picture(self, url: str) -> Picture:
        """Return a picture. Raises FetchError, and PictureError where the address has none to show."""
        self.beat()
        document = self.fetcher.fetch(url, accept=FOR_PICTURES, permitted=True)
        came_as = document.content_type.partition(";")[0].strip().lower()
        length = len(document.body)
        if came_as in _LEFT_WHERE_THEY_ARE:
            return Picture(b"", "", "", "", length, came_as, problem=came_as)
        try:
            made = prepare(document.body, self.max_width)
        except PictureError as error:
            raise PictureError(f"{url}: {error}") from error
        return Picture(made.data, made.media_type, made.ending, made.credit, length, came_as)
