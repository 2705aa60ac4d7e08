"""Write ``schema.json``, by which editors check a config: ``python -m syndicator.settings.schema_file``."""

import json
from pathlib import Path

from syndicator.settings.schema import json_schema

SCHEMA_FILE = Path(__file__).with_name("schema.json")


def schema_text() -> str:
    """Return the content that ``schema.json`` must have."""
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
