"""The client of python-tuf, to compare verdicts with: prints trusted_root.json, or fails.

    python client.py ROOT_JSON MIRROR FOLDER

FOLDER is what it keeps between two runs.
"""

import sys
from pathlib import Path

from tuf.ngclient import Updater, UpdaterConfig

root, mirror, folder = sys.argv[1:]
for name in ("metadata", "targets"):
    Path(folder, name).mkdir(parents=True, exist_ok=True)
updater = Updater(
    metadata_dir=str(Path(folder, "metadata")),
    metadata_base_url=mirror,
    target_dir=str(Path(folder, "targets")),
    target_base_url=f"{mirror}/targets",
    config=UpdaterConfig(max_root_rotations=64),
    bootstrap=Path(root).read_bytes(),
)
updater.refresh()
info = updater.get_targetinfo("trusted_root.json")
if info is None:
    sys.exit("no trusted_root.json")
path = updater.find_cached_target(info) or updater.download_target(info)
sys.stdout.write(Path(path).read_text())
