"""Long runs behind one command each: `python -m tests.campaigns.NAME --full`. Their short forms are ordinary tests."""

import sys
from pathlib import Path

# The tests' own modules (the small office, the little council) are found as they are under pytest.
sys.path.insert(0, str(Path(__file__).parent.parent))
