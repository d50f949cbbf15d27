"""What the serving process does not carry about."""

import subprocess
import sys

LARGE_AND_FREED = """
import resource
from pathlib import Path
from bot.memory import give_back_large_blocks
give_back_large_blocks()
def megabytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1_048_576
for _ in range(3):
    bytearray(30_000_000)  # Once freed, such a block lifts the bound above which glibc gives back.
before = megabytes()
blocks = [bytearray(b"x" * 2_000_000) for _ in range(20)]
kept = bytearray(b"x" * 50_000)  # Above them in the heap.
del blocks
print(megabytes() - before)
"""


def test_large_blocks_go_back_to_the_system() -> None:
    done = subprocess.run([sys.executable, "-c", LARGE_AND_FREED], capture_output=True, encoding="utf-8", check=True)
    assert float(done.stdout) < 5  # With the bound lifted it is 11.


def test_the_web_application_starts_without_what_few_ask_for() -> None:
    code = (
        "import sys, bot.web; print([name for name in ('icalendar', 'tensorflow', 'alembic') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.strip() == "[]"
