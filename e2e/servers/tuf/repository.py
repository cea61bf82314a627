"""Publishes one state of a TUF repository with python-tuf, and signs it: the other side of `touchmark roots update`.

    python repository.py FOLDER < STATE.json

FOLDER/repo is what a mirror serves, FOLDER/keys holds a private key for each name that a state uses. The state is the one that
e2e/servers/tuf-repository.ts describes.
"""

import hashlib
import json
import sys
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Role,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

folder = Path(sys.argv[1])
state = json.load(sys.stdin)
repo = folder / "repo"
(repo / "targets").mkdir(parents=True, exist_ok=True)
(folder / "keys").mkdir(exist_ok=True)


def signer(name: str) -> CryptoSigner:
    path = folder / "keys" / f"{name}.pem"
    if not path.exists():
        made = CryptoSigner.generate_ed25519() if name.startswith("ed") else CryptoSigner.generate_ecdsa()
        path.write_bytes(made.private_bytes)
    return CryptoSigner(load_pem_private_key(path.read_bytes(), None))


def expires(role: str) -> datetime:
    return datetime.fromisoformat(state["expires"][role])


def publish(signed, path: str, names: list[str]) -> bytes:
    metadata = Metadata(signed)
    for name in names:
        metadata.sign(signer(name), append=True)
    data = metadata.to_bytes(JSONSerializer(compact=True))
    (repo / path).write_bytes(data)
    return data


consistent = state["consistent"]
versions = state["versions"]


def versioned(role: str) -> str:
    return f"{versions[role]}.{role}.json" if consistent else f"{role}.json"


roles = {
    role: Role([signer(name).public_key.keyid for name in state["keys"][role]], state["threshold"][role])
    for role in ("root", "timestamp", "snapshot", "targets")
}
keys = {key.keyid: key for names in state["keys"].values() for key in [signer(name).public_key for name in names]}
root = Root(
    version=state["root"], expires=expires("root"), keys=keys, roles=roles, consistent_snapshot=consistent
)
publish(root, f"{state['root']}.root.json", state["rootSigners"])



def listed(contents: dict[str, str]) -> dict[str, TargetFile]:
    targets = {}
    for name, text in contents.items():
        data = text.encode()
        targets[name] = TargetFile.from_data(name, data, ["sha256", "sha512"])
        if ".." in name or name.startswith("/") or "\\" in name:
            continue  # a name that leads out is in the metadata alone
        parent, _, last = name.rpartition("/")
        (repo / "targets" / parent).mkdir(parents=True, exist_ok=True)
        for digest in targets[name].hashes.values() if consistent else [None]:
            (repo / "targets" / parent / (f"{digest}.{last}" if digest else last)).write_bytes(data)
    return targets


delegations = None
role_meta = {}
role = state.get("delegate")
if role is not None:
    name = role["name"]
    role_data = publish(
        Targets(version=role["version"], expires=datetime.fromisoformat(role["expires"]), targets=listed(role["targets"])),
        f"{role['version']}.{name}.json" if consistent else f"{name}.json",
        role["keys"],
    )
    role_meta[f"{name}.json"] = MetaFile.from_data(role["version"], role_data, ["sha256"])
    role_keys = [signer(one).public_key for one in role["keys"]]
    delegated = DelegatedRole(name, [key.keyid for key in role_keys], 1, True, role["paths"])
    delegations = Delegations({key.keyid: key for key in role_keys}, {name: delegated})

targets_data = publish(
    Targets(
        version=versions["targets"],
        expires=expires("targets"),
        targets=listed(state["targets"]),
        delegations=delegations,
    ),
    versioned("targets"),
    state["keys"]["targets"],
)
snapshot_data = publish(
    Snapshot(
        version=versions["snapshot"],
        expires=expires("snapshot"),
        meta={"targets.json": MetaFile.from_data(versions["targets"], targets_data, ["sha256"]), **role_meta},
    ),
    versioned("snapshot"),
    state["keys"]["snapshot"],
)
publish(
    Timestamp(
        version=versions["timestamp"],
        expires=expires("timestamp"),
        snapshot_meta=MetaFile.from_data(versions["snapshot"], snapshot_data, ["sha256"]),
    ),
    "timestamp.json",
    state["keys"]["timestamp"],
)
