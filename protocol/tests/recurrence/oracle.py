"""Expands recurrence rules with dateutil and zoneinfo, independently of Lockstep.

Reads one case a line (JSON) from standard input and writes one answer a line: the starts in the window, in seconds since
1970, or null if dateutil has no answer within a quarter of a second.
"""

import json
import signal
import sys
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

FORM = "%Y%m%dT%H%M%S"


class Late(Exception):
    pass


def alarm(*_):
    raise Late


def parts_of(rule):
    return dict(part.split("=", 1) for part in rule.split(";"))


def local_starts(case, limit):
    """The local starts by the rule, without regard to UNTIL, until a local time."""
    parts = parts_of(case["rule"])
    parts.pop("UNTIL", None)
    start = datetime.strptime(case["start"], FORM)
    first = start
    if parts["FREQ"] == "WEEKLY" and "BYSETPOS" in parts:
        # dateutil begins with a part of the first week, and picks positions from that part. RFC 5545 has the whole.
        assert "COUNT" not in parts
        days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
        parts.setdefault("BYDAY", days[start.weekday()])
        first -= timedelta(days=(start.weekday() - days.index(parts.get("WKST", "MO"))) % 7)
    rule = ";".join("=".join(part) for part in parts.items())
    for at in rrulestr(rule, dtstart=first):
        if at > limit:
            return
        if at >= start:
            yield at


def answer(case):
    zone = ZoneInfo(case["zone"])

    def instant(local, fold=0):
        return int(local.replace(tzinfo=zone, fold=fold).timestamp())

    def moment(text, fold=0):
        if text.endswith("Z"):
            return int(datetime.strptime(text[:-1], FORM).replace(tzinfo=timezone.utc).timestamp())
        return instant(datetime.strptime(text, FORM), fold)

    limit = datetime.fromtimestamp(case["until"], timezone.utc).replace(tzinfo=None) + timedelta(days=2)
    until = parts_of(case["rule"]).get("UNTIL")
    # Of an end that occurs twice, the later one counts.
    end = moment(until, fold=1) if until else None
    starts = {instant(at) for at in local_starts(case, limit)}
    starts = {at for at in starts if end is None or at <= end}
    starts |= {moment(text) for text in case["dates"]}
    starts -= {moment(text) for text in case["excluded"]}
    return sorted(at for at in starts if case["from"] <= at <= case["until"])


def main():
    signal.signal(signal.SIGALRM, alarm)
    for line in sys.stdin:
        signal.setitimer(signal.ITIMER_REAL, 0.25)
        try:
            found = answer(json.loads(line))
        except (Late, ValueError, IndexError, OverflowError):
            # dateutil refuses rules that can never match.
            found = None
        signal.setitimer(signal.ITIMER_REAL, 0)
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
