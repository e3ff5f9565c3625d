"""Hooks for schemathesis: requests come from both users, and half of them name resources that exist.

Set SCHEMATHESIS_HOOKS to this file. The seed is LOCKSTEP_SEED.
"""

import os
import random
import re
import sys
from pathlib import Path

import schemathesis

sys.path.insert(0, str(Path(__file__).parent))
import people  # noqa: E402

RANDOM = random.Random(int(os.environ["LOCKSTEP_SEED"]))
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Ids by the segment after /v1/, which names the resource type; the newest are kept, up to the limit.
MOST_IDS = 200
USERS = people.prepare()
IDS = {}


@schemathesis.auth(refresh_interval=None)
class Token:
    def get(self, case, context):
        return RANDOM.choice(USERS).token()

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(context, case, kwargs):
    """Replaces generated ids by ids from earlier answers."""
    for name in list(case.path_parameters or {}):
        if name != "type" and RANDOM.random() < 0.5:
            case.path_parameters[name] = pick(case.path) or case.path_parameters[name]
    if isinstance(case.body, dict):
        for name, value in case.body.items():
            if name.endswith("_id") and RANDOM.random() < 0.5:
                case.body[name] = pick(owner_of(name)) or value
            elif name.endswith("_ids") and isinstance(value, list) and RANDOM.random() < 0.5:
                found = pick(owner_of(name))
                case.body[name] = [found] if found else value


@schemathesis.hook
def after_call(context, case, response):
    known = IDS.setdefault(kind(case.path), [])
    known.extend(UUID.findall(response.text[:20_000]))
    del known[:-MOST_IDS]


def owner_of(name):
    """The path of the resources that this member refers to: `tag_group_id` under `/v1/tags`."""
    return next((f"/v1/{word}s" for word in ("tag", "schedule", "todo", "timer") if word in name), "/v1/friends")


def kind(path):
    return path.split("/")[2] if path.startswith("/v1/") else path


def pick(path):
    # Resources of every type can be shared.
    kinds = ["schedules", "todos", "timers"] if kind(path) == "visibility" else [kind(path)]
    found = [id_ for name in kinds for id_ in IDS.get(name, [])]
    return RANDOM.choice(found) if found else None
