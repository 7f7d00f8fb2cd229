// A provider that plays a script: it speaks Chat Completions, Messages and Responses, refuses what the real ones refuse, and
// keeps every request. What it says next is decided by a function of what the request says.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import * as chat from "./chat.mjs";
import * as messages from "./messages.mjs";
import { Refusal } from "./refusal.mjs";
import * as responses from "./responses.mjs";

export const dialects = { chat, messages, responses };
const byPath = new Map(Object.values(dialects).map((dialect) => [dialect.path, dialect]));

export class Upstream {
  /**
   * Of each request: target, rawHeaders, bytes, body, the view that the script saw, whether signed thoughts came with the
   * answer, and why it was refused if so.
   */
  received = [];
  /** View → {text?, reasoning?, calls?: [{name, arguments}], citations?: [{url, title, quote}]}. */
  script = () => ({ text: "Nobody wrote me a script." });

  static async start() {
    const upstream = new Upstream();
    upstream.server = createServer((request, reply) =>
      upstream.#serve(request, reply).catch((failure) => reply.destroy(failure)),
    );
    upstream.server.listen(0, "127.0.0.1");
    await once(upstream.server, "listening");
    upstream.url = `http://127.0.0.1:${upstream.server.address().port}`;
    return upstream;
  }

  play(script) {
    this.received = [];
    this.script = script;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }

  async #serve(request, reply) {
    const parts = [];
    for await (const part of request) parts.push(part);
    const bytes = Buffer.concat(parts);
    const kept = { method: request.method, target: request.url, rawHeaders: request.rawHeaders, bytes };
    this.received.push(kept);
    if (request.headers.upgrade === "websocket")
      return json(request, reply, 426, { error: { message: "Use POST.", type: "invalid_request_error" } });
    const dialect = byPath.get(request.url.replace(/\?.*/, ""));
    if (dialect === undefined || request.method !== "POST")
      return json(request, reply, 404, { error: { message: "Not found", type: "invalid_request_error" } });
    let answer;
    try {
      kept.body = JSON.parse(bytes);
      dialect.check(kept.body, request.headers);
      kept.view = dialect.read(kept.body);
      answer = this.#answer(dialect, kept);
      kept.thought = dialect.thinks(kept.body);
    } catch (failure) {
      const refusal = failure instanceof Refusal ? failure : new Refusal(failure.stack);
      kept.refused = refusal.message;
      return json(request, reply, refusal.status, dialect.refusal(refusal));
    }
    if (kept.body.stream !== true) return json(request, reply, 200, dialect.whole(answer, kept.body));
    reply.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      "x-request-id": answer.unique,
    });
    for (const piece of torn(Buffer.from([...dialect.events(answer, kept.body)].join("")))) {
      if (!reply.write(piece)) await once(reply, "drain");
      await new Promise(setImmediate);
    }
    reply.end();
  }

  #answer(dialect, { bytes, view }) {
    const unique = createHash("sha256").update(bytes).digest("hex").slice(0, 30);
    const { text, reasoning, calls = [], citations = [] } = this.script(view);
    return {
      text,
      reasoning,
      citations,
      unique,
      usage: { input: 4321, cached: 1234, output: 56 },
      calls: calls.map((call, i) => ({ ...call, id: dialect.callId(`${i}${unique}`) })),
    };
  }
}

function json(request, reply, status, value) {
  const zipped = /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
  const text = Buffer.from(JSON.stringify(value));
  const body = zipped ? gzipSync(text) : text;
  reply.writeHead(status, {
    "content-type": "application/json",
    "content-length": body.length,
    ...(zipped ? { "content-encoding": "gzip" } : {}),
    ...(status === 429 ? { "retry-after": "17" } : {}),
  });
  reply.write(body.subarray(0, 7));
  setImmediate(() => reply.end(body.subarray(7)));
}

/** The stream cut where no event, line or character ends. */
function* torn(bytes) {
  for (let at = 0, size = 1; at < bytes.length; at += size, size = ((size * 7) % 293) + 1)
    yield bytes.subarray(at, at + size);
}
