"""Messages for the timer WebSocket, made from /asyncapi.json: valid, nearly valid and invalid ones.

Usage: socket_messages.py SEED SECONDS. Whatever is sent, the server answers every connection that it leaves open, closes
with no code for its own fault (1011), and stays healthy. The same seed makes the same messages for the same answers.
"""

import json
import random
import sys
import time
from collections import Counter

import requests
from websockets.exceptions import ConnectionClosed

import people

# Number of messages sent over one connection, all of them in flight at once.
BATCH = 40
QUERIES = ["", "?dialect=camel", "?shared=true", "?timezone=Asia/Kathmandu", "?since=0:0", "?since=%FF:-1", "?dialect=x"]
# Strings that have broken parsers, renderers and databases.
STRINGS = ["", " ", "\0", "\u202e", "\ud83d\ude00" * 600, "</title><script>", "' OR 1=1 --", "%n%s", "x" * 30_000, "\ufeff"]
NUMBERS = [0, -1, 1, 2**31, 2**53 + 1, 2**63, -(2**63), 10**30, 0.5, 1e308, -0.0]


class Generator:
    """Generates values of a JSON Schema, and mutates them."""

    def __init__(self, seed, schemas):
        self.random, self.schemas = random.Random(seed), schemas
        self.ids = []

    def value(self, schema):
        schema = self.resolve(schema)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self.random.choice(schema["enum"])
        for union in ("oneOf", "anyOf"):
            if union in schema:
                return self.value(self.random.choice(schema[union]))
        kind = schema.get("type", "object")
        kind = self.random.choice(kind) if isinstance(kind, list) else kind
        return getattr(self, f"a_{kind}")(schema)

    def resolve(self, schema):
        while "$ref" in schema:
            schema = self.schemas[schema["$ref"].rsplit("/", 1)[-1]]
        return schema

    def a_null(self, _schema):
        return None

    def a_boolean(self, _schema):
        return self.random.random() < 0.5

    def a_integer(self, schema):
        return self.random.randint(schema.get("minimum", -(2**31)), schema.get("maximum", 2**31))

    a_number = a_integer

    def a_string(self, schema):
        if schema.get("format") == "uuid":
            made = "%08x-%04x-7%03x-8%03x-%012x" % tuple(self.random.getrandbits(b) for b in (32, 16, 12, 12, 48))
            return self.random.choice(self.ids) if self.ids and self.random.random() < 0.8 else made
        length = self.random.randint(schema.get("minLength", 0), min(schema.get("maxLength", 40), 600))
        return "".join(self.random.choice("ab \u00e9\u4e16\U0001f30d<&\"'\\\n") for _ in range(length))

    def a_array(self, schema):
        return [self.value(schema["items"]) for _ in range(self.random.randint(0, 4))]

    def a_object(self, schema):
        required = schema.get("required", [])
        members = schema.get("properties", {}).items()
        return {name: self.value(of) for name, of in members if name in required or self.random.random() < 0.6}

    def mutated(self, value):
        """The value with one random mutation."""
        if isinstance(value, dict) and value and self.random.random() < 0.8:
            name = self.random.choice(list(value))
            if self.random.random() < 0.2:
                return {key: of for key, of in value.items() if key != name}
            return value | {name: self.mutated(value[name])}
        if isinstance(value, list) and value and self.random.random() < 0.5:
            return [self.mutated(value[0])] + value * self.random.choice([1, 2, 50])
        other = [None, True, [], {}, [[[]]], {"a": {"a": {}}}]
        return self.random.choice(self.random.choice([STRINGS, NUMBERS, other]))

    def frame(self, schema):
        """A message and whether it is sent as a text frame; the text may be invalid UTF-8."""
        message = self.value(schema)
        kind = self.random.random()
        if kind < 0.5:
            return json.dumps(message).encode(), True
        for _ in range(self.random.randint(1, 3)):
            message = self.mutated(message)
        text = json.dumps(message, ensure_ascii=self.random.random() < 0.5)
        if kind < 0.9:
            return text.encode("utf-8", "surrogatepass"), True
        cut = self.random.randint(0, len(text))
        if kind < 0.96:
            other = self.random.choice(["", "{", "\0", '"', "1e999", text])[:50_000]
            return (text[:cut] + other + text[cut + 1 :]).encode("utf-8", "surrogatepass"), True
        return text.encode("utf-8", "surrogatepass"), False


def converse(user, generator, schemas, weights, seen):
    """Opens one connection, sends a batch and reads the replies."""
    try:
        with user.socket(generator.random.choice(QUERIES)) as socket:
            for _ in range(BATCH):
                frame, is_text = generator.frame(generator.random.choices(schemas, weights)[0])
                socket.send(frame, text=is_text)
                seen["sent"] += 1
            socket.send(json.dumps({"type": "ping", "id": "the last one"}))
            while True:
                answer = json.loads(socket.recv(timeout=30))
                seen[answer["type"]] += 1
                payload = answer.get("payload") or {}
                timer = payload.get("timer") or {}
                generator.ids = (generator.ids + [timer["id"]] if "id" in timer else generator.ids)[-50:]
                if answer["type"] == "error":
                    seen[f"error {payload['details']['reason']}"] += 1
                if "the last one" in (answer.get("reply_to"), answer.get("replyTo")):
                    return
    except ConnectionClosed as closed:
        code = closed.rcvd.code if closed.rcvd else 1006
        seen[f"close {code}"] += 1


def main():
    seed, seconds = int(sys.argv[1]), float(sys.argv[2])
    document = requests.get(f"{people.URL}/asyncapi.json", timeout=30).json()
    messages = document["components"]["messages"]
    received = [name for name, of in document["operations"].items() if of["action"] == "receive"]
    schemas = [messages[name]["payload"] for name in received]
    # An invalid token ends the connection, so few of them are sent.
    weights = [1 if name == "auth.renew" else 10 for name in received]
    generator = Generator(seed, document["components"]["schemas"])
    users = [people.User("ada"), people.User("bob")]
    seen = Counter()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        converse(generator.random.choice(users), generator, schemas, weights, seen)
    for name, count in sorted(seen.items()):
        print(f"    {count:7} {name}")
    health = requests.get(f"{people.URL}/health", timeout=30)
    faults = [name for name in ("close 1011", "close 1006", "error INTERNAL_ERROR") if seen[name]]
    if faults or health.status_code != 200:
        sys.exit(f"With the seed {seed}: {', '.join(faults)}; /health answers {health.status_code}.")


main()
