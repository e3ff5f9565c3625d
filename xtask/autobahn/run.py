"""Run cases of the Autobahn|Testsuite against a WebSocket server: VENV/bin/python run.py URL REPORTS PATTERN...

The verdicts are in REPORTS/index.json, which `cargo xtask autobahn` reads. It fails where a case was not run or where
the fuzzer itself raised an exception, which makes a case's verdict worthless.
"""
import json
import os
import sys
import warnings

warnings.simplefilter("ignore")

from autobahntestsuite import fuzzing  # noqa: E402
from autobahntestsuite.case import CaseBasename, CaseCategories, Cases, CaseSetname, CaseSubCategories  # noqa: E402
from autobahntestsuite.caseset import CaseSet  # noqa: E402
from twisted.internet import reactor  # noqa: E402
from twisted.python import log  # noqa: E402


def main(url, reports, *patterns):
    os.makedirs(reports, exist_ok=True)
    index = os.path.join(reports, "index.json")
    if os.path.exists(index):
        os.unlink(index)
    spec = {
        "outdir": reports,
        "servers": [{"url": url, "agent": "Lockstep"}],
        "cases": list(patterns),
        "exclude-cases": [],
        "exclude-agent-cases": {},
    }

    # JSON only: the HTML pages take longer than the cases.
    create_reports = fuzzing.FuzzingFactory.createReports
    fuzzing.FuzzingFactory.createReports = lambda self, *a, **k: create_reports(self, False, True)

    errors = []
    log.addObserver(lambda event: errors.append(log.textFromEventDict(event)) if event.get("isError") else None)

    # It prints a line for each case.
    stdout = sys.stdout
    with open(os.path.join(reports, "progress.log"), "w", buffering=1) as sys.stdout:
        try:
            fuzzing.startClient(spec)
            reactor.run()
        finally:
            sys.stdout = stdout

    wanted = CaseSet(CaseSetname, CaseBasename, Cases, CaseCategories, CaseSubCategories).parseSpecCases(spec)
    run = set()
    if os.path.exists(index):
        with open(index) as file:
            run = {case for cases in json.load(file).values() for case in cases}
    missing = [case for case in wanted if case not in run]
    if missing:
        print("not run: %s" % " ".join(missing), file=sys.stderr)
    for error in errors:
        print("error in the fuzzer itself: %s" % error, file=sys.stderr)
    return 1 if missing or errors else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
