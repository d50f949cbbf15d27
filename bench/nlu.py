"""Times the understanding of messages and weighs the process that serves it: `make bench-nlu-speed`.

Everything is measured on the project's examples and, for parsing, on the messages of `tests/data/heldout.csv`.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bot.settings import PROJECT
from nlu.evaluation.datasets import read_csv
from nlu.examples import Example, read_examples
from nlu.extension import extend_archive
from nlu.runtime import Parser
from tests.listening import free_port

HELD_OUT = PROJECT / "tests" / "data" / "heldout.csv"
SERVING = 1_000
"""Messages that the serving process has understood before it is weighed."""
TRAINING = """
import sys
from pathlib import Path
from nlu.examples import read_examples
from nlu.importer import ListImporter
from nlu.training import train
root = Path(sys.argv[1])
train(ListImporter(root / "config.yml", read_examples(root)), Path(sys.argv[2]))
"""
LOADING = """
import sys
from pathlib import Path
from nlu.runtime import Parser
Parser.load(Path(sys.argv[1])).parse("salam")
"""
NEW_ENTRY = {
    "fr": ("où pique-niquer", "y a-t-il des tables de pique-nique", "aire de pique-nique près de chez moi"),
    "ary": ("فين نديرو بيكنيك", "واش كاينين طبالي ديال النزهة", "بلاصة للنزهة مع الدراري"),
    "ary-Latn": ("fin ndiro picnic", "wach kaynin tabli dyal picnic", "blassa dyal picnic m3a drari"),
}
"""The examples of an answer that the project does not have."""


def main() -> int:
    tell = sys.stdout.write
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "model.tar.gz"
        tell(f"training, whole, with imports     {_seconds(TRAINING, str(PROJECT), str(archive)):8.1f} s\n")
        tell(f"one answer more (nlu.extension)   {_extending(archive, Path(folder)):8.1f} s\n")
        loads = [_seconds(LOADING, str(archive)) for _ in range(3)]
        tell(f"imports, load and first message   {statistics.median(loads):8.1f} s\n")
        texts = [example.text for example in read_csv(HELD_OUT)]
        _parsing(Parser.load(archive), texts)
        size, peak = _serving(texts, Path(folder))
    tell(f"`casa serve`, after {SERVING} messages  {size:8.0f} MB, at most {peak:.0f} MB while it started\n")
    return 0


def _seconds(code: str, *arguments: str) -> float:
    """Of a Python process, from its start to its end."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-W", "ignore", "-c", code, *arguments], cwd=PROJECT, check=True)  # noqa: S603
    return time.perf_counter() - started


def _extending(archive: Path, folder: Path) -> float:
    new = [
        Example(text, "faq/picnic", language, Path("picnic.yml"), 1)
        for language, ts in NEW_ENTRY.items()
        for text in ts
    ]
    examples = [*read_examples(PROJECT), *new]
    started = time.perf_counter()
    extend_archive(archive, examples, folder / "extended.tar.gz")
    return time.perf_counter() - started


def _parsing(parser: Parser, texts: list[str]) -> None:
    parser.parse(texts[0])  # Reads the tables of words.
    cold, warm = _each(parser, texts), _each(parser, texts)
    for name, times in (("words never met before", cold), ("words met before", warm)):
        cuts = statistics.quantiles(times, n=100)
        sys.stdout.write(
            f"one message, {name:23}p50 {statistics.median(times):5.2f} ms, p99 {cuts[98]:5.2f} ms, longest {max(times):5.2f} ms\n"
        )
    started = time.perf_counter()
    for start in range(0, len(texts), 64):
        parser.parse_many(texts[start : start + 64])
    sys.stdout.write(
        f"64 messages at a time             {len(texts) / (time.perf_counter() - started):8.0f} messages/s\n"
    )


def _each(parser: Parser, texts: list[str]) -> list[float]:
    """Milliseconds of each text by itself."""
    times = []
    for text in texts:
        started = time.perf_counter()
        parser.parse(text)
        times.append((time.perf_counter() - started) * 1000)
    return times


def _serving(texts: list[str], folder: Path) -> tuple[float, float]:
    """Resident and peak memory in MB of `casa serve` that answered on the phone page; its database has its tables."""
    with _served(folder):
        pass
    with _served(folder) as (process, url), httpx.Client(base_url=url) as client:
        for number in range(SERVING):
            body = {
                "phone": f"bench-{number % 50:03}",
                "id": f"message-{number:05}",
                "text": texts[number % len(texts)],
            }
            client.post("/phone/messages", json=body).raise_for_status()
            if number % 50 == 49:  # At the pace of the answers.
                _wait_for_answers(client, number // 50 + 1)
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    lines = dict(line.split(":", 1) for line in status.splitlines())
    return _megabytes(lines["VmRSS"]), _megabytes(lines["VmHWM"])


def _wait_for_answers(client: httpx.Client, expected: int) -> None:
    """Until the last of the phones has its answers."""
    for _ in range(300):
        messages = client.get("/phone/messages", params={"phone": "bench-049", "after": 0}).json()["messages"]
        if sum(message["from"] == "person" for message in messages) >= expected and messages[-1]["from"] != "person":
            return
        time.sleep(0.05)


def _megabytes(line: str) -> float:
    return int(line.split()[0]) / 1024


@contextmanager
def _served(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The service as operators start it, with a database of its own."""
    port = free_port()
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/casa.sqlite3", "DATA_DIR": str(folder)}
    command = [sys.executable, "-W", "ignore", "-c", "from bot.cli import main; main()", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=PROJECT, env=environment, stderr=subprocess.DEVNULL) as process:  # noqa: S603
        try:
            url = f"http://127.0.0.1:{port}"
            for _ in range(600):
                try:
                    httpx.get(f"{url}/healthz").raise_for_status()
                    break
                except httpx.HTTPError:
                    time.sleep(0.1)
            yield process, url
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


if __name__ == "__main__":
    sys.exit(main())
