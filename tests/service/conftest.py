"""A real systemd on this machine: a container whose root is empty and whose /usr is the host's."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BOOT_SECONDS = 120  # on a busy machine; mostly it is three


@dataclass
class Machine:
    """A booted container; commands run in it as root."""

    leader: int
    program: Path

    def run(self, command: str, *, check: bool = True, stdin: str = "") -> str:
        """Run a shell command and return what it printed."""
        ran = subprocess.run(
            ["nsenter", "-t", str(self.leader), *"-m -u -i -p -C --".split(), "sh", "-c", command],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=90,
            env={"LC_ALL": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "SYSTEMD_PAGER": ""},
            check=False,
        )
        told = ran.stdout + ran.stderr
        assert not check or ran.returncode == 0, f"{command}\n{told}\n{self.journal() if check else ''}"
        return told

    def write(self, path: str, text: str) -> None:
        """Write a file in the container."""
        self.run(f"mkdir -p $(dirname {path}) && cat > {path}", stdin=text)

    def show(self, name: str) -> str:
        """Return a property of the service."""
        return self.run(f"systemctl show --value -p {name} syndicator").strip()

    def journal(self) -> str:
        """Return what the service said."""
        return self.run("journalctl -u syndicator --no-pager -o cat -b", check=False)

    def wait_for(self, command: str, seconds: float = 30.0) -> str:
        """Run a command until it succeeds."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            told = self.run(f"{command} && echo fulfilled", check=False)
            if told.endswith("fulfilled\n"):
                return told.removesuffix("fulfilled\n")
            time.sleep(0.3)
        raise AssertionError(f"not within {seconds} s: {command}\n{told}\n{self.journal()}")


@pytest.fixture(scope="session")
def machine() -> Iterator[Machine]:
    """Boot the container, or skip where that cannot be done."""
    if os.geteuid() != 0 or not shutil.which("systemd-nspawn"):
        pytest.skip("a container with systemd needs root and Debian's systemd-container")
    masks = [
        "systemd-networkd-wait-online",
        "systemd-firstboot",
        "nginx",
        "prometheus",
        "apache2",
        "postgresql",
    ]
    shown = {ROOT, Path(sys.prefix), Path(sys.base_prefix)}
    command = [
        "systemd-nspawn",
        *"--quiet --directory=/ --volatile=yes --register=no --keep-unit --console=pipe".split(),
        f"--machine=syndicator-{os.getpid()}",
        # What the packet filter of IPAddressDeny= needs inside a container.
        *"--system-call-filter=bpf --capability=CAP_BPF,CAP_SYS_ADMIN,CAP_NET_ADMIN".split(),
        *(f"--bind-ro={path}" for path in sorted(shown) if not path.is_relative_to("/usr")),
        *"--boot systemd.unit=multi-user.target systemd.firstboot=off".split(),
        *(f"systemd.mask={name}.service" for name in masks),
    ]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        booted = Machine(_leader(process), Path(sys.executable).with_name("syndicator"))
        booted.wait_for("systemctl is-system-running | grep -qE 'running|degraded'", BOOT_SECONDS)
        # The container's root is made anew, and homes in it are closed; here the interpreter may live in one.
        for path in shown:
            for folder in path.parents:
                booted.run(f"chmod o+rx {folder}", check=False)
        yield booted
    finally:
        # The first process of its namespace: all others end with it, which nspawn's own end does not see to.
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        for child in children.read_text("utf-8").split() if children.exists() else ():
            os.kill(int(child), signal.SIGKILL)
        process.kill()
        process.communicate(timeout=30)


def _leader(process: "subprocess.Popen[bytes]") -> int:
    """Return the process that is the container's first one."""
    deadline = time.monotonic() + BOOT_SECONDS
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while time.monotonic() < deadline and process.poll() is None:
        if found := children.read_text("utf-8").split():
            return int(found[0])
        time.sleep(0.1)
    told = process.communicate(timeout=10)[0].decode(errors="replace") if process.poll() is not None else ""
    pytest.skip(f"the container does not start here: {told[-300:]}")
