// Anthropic's Messages as a provider: what it refuses, what a request says, and how an answer looks.
// https://docs.anthropic.com/en/api/messages
import { createHash } from "node:crypto";
import { pieces } from "./chat.mjs";
import { isObject, onlyMembers, refuse, within, words } from "./refusal.mjs";

const MEMBERS = words(`
  model max_tokens messages cache_control container context_management diagnostics inference_geo mcp_servers
  metadata output_config service_tier stop_sequences stream system temperature thinking tool_choice tools top_k
  top_p`);
const BLOCKS = {
  text: words("type text cache_control citations"),
  image: words("type source cache_control"),
  document: words("type source cache_control title context citations"),
  tool_use: words("type id name input cache_control caller"),
  tool_result: words("type tool_use_id content is_error cache_control"),
  thinking: words("type thinking signature"),
  redacted_thinking: words("type data"),
  tool_reference: words("type tool_name cache_control"),
};
const ROLE_BLOCKS = {
  user: words("text image document tool_result"),
  assistant: words("text tool_use thinking redacted_thinking"),
  system: words("text"),
};
const TOOL_MEMBERS = words(
  "type name description input_schema strict cache_control eager_input_streaming defer_loading allowed_callers input_examples",
);
const EFFORTS = words("low medium high xhigh max");
const MEDIA_TYPES = words("image/jpeg image/png image/gif image/webp");
const NAME = /^[a-zA-Z0-9_-]{1,128}$/;
const ID = /^[a-zA-Z0-9_-]+$/;
const extra = (path) => `${path}: Extra inputs are not permitted`;

export const name = "Messages";
export const path = "/v1/messages";
export const slot = (key) => `x-api-key: ${key}`;

export function refusal({ type, message }) {
  return { type: "error", error: { type, message }, request_id: "req_011CRefused" };
}

const signature = (thinking) => createHash("sha256").update(`signed: ${thinking}`).digest("base64");

// ---- what it refuses --------------------------------------------------------------------------------------------------

export function check(body, headers) {
  if (headers["anthropic-version"] === undefined) refuse("anthropic-version: header is required");
  onlyMembers(body, MEMBERS, "", extra);
  if (typeof body.model !== "string") refuse("model: Field required");
  if (!Number.isInteger(body.max_tokens) || body.max_tokens < 1) refuse("max_tokens: Field required");
  if (!Array.isArray(body.messages) || body.messages.length === 0) refuse("messages: at least one message is required");
  checkParameters(body);
  checkTools(body);
  checkSystem(body.system);
  body.messages.forEach((message, i) => checkMessage(message, `messages.${i}`, i === body.messages.length - 1));
  checkCallsAreAnswered(turns(body.messages), body.tools);
  checkThinkingCameBack(turns(body.messages), body.thinking);
  const marks = JSON.stringify(body).split('"cache_control":{').length - 1;
  if (marks > 4) refuse(`A maximum of 4 blocks with cache_control may be provided. Found ${marks}.`);
}

function checkParameters(body) {
  const { thinking, tool_choice: choice, temperature } = body;
  if (temperature !== undefined && !within(temperature, 0, 1)) refuse("temperature: range: 0..1");
  for (const stop of body.stop_sequences ?? [])
    if (stop.trim() === "") refuse("stop_sequences: each stop sequence must contain non-whitespace");
  onlyMembers(body.metadata ?? {}, ["user_id"], "metadata", extra);
  onlyMembers(body.output_config ?? {}, ["effort", "format", "task_budget"], "output_config", extra);
  if (body.output_config?.effort !== undefined && !EFFORTS.includes(body.output_config.effort))
    refuse("output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'");
  const format = body.output_config?.format;
  if (format !== undefined) {
    onlyMembers(format, ["type", "schema"], "output_config.format", extra);
    if (format.type !== "json_schema" || format.schema?.additionalProperties !== false) {
      refuse("output_config.format.schema: For 'object' type, 'additionalProperties' must be explicitly set to false");
    }
  }
  if (thinking === undefined) return;
  if (!["enabled", "adaptive", "disabled"].includes(thinking.type)) refuse("thinking.type: Input tag not found");
  if (thinking.type === "enabled" && !(thinking.budget_tokens >= 1024))
    refuse("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024");
  if (thinking.type === "enabled" && thinking.budget_tokens >= body.max_tokens)
    refuse("`max_tokens` must be greater than `thinking.budget_tokens`.");
  if (thinking.type === "disabled") return;
  if (["any", "tool"].includes(choice?.type)) refuse("Thinking may not be enabled when tool_choice forces tool use.");
  if (temperature !== undefined && temperature !== 1) refuse("`temperature` may only be set to 1 when thinking is enabled.");
  if (body.top_k !== undefined) refuse("`top_k` must be unset when thinking is enabled.");
}

function checkTools({ tools = [], tool_choice: choice }) {
  const names = new Set();
  tools.forEach((tool, i) => {
    if (/^web_search_20\d{6}$/.test(tool.type)) return;
    if (![undefined, "custom"].includes(tool.type))
      refuse(`tools.${i}: Input tag '${tool.type}' is not enabled for this key`);
    onlyMembers(tool, TOOL_MEMBERS, `tools.${i}.custom`, extra);
    if (!NAME.test(tool.name ?? "")) refuse(`tools.${i}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`);
    if (names.has(tool.name)) refuse("tools: Tool names must be unique.");
    names.add(tool.name);
    if (tool.input_schema?.type !== "object") refuse(`tools.${i}.custom.input_schema.type: Field required`);
  });
  if (choice === undefined) return;
  if (tools.length === 0) refuse("tool_choice may only be specified while providing tools.");
  if (!["auto", "any", "tool", "none"].includes(choice.type)) refuse(`tool_choice: Input tag '${choice.type}' found`);
  onlyMembers(
    choice,
    choice.type === "tool" ? ["type", "name", "disable_parallel_tool_use"] : ["type", "disable_parallel_tool_use"],
    "tool_choice",
    extra,
  );
  if (choice.type === "tool" && !names.has(choice.name)) refuse(`Tool '${choice.name}' not found in provided tools`);
}

function checkSystem(system) {
  if (system === undefined || typeof system === "string") return;
  system.forEach((block, i) => checkBlock(block, ["text"], `system.${i}`));
}

function checkMessage(message, path, last) {
  const blocks = ROLE_BLOCKS[message.role];
  if (blocks === undefined) refuse(`${path}.role: Input should be 'user' or 'assistant'`);
  onlyMembers(message, ["role", "content", "output_config"], path, extra);
  const mayBeEmpty = last && message.role === "assistant";
  const { content } = message;
  if (typeof content !== "string" && !Array.isArray(content)) refuse(`${path}.content: Input should be a valid list`);
  if (content.length === 0 && !mayBeEmpty)
    refuse(`${path}: all messages must have non-empty content except for the optional final assistant message`);
  if (Array.isArray(content)) content.forEach((block, i) => checkBlock(block, blocks, `${path}.content.${i}`));
  const end = Array.isArray(content) ? content.at(-1)?.text : content;
  if (mayBeEmpty && end !== undefined && end !== end.trimEnd())
    refuse("messages: final assistant content cannot end with trailing whitespace");
}

function checkBlock(block, types, path) {
  if (!types.includes(block.type))
    refuse(`${path}: Input tag '${block.type}' found using 'type' does not match any of the expected tags`);
  onlyMembers(block, BLOCKS[block.type], `${path}.${block.type}`, extra);
  switch (block.type) {
    case "text":
      if (typeof block.text !== "string" || block.text === "") refuse("messages: text content blocks must be non-empty");
      if (block.text.trim() === "" && types !== ROLE_BLOCKS.assistant)
        refuse("messages: text content blocks must contain non-whitespace text");
      break;
    case "image":
      checkSource(block.source, MEDIA_TYPES, path);
      break;
    case "document":
      checkSource(block.source, ["application/pdf", "text/plain"], path);
      break;
    case "tool_use":
      if (!ID.test(block.id ?? "")) refuse(`${path}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'`);
      if (!NAME.test(block.name ?? "")) refuse(`${path}.tool_use.name: String should match pattern`);
      if (!isObject(block.input)) refuse(`${path}.tool_use.input: Input should be a valid dictionary`);
      break;
    case "tool_result":
      if (Array.isArray(block.content))
        block.content.forEach((part, i) =>
          checkBlock(part, ["text", "image", "document", "tool_reference"], `${path}.content.${i}`),
        );
      break;
    case "thinking":
      if (block.signature !== signature(block.thinking)) refuse(`${path}: Invalid \`signature\` in \`thinking\` block`);
      break;
    default:
  }
}

function checkSource(source, mediaTypes, path) {
  if (source?.type === "url" || source?.type === "text") return;
  if (source?.type !== "base64") refuse(`${path}.source: Input tag '${source?.type}' found`);
  if (!mediaTypes.includes(source.media_type))
    refuse(`${path}.source.base64.media_type: Input should be ${mediaTypes.join(", ")}`);
  if (source.data.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(source.data))
    refuse(`${path}.source.base64.data: invalid base64 data`);
}

/** Messages of one role in a row are one turn; a system message between them is none. */
function turns(messages) {
  const all = [];
  for (const { role, content } of messages) {
    if (role === "system") continue;
    if (all.at(-1)?.role !== role) all.push({ role, blocks: [] });
    all.at(-1).blocks.push(...(typeof content === "string" ? [{ type: "text", text: content }] : content));
  }
  return all;
}

function checkCallsAreAnswered(all, tools = []) {
  all.forEach(({ role, blocks }, i) => {
    const results = blocks.filter((block) => block.type === "tool_result");
    const calls = role === "user" ? (all[i - 1]?.blocks ?? []).filter((block) => block.type === "tool_use") : [];
    if ((results.length > 0 || calls.length > 0) && tools.length === 0) {
      refuse("Requests which include `tool_use` or `tool_result` blocks must define tools");
    }
    for (const result of results) {
      if (!calls.some((call) => call.id === result.tool_use_id)) {
        refuse(`messages: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${result.tool_use_id}.`);
      }
    }
    for (const call of calls) {
      if (results.filter((result) => result.tool_use_id === call.id).length !== 1) {
        refuse(`messages: \`tool_use\` ids were found without one \`tool_result\` block immediately after: ${call.id}.`);
      }
    }
    if (blocks.slice(0, results.length).some((block) => block.type !== "tool_result")) {
      refuse("messages: `tool_result` blocks must come first in the user message that answers `tool_use`.");
    }
    const unanswered = role === "assistant" && i === all.length - 1 && blocks.some((block) => block.type === "tool_use");
    if (unanswered) refuse("messages: `tool_use` ids were found without `tool_result` blocks immediately after.");
  });
}

function checkThinkingCameBack(all, thinking) {
  const turn = all.at(-2);
  if (thinking?.type !== "enabled" || !turn?.blocks.some((block) => block.type === "tool_use")) return;
  if (!["thinking", "redacted_thinking"].includes(turn.blocks[0].type)) {
    refuse(
      `messages: Expected \`thinking\` or \`redacted_thinking\`, but found \`${turn.blocks[0].type}\`. When \`thinking\` is enabled, ` +
        "a final `assistant` message must start with a thinking block.",
    );
  }
}

// ---- what a request says ----------------------------------------------------------------------------------------------

const textOf = (content) =>
  Array.isArray(content)
    ? content
        .filter((block) => block.type === "text")
        .map((block) => block.text)
        .join("\n")
    : (content ?? "");
const urlOf = ({ source }) => (source.type === "base64" ? `data:${source.media_type};base64,${source.data}` : source.url);

export function read(body) {
  const items = [];
  if (body.system !== undefined)
    items.push({ kind: "message", role: "system", text: textOf(body.system), images: [], files: [] });
  for (const { role, content } of body.messages) {
    const blocks = Array.isArray(content) ? content : [{ type: "text", text: content }];
    for (const block of blocks) {
      if (block.type === "tool_use") items.push({ kind: "call", id: block.id, name: block.name, arguments: block.input });
      if (block.type === "tool_result") {
        const parts = Array.isArray(block.content) ? block.content : [];
        items.push({
          kind: "result",
          id: block.tool_use_id,
          text: textOf(block.content),
          failed: block.is_error === true,
          images: parts.filter((part) => part.type === "image").map(urlOf),
        });
      }
    }
    const of = (type) => blocks.filter((block) => block.type === type).map(urlOf);
    const text = textOf(blocks);
    if (text !== "" || of("image").length > 0)
      items.push({ kind: "message", role, text, images: of("image"), files: of("document") });
  }
  const tools = (body.tools ?? [])
    .filter((tool) => tool.input_schema)
    .map(({ name, input_schema: schema }) => ({ name, schema }));
  return {
    dialect: "messages",
    model: body.model,
    stream: body.stream === true,
    tools,
    choice: body.tool_choice,
    format: body.output_config?.format?.schema,
    items,
    thoughts: JSON.stringify(body.messages).split('"signature":').length - 1,
  };
}

// ---- how an answer looks ----------------------------------------------------------------------------------------------

export const callId = (unique) => `toolu_01${unique.slice(0, 22)}`;
/** Whether it gives a proof of its thoughts along with the answer, which it wants to see again. */
export const thinks = (body) => ["enabled", "adaptive"].includes(body.thinking?.type);
const usageOf = ({ input, cached, output }) => ({
  input_tokens: input - cached,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: cached,
  cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  output_tokens: output,
  service_tier: "standard",
});

const citationsOf = ({ citations }) =>
  citations.length === 0
    ? {}
    : {
        citations: citations.map(({ url, title, quote: cited_text }) => ({
          type: "web_search_result_location",
          url,
          title,
          encrypted_index: "Eo8BCioIAhgB",
          cited_text,
        })),
      };

function blocksOf(answer, body) {
  const thought = answer.reasoning ?? (answer.calls.length > 0 ? "A tool knows this; ich frage es. 🤔" : "That is all.");
  const thinking = body.thinking?.display === "omitted" ? "" : thought;
  return [
    ...(thinks(body) ? [{ type: "thinking", thinking, signature: signature(thinking) }] : []),
    ...(answer.text ? [{ type: "text", text: answer.text, ...citationsOf(answer) }] : []),
    ...answer.calls.map(({ id, name, arguments: input }) => ({ type: "tool_use", id, name, input })),
  ];
}

export function whole(answer, body) {
  return {
    id: `msg_01${answer.unique.slice(0, 22)}`,
    type: "message",
    role: "assistant",
    model: body.model,
    content: blocksOf(answer, body),
    stop_reason: answer.calls.length > 0 ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: usageOf(answer.usage),
  };
}

export function* events(answer, body) {
  const event = (type, members = {}) => `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
  const message = whole(answer, body);
  yield event("message_start", {
    message: { ...message, content: [], stop_reason: null, usage: { ...message.usage, output_tokens: 1 } },
  });
  yield event("ping");
  for (const [index, block] of message.content.entries()) {
    const delta = (part) => event("content_block_delta", { index, delta: part });
    if (block.type === "thinking") {
      yield event("content_block_start", { index, content_block: { type: "thinking", thinking: "", signature: "" } });
      for (const piece of pieces(block.thinking)) yield delta({ type: "thinking_delta", thinking: piece });
      yield delta({ type: "signature_delta", signature: block.signature });
    } else if (block.type === "text") {
      yield event("content_block_start", { index, content_block: { type: "text", text: "" } });
      // What it is based on comes first.
      for (const citation of block.citations ?? []) yield delta({ type: "citations_delta", citation });
      for (const piece of pieces(block.text)) yield delta({ type: "text_delta", text: piece });
    } else {
      yield event("content_block_start", { index, content_block: { ...block, input: {} } });
      yield event("ping");
      // A call without arguments streams nothing but an empty piece; other calls begin with one.
      yield delta({ type: "input_json_delta", partial_json: "" });
      const json = JSON.stringify(block.input);
      if (json !== "{}") for (const piece of pieces(json)) yield delta({ type: "input_json_delta", partial_json: piece });
    }
    yield event("content_block_stop", { index });
  }
  yield event("message_delta", { delta: { stop_reason: message.stop_reason, stop_sequence: null }, usage: message.usage });
  yield event("message_stop");
}
