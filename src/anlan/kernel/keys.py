"""The journal's signing key: made once for a data folder, readable by its owner only."""

import base64
import os
from pathlib import Path

from anlan.kernel.entropy import Entropy
from anlan.kernel.notes import Signer

_SEED_BYTES = 32


def journal_signer(folder: Path, entropy: Entropy) -> Signer:
    """Return the signer of a data folder's journal, making its key on first use.

    Files in ``keys/``: ``journal.seed`` (secret, 32 bytes in base64) and ``journal.vkey`` (public, for verifiers).
    """
    keys = folder / "keys"
    path = keys / "journal.seed"
    if not path.exists():
        keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        seed = entropy.take(_SEED_BYTES, "journal key")
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(seed))
        name = "anlan/" + base64.b32encode(entropy.take(5, "journal name")).decode().lower()
        (keys / "journal.name").write_text(name, encoding="utf-8")
    signer = Signer((keys / "journal.name").read_text(encoding="utf-8"), base64.b64decode(path.read_bytes()))
    public = keys / "journal.vkey"
    if not public.exists():
        public.write_text(signer.verifier.encode() + "\n", encoding="utf-8")
    return signer
