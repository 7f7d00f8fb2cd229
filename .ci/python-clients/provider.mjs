// The agents' scripted provider, for a test in another language: it prints its address; each line that it reads names what
// the model does next, and is answered with what arrived since the line before. It ends with its input.
import { createInterface } from "node:readline";
import { TooLong, TooMany, refuse } from "../npm-agents/refusal.mjs";
import { Upstream } from "../npm-agents/upstream.mjs";

const TOO_LONG = {
  chat:
    "This model's maximum context length is 128000 tokens. However, your messages resulted in 130001 tokens. " +
    "Please reduce the length of the messages.",
  responses: "Your input exceeds the context window of this model. Please adjust your input and try again.",
  messages: "prompt is too long: 208310 tokens > 200000 maximum",
};
const THOUGHT = "Hm – 考え中 🤔";
const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mM44KCAFTEMLQkASmxIASWBNjQAAAAASUVORK5CYII=";
const WEATHER = 'In Zürich sind es 21.5 °C – ☀️ "schön"';

function useTools(view) {
  const calls = view.items.filter((item) => item.kind === "call");
  if (!view.items.some((item) => ["system", "developer"].includes(item.role) && item.text === "Be brief."))
    refuse("the script: no system message");
  if (!view.items.some((item) => item.images?.includes(`data:image/png;base64,${DOT}`)))
    refuse("the script: the image is not in the request");
  if (calls.length === 0)
    return {
      text: "Ich frage nach.",
      calls: [
        { name: "weather", arguments: { city: "Zürich", days: 2, hourly: { wind: [true, null] } } },
        { name: "clock", arguments: {} },
      ],
    };
  for (const [name, said] of Object.entries({ weather: WEATHER, clock: "12:34" })) {
    const id = calls.find((call) => call.name === name)?.id;
    const result = view.items.find((item) => item.kind === "result" && item.id === id);
    if (result?.text !== said) refuse(`the script: ${name}: ${result?.text}`);
  }
  return { text: `Ergebnis: ${WEATHER}` };
}

const scripts = {
  text: () => ({ text: "Grüezi – 你好 👋" }),
  tools: useTools,
  thoughts: (view) => ({ ...useTools(view), reasoning: THOUGHT }),
  citations: () => ({
    text: "Es regnet in Bern. In Basel nicht.",
    citations: ["Bern", "Basel"].map((title) => ({ url: `https://example.com/${title}`, title, quote: title })),
  }),
  object(view) {
    const city = { name: "Zürich", population: 427721, twins: ["Kunming", "San Francisco"] };
    if (view.format !== undefined) return { text: JSON.stringify(city) };
    const choice = view.choice?.name ?? view.choice?.function?.name;
    if (choice === undefined) refuse("the script: neither a format nor a forced tool");
    return { calls: [{ name: choice, arguments: city }] };
  },
  "too many"() {
    throw new TooMany("Langsamer, bitte.");
  },
  "too long"(view) {
    throw new TooLong(TOO_LONG[view.dialect]);
  },
};

const upstream = await Upstream.start();
console.log(upstream.url);
for await (const line of createInterface(process.stdin)) {
  const arrived = upstream.received.map(({ target, rawHeaders, bytes, view, refused }) => ({
    target,
    headers: rawHeaders,
    body: bytes.toString(),
    thoughts: view?.thoughts,
    refused,
  }));
  console.log(JSON.stringify(arrived));
  upstream.play(scripts[line] ?? upstream.script);
}
upstream.stop();
