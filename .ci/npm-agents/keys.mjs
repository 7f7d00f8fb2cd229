// Whose key went upstream, and where in the request.
import assert from "node:assert/strict";

const SLOTS = ["authorization", "x-api-key", "api-key", "x-goog-api-key"];

/** The client's key is in the slot that this provider reads, and nowhere else in the request, and no other key is in it. */
export function assertKeyArrived({ target, rawHeaders, bytes }, dialect, key) {
  const credentials = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i].toLowerCase();
    if (SLOTS.includes(name)) credentials.push(`${name}: ${rawHeaders[i + 1]}`);
  }
  assert.deepEqual(credentials, [dialect.slot(key)]);
  assert.equal(
    [target, ...rawHeaders, bytes.toString()].join("\n").split(key).length - 1,
    1,
    "the key is in the request more than once",
  );
}
