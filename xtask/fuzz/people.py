"""Two users who are friends, have resources of every kind, and share them."""

import json
import os
import time
import uuid

import requests
from websockets.sync.client import connect

URL = os.environ["LOCKSTEP_URL"]
PASSWORD = "a password for the fuzzer"
# Access tokens live for 15 minutes.
TOKEN_SECONDS = 10 * 60


class User:
    def __init__(self, name):
        self.email = f"{name}@example.com"
        self._token, self._since = None, 0.0

    def token(self):
        """A valid access token; the first call creates the account."""
        if time.monotonic() - self._since > TOKEN_SECONDS or self._token is None:
            self._token = self._sign_in()
            self._since = time.monotonic()
        return self._token

    def _sign_in(self):
        body = {"email": self.email, "password": PASSWORD}
        answer = requests.post(f"{URL}/v1/auth/sign-in", json=body, timeout=30)
        if answer.status_code == 401:
            answer = requests.post(f"{URL}/v1/auth/sign-up", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()["access_token"]

    def call(self, method, path, body=None, ok=True):
        headers = {"Authorization": f"Bearer {self.token()}"}
        answer = requests.request(method, URL + path, json=body, headers=headers, timeout=30)
        if ok and not answer.ok:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None

    def socket(self, query=""):
        """Opens a WebSocket. The caller closes it."""
        url = URL.replace("http", "ws", 1) + "/v1/ws/timers" + query
        protocols = ["lockstep.v1", f"authorization.bearer.{self.token()}"]
        return connect(url, subprotocols=protocols, max_size=None, open_timeout=30, close_timeout=5)

    def command(self, socket, type_, payload):
        """Sends a command and waits for its reply."""
        message_id = str(uuid.uuid4())
        socket.send(json.dumps({"type": type_, "id": message_id, "payload": payload}))
        while True:
            answer = json.loads(socket.recv(timeout=30))
            if answer.get("reply_to") == message_id:
                return answer["payload"]

    def create_resources(self):
        """Creates a group, a tag, schedules, todos and timers; returns the ids of what can be shared."""
        group = self.call("POST", "/v1/tags/groups", {"name": "work", "color": "#336699"})["id"]
        tag = self.call("POST", "/v1/tags", {"name": "deep", "color": "#996633", "group_id": group})["id"]
        once = {"title": "Once", "start_time": "2026-11-02T09:00:00Z", "end_time": "2026-11-02T10:00:00Z"}
        often = once | {"title": "Often", "recurrence_rule": "FREQ=WEEKLY;BYDAY=MO,WE", "tag_ids": [tag]}
        schedules = [self.call("POST", "/v1/schedules", body)["id"] for body in (once, often)]
        todo = {"title": "Todo", "tag_group_id": group, "deadline": "2026-12-01T12:00:00Z"}
        todos = [self.call("POST", "/v1/todos", todo)["id"]]
        todos.append(self.call("POST", "/v1/todos", todo | {"title": "Part", "parent_id": todos[0]})["id"])
        timers = []
        with self.socket() as socket:
            for _ in range(3):
                payload = {"allocated_duration": 1500, "title": "Timer", "schedule_id": schedules[1], "tag_ids": [tag]}
                timers.append(self.command(socket, "timer.create", payload)["timer"]["id"])
            self.command(socket, "timer.pause", {"timer_id": timers[1]})
        return {"schedule": schedules, "todo": todos, "timer": timers}


def prepare():
    """Creates the two users, makes them friends, and lets each share all of their resources."""
    ada, bob = User("ada"), User("bob")
    code = bob.call("GET", "/v1/users/me")["friend_code"]
    request = ada.call("POST", "/v1/friends/requests", {"friend_code": code})
    bob.call("POST", f"/v1/friends/requests/{request['id']}/accept")
    for user in (ada, bob):
        for kind, ids in user.create_resources().items():
            for id_, level in zip(ids, ("friends", "public")):
                user.call("PUT", f"/v1/visibility/{kind}/{id_}", {"level": level})
    return ada, bob
