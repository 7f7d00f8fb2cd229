// The AI SDK of npm (`ai`), with each of its providers that the gateway serves, through the gateway to a provider of each
// dialect: tools in several steps, images, objects, streams, what was used, and refusals.
// Usage: node ai.mjs WAR WORKDIR. Prints "ok …" or "FAILED …" for each check.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { APICallError, Output, generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";
import { check, exitCode, serve } from "./gateway.mjs";
import { assertKeyArrived } from "./keys.mjs";
import { snippet } from "./readme.mjs";
import { TooMany, refuse } from "./refusal.mjs";
import { run } from "./start.mjs";
import { Upstream, dialects } from "./upstream.mjs";

const [war, workdir] = process.argv.slice(2);
const MODELS = { chat: "gpt-5.4", responses: "gpt-5.3", messages: "claude-sonnet-4-5" };
const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mM44KCAFTEMLQkASmxIASWBNjQAAAAASUVORK5CYII=";
const WEATHER = 'In Zürich sind es 21.5 °C – ☀️ "schön"';
const ANSWER = `Ergebnis: ${WEATHER}`;
const CITY = { name: "Zürich", population: 427721, twins: ["Kunming", "San Francisco"] };
globalThis.AI_SDK_LOG_WARNINGS = false;

const upstream = await Upstream.start();
const gateway = await serve(
  war,
  workdir,
  `
version: v0.4.0
listeners: [{type: model, name: ai, address: 127.0.0.1, port: 0}]
model_providers:
  - {model: openai/${MODELS.chat}, base_url: "${upstream.url}", passthrough_auth: true, apis: [chat]}
  - {model: openai/${MODELS.responses}, base_url: "${upstream.url}", passthrough_auth: true, apis: [responses]}
  - {model: anthropic/${MODELS.messages}, base_url: "${upstream.url}", passthrough_auth: true, apis: [messages]}
`,
);

// ---- what the application does ----------------------------------------------------------------------------------------

const baseURL = `${gateway.url}/v1`;
const clients = {
  "openai.chat": (apiKey, model) => createOpenAI({ baseURL, apiKey }).chat(model),
  "openai.responses": (apiKey, model) => createOpenAI({ baseURL, apiKey }).responses(model),
  anthropic: (apiKey, model) => createAnthropic({ baseURL, apiKey })(model),
};
const schema = (properties = {}) =>
  jsonSchema({ type: "object", properties, required: Object.keys(properties), additionalProperties: false });
const tools = {
  weather: tool({
    description: "The weather",
    inputSchema: schema({ city: { type: "string" } }),
    execute: ({ city }) => `In ${city} sind es 21.5 °C – ☀️ "schön"`,
  }),
  clock: tool({ description: "The time", inputSchema: schema(), execute: () => ({ time: "12:34", precision: 0.1 }) }),
  broken: tool({
    description: "Fails",
    inputSchema: schema(),
    execute: () => {
      throw new Error("out of cheese");
    },
  }),
};
const image = { type: "image", image: DOT, mediaType: "image/png" };
const question = {
  maxRetries: 0,
  system: "Be brief.",
  messages: [{ role: "user", content: [{ type: "text", text: "Wie warm ist es?" }, image] }],
};

/** The same, said at once or as a stream; what is read of it is the same for both. */
const ways = {
  "at once": async (settings) => generateText(settings),
  streaming: async (settings) => {
    const result = streamText({ ...settings, onError: () => {} });
    let text = "";
    for await (const part of result.fullStream) {
      if (part.type === "error") throw part.error;
      if (part.type === "text-delta") text += part.text;
    }
    const [steps, finishReason, usage, totalUsage, output] = await Promise.all([
      result.steps,
      result.finishReason,
      result.usage,
      result.totalUsage,
      settings.output && result.output,
    ]);
    assert.ok(text.endsWith(steps.at(-1).text), "what was streamed is not what is kept");
    return { steps, finishReason, usage, totalUsage, output, text: steps.at(-1).text };
  },
};

// ---- what the model does ----------------------------------------------------------------------------------------------

function useTools(view) {
  const results = view.items.filter((item) => item.kind === "result");
  const calls = view.items.filter((item) => item.kind === "call");
  if (!view.items.some((item) => item.images?.some((url) => url === `data:image/png;base64,${DOT}`)))
    refuse("the script: the image is not in the request");
  if (!view.items.some((item) => ["system", "developer"].includes(item.role) && item.text === "Be brief."))
    refuse("the script: no system message");
  if (calls.length === 0)
    return {
      text: "Ich frage nach.",
      calls: [
        { name: "weather", arguments: { city: "Zürich" } },
        { name: "clock", arguments: {} },
      ],
    };
  const answers = new Map(calls.map((call) => [call.name, results.find((result) => result.id === call.id)?.text]));
  if (answers.get("weather") !== WEATHER) refuse(`the script: weather: ${answers.get("weather")}`);
  if (answers.get("clock") !== '{"time":"12:34","precision":0.1}') refuse(`the script: clock: ${answers.get("clock")}`);
  if (!answers.has("broken")) return { calls: [{ name: "broken", arguments: {} }] };
  if (!answers.get("broken").includes("out of cheese")) refuse(`the script: broken: ${answers.get("broken")}`);
  return { text: ANSWER };
}

/** In the form that the request asks for, or, where a client does without, with the tool that it forces on the model. */
function describe(view) {
  if (view.format !== undefined) return { text: JSON.stringify(CITY) };
  const forced = view.tools.find((offered) => offered.name === "json");
  if (forced === undefined) refuse("the script: neither a format nor a tool for it");
  const choice = view.choice?.name ?? view.choice?.function?.name ?? view.choice?.type ?? view.choice;
  if (!["json", "required", "any"].includes(choice))
    refuse(`the script: the tool is not forced: ${JSON.stringify(view.choice)}`);
  return { calls: [{ name: "json", arguments: CITY }] };
}

// ---- the checks -------------------------------------------------------------------------------------------------------

const keys = [];
const THOUGHT = "Hm – 考え中 🤔";
/** How a client of an API that shows thoughts asks for them; OpenAI shows them to those alone who say so. */
const thinking = {
  "openai.responses": () => ({
    openai: { store: false, forceReasoning: true, reasoningEffort: "medium", reasoningSummary: "auto" },
  }),
  anthropic: (on) => ({
    anthropic: {
      thinking: on === "responses" ? { type: "adaptive", display: "summarized" } : { type: "enabled", budgetTokens: 2000 },
    },
  }),
};
// A provider that keeps nothing cannot be referred to what it said before.
const providerOptions = { openai: { store: false } };

for (const [client, connect] of Object.entries(clients)) {
  for (const [on, model] of Object.entries(MODELS)) {
    const dialect = dialects[on];
    const key = `sk-canary-${randomBytes(24).toString("base64url")}`;
    keys.push(key);
    const settings = { ...question, providerOptions, model: connect(key, model) };
    const arrived = (requests) => {
      assert.equal(upstream.received.length, requests);
      for (const request of upstream.received) {
        assert.equal(request.target, dialect.path);
        assertKeyArrived(request, dialect, key);
      }
    };
    for (const [way, ask] of Object.entries(ways)) {
      const title = `ai: ${client} on ${dialect.name}, ${way}`;
      await check(`${title}: tools, an image, what was used`, async () => {
        upstream.play(useTools);
        const result = await ask({ ...settings, tools, stopWhen: stepCountIs(8) });
        assert.equal(result.text, ANSWER);
        assert.deepEqual(
          result.steps.map((step) => step.finishReason),
          ["tool-calls", "tool-calls", "stop"],
        );
        assert.equal(result.steps[0].text, "Ich frage nach.");
        assert.deepEqual(
          result.steps[0].toolCalls.map((call) => [call.toolName, call.input]),
          [
            ["weather", { city: "Zürich" }],
            ["clock", {}],
          ],
        );
        const { inputTokens, outputTokens, inputTokenDetails } = result.usage;
        assert.deepEqual(
          { inputTokens, outputTokens, cached: inputTokenDetails.cacheReadTokens },
          { inputTokens: 4321, outputTokens: 56, cached: 1234 },
        );
        arrived(3);
      });
      await check(`${title}: an object`, async () => {
        upstream.play(describe);
        const output = Output.object({
          schema: schema({
            name: { type: "string" },
            population: { type: "integer" },
            twins: { type: "array", items: { type: "string" } },
          }),
        });
        const result = await ask({ ...settings, output });
        assert.deepEqual(result.output, CITY);
        arrived(1);
      });
      if (client in thinking) {
        await check(`${title}: thoughts, which come back to who thought them`, async () => {
          upstream.play((view) => ({ ...useTools(view), reasoning: THOUGHT }));
          const result = await ask({ ...settings, providerOptions: thinking[client](on), tools, stopWhen: stepCountIs(8) });
          assert.equal(result.text, ANSWER);
          assert.deepEqual(
            result.steps.map((step) => step.reasoningText),
            [THOUGHT, THOUGHT, THOUGHT],
          );
          assert.deepEqual(
            upstream.received.map((request) => request.view.thoughts),
            on === "chat" ? [0, 0, 0] : [0, 1, 2],
          );
          arrived(3);
        });
      }
      await check(`${title}: too many requests`, async () => {
        upstream.play(() => {
          throw new TooMany("Langsamer, bitte.");
        });
        await assert.rejects(ask(settings), (error) => {
          assert.ok(APICallError.isInstance(error), String(error.stack));
          assert.equal(error.statusCode, 429);
          assert.equal(error.message, "Langsamer, bitte.");
          assert.equal(error.responseHeaders["retry-after"], "17");
          return true;
        });
        arrived(1);
      });
    }
  }
}

await check("ai: as in README.md", async () => {
  const home = join(workdir, "ai-as-written");
  for (const folder of ["project", "tmp"]) mkdirSync(join(home, folder), { recursive: true });
  const file = join(workdir, "as-written.mjs"); // beside node_modules
  writeFileSync(file, snippet("js", "generateText", gateway));
  upstream.play(() => ({ text: "Hallo!" }));
  assert.equal(await run([process.execPath, file], home, { KEY: keys[0] }), "Hallo!\n".repeat(3));
  assert.deepEqual(
    upstream.received.map(({ target }) => target),
    [dialects.chat, dialects.messages, dialects.messages].map(({ path }) => path),
  );
});
const log = await gateway.stop();
await check("ai: no key is in the gateway's log", () => {
  for (const key of keys) assert.ok(!log.includes(key.slice(-24)), key);
});
upstream.stop();
process.exitCode = exitCode();
