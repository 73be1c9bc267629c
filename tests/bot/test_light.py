"""What serving a page loads: neither torch nor, while Telegram is off, the chat's library."""

import subprocess
import sys

LOAD = "import sys, bot.cli, bot.web.routes{more}; print(sorted({{'torch', 'aiogram'}} & sys.modules.keys()))"


def loaded(more: str = "") -> str:
    command = [sys.executable, "-c", LOAD.format(more=more)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_the_pages_load_neither_torch_nor_the_library_of_the_chat():
    assert loaded() == "[]"


def test_the_chat_loads_its_library():
    assert loaded(", bot.telegram.running") == "['aiogram']"
