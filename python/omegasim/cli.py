"""The command `omegasim`: one clear sentence on stderr where something is wrong, never a traceback."""

import gc
import os
import sys

FAILED = 1

# Imports make fifty thousand objects, none of them garbage; Python would look through them again and again.
_OBJECTS_BETWEEN_LOOKS = 100_000


def main() -> None:
    """Run the command line and leave with its exit code: 0 done, 1 the run failed, 2 wrong use."""
    sys.exit(run())


def run() -> int:
    """Run the command line; its exit code."""
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS)
    try:
        _read_ahead(sys.argv[1:])
        from omegasim.commands import run_command_line

        code = run_command_line(sys.argv[1:])
        sys.stdout.flush()
    except KeyboardInterrupt:
        interrupted()
        sys.stderr.flush()
        # Threads of the data libraries may still be at work; nothing is waiting for them.
        os._exit(FAILED)
    except BrokenPipeError:
        # The reader of our output has left; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = FAILED
    except Exception as error:
        if os.environ.get("OMEGASIM_TRACEBACK"):
            raise
        code = fail(f"internal error: {type(error).__name__}: {error}; OMEGASIM_TRACEBACK=1 shows where")
    return code


def _read_ahead(arguments: list[str]) -> None:
    """Begin to read the bars of a run, long before the command line is understood."""
    if arguments[:1] != ["run"]:
        return
    from omegasim.data.ahead import read_ahead

    read_ahead(arguments[1:])


def fail(message: str) -> int:
    """Say what went wrong."""
    print(f"omegasim: {message}", file=sys.stderr)
    return FAILED


def fail_in_strategy(error: Exception) -> int:
    """Say where a strategy's own code went wrong: its traceback, without the frames of this package."""
    import traceback
    from pathlib import Path

    if error.__cause__ is not None:
        package = str(Path(__file__).parent)
        told = traceback.TracebackException.from_exception(error.__cause__)
        told.stack = traceback.StackSummary.from_list(
            [frame for frame in told.stack if not frame.filename.startswith(package)]
        )
        print("".join(told.format(chain=False)), end="", file=sys.stderr)
    return fail(str(error))


def interrupted() -> None:
    """Say that the user stopped the run."""
    fail("interrupted")
