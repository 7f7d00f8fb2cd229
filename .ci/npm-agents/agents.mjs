// Claude Code and Codex, without a terminal, through the gateway to a provider of each dialect, where a scripted model has them
// read and edit a file. Usage: node agents.mjs WAR WORKDIR. Prints "ok …" or "FAILED …" for each check.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, exitCode, serve } from "./gateway.mjs";
import { assertKeyArrived } from "./keys.mjs";
import { startDeadEnd } from "./proxy.mjs";
import { TASK, claudeCode, codex } from "./scripts.mjs";
import { Upstream, dialects } from "./upstream.mjs";

const [war, workdir] = process.argv.slice(2);
const modules = join(import.meta.dirname, "node_modules");
const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mM44KCAFTEMLQkASmxIASWBNjQAAAAASUVORK5CYII=";
const PATIENCE = 60_000;

// ---- the provider, the gateway, and nothing else ----------------------------------------------------------------------

const upstream = await Upstream.start();
const deadEnd = await startDeadEnd();
const gateway = await serve(war, workdir, `
version: v0.4.0
listeners: [{type: model, name: agents, address: 127.0.0.1, port: 0}]
model_providers:
  - {model: openai/gpt-5.4, base_url: "${upstream.url}", passthrough_auth: true, apis: [chat]}
  - {model: openai/gpt-5.3, base_url: "${upstream.url}", passthrough_auth: true, apis: [responses]}
  - {model: anthropic/claude-sonnet-4-5, base_url: "${upstream.url}", passthrough_auth: true, apis: [messages]}
model_aliases:
  claude-opus-5-5: {target: gpt-5.4}
  gpt-5.5: {target: claude-sonnet-4-5}
`);

// ---- the agents -------------------------------------------------------------------------------------------------------

/** Runs it in a folder of its own, with nothing of this machine's in its environment, and returns what it printed. */
async function run(command, args, { home, env }) {
  const child = spawn(command, args, {
    cwd: join(home, "project"),
    env: { PATH: process.env.PATH, HOME: home, TMPDIR: join(home, "tmp"), LANG: "C.UTF-8", TERM: "dumb", ...deadEnd.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const kill = () => {
    try {
      process.kill(-child.pid, "SIGKILL"); // the group: the agent and the commands that it runs
    } catch (gone) {
      if (gone.code !== "ESRCH") throw gone;
    }
  };
  process.on("exit", kill);
  const tooLate = setTimeout(kill, PATIENCE);
  const printed = { out: "", err: "" };
  child.stdout.on("data", (text) => (printed.out += text));
  child.stderr.on("data", (text) => (printed.err += text));
  const [code, signal] = await once(child, "close");
  clearTimeout(tooLate);
  kill();
  process.off("exit", kill);
  assert.equal(code, 0, `it ended with ${code ?? signal}: ${printed.out} ${printed.err}`);
  return printed.out;
}

/** Claude Code takes the address of the gateway, and a key, from its environment. */
const runClaudeCode = (version) => async ({ home, key, model, env }) => {
  const printed = await run(join(modules, `claude-code-${version}`, "bin", "claude.exe"), [
    "-p", TASK, "--output-format", "json", "--permission-mode", "acceptEdits", "--allowedTools", "Read,Edit,Bash,ToolSearch",
    ...(model === undefined ? [] : ["--model", model]),
  ], { home, env: { ANTHROPIC_BASE_URL: gateway.url, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", ...env(key) } });
  return JSON.parse(printed).result;
};

/** Codex takes them from its file of settings. */
async function runCodex({ home, key, model, settings, env }) {
  mkdirSync(join(home, ".codex"));
  writeFileSync(join(home, ".codex", "config.toml"), `${settings(gateway.url)}\n${QUIET}`);
  const answer = join(home, "answer.txt");
  await run(process.execPath, [
    join(modules, "@openai", "codex", "bin", "codex.js"), "exec", "--skip-git-repo-check", "--sandbox", "danger-full-access",
    "--model", model, "--output-last-message", answer, TASK,
  ], { home, env: env(key) });
  return readFileSync(answer, "utf8");
}

/** Codex otherwise reports to its maker and fetches a list of plugins. */
const QUIET = "[analytics]\nenabled = false\n[features]\nplugins = false\n";
const API_KEY = (key) => ({ ANTHROPIC_API_KEY: key });
const AUTH_TOKEN = (key) => ({ ANTHROPIC_AUTH_TOKEN: key });
const OWN_PROVIDER = {
  settings: (url) => `model_provider = "plano"\n[model_providers.plano]\nname = "Plano"\nbase_url = "${url}/v1"\nenv_key = "PLANO_KEY"\nwire_api = "responses"`,
  env: (key) => ({ PLANO_KEY: key }),
};
const OPENAI_ELSEWHERE = { settings: (url) => `openai_base_url = "${url}/v1"`, env: (key) => ({ CODEX_API_KEY: key }) };

const runs = [];
for (const [version, env] of [["2.1.197", API_KEY], ["2.1.330", AUTH_TOKEN]]) {
  const agent = { name: `Claude Code ${version}`, script: claudeCode, start: runClaudeCode(version), env };
  runs.push({ ...agent, on: "messages", model: "claude-sonnet-4-5" });
  runs.push({ ...agent, on: "chat", model: "gpt-5.4" });
  runs.push({ ...agent, on: "responses", model: "gpt-5.3" });
}
runs.push({ name: "Claude Code 2.1.330, its own choice of model,", script: claudeCode, start: runClaudeCode("2.1.330"), env: API_KEY, on: "chat" });
const agent = { script: codex, start: runCodex };
runs.push({ ...agent, ...OPENAI_ELSEWHERE, name: "Codex 0.169.0", on: "responses", model: "gpt-5.3", webSocketFirst: true });
runs.push({ ...agent, ...OWN_PROVIDER, name: "Codex 0.169.0", on: "messages", model: "claude-sonnet-4-5" });
runs.push({ ...agent, ...OWN_PROVIDER, name: "Codex 0.169.0, with its tool for patches,", on: "messages", model: "gpt-5.5" });
runs.push({ ...agent, ...OWN_PROVIDER, name: "Codex 0.169.0", on: "chat", model: "gpt-5.4" });

// ---- the checks -------------------------------------------------------------------------------------------------------

const only = process.env.ONLY ? new RegExp(process.env.ONLY) : /./;
const keys = [];

for (const [i, round] of runs.entries()) {
  const dialect = dialects[round.on];
  const title = `agents: ${round.name} on ${dialect.name}`;
  if (!only.test(title)) continue;
  const home = join(workdir, `run-${i}`);
  const folder = join(home, "project");
  for (const each of [folder, join(home, "tmp")]) mkdirSync(each, { recursive: true });
  const number = randomInt(1000, 9000);
  writeFileSync(join(folder, "notes.txt"), `The number is ${number}.\n`);
  writeFileSync(join(folder, "dot.png"), Buffer.from(DOT, "base64"));
  const key = `sk-ant-api03-canary-${randomBytes(24).toString("base64url")}`;
  keys.push(key);
  upstream.play(round.script(folder));

  await check(`${title}: reads, edits and runs, and says so`, async () => {
    const said = await round.start({ ...round, home, key }).finally(() => keep(home));
    assert.equal(readFileSync(join(folder, "notes.txt"), "utf8"), `The number is ${number + 1} – "größer".\n`);
    assert.ok(said.includes(`The file says: The number is ${number + 1} – "größer".`), said);
  });
  await check(`${title}: the provider takes every request`, () => {
    assert.deepEqual(upstream.received.map((request) => request.refused).filter((why) => why !== undefined), []);
    assert.ok(upstream.received.length >= 4, `${upstream.received.length} requests`);
    for (const { target, view } of upstream.received) {
      assert.equal(target.replace(/\?.*/, ""), dialect.path);
      assert.equal(view.stream, true);
    }
  });
  await check(`${title}: its key arrives, as the provider's own`, () => {
    assert.notEqual(upstream.received.length, 0);
    for (const request of upstream.received) assertKeyArrived(request, dialect, key);
  });
}

/** What the provider got, for whoever has to find out why. */
function keep(home) {
  writeFileSync(join(home, "requests.json"), JSON.stringify(upstream.received.map(({ method, target, rawHeaders, body, refused }) =>
    ({ method, target, rawHeaders, refused, body })), null, 1));
}

await check("agents: they talk to nobody else", () => assert.deepEqual(deadEnd.asked, []));
const log = await gateway.stop();
await check("agents: no key is in the gateway's log", () => {
  for (const key of keys) assert.ok(!log.includes(key.slice(-24)), key);
});
upstream.stop();
deadEnd.stop();
process.exitCode = exitCode();
