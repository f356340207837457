"""`python -m runfolio` is the command `runfolio`."""

from runfolio.cli.main import main

if __name__ == "__main__":
    main()
