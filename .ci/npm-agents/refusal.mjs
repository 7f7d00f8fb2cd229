// What a provider says about a request that it does not take, and the checks that all dialects share.

export class Refusal extends Error {
  status = 400;
  type = "invalid_request_error";

  constructor(message, param = null) {
    super(message);
    this.param = param;
  }
}

export class TooMany extends Refusal {
  status = 429;
  type = "rate_limit_error";
}

/** More than the model reads; each provider has its own words for it, and OpenAI a code. */
export class TooLong extends Refusal {
  code = "context_length_exceeded";
}

export const refuse = (message, param) => {
  throw new Refusal(message, param);
};

/** A list of words, as short as lists of names ought to be. */
export const words = (text) => text.trim().split(/\s+/);

export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** No members but these; `refusal` makes the provider's own words of the path of the first stranger. */
export function onlyMembers(object, members, path, refusal) {
  for (const name of Object.keys(object)) {
    if (!members.includes(name)) refuse(refusal(path === "" ? name : `${path}.${name}`), path);
  }
}

/** Chat and Responses look at a function's schema when it is defined: an object, and arrays that say of what. */
export function openAiSchema(schema, name, strict) {
  const wrong = (why) => refuse(`Invalid schema for function '${name}': ${why}`);
  if (!isObject(schema) || schema.type !== "object") wrong(`schema must be a JSON Schema of 'type: "object"'.`);
  const visit = (node, path) => {
    if (!isObject(node)) return;
    if (node.type === "array" && node.items === undefined && node.prefixItems === undefined)
      wrong(`In context=${path}, array schema missing items.`);
    if (strict && node.type === "object") {
      if (node.additionalProperties !== false)
        wrong(`In context=${path}, 'additionalProperties' is required to be supplied and to be false.`);
      const missing = Object.keys(node.properties ?? {}).filter((key) => !(node.required ?? []).includes(key));
      if (missing.length > 0)
        wrong(
          `In context=${path}, 'required' is required to be an array including every key in properties. Missing '${missing[0]}'.`,
        );
    }
    for (const [key, child] of Object.entries(node.properties ?? {})) visit(child, `${path}.${key}`);
    visit(node.items, `${path}[]`);
    for (const union of ["anyOf", "oneOf", "allOf"]) for (const child of node[union] ?? []) visit(child, path);
  };
  visit(schema, "()");
}

/** An image or file inside the request: a data URL whose base64 is whole. */
export function dataUrl(url, path) {
  const match = /^data:([a-z]+\/[a-z0-9.+-]+);base64,([A-Za-z0-9+/]+={0,2})$/.exec(url);
  if (match === null || match[2].length % 4 !== 0) refuse(`Invalid '${path}': expected a base64-encoded data URL.`, path);
  return { mediaType: match[1], data: match[2] };
}

export const within = (value, low, high) => typeof value === "number" && value >= low && value <= high;
