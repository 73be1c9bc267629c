"""Print the command that the README marks with `<!-- command: NAME -->`, so that CI runs what a stranger would."""

import pathlib
import re
import sys

README = pathlib.Path(__file__).parent.parent / "README.md"


def main() -> None:
    name = re.escape(sys.argv[1])
    found = re.search(rf"<!-- command: {name} -->\n+```sh\n(.*?)\n```", README.read_text(encoding="utf-8"), re.DOTALL)
    if not found:
        sys.exit(f"README.md has no command called {sys.argv[1]}")
    sys.stdout.write(found[1] + "\n")


main()
