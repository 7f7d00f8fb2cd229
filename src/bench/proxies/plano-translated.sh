. "$BENCH/proxies/plano.sh"
PORT=18141
NOTE="this project, a client of Anthropic Messages in front of the same upstream of Chat Completions: every event is translated"
URL_PATH=/v1/messages
HEADERS=("x-api-key: sk-client-key-0123456789" "SKIP:W4")
APIS="apis: [chat],"
