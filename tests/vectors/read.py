"""What the reference implementation was recorded to do; the README beside this tells how."""

import json
from pathlib import Path
from typing import Any


def vectors(name: str) -> Any:
    return json.loads((Path(__file__).parent / f"{name}.json").read_text())
