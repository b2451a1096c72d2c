"""One file per command of `lava-opzo`, each with a function of its file's name; imports stay light until a command runs."""
