// As much of curl as the demo's commands use: -N, -H LINE, -d BODY, URL.
const words = process.argv.slice(2);
const headers = {};
let url, body;
while (words.length > 0) {
  const word = words.shift();
  if (word === "-N") continue;
  else if (word === "-d") body = words.shift();
  else if (word === "-H") {
    const [name, value] = words.shift().split(/: */, 2);
    headers[name] = value;
  } else url = word;
}
const answer = await fetch(url, { method: body === undefined ? "GET" : "POST", headers, body });
for await (const bytes of answer.body) process.stdout.write(bytes);
