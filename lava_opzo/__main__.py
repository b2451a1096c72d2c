"""`python -m lava_opzo` is the command `lava-opzo`."""
from lava_opzo.cli.app import main

if __name__ == "__main__":
    main()
