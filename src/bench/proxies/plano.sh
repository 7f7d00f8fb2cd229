PORT=18140
NOTE="this project, standalone (java -jar plano.war serve), access log on, the client's key passed through"
APIS=
WAR="$BENCH/../../target/plano.war"
setup() { [ -e "$WAR" ] || (cd "$BENCH/../.." && mvn -q -B -DskipTests package); }
version() { $JAVA17 -jar "$WAR" --version; }
conf() {
  cat > "$RUN/plano.yaml" <<END
version: v0.4.0
listeners: [{type: model, name: bench, address: 127.0.0.1, port: $PORT}]
model_providers:
  - {model: custom/sim, base_url: "http://127.0.0.1:$UPSTREAM_PORT", provider_interface: openai, $APIS passthrough_auth: true, default: true}
END
}
start() { conf; exec $JAVA17 $JVM_OPTS -jar "$WAR" serve --config "$RUN/plano.yaml"; }
