// How the agents are started: without a terminal, with a home of their own, and with no way out of this machine.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { snippet } from "./readme.mjs";
import { TASK } from "./scripts.mjs";

const PATIENCE = 40_000;
const modules = join(import.meta.dirname, "node_modules");
const CODEX = [process.execPath, join(modules, "@openai", "codex", "bin", "codex.js")];
/** Codex otherwise reports to its maker and fetches a list of plugins. */
const QUIET_CODEX = "[analytics]\nenabled = false\n[features]\nplugins = false\n";
const QUIET_CLAUDE_CODE = { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", CLAUDE_CODE_MAX_RETRIES: "0" };

const claudeCode = (version) => join(modules, `claude-code-${version}`, "bin", "claude.exe");
const claudeCodeTask = [
  "-p",
  TASK,
  "--output-format",
  "json",
  "--permission-mode",
  "acceptEdits",
  "--allowedTools",
  "Read,Edit,Bash,ToolSearch",
];
const codexTask = (answer) => [
  "--skip-git-repo-check",
  "--sandbox",
  "danger-full-access",
  "--output-last-message",
  answer,
  TASK,
];

/** Claude Code takes the address of the gateway, and a key, from its environment. Returns what it says in the end. */
export const startClaudeCode =
  (version, variable) =>
  async ({ home, gateway, model, env, key }) => {
    const named = model === undefined ? [] : ["--model", model];
    const printed = await run([claudeCode(version), ...named, ...claudeCodeTask], home, {
      ...env,
      ...QUIET_CLAUDE_CODE,
      ANTHROPIC_BASE_URL: gateway.url,
      [variable]: key,
    });
    return JSON.parse(printed).result;
  };

/** As the README has it. */
export const startClaudeCodeAsWritten =
  (version) =>
  async ({ home, gateway, env, key }) => {
    const path = command(home, "claude", [claudeCode(version)], claudeCodeTask);
    const printed = await run(["bash", "-c", snippet("sh", "claude --model", gateway)], home, {
      ...env,
      ...QUIET_CLAUDE_CODE,
      PATH: path,
      KEY: key,
    });
    return JSON.parse(printed).result;
  };

/** Codex takes them from its file of settings, here the README's. */
export async function startCodex({ home, gateway, model, options = [], env, key }) {
  configureCodex(home, `${snippet("toml", "model_provider", gateway)}${QUIET_CODEX}`);
  const answer = join(home, "answer.txt");
  const named = model === undefined ? [] : ["--model", model];
  await run([...CODEX, "exec", ...named, ...options, ...codexTask(answer)], home, { ...env, KEY: key });
  return readFileSync(answer, "utf8");
}

/** … or from its arguments, as the README has it. */
export async function startCodexAsWritten({ home, gateway, env, key }) {
  configureCodex(home, QUIET_CODEX);
  const answer = join(home, "answer.txt");
  const path = command(home, "codex", [...CODEX, "exec"], codexTask(answer));
  await run(["bash", "-c", snippet("sh", "codex -c", gateway)], home, { ...env, PATH: path, KEY: key });
  return readFileSync(answer, "utf8");
}

function configureCodex(home, settings) {
  mkdirSync(join(home, ".codex"));
  writeFileSync(join(home, ".codex", "config.toml"), settings);
}

/** A PATH on which this command starts the program with its own arguments, and these behind them. */
function command(home, name, program, after) {
  const quoted = (words) => words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const folder = join(home, "bin");
  mkdirSync(folder);
  writeFileSync(join(folder, name), `#!/bin/sh\nexec ${quoted(program)} "$@" ${quoted(after)}\n`);
  chmodSync(join(folder, name), 0o755);
  return `${folder}:${process.env.PATH}`;
}

/** Runs it in its project's folder, with nothing of this machine's in its environment, and returns what it printed. */
export async function run([program, ...args], home, env) {
  const child = spawn(program, args, {
    cwd: join(home, "project"),
    env: { PATH: process.env.PATH, HOME: home, TMPDIR: join(home, "tmp"), LANG: "C.UTF-8", TERM: "dumb", ...env },
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
