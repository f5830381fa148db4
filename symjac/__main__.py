"""`python -m symjac`: the command line."""

from symjac.cli import main

if __name__ == "__main__":
    main(prog_name="symjac")
