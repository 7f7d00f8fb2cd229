// Where every connection goes that is not to this machine: nowhere, and its target is kept.
import { once } from "node:events";
import { createServer } from "node:http";

export async function startDeadEnd() {
  const asked = [];
  const server = createServer((request, reply) => {
    asked.push(request.url);
    reply.writeHead(403).end();
  });
  server.on("connect", (request, socket) => {
    asked.push(request.url);
    socket.on("error", () => {});
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${server.address().port}`;
  const env = { NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1" };
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]) env[name] = env[name.toLowerCase()] = url;
  return {
    asked,
    env,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
