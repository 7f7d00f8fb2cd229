// `java -jar plano.war serve` for the time of a test, and the lines that .ci/run counts.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Starts it with this configuration, on a port of its own, with everything in its log. */
export async function serve(war, workdir, yaml) {
  const config = join(workdir, "plano.yaml");
  const logFile = join(workdir, "gateway.log");
  writeFileSync(config, yaml);
  const server = spawn("java", ["-jar", war, "serve", "--config", config], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PLANO_LOG_LEVEL: "DEBUG" },
  });
  const kill = () => server.kill("SIGKILL");
  process.on("exit", kill);
  const log = createWriteStream(logFile);
  server.stdout.pipe(log, { end: false });
  server.stderr.pipe(log, { end: false });
  const url = await new Promise((resolve, reject) => {
    createInterface(server.stdout).on("line", (line) => {
      const ready = /Plano Gateway ready on (http:\/\/127\.0\.0\.1:\d+)/.exec(line);
      if (ready) resolve(ready[1]);
    });
    server.on("exit", () => reject(new Error(`the gateway ended: ${readFileSync(logFile, "utf8")}`)));
  });
  const stop = async () => {
    const exited = once(server, "exit");
    server.kill("SIGTERM");
    await exited;
    process.off("exit", kill);
    log.end();
    await once(log, "close");
    return readFileSync(logFile, "utf8");
  };
  return { url, stop };
}

// What was started ends with the test, whoever ends that.
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

let failures = 0;

/** One line for each check; true if it passed. */
export async function check(name, body) {
  try {
    await body();
    console.log(`ok ${name}`);
    return true;
  } catch (failure) {
    failures++;
    console.log(`FAILED ${name}: ${String(failure.stack).replaceAll(/\s+/g, " ").slice(0, 2000)}`);
    return false;
  }
}

export const exitCode = () => (failures === 0 ? 0 : 1);
