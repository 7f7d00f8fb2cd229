// What the model does in the coding agents' task: it finds the number in notes.txt with the tools that it is offered, puts the
// next number there, and says what the file says now. Each step is chosen by what the conversation holds, and looks at what
// the tools really answered.
import { refuse } from "./refusal.mjs";

export const TASK = "Put the next higher number into notes.txt, then tell me what the file says.";
const BEGUN = "Ich lese die Datei zuerst – 読みます. 👀";

/** What servers other than OpenAI's add to a Chat Completion. */
const aloud = (view) => (view.dialect === "chat" ? "Hm – 考え中 🤔" : undefined);

const called = (view, name) => view.items.filter((item) => item.kind === "call" && item.name === name);
const resultsOf = (view, name) =>
  called(view, name).map(({ id }) => view.items.find((item) => item.kind === "result" && item.id === id));
const offered = (view, name) => view.tools.find((tool) => tool.name === name);
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

/** Codex: a command, a tool without arguments, and an image; apply_patch, and a command that fails; cat. */
export function codex(folder) {
  const run = (cmd) => ({ name: "exec_command", arguments: { cmd } });
  return (view) => {
    const commands = resultsOf(view, "exec_command");
    if (commands.length === 0) {
      return {
        text: BEGUN,
        reasoning: aloud(view),
        calls: [
          run("cat notes.txt"),
          { name: "get_goal", arguments: {} },
          { name: "view_image", arguments: { path: `${folder}/dot.png` } },
        ],
      };
    }
    saidBefore(view);
    const number = numberIn(commands[0].text);
    if (images(view).length === 0) refuse("the script: the image that was viewed is not in the request");
    if (commands.length === 1) {
      const lines = [`-The number is ${number}.`, `+The number is ${number + 1} – "größer".`];
      const patch = ["*** Begin Patch", "*** Update File: notes.txt", "@@", ...lines, "*** End Patch", ""].join("\n");
      return {
        calls: [
          applyPatch(view, patch) ?? run(`apply_patch <<'PATCH'\n${patch}PATCH`),
          run("echo out of cheese >&2; exit 3"),
        ],
      };
    }
    const failed = commands.find((result) => result.text.includes("out of cheese"));
    if (failed === undefined || !/\b3\b/.test(failed.text))
      refuse(`the script: the command did not fail: ${commands.map((result) => result.text)}`);
    if (!view.items.some((item) => item.kind === "call" && item.arguments.cmd === "cat notes.txt # again")) {
      return { text: "Checking:", calls: [run("cat notes.txt # again")] };
    }
    return { text: `The file says: ${/The number is .*/.exec(commands.at(-1).text)?.[0]}` };
  };
}

/** As the tool is defined where the request arrived: free text, or the same in the only member of an object. */
function applyPatch(view, patch) {
  const tool = offered(view, "apply_patch");
  if (tool === undefined) return undefined;
  return { name: tool.name, arguments: tool.free ? patch : { [Object.keys(tool.schema.properties)[0]]: patch } };
}
