"""``python -m nanobanana_nb``: the same as the command `nanobanana`."""

from __future__ import annotations

import sys

from nanobanana_nb.cli.command_line import main

if __name__ == "__main__":
    sys.exit(main())
