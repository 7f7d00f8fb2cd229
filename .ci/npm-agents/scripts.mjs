// What the model does in the coding agents' task: it finds the number in notes.txt with the tools that it is offered, puts the
// next number there, and says what the file says now. Each step is chosen by what the conversation holds, and looks at what
// the tools really answered.
import { refuse } from "./refusal.mjs";

export const TASK = "Put the next higher number into notes.txt, then tell me what the file says.";
const BEGUN = "Ich lese die Datei zuerst – 読みます. 👀";

/** What servers other than OpenAI's add to a Chat Completion. */
const aloud = (view) => (view.dialect === "chat" ? "Hm – 考え中 🤔" : undefined);

/** A gateway may have put something in front of the name of a tool. */
const isNamed = (name) => (tool) => new RegExp(`(^|[^A-Za-z0-9])${name}$`).test(tool.name);
const offered = (view, name) => view.tools.find(isNamed(name));
const called = (view, name) => view.items.filter((item) => item.kind === "call" && isNamed(name)(item));
const resultsOf = (view, name) =>
  called(view, name).map(({ id }) => view.items.find((item) => item.kind === "result" && item.id === id));

/** A call as the tool is defined where the request arrived: free text may be the only member of an object there. */
function call(view, name, args) {
  const tool = offered(view, name) ?? refuse(`the script: no tool ${name}`);
  const wrapped = typeof args === "string" && !tool.free ? { [Object.keys(tool.schema.properties)[0]]: args } : args;
  return { name: tool.name, namespace: tool.namespace, arguments: wrapped };
}

const images = (view) => view.items.flatMap((item) => item.images ?? []);

/** The number that is in this text, behind the words of notes.txt. */
function numberIn(text = "") {
  const found = /The number is (\d+)/.exec(text);
  if (found === null) refuse(`the script: no number in: ${text}`);
  return Number(found[1]);
}

function saidBefore(view) {
  if (!view.items.some((item) => item.role === "assistant" && item.text.includes(BEGUN)))
    refuse(`the script: I said something, and it is not in the history`);
}

/** Claude Code: Read, a tool without arguments, and an image; Edit, and a command that fails; cat. */
export function claudeCode(folder) {
  const file = `${folder}/notes.txt`;
  return (view) => {
    if (offered(view, "Read") === undefined) return { text: "A title" };
    if (view.dialect !== "messages" && view.items[0].text.includes("x-anthropic-billing-header"))
      refuse("the script: a line for Anthropic alone is in the system text");
    if (called(view, "Read").length === 0) {
      const noArguments = ["TaskList", "ListAgents"].find((name) => offered(view, name));
      return {
        text: BEGUN,
        reasoning: aloud(view),
        calls: [
          { name: "Read", arguments: { file_path: file } },
          { name: noArguments, arguments: {} },
          { name: "Read", arguments: { file_path: `${folder}/dot.png` } },
        ],
      };
    }
    saidBefore(view);
    const number = numberIn(resultsOf(view, "Read")[0].text);
    if (images(view).length === 0) refuse("the script: the image that was read is not in the request");
    if (called(view, "Edit").length === 0) {
      return {
        calls: [
          {
            name: "Edit",
            arguments: { file_path: file, old_string: `is ${number}`, new_string: `is ${number + 1} – "größer"` },
          },
          { name: "Bash", arguments: { command: "echo out of cheese >&2; exit 3", description: "Fail" } },
          ...(offered(view, "ToolSearch")
            ? [{ name: "ToolSearch", arguments: { query: "select:WebFetch", max_results: 1 } }]
            : []),
        ],
      };
    }
    const commands = resultsOf(view, "Bash");
    if (!commands[0].text.includes("out of cheese")) refuse(`the script: the command did not fail: ${commands[0].text}`);
    if (commands.length === 1)
      return { text: "Checking:", calls: [{ name: "Bash", arguments: { command: "cat notes.txt", description: "Show" } }] };
    return { text: `The file says: ${commands[1].text}` };
  };
}

const patchOf = (number) =>
  [
    "*** Begin Patch",
    "*** Update File: notes.txt",
    "@@",
    `-The number is ${number}.`,
    `+The number is ${number + 1} – "größer".`,
    "*** End Patch",
    "",
  ].join("\n");

/** Codex: a command, a tool without arguments, one of a namespace, and an image; apply_patch, and a command that fails; cat. */
export function codex(folder) {
  return (view) => {
    const run = (cmd) => call(view, "exec_command", { cmd });
    const commands = resultsOf(view, "exec_command");
    if (commands.length === 0) {
      return {
        text: BEGUN,
        reasoning: aloud(view),
        calls: [
          run("cat notes.txt"),
          call(view, "get_goal", {}),
          call(view, "view_image", { path: `${folder}/dot.png` }),
          ...(offered(view, "close_agent") ? [call(view, "close_agent", { target: "nobody" })] : []),
        ],
      };
    }
    saidBefore(view);
    const number = numberIn(commands[0].text);
    if (images(view).length === 0) refuse("the script: the image that was viewed is not in the request");
    if (resultsOf(view, "close_agent").some(({ text }) => !text.includes("nobody")))
      refuse("the script: close_agent did not look for it");
    if (commands.length === 1) {
      const patch = patchOf(number);
      const edit = offered(view, "apply_patch")
        ? call(view, "apply_patch", patch)
        : run(`apply_patch <<'PATCH'\n${patch}PATCH`);
      return { calls: [edit, run("echo out of cheese >&2; exit 3")] };
    }
    const failed = commands.find((result) => result.text.includes("out of cheese"));
    if (failed === undefined || !/\b3\b/.test(failed.text))
      refuse(`the script: the command did not fail: ${JSON.stringify(commands)}`);
    if (!called(view, "exec_command").some((made) => made.arguments.cmd === "cat notes.txt # again")) {
      return { text: "Checking:", calls: [run("cat notes.txt # again")] };
    }
    return { text: `The file says: ${/The number is .*/.exec(commands.at(-1).text)?.[0]}` };
  };
}

/** Codex with a model that writes programs: all tools are behind one that takes JavaScript, others are in namespaces. */
export function codexPrograms() {
  return (view) => {
    const results = resultsOf(view, "exec");
    const run = (cmd) =>
      call(view, "exec", `const result = await tools.exec_command({ cmd: ${JSON.stringify(cmd)} });\ntext(result);`);
    if (results.length === 0) return { text: BEGUN, calls: [run("cat notes.txt")] };
    saidBefore(view);
    if (called(view, "list_agents").length === 0) return { calls: [call(view, "list_agents", {})] };
    if (!resultsOf(view, "list_agents")[0].text.includes("root")) refuse("the script: list_agents found nobody");
    const number = numberIn(results[0].text);
    if (results.length === 1)
      return { calls: [call(view, "exec", `text(await tools.apply_patch(${JSON.stringify(patchOf(number))}));`)] };
    if (results.length === 2) return { text: "Checking:", calls: [run("cat notes.txt")] };
    return { text: `The file says: The number is ${numberIn(results[2].text)} – "größer".` };
  };
}
