// OpenAI's Responses as a provider: what it refuses, what a request says, and how an answer looks.
// https://platform.openai.com/docs/api-reference/responses
import { createHash } from "node:crypto";
import { pieces } from "./chat.mjs";
import { dataUrl, onlyMembers, openAiSchema, refuse, within, words } from "./refusal.mjs";

const MEMBERS = words(`
  background client_metadata context_management conversation include input instructions max_output_tokens
  max_tool_calls metadata model moderation parallel_tool_calls previous_response_id prompt prompt_cache_key
  prompt_cache_options prompt_cache_retention reasoning safety_identifier service_tier store stream
  stream_options temperature text tool_choice tools top_logprobs top_p truncation user`);
const ITEMS = {
  message: words("type id role content status phase"),
  reasoning: words("type id summary content encrypted_content status"),
  function_call: words("type id call_id name namespace arguments status"),
  function_call_output: words("type id call_id output status"),
  custom_tool_call: words("type id call_id name namespace input status"),
  custom_tool_call_output: words("type id call_id name output status"),
  additional_tools: words("type id role tools"),
};
const PARTS = {
  input_text: words("type text prompt_cache_breakpoint"),
  input_image: words("type image_url file_id detail"),
  input_file: words("type file_data file_id file_url filename"),
  output_text: words("type text annotations logprobs"),
  refusal: words("type refusal"),
};
const PREFIXES = { message: "msg", reasoning: "rs", function_call: "fc", custom_tool_call: "ctc" };
const EFFORTS = words("none minimal low medium high xhigh max");
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const unknown = (path) => `Unknown parameter: '${path}'.`;

export const name = "Responses";
export const path = "/v1/responses";
export const slot = (key) => `authorization: Bearer ${key}`;

export function refusal({ type, message, param, code }) {
  return { error: { message, type, param: param ?? null, code: code ?? null } };
}

const encrypted = (id) => createHash("sha256").update(`encrypted: ${id}`).digest("base64");

// ---- what it refuses --------------------------------------------------------------------------------------------------

export function check(body, headers) {
  if (!/^Bearer \S+$/.test(headers.authorization ?? "")) refuse("You didn't provide an API key.");
  onlyMembers(body, MEMBERS, "", unknown);
  if (typeof body.model !== "string") refuse("Missing required parameter: 'model'.", "model");
  if (typeof body.input !== "string" && !Array.isArray(body.input)) refuse("Missing required parameter: 'input'.", "input");
  if (body.max_output_tokens !== undefined && !(body.max_output_tokens >= 16)) {
    refuse("Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16.", "max_output_tokens");
  }
  if (
    body.temperature !== undefined &&
    !(body.model.startsWith("gpt-5") ? body.temperature === 1 : within(body.temperature, 0, 2))
  ) {
    refuse("Unsupported parameter: 'temperature' is not supported with this model.", "temperature");
  }
  onlyMembers(body.reasoning ?? {}, ["effort", "summary", "generate_summary", "context"], "reasoning", unknown);
  if (![undefined, null, ...EFFORTS].includes(body.reasoning?.effort))
    refuse(`Invalid value: '${body.reasoning.effort}'.`, "reasoning.effort");
  onlyMembers(body.text ?? {}, ["format", "verbosity"], "text", unknown);
  const format = body.text?.format;
  if (format?.type === "json_schema") {
    onlyMembers(format, ["type", "name", "description", "schema", "strict"], "text.format", unknown);
    if (!NAME.test(format.name ?? "")) refuse("Missing required parameter: 'text.format.name'.", "text.format.name");
    openAiSchema(format.schema, format.name, format.strict === true);
  }
  if (body.previous_response_id)
    refuse(`Previous response with id '${body.previous_response_id}' not found.`, "previous_response_id");
  if (body.prompt_cache_key?.length > 64) refuse("Invalid 'prompt_cache_key': string too long.", "prompt_cache_key");
  checkTools(body);
  if (Array.isArray(body.input)) {
    body.input.forEach((item, i) => checkItem(item, `input[${i}]`));
    checkCallsAreAnswered(body.input);
  }
}

function checkTools({ tools, tool_choice: choice }) {
  for (const [i, tool] of (tools ?? []).entries()) {
    if (tool.type !== "function") continue;
    onlyMembers(tool, ["type", "name", "description", "parameters", "strict", "defer_loading"], `tools[${i}]`, unknown);
    if (!NAME.test(tool.name ?? "")) refuse(`Invalid 'tools[${i}].name': '${tool.name}'.`, `tools[${i}].name`);
    if (tool.parameters) openAiSchema(tool.parameters, tool.name, tool.strict === true);
  }
  if ([undefined, "none", "auto", "required"].includes(choice)) return;
  if (choice.type === "function" && !tools?.some((tool) => tool.name === choice.name)) {
    refuse(`Tool choice 'function' not found in 'tools' parameter: ${JSON.stringify(choice)}.`, "tool_choice");
  }
}

function checkItem(item, path) {
  const type = item.type ?? "message";
  const members = ITEMS[type];
  if (members === undefined) refuse(`Invalid value: '${item.type}'.`, `${path}.type`);
  // What codex adds for OpenAI itself.
  onlyMembers(item, [...members, "internal_chat_message_metadata_passthrough"], path, unknown);
  const prefix = PREFIXES[type];
  if (typeof item.id === "string" && prefix !== undefined && !item.id.startsWith(prefix)) {
    refuse(`Invalid '${path}.id': '${item.id}'. Expected an ID that begins with '${prefix}'.`, `${path}.id`);
  }
  if (type === "message") checkMessage(item, path);
  if (type.endsWith("_call") && !NAME.test(item.call_id ?? ""))
    refuse(`Invalid '${path}.call_id': at most 64 letters and digits.`, `${path}.call_id`);
  if (type === "function_call" && typeof item.arguments !== "string")
    refuse(`Invalid type for '${path}.arguments'.`, `${path}.arguments`);
  if (type.endsWith("_output")) {
    if (Array.isArray(item.output))
      item.output.forEach((part, i) => checkPart(part, ["input_text", "input_image", "input_file"], `${path}.output[${i}]`));
    else if (typeof item.output !== "string") refuse(`Missing required parameter: '${path}.output'.`, `${path}.output`);
  }
  if (type === "reasoning") {
    if (!Array.isArray(item.summary)) refuse(`Missing required parameter: '${path}.summary'.`, `${path}.summary`);
    if (item.encrypted_content && item.encrypted_content !== encrypted(item.id)) {
      refuse("The encrypted content could not be verified. Reason: Encrypted content could not be decrypted or parsed.");
    }
  }
}

function checkMessage(item, path) {
  if (!["user", "assistant", "system", "developer"].includes(item.role))
    refuse(`Invalid value: '${item.role}'.`, `${path}.role`);
  if (typeof item.content === "string") return;
  if (!Array.isArray(item.content)) refuse(`Missing required parameter: '${path}.content'.`, `${path}.content`);
  const types = item.role === "assistant" ? ["output_text", "refusal"] : ["input_text", "input_image", "input_file"];
  item.content.forEach((part, i) => checkPart(part, types, `${path}.content[${i}]`));
}

function checkPart(part, types, path) {
  if (!types.includes(part.type)) refuse(`Invalid value: '${part.type}'. Supported values are: ${types.join(", ")}.`, path);
  onlyMembers(part, PARTS[part.type], path, unknown);
  if (part.type === "input_image" && !part.file_id && !part.image_url.startsWith("https://"))
    dataUrl(part.image_url, `${path}.image_url`);
}

function checkCallsAreAnswered(input) {
  const calls = input.filter((item) => item.type?.endsWith("_call"));
  const outputs = input.filter((item) => item.type?.endsWith("_call_output"));
  for (const { call_id: id } of outputs) {
    if (!calls.some((call) => call.call_id === id))
      refuse(`No tool call found for function call output with call_id ${id}.`, "input");
  }
  for (const { call_id: id } of calls) {
    if (!outputs.some((output) => output.call_id === id)) refuse(`No tool output found for function call ${id}.`, "input");
  }
  input.forEach((item, i) => {
    const next = input[i + 1];
    if (item.type === "reasoning" && (next === undefined || next.role === "user" || next.type?.endsWith("_output"))) {
      refuse(`Item '${item.id}' of type 'reasoning' was provided without its required following item.`, "input");
    }
  });
}

// ---- what a request says ----------------------------------------------------------------------------------------------

const textOf = (content) =>
  Array.isArray(content)
    ? content
        .filter((part) => part.text !== undefined)
        .map((part) => part.text)
        .join("\n")
    : (content ?? "");

const toolsOf = (tools = [], namespace) =>
  tools.flatMap(({ type, name, parameters, tools: inner }) => {
    if (type === "namespace") return toolsOf(inner, name);
    if (!["function", "custom"].includes(type)) return [];
    return [{ name, namespace, schema: parameters ?? {}, free: type === "custom" }];
  });

export function read(body) {
  const items = [];
  if (body.instructions) items.push({ kind: "message", role: "system", text: body.instructions, images: [], files: [] });
  for (const item of typeof body.input === "string" ? [{ role: "user", content: body.input }] : body.input) {
    const parts = (type) => (Array.isArray(item.content) ? item.content.filter((part) => part.type === type) : []);
    if ((item.type ?? "message") === "message") {
      items.push({
        kind: "message",
        role: item.role,
        text: textOf(item.content),
        images: parts("input_image").map((part) => part.image_url),
        files: parts("input_file").map((part) => part.file_data),
      });
    }
    if (item.type === "reasoning" && item.encrypted_content) items.push({ kind: "thought" });
    if (item.type === "function_call")
      items.push({ kind: "call", id: item.call_id, name: item.name, arguments: JSON.parse(item.arguments) });
    if (item.type === "custom_tool_call")
      items.push({ kind: "call", id: item.call_id, name: item.name, arguments: item.input });
    if (item.type?.endsWith("_call_output")) {
      const images = Array.isArray(item.output)
        ? item.output.filter((part) => part.type === "input_image").map((part) => part.image_url)
        : [];
      items.push({ kind: "result", id: item.call_id, text: textOf(item.output), images });
    }
  }
  const late = Array.isArray(body.input) ? body.input.filter((item) => item.type === "additional_tools") : [];
  const tools = [body, ...late].flatMap((holder) => toolsOf(holder.tools));
  const format = body.text?.format?.type === "json_schema" ? body.text.format.schema : undefined;
  return {
    dialect: "responses",
    model: body.model,
    stream: body.stream === true,
    tools,
    choice: body.tool_choice,
    format,
    items,
    thoughts: items.filter((item) => item.kind === "thought").length,
  };
}

// ---- how an answer looks ----------------------------------------------------------------------------------------------

export const callId = (unique) => `call_${unique.slice(0, 24)}`;

/** Whether it gives a proof of its thoughts along with the answer, which it wants to see again. */
export const thinks = (body) => body.include?.includes("reasoning.encrypted_content") === true;

const annotationsOf = ({ text, citations }) =>
  citations.map(({ url, title, quote }) => {
    const start_index = text.indexOf(quote);
    return { type: "url_citation", start_index, end_index: start_index + quote.length, url, title };
  });

function outputOf(answer, body) {
  const id = `rs_${answer.unique}`;
  return [
    ...(thinks(body)
      ? [
          {
            id,
            type: "reasoning",
            summary: body.reasoning?.summary
              ? [{ type: "summary_text", text: answer.reasoning ?? "**Denkt nach** 🤔" }]
              : [],
            encrypted_content: encrypted(id),
          },
        ]
      : []),
    ...(answer.text
      ? [
          {
            id: `msg_${answer.unique}`,
            type: "message",
            status: "completed",
            role: "assistant",
            content: [{ type: "output_text", annotations: annotationsOf(answer), logprobs: [], text: answer.text }],
          },
        ]
      : []),
    ...answer.calls.map(({ id: call_id, name, namespace, arguments: args }) =>
      typeof args === "string"
        ? {
            id: `ctc_${call_id.slice(5)}`,
            type: "custom_tool_call",
            status: "completed",
            call_id,
            name,
            namespace,
            input: args,
          }
        : {
            id: `fc_${call_id.slice(5)}`,
            type: "function_call",
            status: "completed",
            call_id,
            name,
            namespace,
            arguments: JSON.stringify(args),
          },
    ),
  ];
}

export function whole(answer, body, output = outputOf(answer, body)) {
  const { input, cached, output: spoken } = answer.usage;
  return {
    id: `resp_${answer.unique}`,
    object: "response",
    created_at: 1_795_311_115,
    status: "completed",
    background: false,
    error: null,
    incomplete_details: null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    model: body.model,
    output,
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: body.reasoning?.effort ?? null, summary: null },
    store: body.store ?? true,
    temperature: 1,
    text: body.text ?? { format: { type: "text" } },
    tool_choice: body.tool_choice ?? "auto",
    tools: body.tools ?? [],
    top_p: 1,
    truncation: "disabled",
    metadata: {},
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: cached },
      output_tokens: spoken,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input + spoken,
    },
  };
}

export function* events(answer, body) {
  let number = 0;
  const event = (type, members) =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...members, sequence_number: number++ })}\n\n`;
  const done = whole(answer, body);
  const begun = { ...done, status: "in_progress", output: [], usage: null };
  yield event("response.created", { response: begun });
  yield event("response.in_progress", { response: begun });
  for (const [output_index, item] of done.output.entries()) {
    const at = { item_id: item.id, output_index };
    yield* parts[item.type](event, item, at);
    yield event("response.output_item.done", { output_index, item });
  }
  yield event("response.completed", { response: done });
}

const parts = {
  *reasoning(event, item, at) {
    yield event("response.output_item.added", { output_index: at.output_index, item: { ...item, summary: [] } });
    for (const [summary_index, { text }] of item.summary.entries()) {
      const part = { ...at, summary_index };
      yield event("response.reasoning_summary_part.added", { ...part, part: { type: "summary_text", text: "" } });
      for (const piece of pieces(text)) yield event("response.reasoning_summary_text.delta", { ...part, delta: piece });
      yield event("response.reasoning_summary_text.done", { ...part, text });
      yield event("response.reasoning_summary_part.done", { ...part, part: { type: "summary_text", text } });
    }
  },
  *message(event, item, at) {
    const [content] = item.content;
    const part = { ...at, content_index: 0 };
    yield event("response.output_item.added", {
      output_index: at.output_index,
      item: { ...item, status: "in_progress", content: [] },
    });
    yield event("response.content_part.added", { ...part, part: { ...content, text: "", annotations: [] } });
    for (const piece of pieces(content.text))
      yield event("response.output_text.delta", { ...part, delta: piece, logprobs: [], obfuscation: "x7Zq" });
    for (const [annotation_index, annotation] of content.annotations.entries())
      yield event("response.output_text.annotation.added", { ...part, annotation_index, annotation });
    yield event("response.output_text.done", { ...part, text: content.text, logprobs: [] });
    yield event("response.content_part.done", { ...part, part: content });
  },
  *function_call(event, item, at) {
    yield event("response.output_item.added", {
      output_index: at.output_index,
      item: { ...item, status: "in_progress", arguments: "" },
    });
    for (const piece of pieces(item.arguments))
      yield event("response.function_call_arguments.delta", { ...at, delta: piece, obfuscation: "x7Zq" });
    yield event("response.function_call_arguments.done", { ...at, arguments: item.arguments });
  },
  *custom_tool_call(event, item, at) {
    yield event("response.output_item.added", {
      output_index: at.output_index,
      item: { ...item, status: "in_progress", input: "" },
    });
    for (const piece of pieces(item.input)) yield event("response.custom_tool_call_input.delta", { ...at, delta: piece });
    yield event("response.custom_tool_call_input.done", { ...at, input: item.input });
  },
};
