"""Python's SDKs of OpenAI and Anthropic through the gateway to a scripted provider of each dialect: at once and with the
SDKs' own stream helpers, tools in two turns, an image, thoughts, citations, objects, refusals, and the list of models.

Usage: python checks.py WAR WORKDIR. Prints "ok …" or "FAILED …" for each check.
"""

import functools
import json
import os
import secrets
import signal
import sys

import anthropic
import openai

from clients import Chat, City, Messages, Responses
from servers import Checks, Gateway, Provider, equal, key_arrived

TEXT = "Grüezi – 你好 👋"
WEATHER = 'In Zürich sind es 21.5 °C – ☀️ "schön"'
RESULTS = {"weather": WEATHER, "clock": "12:34"}
THOUGHT = "Hm – 考え中 🤔"
CITY = City(name="Zürich", population=427721, twins=["Kunming", "San Francisco"])
USAGE = (4321, 1234, 56)
TOO_LONG = {
    Chat: lambda error: error.code == "context_length_exceeded",
    Responses: lambda error: error.code == "context_length_exceeded",
    # The words that its agents act on.
    Messages: lambda error: "prompt is too long" in error.message,
}
WAYS = {"at once": "whole", "stream helper": "streamed"}


class Target:
    """A model, the only API that its provider has, and where that reads a key."""

    def __init__(self, name, model, provider, api, path, slot, proofs):
        self.name, self.model, self.path, self.slot = name, model, path, slot
        self.row = f"{{model: {provider}/{model}, passthrough_auth: true, apis: [{api}]"
        self.proofs = proofs  # whether it signs its thoughts, and wants to see that again

    def shows(self, client):
        """Whether this client is shown thoughts, and may send them back."""
        # OpenAI's Chat Completions tells none and takes none, and its Responses tells them to those alone who say so.
        return not isinstance(client, Chat) or self.model.startswith("claude")


TARGETS = [
    Target("Chat Completions", "gpt-5.4", "openai", "chat", "/v1/chat/completions", "authorization: Bearer {}", False),
    Target("Responses", "gpt-5.3", "openai", "responses", "/v1/responses", "authorization: Bearer {}", True),
    Target("Messages", "claude-sonnet-4-6", "anthropic", "messages", "/v1/messages", "x-api-key: {}", True),
]


def yaml(url):
    rows = "\n".join(f'  - {target.row}, base_url: "{url}"}}' for target in TARGETS)
    return f"""version: v0.4.0
listeners: [{{type: model, name: python, address: 127.0.0.1, port: 0}}]
model_providers:
{rows}
"""


class Direction:
    """One SDK's API on one provider's: what is checked of it."""

    def __init__(self, checks, provider, client, target, key):
        self._checks, self._provider, self._client, self._target, self._key = checks, provider, client, target, key

    def run(self):
        self._check("events", "text", 1, self._events)
        self._check("object", "object", 1, self._object)
        for way, method in WAYS.items():
            ask = getattr(self._client, method)
            self._check(f"{way}: text", "text", 1, functools.partial(self._text, ask))
            self._check(f"{way}: tools", "tools", 2, functools.partial(self._tools, ask))
            if self._target.shows(self._client):
                self._check(f"{way}: thoughts", "thoughts", 2, functools.partial(self._thoughts, ask))
            self._check(f"{way}: citations", "citations", 1, functools.partial(self._citations, ask))
            self._check(f"{way}: 429 with retry-after", "too many", 1, functools.partial(self._too_many, ask))
            self._check(f"{way}: 400, too long", "too long", 1, functools.partial(self._too_long, ask))

    def _check(self, name, script, requests, body):
        def checked():
            self._provider.play(script)
            body()
            received = self._arrived(requests)
            if script == "thoughts":
                proofs = [request["thoughts"] for request in received]
                equal(proofs, [0, 1] if self._target.proofs else [0, 0])

        self._checks.check(f"{self._client.name} on {self._target.name}, {name}", checked)

    def _arrived(self, number):
        received = self._provider.play("")
        equal(len(received), number)
        for request in received:
            equal(request["target"], self._target.path)
            key_arrived(request, self._slot(), self._key)
        return received

    def _slot(self):
        # With the API version of Anthropic's later SDKs a key is a bearer token, and stays one.
        native = isinstance(self._client, Messages) and self._target.path == "/v1/messages"
        return "authorization: Bearer {}" if native else self._target.slot

    def _text(self, ask):
        answer = ask(self._client.start("Hello"))
        equal((answer.text, answer.finish, answer.usage, answer.calls), (TEXT, self._client.done, USAGE, []))

    def _events(self):
        equal(self._client.events(self._client.start("Hello")), TEXT)

    def _object(self):
        equal(self._client.object(self._client.start("Describe Zürich")).parsed, CITY)

    def _tools(self, ask):
        self._converse(ask, tools=True)

    def _citations(self, ask):
        answer = ask(self._client.start("Wie ist das Wetter?"))
        equal((answer.text, answer.finish), ("Es regnet in Bern. In Basel nicht.", self._client.done))
        equal(answer.citations, [("https://example.com/Bern", "Bern"), ("https://example.com/Basel", "Basel")])

    def _thoughts(self, ask):
        asked, answered = self._converse(ask, tools=True, think=True)
        equal((asked.reasoning, answered.reasoning), (THOUGHT, THOUGHT))

    def _converse(self, ask, **options):
        """Two turns: calls with their arguments, and what is said of their results."""
        history = self._client.start("Wie warm ist es?")
        asked = ask(history, **options)
        equal((asked.text, asked.finish, asked.usage), ("Ich frage nach.", self._client.wants_tools, USAGE))
        calls = [(name, json.loads(given) if isinstance(given, str) else given) for _, name, given in asked.calls]
        wanted = {"city": "Zürich", "days": 2, "hourly": {"wind": [True, None]}}
        equal(calls, [("weather", wanted), ("clock", {})])
        results = {call_id: RESULTS[name] for call_id, name, _ in asked.calls}
        equal(len(results), 2)
        answered = ask(self._client.go_on(history, asked, results), **options)
        equal((answered.text, answered.finish, answered.usage), (f"Ergebnis: {WEATHER}", self._client.done, USAGE))
        return asked, answered

    def _too_many(self, ask):
        error = self._refused(ask, self._client.errors.RateLimitError)
        equal((error.status_code, error.response.headers.get("retry-after")), (429, "17"))
        equal("Langsamer, bitte." in error.message, True)

    def _too_long(self, ask):
        error = self._refused(ask, self._client.errors.BadRequestError)
        equal(error.status_code, 400)
        if not TOO_LONG[type(self._client)](error):
            raise AssertionError(f"not told as too long: {error.body!r}")

    def _refused(self, ask, kind):
        try:
            answer = ask(self._client.start("Hello"))
        except kind as error:
            return error
        raise AssertionError(f"answered: {answer!r}")


def check_models(checks, url, key):
    clients = {
        "openai": openai.OpenAI(base_url=f"{url}/v1", api_key=key, max_retries=0, timeout=20),
        "anthropic": anthropic.Anthropic(base_url=url, api_key=key, max_retries=0, timeout=20),
    }
    for name, client in clients.items():
        kind = sys.modules[name]

        def listed(client=client):
            served = [model.id for model in client.models.list()]
            for target in TARGETS:
                equal(target.model in served, True)

        def retrieved(client=client):
            for model in client.models.list():
                equal(client.models.retrieve(model.id).id, model.id)
            for target in TARGETS:
                equal(client.models.retrieve(target.model).id, target.model)

        def unknown(client=client, kind=kind):
            try:
                client.models.retrieve("no-such-model")
            except kind.NotFoundError as error:
                equal("This gateway lists no model of that name." in error.message, True)
                return
            raise AssertionError("found")

        checks.check(f"{name}: models.list", listed)
        checks.check(f"{name}: models.retrieve", retrieved)
        checks.check(f"{name}: models.retrieve of an unknown one", unknown)


def check_refusals(checks, provider, url):
    """A key that is none goes nowhere."""
    for client in (Chat, Responses, Messages):

        def refused(client=client):
            provider.play("text")
            asked = client(url, "undefined", TARGETS[2].model)
            for way in WAYS.values():
                try:
                    getattr(asked, way)(asked.start("Hello"))
                except client.errors.AuthenticationError as error:
                    equal("No usable API key was provided" in error.message, True)
                else:
                    raise AssertionError("answered")
            equal(provider.play(""), [])

        checks.check(f"{client.name}: 401", refused)


def main(war, workdir):
    checks = Checks("python")
    provider = Provider(os.path.dirname(os.path.abspath(__file__)))
    gateway = None
    try:
        gateway = Gateway(war, workdir, yaml(provider.url))
        keys = []
        for client in (Chat, Responses, Messages):
            for target in TARGETS:
                keys.append(f"sk-canary-{secrets.token_urlsafe(24)}")
                connected = client(gateway.url, keys[-1], target.model)
                Direction(checks, provider, connected, target, keys[-1]).run()
        check_models(checks, gateway.url, keys[0])
        check_refusals(checks, provider, gateway.url)
        checks.check("the server stops when it is told to", lambda: equal(gateway.end(), 143))  # 128 + SIGTERM
        log = gateway.log()
        checks.check("no key is in the gateway's log", lambda: equal([key for key in keys if key[-24:] in log], []))
    finally:
        if gateway is not None:
            gateway.stop()
        provider.stop()
    return 0 if checks.failures == 0 else 1


def interrupted(number, frame):
    raise KeyboardInterrupt  # so that what was started ends too


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, interrupted)
    sys.exit(main(*sys.argv[1:]))
