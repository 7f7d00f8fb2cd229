"""The two processes of the checks, the scripted provider and `java -jar plano.war serve`, and the lines for .ci/run."""

import json
import os
import re
import subprocess
import threading
import traceback

SLOTS = ("authorization", "x-api-key", "api-key", "x-goog-api-key")
PATIENCE = 30


class Provider:
    """provider.mjs: it keeps what arrives, and plays what it is told to."""

    def __init__(self, folder):
        self._process = subprocess.Popen(
            ["node", os.path.join(folder, "provider.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        self.url = self._process.stdout.readline().strip()

    def play(self, script):
        """What the model does from now on; answers with the requests that arrived before."""
        self._process.stdin.write(script + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def stop(self):
        self._process.kill()
        self._process.wait()


class Gateway:
    """The standalone server, on a port of its own, with everything in its log."""

    def __init__(self, war, workdir, yaml):
        config = os.path.join(workdir, "plano.yaml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(yaml)
        self._process = subprocess.Popen(
            ["java", "-jar", war, "serve", "--config", config],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            env={**os.environ, "PLANO_LOG_LEVEL": "DEBUG"},
        )
        self._lines = []
        self._ready = threading.Event()
        self.url = None
        self._reader = threading.Thread(target=self._read, args=(os.path.join(workdir, "gateway.log"),), daemon=True)
        self._reader.start()
        try:
            self._ready.wait(PATIENCE)
            if self.url is None:
                raise RuntimeError("the gateway did not start: " + " | ".join(self._lines))
        except BaseException:  # an interrupt too: nobody else knows of the process yet
            self.stop()
            raise

    def _read(self, file):
        with open(file, "w", encoding="utf-8") as log:
            for line in self._process.stdout:
                log.write(line)
                self._lines.append(line.strip())
                ready = re.search(r"Plano Gateway ready on (http://127\.0\.0\.1:\d+)", line)
                if ready:
                    self.url = ready[1]
                    self._ready.set()
        self._ready.set()

    def end(self):
        """Ends it as a service manager does; answers with its exit status."""
        self._process.terminate()
        return self._process.wait(PATIENCE)

    def log(self):
        """All that it said, once it ended."""
        self._reader.join(PATIENCE)
        return "\n".join(self._lines)

    def stop(self):
        self._process.kill()
        self._process.wait()


class Checks:
    """One line for each check."""

    def __init__(self, prefix):
        self._prefix = prefix
        self.failures = 0

    def check(self, name, body):
        try:
            body()
            print(f"ok {self._prefix}: {name}", flush=True)
        except BaseException as failure:  # an interrupt too: the caller is to end, and what it did so far is to be seen
            self.failures += 1
            frames = reversed(traceback.extract_tb(failure.__traceback__))
            places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in frames)
            words = " ".join(f"{type(failure).__name__}: {failure} ({places})".split())
            print(f"FAILED {self._prefix}: {name}: {words[:2000]}", flush=True)
            if not isinstance(failure, Exception):
                raise


def equal(actual, expected):
    if actual != expected:
        raise AssertionError(f"{actual!r} is not {expected!r}")


def key_arrived(request, slot, key):
    """The client's key is in the slot that this provider reads, nowhere else in the request, and no other key is in it."""
    headers = list(zip(request["headers"][::2], request["headers"][1::2]))
    equal([f"{name.lower()}: {value}" for name, value in headers if name.lower() in SLOTS], [slot.format(key)])
    equal("\n".join([request["target"], *request["headers"], request["body"]]).count(key), 1)
