// The README's snippets, as a reader would copy them, but with the address of the gateway under test.
import { readFileSync } from "node:fs";

const WRITTEN_ADDRESS = "127.0.0.1:12000";

/** The one code block of this language that says this. */
export function snippet(language, words, gateway) {
  const blocks = [...readFileSync("README.md", "utf8").matchAll(/^```(\w+)\n(.*?)^```$/gms)].filter(
    ([, written, text]) => written === language && text.includes(words),
  );
  if (blocks.length !== 1) throw new Error(`README.md has ${blocks.length} blocks of ${language} with ${words}`);
  const [, , text] = blocks[0];
  return gateway === undefined ? text : text.replaceAll(WRITTEN_ADDRESS, new URL(gateway.url).host);
}
