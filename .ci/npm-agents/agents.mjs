// Claude Code and Codex, without a terminal, through the gateway to a provider of each dialect, where a scripted model has them
// read and edit a file. Usage, in the folder of README.md: node agents.mjs WAR WORKDIR. Prints "ok …" or "FAILED …" for each
// check. With ONLY set, the runs whose title matches it.
import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, exitCode, serve } from "./gateway.mjs";
import { assertKeyArrived } from "./keys.mjs";
import { startDeadEnd } from "./proxy.mjs";
import { snippet } from "./readme.mjs";
import { claudeCode, codex, codexPrograms } from "./scripts.mjs";
import { startClaudeCode, startClaudeCodeAsWritten, startCodex, startCodexAsWritten } from "./start.mjs";
import { Upstream, dialects } from "./upstream.mjs";

const [war, workdir] = process.argv.slice(2);
const only = new RegExp(process.env.ONLY ?? "");
const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mM44KCAFTEMLQkASmxIASWBNjQAAAAASUVORK5CYII=";
const MODELS = { chat: "gpt-5.4", responses: "gpt-5.5", messages: "claude-sonnet-4-5" };

// ---- the runs ---------------------------------------------------------------------------------------------------------

const claude197 = {
  name: "Claude Code 2.1.197",
  script: claudeCode,
  start: startClaudeCode("2.1.197", "ANTHROPIC_API_KEY"),
};
const claude330 = {
  name: "Claude Code 2.1.330",
  script: claudeCode,
  start: startClaudeCode("2.1.330", "ANTHROPIC_AUTH_TOKEN"),
};
const codex169 = { name: "Codex 0.169.0", script: codex, start: startCodex };
const runs = [
  ...Object.entries(MODELS).flatMap(([on, model]) => [claude197, claude330].map((agent) => ({ ...agent, on, model }))),
  { ...claude330, name: `${claude330.name} as in README.md`, on: "chat", start: startClaudeCodeAsWritten("2.1.330") },
  { ...claude330, name: `${claude330.name} with its own model's name`, on: "chat" },
  { ...codex169, name: `${codex169.name} as in README.md`, on: "responses", start: startCodexAsWritten },
  { ...codex169, name: `${codex169.name} as in README.md`, on: "messages" },
  { ...codex169, name: `${codex169.name} with its tool for patches`, on: "messages", model: "gpt-5.5-on-claude" },
  {
    ...codex169,
    name: `${codex169.name} with programs`,
    script: codexPrograms,
    on: "messages",
    model: "gpt-6.1-sol-on-claude",
  },
  {
    ...codex169,
    name: `${codex169.name} with programs`,
    script: codexPrograms,
    on: "responses",
    model: "gpt-6.1-sol-on-gpt",
  },
  // Without a sandbox it offers a web search, which models of Chat Completions refuse unless they are made for it.
  { ...codex169, on: "chat", model: MODELS.chat, options: ["-c", "web_search=disabled"] },
];

// ---- the provider, the gateway, and nothing else ----------------------------------------------------------------------

const upstream = await Upstream.start();
const deadEnd = await startDeadEnd();
const gateway = await serve(
  war,
  workdir,
  `
version: v0.4.0
listeners: [{type: model, name: agents, address: 127.0.0.1, port: 0}]
model_providers:
  - {model: openai/${MODELS.chat}, base_url: "${upstream.url}", passthrough_auth: true, apis: [chat]}
  - {model: openai/${MODELS.responses}, base_url: "${upstream.url}", passthrough_auth: true, apis: [responses]}
  - {model: anthropic/${MODELS.messages}, base_url: "${upstream.url}", passthrough_auth: true, apis: [messages]}
${snippet("yaml", "claude-opus-5-5")}
  # Codex knows models by how their names begin.
  gpt-5.5-on-claude: {target: ${MODELS.messages}}
  gpt-6.1-sol-on-claude: {target: ${MODELS.messages}}
  gpt-6.1-sol-on-gpt: {target: ${MODELS.responses}}
`,
);

// ---- the checks -------------------------------------------------------------------------------------------------------

const keys = [];

for (const [i, run] of runs.entries()) {
  const dialect = dialects[run.on];
  const title = `agents: ${run.name}, on ${dialect.name}`;
  if (!only.test(title)) continue;
  const home = join(workdir, `run-${i}`);
  const project = join(home, "project");
  for (const folder of [project, join(home, "tmp")]) mkdirSync(folder, { recursive: true });
  const number = randomInt(1000, 9000);
  const edited = `The number is ${number + 1} – "größer".`;
  writeFileSync(join(project, "notes.txt"), `The number is ${number}.\n`);
  writeFileSync(join(project, "dot.png"), Buffer.from(DOT, "base64"));
  const key = `sk-ant-api03-canary-${randomBytes(24).toString("base64url")}`;
  keys.push(key);
  upstream.play(run.script(project));

  await check(`${title}: reads, edits and runs, and says so`, async () => {
    const said = await run
      .start({ home, gateway, model: run.model, options: run.options, key, env: deadEnd.env })
      .finally(() => keep(home));
    assert.equal(readFileSync(join(project, "notes.txt"), "utf8"), `${edited}\n`);
    assert.ok(said.includes(`The file says: ${edited}`), said);
  });
  const requests = upstream.received;
  await check(`${title}: the provider takes every request`, () => {
    assert.deepEqual(
      requests.map((request) => request.refused).filter((why) => why !== undefined),
      [],
    );
    assert.ok(requests.length >= 4, `${requests.length} requests`);
    for (const { method, target, view } of requests) {
      assert.equal(`${method} ${target.replace(/\?.*/, "")}`, `POST ${dialect.path}`);
      assert.equal(view.stream, true);
    }
  });
  await check(`${title}: the provider sees its own thoughts again`, () => {
    assert.equal(requests.at(-1)?.view?.thoughts > 0, run.on !== "chat");
  });
  await check(`${title}: its key arrives, as the provider's own`, () => {
    assert.notEqual(requests.length, 0);
    for (const request of requests) assertKeyArrived(request, dialect, key);
  });
}

/** What the provider got, for whoever has to find out why. */
function keep(home) {
  const requests = upstream.received.map(({ method, target, rawHeaders, refused, body }) => ({
    method,
    target,
    rawHeaders,
    refused,
    body,
  }));
  writeFileSync(join(home, "requests.json"), JSON.stringify(requests, null, 1));
}

await check("agents: they talk to nobody else", () => assert.deepEqual(deadEnd.asked, []));
const log = await gateway.stop();
await check("agents: Codex asks for a WebSocket and goes on without", () =>
  assert.match(log, /method=GET path=\/v1\/responses .*status=426/),
);
await check("agents: no key is in the gateway's log", () => {
  for (const key of keys) assert.ok(!log.includes(key.slice(-24)), key);
});
upstream.stop();
deadEnd.stop();
process.exitCode = exitCode();
