// The npm clients of OpenAI and Anthropic against `java -jar plano.war serve`, in front of a scripted provider that keeps
// the header lines it got. Usage: node clients.mjs WAR WORKDIR. Prints "ok …" or "FAILED …" for each check.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

const [war, workdir] = process.argv.slice(2);
const KEY = "sk-proj-the-clients-own-key";
const ANTHROPIC_KEY = "sk-ant-api03-the-clients-own-key";
const ANSWER = "Hello there!";
const REFUSAL = /No usable API key was provided/;
const SLOTS = new Set(["authorization", "x-api-key", "api-key", "x-goog-api-key"]);

// ---- the provider -----------------------------------------------------------------------------------------------------

const received = [];

const event = (type, members = {}) => `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
const chunk = (delta, finish_reason = null) => `data: ${JSON.stringify({
  id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "gpt-4o", choices: [{ index: 0, delta, finish_reason }],
})}\n\n`;
const output = [{ id: "msg_1", type: "message", status: "completed", role: "assistant",
  content: [{ type: "output_text", text: ANSWER, annotations: [] }] }];
const response = { id: "resp_1", object: "response", created_at: 1, model: "gpt-4o", status: "completed", output };
const message = { id: "msg_1", type: "message", role: "assistant", model: "claude-test", stop_reason: "end_turn",
  content: [{ type: "text", text: ANSWER }], usage: { input_tokens: 1, output_tokens: 2 } };

const answers = {
  "/v1/chat/completions": {
    whole: { id: "chatcmpl-1", object: "chat.completion", created: 1, model: "gpt-4o",
      choices: [{ index: 0, message: { role: "assistant", content: ANSWER }, finish_reason: "stop" }] },
    stream: [chunk({ role: "assistant" }), chunk({ content: "Hello" }), chunk({ content: " there!" }), chunk({}, "stop"),
      "data: [DONE]\n\n"],
  },
  "/v1/responses": {
    whole: response,
    stream: [event("response.created", { sequence_number: 0, response: { ...response, status: "in_progress", output: [] } }),
      event("response.output_text.delta", { sequence_number: 1, item_id: "msg_1", output_index: 0, content_index: 0, delta: "Hello" }),
      event("response.output_text.delta", { sequence_number: 2, item_id: "msg_1", output_index: 0, content_index: 0, delta: " there!" }),
      event("response.completed", { sequence_number: 3, response })],
  },
  "/v1/embeddings": {
    whole: { object: "list", model: "gpt-4o", data: [{ object: "embedding", index: 0, embedding: [0.5, -0.25] }],
      usage: { prompt_tokens: 1, total_tokens: 1 } },
  },
  "/v1/messages": {
    whole: message,
    stream: [event("message_start", { message: { ...message, content: [], stop_reason: null } }),
      event("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
      event("content_block_delta", { index: 0, delta: { type: "text_delta", text: "Hello" } }),
      event("content_block_delta", { index: 0, delta: { type: "text_delta", text: " there!" } }),
      event("content_block_stop", { index: 0 }),
      event("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } }),
      event("message_stop")],
  },
  "/v1/messages/count_tokens": { whole: { input_tokens: 7 } },
};

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

const provider = createServer(async (request, reply) => {
  const body = [];
  for await (const bytes of request) body.push(bytes);
  const asked = JSON.parse(Buffer.concat(body));
  received.push({ target: request.url, rawHeaders: request.rawHeaders, asked });
  if (asked.metadata?.limited) {
    reply.writeHead(429, { "content-type": "application/json", "retry-after": "17" });
    reply.end(JSON.stringify({ type: "error", error: { type: "rate_limit_error", message: "Slow down" } }));
  } else if (asked.stream) {
    reply.writeHead(200, { "content-type": "text/event-stream" });
    for (const text of answers[request.url].stream) {
      reply.write(text);
      await pause();
    }
    reply.end();
  } else {
    reply.writeHead(200, { "content-type": "application/json" });
    reply.end(JSON.stringify(answers[request.url].whole));
  }
});
provider.listen(0, "127.0.0.1");
await once(provider, "listening");

// ---- the gateway ------------------------------------------------------------------------------------------------------

const base = `http://127.0.0.1:${provider.address().port}`;
const config = join(workdir, "plano.yaml");
writeFileSync(config, `
version: v0.4.0
listeners: [{type: model, name: clients, address: 127.0.0.1, port: 0}]
model_providers:
  - {model: openai/gpt-4o, base_url: "${base}", passthrough_auth: true, default: true}
  - {model: anthropic/claude-test, base_url: "${base}", passthrough_auth: true}
`);
const gateway = spawn("java", ["-jar", war, "serve", "--config", config], { stdio: ["ignore", "pipe", "inherit"] });
process.on("exit", () => gateway.kill("SIGKILL"));
const tooLate = setTimeout(() => {
  console.log("FAILED npm: not done within 120 seconds");
  process.exit(1);
}, 120_000);

const url = await new Promise((resolve, reject) => {
  const lines = [];
  const log = createInterface(gateway.stdout);
  log.on("line", (line) => {
    lines.push(line);
    const ready = /Plano Gateway ready on (http:\/\/127\.0\.0\.1:\d+)/.exec(line);
    if (ready) resolve(ready[1]);
  });
  log.on("close", () => reject(new Error(`the gateway ended: ${lines.join(" | ")}`)));
});

// ---- the checks -------------------------------------------------------------------------------------------------------

let failures = 0;
async function check(name, body) {
  received.length = 0;
  try {
    await body();
    console.log(`ok npm: ${name}`);
  } catch (failure) {
    failures++;
    console.log(`FAILED npm: ${name}: ${String(failure.stack).replaceAll(/\s+/g, " ")}`);
  }
}

/** One request arrived, for this target, and the credential in it is this line alone. */
function upstreamGot(target, credential) {
  assert.equal(received.length, 1);
  assert.equal(received[0].target, target);
  const { rawHeaders } = received[0];
  const credentials = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (SLOTS.has(rawHeaders[i].toLowerCase())) credentials.push(`${rawHeaders[i].toLowerCase()}: ${rawHeaders[i + 1]}`);
  }
  assert.deepEqual(credentials, [credential]);
}

async function joined(stream, text) {
  let all = "";
  for await (const item of stream) all += text(item) ?? "";
  return all;
}

const options = { maxRetries: 0, timeout: 20_000 };
const openai = (apiKey) => new OpenAI({ apiKey, baseURL: `${url}/v1`, ...options });
const anthropic = (apiKey) => new Anthropic({ apiKey, authToken: null, baseURL: url, ...options });
const messages = [{ role: "user", content: "Hello" }];
const chat = { model: "gpt-4o", messages };
const claude = { model: "claude-test", max_tokens: 64, messages };
const BEARER = `authorization: Bearer ${KEY}`;
const ANTHROPIC_BEARER = `authorization: Bearer ${ANTHROPIC_KEY}`;

await check("openai: chat", async () => {
  const answer = await openai(KEY).chat.completions.create(chat);
  assert.equal(answer.choices[0].message.content, ANSWER);
  upstreamGot("/v1/chat/completions", BEARER);
});
await check("openai: chat, streaming", async () => {
  const stream = await openai(KEY).chat.completions.create({ ...chat, stream: true });
  assert.equal(await joined(stream, (part) => part.choices[0].delta.content), ANSWER);
  upstreamGot("/v1/chat/completions", BEARER);
});
await check("openai: responses", async () => {
  const answer = await openai(KEY).responses.create({ model: "gpt-4o", input: "Hello" });
  assert.equal(answer.output_text, ANSWER);
  upstreamGot("/v1/responses", BEARER);
});
await check("openai: responses, streaming", async () => {
  const stream = await openai(KEY).responses.create({ model: "gpt-4o", input: "Hello", stream: true });
  assert.equal(await joined(stream, (part) => (part.type === "response.output_text.delta" ? part.delta : "")), ANSWER);
  upstreamGot("/v1/responses", BEARER);
});
await check("openai: embeddings", async () => {
  const answer = await openai(KEY).embeddings.create({ model: "gpt-4o", input: "Hello", encoding_format: "float" });
  assert.deepEqual(answer.data[0].embedding, [0.5, -0.25]);
  upstreamGot("/v1/embeddings", BEARER);
});
await check("openai: models", async () => {
  const models = await openai(KEY).models.list();
  assert.ok(models.data.some((model) => model.id === "gpt-4o"));
  assert.equal(received.length, 0);
});
await check("openai: 401", async () => {
  for (const stream of [false, true]) {
    await assert.rejects(openai("undefined").chat.completions.create({ ...chat, stream }),
      (error) => error instanceof OpenAI.AuthenticationError && REFUSAL.test(error.message));
  }
  assert.equal(received.length, 0);
});
await check("openai: 429 with retry-after", () =>
  assert.rejects(openai(KEY).chat.completions.create({ ...chat, metadata: { limited: "yes" } }),
    (error) => error instanceof OpenAI.RateLimitError && error.headers.get("retry-after") === "17"));

await check("anthropic: messages", async () => {
  const answer = await anthropic(ANTHROPIC_KEY).messages.create(claude);
  assert.equal(answer.content[0].text, ANSWER);
  upstreamGot("/v1/messages", ANTHROPIC_BEARER);
});
await check("anthropic: messages, streaming", async () => {
  const stream = await anthropic(ANTHROPIC_KEY).messages.create({ ...claude, stream: true });
  assert.equal(await joined(stream, (part) => part.delta?.text), ANSWER);
  upstreamGot("/v1/messages", ANTHROPIC_BEARER);
});
await check("anthropic: messages, streaming helper", async () => {
  assert.equal(await anthropic(ANTHROPIC_KEY).messages.stream(claude).finalText(), ANSWER);
  upstreamGot("/v1/messages", ANTHROPIC_BEARER);
});
await check("anthropic: count_tokens", async () => {
  const answer = await anthropic(ANTHROPIC_KEY).messages.countTokens({ model: claude.model, messages });
  assert.equal(answer.input_tokens, 7);
  upstreamGot("/v1/messages/count_tokens", ANTHROPIC_BEARER);
});
await check("anthropic: models", async () => {
  const models = await anthropic(ANTHROPIC_KEY).models.list();
  assert.ok(models.data.some((model) => model.id === "claude-test"));
  assert.equal(received.length, 0);
});
await check("anthropic: 401", async () => {
  for (const stream of [false, true]) {
    await assert.rejects(anthropic("undefined").messages.create({ ...claude, stream }),
      (error) => error instanceof Anthropic.AuthenticationError && REFUSAL.test(error.message));
  }
  assert.equal(received.length, 0);
});
await check("anthropic: 429 with retry-after", () =>
  assert.rejects(anthropic(ANTHROPIC_KEY).messages.create({ ...claude, metadata: { limited: "yes" } }),
    (error) => error instanceof Anthropic.RateLimitError && error.headers.get("retry-after") === "17"));

await check("the server stops when it is told to", async () => {
  const exited = once(gateway, "exit");
  gateway.kill("SIGTERM");
  assert.deepEqual(await exited, [143, null]); // 128 + SIGTERM, as every JVM that ends in order
});
clearTimeout(tooLate);
provider.closeAllConnections();
provider.close();
process.exitCode = failures === 0 ? 0 : 1;
