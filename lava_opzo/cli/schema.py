"""`lava-opzo schema`: the JSON schema of a config, so that an editor completes its keys and marks what is wrong."""
import json

from lava_opzo.cli.options import AsJson


def schema(as_json: AsJson = False) -> None:
    """Print the JSON schema of the TOML file of a run: keys, types and defaults (docs/reading_a_run.md)."""
    from lava_opzo.cli.output import answer
    from lava_opzo.experiment import experiment

    content = experiment.schema()
    print(json.dumps(content, indent=2))
    answer(content)
