"""Tells systemd how the service is (sd_notify(3)), and proves that its work goes on."""

import os
import socket
import time
from collections.abc import Callable, Mapping


class Notifier:
    """Sends states to the socket that systemd names; where there is none, it says nothing.

    A failure to tell is no failure of the work: the socket's owner has gone, and with it whoever would care.
    """

    def __init__(self, environ: Mapping[str, str], clock: Callable[[], float] = time.monotonic) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        # sd_watchdog_enabled(3): the interval counts only for the process that it names.
        mine = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        self.watchdog = int(environ.get("WATCHDOG_USEC", "0")) / 1e6 if mine else 0.0  # seconds; 0: none
        self._clock = clock
        self._last_beat = float("-inf")

    def tell(self, *states: str) -> None:
        """Send states such as ``READY=1`` in one datagram."""
        if not self._address:
            return
        # A leading "@" stands for the null byte of an abstract address.
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as connection:
                connection.connect(address)
                connection.sendall("\n".join(states).encode())
        except OSError:
            self._address = ""

    def beat(self) -> None:
        """Tell the watchdog that the work goes on; many calls in a short time cost one datagram."""
        now = self._clock()
        if self.watchdog and now - self._last_beat >= self.watchdog / 8:
            self._last_beat = now
            self.tell("WATCHDOG=1")

    def ready(self, status: str) -> None:
        """Tell that the service is up."""
        self.tell("READY=1", f"STATUS={status}")

    def reloading(self) -> None:
        """Tell that the config is being read anew (Type=notify-reload wants the moment, too)."""
        self.tell("RELOADING=1", f"MONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def stopping(self) -> None:
        """Tell that the service is about to end."""
        self.tell("STOPPING=1", "STATUS=stopping")
