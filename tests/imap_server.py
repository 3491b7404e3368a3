"""A Dovecot for one test alone, on loopback, with one mailbox; mails are delivered to it as a mail server does it."""

import grp
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.services import START_SECONDS, free_port, missing, wait_until

USER, PASSWORD = "support@muster.example", "wonder"
_CONFIG = """\
protocols = imap
listen = 127.0.0.1
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
{tls}
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
mail_location = maildir:{home}/mail
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 1
maildir_copy_with_hardlinks = no
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
}}
"""

_READ_ONLY = """\
mail_plugins = acl
protocol imap {
  mail_plugins = acl imap_acl
}
plugin {
  acl = vfile
}
"""

_FULL = """\
mail_plugins = quota
protocol imap {
  mail_plugins = quota imap_quota
}
plugin {
  quota = count:User quota
  quota_rule = *:storage=1K
  quota_vsizes = yes
}
"""


@dataclass
class ImapServer:
    """A running server; `restart` and `stop` are what happens to one in life."""

    home: Path
    port: int
    uid: int
    gid: int
    tls_port: int = 0
    _process: "subprocess.Popen[bytes] | None" = None
    _numbers: Iterator[int] = field(default_factory=count)

    @property
    def url(self) -> str:
        return f"imap://{USER.replace('@', '%40')}:{PASSWORD}@127.0.0.1:{self.port}/INBOX"

    @property
    def certificate(self) -> Path:
        """What a client has to trust, where the server speaks TLS."""
        return self.home / "tls.pem"

    def url_with(self, scheme: str) -> str:
        """The URL for `imaps` or `imap+starttls`."""
        port = self.tls_port if scheme == "imaps" else self.port
        return self.url.replace("imap://", f"{scheme}://").replace(f"127.0.0.1:{self.port}", f"localhost:{port}")

    def forbid_writing(self) -> None:
        """Let the mailbox be one that may only be read, as somebody else's shared folder."""
        (self.home / "mail" / "dovecot-acl").write_text("owner lr\n")

    def deliver(self, raw: bytes, *, days_ago: float = 0) -> None:
        """Put a mail into the mailbox, whole or not at all."""
        name = f"{time.time_ns()}.{next(self._numbers)}.test"
        new = self.home / "mail" / "tmp" / name
        new.write_bytes(raw)
        os.chown(new, self.uid, self.gid)
        arrived = time.time() - days_ago * 86_400
        os.utime(new, (arrived, arrived))
        new.rename(self.home / "mail" / "new" / name)

    def read_mails(self) -> int:
        """How many mails of the mailbox are marked as read."""
        return sum(1 for mail in (self.home / "mail" / "cur").iterdir() if "S" in mail.name.partition(":2,")[2])

    def start(self) -> None:
        self._process = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(self.home / "dovecot.conf")])
        wait_until(self._answers, "The temporary Dovecot")

    def stop(self) -> None:
        """End it, with every connection."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=START_SECONDS)
            self._process = None

    def renew_mailbox(self) -> None:
        """Make the mailbox anew, as after a restored backup: other UIDs, another UIDVALIDITY, the same mails."""
        self.stop()
        for name in (
            "dovecot-uidlist",
            "dovecot-uidvalidity",
            "dovecot.index",
            "dovecot.index.log",
            "dovecot.index.cache",
        ):
            for file in (self.home / "mail").glob(f"{name}*"):
                file.unlink()
        self.start()

    def _answers(self) -> bool:
        import socket

        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                return line.recv(64).startswith(b"* OK")
        except OSError:
            return False


@contextmanager
def imap_server(
    *, tls: bool = False, idle: bool = True, writable: bool = True, full: bool = False
) -> Iterator[ImapServer]:
    """The server, started and with an empty mailbox; with a certificate, without IDLE, only to read, or full."""
    if shutil.which("dovecot", path="/usr/sbin:/usr/bin:/usr/local/sbin") is None:
        missing("Dovecot", "Install it (Debian, Ubuntu: apt install dovecot-imapd).")
    is_root = os.getuid() == 0
    owner = pwd.getpwnam("nobody") if is_root else pwd.getpwuid(os.getuid())
    with tempfile.TemporaryDirectory(prefix="staffel-imap-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        for name in ("run", "state", "mail", "mail/new", "mail/cur", "mail/tmp"):
            (home / name).mkdir()
            os.chown(home / name, owner.pw_uid, owner.pw_gid)
        os.chown(home, owner.pw_uid, owner.pw_gid)
        server = ImapServer(
            home=home, port=free_port(), uid=owner.pw_uid, gid=owner.pw_gid, tls_port=free_port() if tls else 0
        )
        if tls:
            _make_certificate(server.certificate)
        if not writable:
            server.forbid_writing()
        (home / "dovecot.conf").write_text(
            _CONFIG.format(
                home=home,
                internal="dovecot" if is_root else owner.pw_name,
                group="dovecot" if is_root else grp.getgrgid(owner.pw_gid).gr_name,
                login="dovenull" if is_root else owner.pw_name,
                uid=owner.pw_uid,
                gid=owner.pw_gid,
                port=server.port,
                tls_port=server.tls_port,
                tls=f"ssl = yes\nssl_cert = <{server.certificate}\nssl_key = <{server.certificate}"
                if tls
                else "ssl = no",
                password=PASSWORD,
            )
            + ("" if idle else "imap_capability = IMAP4rev1 UIDPLUS\n")
            + ("" if writable else _READ_ONLY)
            + (_FULL if full else "")
        )
        try:
            server.start()
            yield server
        finally:
            server.stop()


def _make_certificate(file: Path) -> None:
    """A key and a certificate for `localhost` that nobody else has signed."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
