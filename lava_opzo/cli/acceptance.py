"""`lava-opzo acceptance`: nine small experiments that decide whether a board computes as this project assumes."""
from typing import Annotated

from typer import Exit, Option


def acceptance(
    target: Annotated[str, Option(help="simulator or loihi2")] = "simulator",
    bench: Annotated[str | None, Option(help="package.module:Class with the two experiments on a board, for loihi2")] = None,
    as_json: Annotated[bool, Option("--json", help="print one line of JSON instead of text")] = False,
) -> None:
    """Run the checks, print question, answer and, where it differs, what to change. Exit code 1 if a needed answer differs."""
    import json

    from lava_opzo.board.acceptance.checks import results
    from lava_opzo.board.acceptance.target import open_bench

    chosen = open_bench(target, bench)
    if not as_json:
        print(f"target: {chosen.name}", flush=True)
    answers = results(chosen)
    if as_json:
        rows = [{"check": c.letter, "title": c.title, "asks": c.asks, "expected": c.expected, "answer": answer,
                 "needed": c.needed, "otherwise": c.otherwise} for c, answer in answers]
        print(json.dumps({"target": chosen.name, "checks": rows}))
    else:
        for check, answer in answers:
            same = answer == check.expected
            print(f"({check.letter}) {check.title}: {check.asks}\n"
                  f"    answer {answer}; expected {check.expected}: {'same' if same else 'DIFFERENT'}")
            if not same:
                print(f"    {'needed' if check.needed else 'not needed by this project'}: {check.otherwise}")
    if any(check.needed and answer != check.expected for check, answer in answers):
        raise Exit(1)
