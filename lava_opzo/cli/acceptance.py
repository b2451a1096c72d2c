"""`lava-opzo acceptance`: nine small experiments that decide whether a board computes as this project assumes."""
from typing import Annotated

from typer import Exit, Option

from lava_opzo.cli.options import AsJson
from lava_opzo.errors import DIFFERENCE


def acceptance(
    target: Annotated[str, Option(help="simulator or loihi2")] = "simulator",
    bench: Annotated[str | None, Option(help="package.module:Class with the two experiments on a board, for loihi2")] = None,
    as_json: AsJson = False,
) -> None:
    """Run the checks, print question, answer and, where it differs, what to change. Exit code 1 if a needed answer differs."""
    from lava_opzo.board.acceptance.checks import results
    from lava_opzo.board.acceptance.target import open_bench
    from lava_opzo.cli.output import answer

    chosen = open_bench(target, bench)
    print(f"target: {chosen.name}", flush=True)
    answers = results(chosen)
    for check, given in answers:
        same = given == check.expected
        print(f"({check.letter}) {check.title}: {check.asks}\n"
              f"    answer {given}; expected {check.expected}: {'same' if same else 'DIFFERENT'}")
        if not same:
            print(f"    {'needed' if check.needed else 'not needed by this project'}: {check.otherwise}")
    rows = [{"check": c.letter, "title": c.title, "asks": c.asks, "expected": c.expected, "answer": given,
             "needed": c.needed, "otherwise": c.otherwise} for c, given in answers]
    answer({"target": chosen.name, "checks": rows})
    if any(check.needed and given != check.expected for check, given in answers):
        raise Exit(DIFFERENCE)
