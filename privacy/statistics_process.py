"""`python -m privacy.statistics_process`: one release in a process of its own, which gives OpenDP's memory back.

One JSON object on standard input: people, states, labels, minimum. The release on standard output.
"""

import json
import sys

from privacy.statistics import people_of, private_week


def main() -> None:
    """Make one release."""
    given = json.load(sys.stdin)
    released = private_week(
        people_of(given["people"]), states=given["states"], labels=given["labels"], minimum=given["minimum"]
    )
    sys.stdout.write(json.dumps(released))


if __name__ == "__main__":
    main()
