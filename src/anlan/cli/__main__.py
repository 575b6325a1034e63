"""``python -m anlan.cli``."""

from anlan.cli.main import main

if __name__ == "__main__":
    main()
