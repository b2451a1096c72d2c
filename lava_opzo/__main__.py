"""`python -m lava_opzo` and the entry point `lava-opzo`: the command line."""
import signal


def main() -> None:
    """Run the command line; an interrupt while it still loads ends the process without a word, as it would end a shell tool."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from lava_opzo.cli import app

    app.main()


if __name__ == "__main__":
    main()
