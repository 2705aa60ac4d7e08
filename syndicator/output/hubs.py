"""Speaks to WebSub hubs.

How a publisher tells its hub is left open by the W3C Recommendation of 2018 (§6); every public hub takes
the form of PubSubHubbub 0.4: a POST with ``hub.mode=publish`` and the changed address as ``hub.url``.
"""

import ssl
from dataclasses import dataclass
from functools import cache

import httpx

from syndicator.errors import HubError
from syndicator.text.messages import tr

TIMEOUT = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class HttpHubs:
    """Tells hubs of changes (the port :class:`~syndicator.ports.Hubs`).

    Their addresses are the operator's own choice, so private ones are allowed.
    """

    user_agent: str
    timeout: float = TIMEOUT

    def tell(self, hub: str, topic: str) -> None:
        """Tell a hub that the feed at an address has changed. Raises HubError."""
        form = {"hub.mode": "publish", "hub.url": topic}
        headers = {"User-Agent": self.user_agent}
        try:
            with (
                httpx.Client(timeout=self.timeout, verify=_certificates(), trust_env=False) as client,
                client.stream("POST", hub, data=form, headers=headers) as answer,
            ):
                status = answer.status_code  # nobody needs what it says besides
        except httpx.TimeoutException as error:
            told = tr("{hub} did not answer within {seconds} s", hub=hub, seconds=self.timeout)
            raise HubError(told, is_down=True) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            told = tr("{hub} cannot be reached: {reason}", hub=hub, reason=error)
            raise HubError(told, is_down=True) from error
        if not 200 <= status < 300:
            told = tr("{hub} answered with status {status} for {topic}", hub=hub, status=status, topic=topic)
            raise HubError(told, is_down=status >= 500 or status == 429)


@cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()
