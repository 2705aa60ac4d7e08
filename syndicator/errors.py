"""Every failure has a name, and the name says who must act.

::

    SyndicatorError
    ├── OperatorError            the operator must act: settings, state, command line
    │   ├── ConfigError          the config cannot be used (exit 78)
    │   ├── LockHeldError        another process holds the lock (exit 75)
    │   ├── StoreError           the database cannot be opened, read or migrated
    │   ├── OutputError          the published tree cannot be written
    │   ├── ServeError           the built-in web server cannot listen where it should
    │   ├── RenderError          a feed came out broken and was not written
    │   ├── DataFileError        a translation memory or glossary file with mistakes in it
    │   └── RequestError         what was asked for cannot be met (exit 1)
    ├── SourceError              the source must act, or time must pass
    │   ├── FetchError           no usable answer came
    │   │   ├── UnreachableError     no connection, a refused one, a name that does not resolve
    │   │   ├── FetchTimeoutError    the answer took too long
    │   │   ├── TooLargeError        the answer exceeds the size limit
    │   │   ├── HttpStatusError      the server answered with an error status
    │   │   ├── AddressRefusedError  the address is private, or not one we may ask
    │   │   ├── RobotsRefusedError   the site's robots.txt asks us to stay away
    │   │   └── ReservedError        the site reserves text and data mining, and no permission is on record
    │   ├── ParseError           an answer came, but it is not what the source was said to be
    │   ├── NoArticleError       a page without an article on it
    │   └── PictureError         not a picture, or not one to publish
    ├── NoticeError              a target of alerts did not take a notice: it is told again
    ├── HubError                 a hub did not take the news of a change: it is told again
    ├── TermMissingError         a prescribed term could not be put into a translation: it is held
    └── EngineError              a translation engine did not deliver
        ├── EngineUnavailableError   down, refusing, or answering nonsense: try again later
        │   └── EngineDownError          nobody answers at its address: no use in trying at once again
        ├── EngineTimeoutError       no answer in time: try again later
        ├── RateLimitedError         asked to slow down: try again after a while
        ├── RequestTooLongError      the request exceeds what the engine takes: send less
        ├── AnswerMalformedError     an answer whose parts do not match what was asked
        ├── BudgetSpentError         the operator's budget for the day or month is used up
        └── EngineRefusedError       a wrong key, no quota, a language it lacks: the operator must act
            └── PairRefusedError     the same for one pair of languages only: a damaged model

The shell catches per item, and only :class:`SyndicatorError`: anything else is a bug and stops the run.
"""

from dataclasses import dataclass


class SyndicatorError(Exception):
    """The root of all named failures."""


class OperatorError(SyndicatorError):
    """The operator must act."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a config: where it stands, what is wrong and what would be right."""

    file: str
    line: int  # 1-based; 0 where the file as a whole is meant
    column: int  # 1-based
    path: str  # "sources[0].url"; "" for the file as a whole
    message: str
    warning: bool = False  # worth telling, but the config can be used

    def __str__(self) -> str:
        """Return the problem as ``FILE:LINE:COL: key.path: message``."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"


class ConfigError(OperatorError):
    """A config that cannot be used; carries every problem found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class LockHeldError(OperatorError):
    """Another process works on the same store."""


class StoreError(OperatorError):
    """The database cannot be opened, read or migrated."""


class OutputError(OperatorError):
    """The published tree cannot be written."""


class ServeError(OperatorError):
    """The built-in web server cannot listen where it should."""


class RenderError(OperatorError):
    """A feed came out in a form that subscribers could not read; what was published before stays."""


class RequestError(OperatorError):
    """What was asked for cannot be met: an unknown article, an unreadable file."""


class DataFileError(OperatorError):
    """A translation memory or a glossary with mistakes in it; the message names file, line and reason."""


class TermMissingError(SyndicatorError):
    """A prescribed term could not be put into a translation; a person has to look at it."""


class NoticeError(SyndicatorError):
    """A target of alerts did not take a notice; it is told again later."""


class HubError(SyndicatorError):
    """A WebSub hub did not take the news of a change; it is told again later."""

    def __init__(self, message: str, *, is_down: bool) -> None:
        super().__init__(message)
        self.is_down = is_down  # the hub as a whole, rather than what it thinks of one address


class SourceError(SyndicatorError):
    """A source failed; the others go on."""


class FetchError(SourceError):
    """No usable answer came from an address."""


class UnreachableError(FetchError):
    """No connection could be made."""


class FetchTimeoutError(FetchError):
    """The answer took longer than allowed."""


class TooLargeError(FetchError):
    """The answer is larger than allowed."""


class HttpStatusError(FetchError):
    """The server answered with an error status."""

    def __init__(self, message: str, status: int, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after  # seconds


class AddressRefusedError(FetchError):
    """The address is not one that a source may lead us to."""


class RobotsRefusedError(FetchError):
    """The site's robots.txt asks us not to read this."""


class ReservedError(FetchError):
    """The site reserves its texts from text and data mining, and no permission is on record."""


class ParseError(SourceError):
    """What came is not what the source was said to be."""


class NoArticleError(SourceError):
    """A page on which no article could be found."""


class PictureError(SourceError):
    """Not a picture, or not one to publish."""


class EngineError(SyndicatorError):
    """A translation engine did not deliver; ``engine`` is its id in the config."""

    def __init__(self, engine: str, message: str) -> None:
        super().__init__(f"{engine}: {message}")
        self.engine = engine


class EngineUnavailableError(EngineError):
    """The engine is down or answers nonsense; it may work later."""


class EngineDownError(EngineUnavailableError):
    """No connection to the engine could be made at all: a clear outage."""


class EngineTimeoutError(EngineError):
    """The engine did not answer in time."""


class RateLimitedError(EngineError):
    """The engine asks to slow down."""

    def __init__(self, engine: str, message: str, retry_after: float | None = None) -> None:
        super().__init__(engine, message)
        self.retry_after = retry_after  # seconds


class RequestTooLongError(EngineError):
    """The request exceeds what the engine takes."""


class AnswerMalformedError(EngineError):
    """The parts of the answer do not match the texts that were sent."""


class BudgetSpentError(EngineError):
    """The operator's own budget for this engine is used up; it renews itself."""


class EngineRefusedError(EngineError):
    """A wrong key, an exhausted quota or a missing language: only the operator can help."""


class PairRefusedError(EngineRefusedError):
    """One pair of languages waits for the operator; the engine goes on with the others."""
