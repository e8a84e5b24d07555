"""`python -m genre_core`: run the command line and leave quietly, whatever closes first."""

import io
import os
import sys

from genre_core.cli import main

PIPE_CLOSED = 141  # exit status of a program that wrote to a closed pipe, as shells have it


def run() -> int:
    """Run the command line on `sys.argv`; return the exit status."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that lacks a letter shows its escape instead of ending the program.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        try:
            return main()
        finally:
            sys.stdout.flush()  # here, where a closed pipe can still be caught
    except BrokenPipeError:
        # Python flushes stdout once more at exit: let that go nowhere instead of complaining.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED


if __name__ == "__main__":
    sys.exit(run())
