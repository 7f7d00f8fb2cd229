// OpenAI's Chat Completions as a provider: what it refuses, what a request says, and how an answer looks.
// https://platform.openai.com/docs/api-reference/chat
import { dataUrl, onlyMembers, openAiSchema, refuse, within, words } from "./refusal.mjs";

const MEMBERS = words(`
  model messages audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens
  max_tokens metadata modalities n parallel_tool_calls prediction presence_penalty prompt_cache_key
  prompt_cache_options prompt_cache_retention reasoning_effort response_format safety_identifier seed
  service_tier stop store stream stream_options temperature tool_choice tools top_logprobs top_p user verbosity
  web_search_options`);
const MESSAGE_MEMBERS = {
  system: words("role content name"),
  developer: words("role content name"),
  user: words("role content name"),
  // Its guide to function calling sends the answer's message back as it came, annotations and all.
  assistant: words("role content name tool_calls refusal audio function_call annotations"),
  tool: words("role content tool_call_id"),
};
const PARTS = {
  system: words("text"),
  developer: words("text"),
  tool: words("text"),
  assistant: words("text refusal"),
  user: words("text image_url input_audio file"),
};
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const EFFORTS = words("none minimal low medium high xhigh max");
const unknown = (path) => `Unrecognized request argument supplied: ${path}`;
const additional = (path) => `Additional properties are not allowed ('${path}' was unexpected).`;

export const name = "Chat Completions";
export const path = "/v1/chat/completions";
export const slot = (key) => `authorization: Bearer ${key}`;

export function refusal({ type, message, param, code }) {
  return { error: { message, type, param: param ?? null, code: code ?? null } };
}

// ---- what it refuses --------------------------------------------------------------------------------------------------

export function check(body, headers) {
  if (!/^Bearer \S+$/.test(headers.authorization ?? "")) refuse("You didn't provide an API key.");
  onlyMembers(body, MEMBERS, "", unknown);
  if (typeof body.model !== "string") refuse("you must provide a model parameter");
  if (!Array.isArray(body.messages) || body.messages.length === 0) refuse("[] is too short - 'messages'", "messages");
  checkParameters(body);
  checkTools(body);
  body.messages.forEach((message, i) => checkMessage(message, `messages[${i}]`));
  checkCallsAreAnswered(body.messages);
}

function checkParameters(body) {
  const reasons = /^(o\d|gpt-5)/.test(body.model);
  if (body.max_tokens !== undefined && (reasons || body.max_completion_tokens !== undefined)) {
    refuse(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      "max_tokens",
    );
  }
  if (body.max_completion_tokens !== undefined && !(body.max_completion_tokens >= 1))
    refuse("Invalid 'max_completion_tokens'.", "max_completion_tokens");
  if (body.temperature !== undefined && !(reasons ? body.temperature === 1 : within(body.temperature, 0, 2))) {
    refuse("Unsupported value: 'temperature' does not support this value with this model.", "temperature");
  }
  if (body.stream_options !== undefined && body.stream !== true) {
    refuse("The 'stream_options' parameter is only allowed when 'stream' is enabled.", "stream_options");
  }
  onlyMembers(body.stream_options ?? {}, ["include_usage", "include_obfuscation"], "stream_options", unknown);
  if (body.reasoning_effort !== undefined && !EFFORTS.includes(body.reasoning_effort)) {
    refuse(`Invalid value: '${body.reasoning_effort}'.`, "reasoning_effort");
  }
  if (Array.isArray(body.stop) && (body.stop.length === 0 || body.stop.length > 4))
    refuse("Invalid 'stop': 1 to 4 items.", "stop");
  if (body.safety_identifier?.length > 64) refuse("Invalid 'safety_identifier': string too long.", "safety_identifier");
  for (const [key, value] of Object.entries(body.metadata ?? {})) {
    if (typeof value !== "string" || value.length > 512) refuse(`Invalid 'metadata.${key}'.`, "metadata");
  }
  // Only models that are made for it; the others refuse.
  if (body.web_search_options !== undefined && !body.model.includes("search"))
    refuse("Web search options not supported with this model.", "web_search_options");
  const format = body.response_format;
  if (format?.type === "json_schema") {
    onlyMembers(format.json_schema, ["name", "description", "schema", "strict"], "response_format.json_schema", unknown);
    if (!NAME.test(format.json_schema.name ?? "")) refuse("Missing required parameter: 'response_format.json_schema.name'.");
    openAiSchema(format.json_schema.schema, format.json_schema.name, format.json_schema.strict === true);
  } else if (format !== undefined && !["text", "json_object"].includes(format.type))
    refuse("Invalid 'response_format.type'.");
}

function checkTools({ tools, tool_choice: choice, parallel_tool_calls: parallel }) {
  if (tools === undefined) {
    if (choice !== undefined)
      refuse("Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.", "tool_choice");
    if (parallel !== undefined) refuse("Invalid value for 'parallel_tool_calls': only allowed when 'tools' are specified.");
    return;
  }
  if (!Array.isArray(tools) || tools.length === 0) refuse("[] is too short - 'tools'", "tools");
  if (tools.length > 128) refuse("Invalid 'tools': array too long.", "tools");
  tools.forEach((tool, i) => {
    if (!["function", "custom"].includes(tool.type))
      refuse(`Invalid value: '${tool.type}'. Supported values are: 'function' and 'custom'.`, `tools[${i}].type`);
    onlyMembers(tool, ["type", tool.type], `tools[${i}]`, unknown);
    const { name, parameters, strict } = tool[tool.type];
    if (!NAME.test(name ?? "")) refuse(`Invalid 'tools[${i}].function.name': '${name}'.`, `tools[${i}].function.name`);
    if (tool.type === "custom") return;
    onlyMembers(tool.function, ["name", "description", "parameters", "strict"], `tools[${i}].function`, unknown);
    if (parameters !== undefined) openAiSchema(parameters, name, strict === true);
  });
  if (choice === undefined || ["none", "auto", "required"].includes(choice)) return;
  if (choice?.type === "allowed_tools") return;
  if (choice?.type !== "function" || !tools.some((tool) => tool.function?.name === choice.function?.name)) {
    refuse(`Invalid value: ${JSON.stringify(choice)} for 'tool_choice'.`, "tool_choice");
  }
}

function checkMessage(message, path) {
  const members = MESSAGE_MEMBERS[message.role];
  if (members === undefined) refuse(`Invalid value: '${message.role}'.`, `${path}.role`);
  onlyMembers(message, members, path, additional);
  const { content } = message;
  if (Array.isArray(content)) {
    if (content.length === 0) refuse(`Invalid '${path}.content': empty array.`, `${path}.content`);
    content.forEach((part, i) => checkPart(part, message.role, `${path}.content[${i}]`));
  } else if (typeof content !== "string" && !(message.role === "assistant" && (message.tool_calls || message.refusal))) {
    refuse(`Invalid value for 'content': expected a string, got ${content}.`, `${path}.content`);
  }
  if (message.role === "tool" && typeof message.tool_call_id !== "string")
    refuse(`Missing parameter '${path}.tool_call_id'.`);
  if (message.tool_calls === undefined) return;
  if (message.tool_calls.length === 0) refuse(`[] is too short - '${path}.tool_calls'`);
  for (const call of message.tool_calls) {
    onlyMembers(call, ["id", "type", call.type], `${path}.tool_calls`, additional);
    if (typeof call.id !== "string" || call.id.length > 40)
      refuse(`Invalid '${path}.tool_calls[].id': at most 40 characters.`);
    if (call.type !== "function") continue;
    onlyMembers(call.function, ["name", "arguments"], `${path}.tool_calls.function`, additional);
    if (!NAME.test(call.function.name)) refuse(`Invalid '${path}.tool_calls[].function.name'.`);
    if (typeof call.function.arguments !== "string")
      refuse(`Invalid type for '${path}.tool_calls[].function.arguments': expected a string.`);
  }
}

function checkPart(part, role, path) {
  if (!PARTS[role].includes(part.type)) refuse(`Invalid value: '${part.type}'.`, `${path}.type`);
  onlyMembers(part, ["type", part.type, "prompt_cache_breakpoint"], path, additional);
  if (part.type === "text" && typeof part.text !== "string") refuse(`Invalid type for '${path}.text'.`);
  if (part.type === "image_url") {
    onlyMembers(part.image_url, ["url", "detail"], `${path}.image_url`, additional);
    if (!part.image_url.url.startsWith("https://")) dataUrl(part.image_url.url, `${path}.image_url.url`);
  }
  if (part.type === "file") onlyMembers(part.file, ["file_data", "file_id", "filename"], `${path}.file`, additional);
}

function checkCallsAreAnswered(messages) {
  let open = new Set();
  let afterCalls = false;
  for (const message of messages) {
    if (message.role === "tool") {
      if (!afterCalls || !open.delete(message.tool_call_id)) {
        refuse("Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.");
      }
      continue;
    }
    refuseOpenCalls(open);
    open = new Set((message.tool_calls ?? []).map((call) => call.id));
    afterCalls = message.tool_calls !== undefined;
    if (open.size !== (message.tool_calls ?? []).length) refuse("Duplicate value for 'tool_call_id'.");
  }
  refuseOpenCalls(open);
}

function refuseOpenCalls(open) {
  if (open.size > 0) {
    refuse(
      "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. " +
        `The following tool_call_ids did not have response messages: ${[...open].join(", ")}`,
    );
  }
}

// ---- what a request says ----------------------------------------------------------------------------------------------

const textOf = (content) => (Array.isArray(content) ? content.map((part) => part.text ?? "").join("\n") : (content ?? ""));

export function read(body) {
  const items = [];
  for (const message of body.messages) {
    if (message.role === "tool")
      items.push({ kind: "result", id: message.tool_call_id, text: textOf(message.content), images: [] });
    else {
      const images = Array.isArray(message.content) ? message.content.filter((part) => part.type === "image_url") : [];
      const files = Array.isArray(message.content) ? message.content.filter((part) => part.type === "file") : [];
      items.push({
        kind: "message",
        role: message.role,
        text: textOf(message.content),
        images: images.map((part) => part.image_url.url),
        files: files.map((part) => part.file.file_data),
      });
    }
    for (const call of message.tool_calls ?? []) {
      items.push({ kind: "call", id: call.id, name: call.function.name, arguments: JSON.parse(call.function.arguments) });
    }
  }
  const format = body.response_format?.type === "json_schema" ? body.response_format.json_schema.schema : undefined;
  const tools = (body.tools ?? [])
    .filter((tool) => tool.type === "function")
    .map(({ function: { name, parameters } }) => ({ name, schema: parameters ?? {} }));
  return {
    dialect: "chat",
    model: body.model,
    stream: body.stream === true,
    tools,
    choice: body.tool_choice,
    format,
    items,
    thoughts: 0,
  };
}

// ---- how an answer looks ----------------------------------------------------------------------------------------------

const callOf = ({ id, name, arguments: args }) => ({
  id,
  type: "function",
  function: { name, arguments: JSON.stringify(args) },
});
const usageOf = ({ input, cached, output }) => ({
  prompt_tokens: input,
  completion_tokens: output,
  total_tokens: input + output,
  prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
  completion_tokens_details: {
    reasoning_tokens: 0,
    audio_tokens: 0,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
});
export const thinks = () => false; // aloud, if at all, with nothing that must come back
export const callId = (unique) => `call_${unique.slice(0, 24)}`;

const annotationsOf = ({ text, citations }) =>
  citations.map(({ url, title, quote }) => {
    const start_index = text.indexOf(quote);
    return { type: "url_citation", url_citation: { start_index, end_index: start_index + quote.length, url, title } };
  });

export function whole(answer, body) {
  const message = { role: "assistant", content: answer.text ?? null, refusal: null, annotations: annotationsOf(answer) };
  if (answer.reasoning) message.reasoning_content = answer.reasoning;
  if (answer.calls.length > 0) message.tool_calls = answer.calls.map(callOf);
  return {
    id: `chatcmpl-${answer.unique}`,
    object: "chat.completion",
    created: 1_795_311_115,
    model: body.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: answer.calls.length > 0 ? "tool_calls" : "stop" }],
    usage: usageOf(answer.usage),
    service_tier: "default",
    system_fingerprint: null,
  };
}

export function* events(answer, body) {
  const usageWanted = body.stream_options?.include_usage === true;
  const head = {
    id: `chatcmpl-${answer.unique}`,
    object: "chat.completion.chunk",
    created: 1_795_311_115,
    model: body.model,
    service_tier: "default",
    system_fingerprint: null,
  };
  const chunk = (choices, usage = null) =>
    `data: ${JSON.stringify({ ...head, choices, ...(usageWanted ? { usage } : {}), obfuscation: "x7Zq" })}\n\n`;
  const delta = (part, finish_reason = null) => chunk([{ index: 0, delta: part, logprobs: null, finish_reason }]);
  yield ": the model is being woken\n\n";
  yield delta({ role: "assistant", content: answer.text === undefined ? null : "", refusal: null });
  for (const piece of pieces(answer.reasoning)) yield delta({ reasoning_content: piece });
  for (const piece of pieces(answer.text)) yield delta({ content: piece });
  if (answer.citations.length > 0) yield delta({ annotations: annotationsOf(answer) });
  for (const [index, call] of answer.calls.entries()) {
    const {
      id,
      type,
      function: { name, arguments: args },
    } = callOf(call);
    yield delta({ tool_calls: [{ index, id, type, function: { name, arguments: "" } }] });
    for (const piece of pieces(args)) yield delta({ tool_calls: [{ index, function: { arguments: piece } }] });
  }
  yield delta({}, answer.calls.length > 0 ? "tool_calls" : "stop");
  if (usageWanted) yield chunk([], usageOf(answer.usage));
  yield "data: [DONE]\n\n";
}

/** A text as a model speaks it: a few characters at a time, never half of one. */
export function pieces(text = "") {
  return [...text].reduce((all, character, i) => {
    if (i % 5 === 0) all.push("");
    all[all.length - 1] += character;
    return all;
  }, []);
}
