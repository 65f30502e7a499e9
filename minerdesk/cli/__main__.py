"""Run by ``python -m minerdesk.cli``."""

import sys

from minerdesk.cli.program import main

sys.exit(main())
