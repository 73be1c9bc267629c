"""`python -m bot` is `askwell`."""

from bot.cli import main

if __name__ == "__main__":
    main()
