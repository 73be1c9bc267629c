"""Ask the service the README starts a real question, until the full index answers it with sources."""

import json
import sys
import time
import urllib.error
import urllib.request

BASE = "http://127.0.0.1:8000"
QUESTION = "my son is falling behind, no ehcp, can the school get extra help?"
MINUTES = 20


def ask() -> dict:
    body = json.dumps({"question": QUESTION}).encode()
    request = urllib.request.Request(f"{BASE}/api/ask", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def main() -> None:
    started, first, last = time.time(), None, ""
    while time.time() - started < MINUTES * 60:
        try:
            answer = ask()
            with urllib.request.urlopen(f"{BASE}/healthz", timeout=10) as health:
                state = json.load(health)["answers"]
        except (OSError, ValueError) as error:
            last = str(error)
            time.sleep(1)
            continue
        first = first or time.time() - started
        if state == "meaning and words":
            assert answer["outcome"] == "answer" and answer["citations"], answer
            assert "MIP" in answer["text"], answer["text"]
            print(f"first answer after {first:.0f} s from the command, full index after {time.time() - started:.0f} s")
            return
        time.sleep(1)
    sys.exit(f"no full answer within {MINUTES} minutes: {last}")


main()
