PORT=18141
NOTE="this project, a client of Anthropic Messages in front of the same upstream of Chat Completions: every event is translated"
URL_PATH=/v1/messages
HEADERS=("x-api-key: sk-client-key-0123456789" "SKIP:W4")
WAR="$BENCH/../../target/plano.war"
setup() { [ -e "$WAR" ] || (cd "$BENCH/../.." && mvn -q -B -DskipTests package); }
version() { $JAVA17 -jar "$WAR" --version; }
conf() {
  cat > "$RUN/plano.yaml" <<END
version: v0.4.0
listeners: [{type: model, name: bench, address: 127.0.0.1, port: $PORT}]
model_providers:
  - {model: custom/sim, base_url: "http://127.0.0.1:$UPSTREAM_PORT", provider_interface: openai, apis: [chat], passthrough_auth: true, default: true}
END
}
start() { conf; exec $JAVA17 $JVM_OPTS -jar "$WAR" serve --config "$RUN/plano.yaml"; }
