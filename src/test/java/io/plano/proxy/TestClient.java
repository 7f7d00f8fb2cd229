package io.plano.proxy;

import io.plano.budget.Holding;
import io.plano.client.ClientSide;
import io.plano.client.ContainerNotices;
import io.plano.client.ResponseBridge;
import io.plano.client.ResponseEnding;
import io.plano.client.ResponseOutput;
import io.plano.client.ResponseOwner;
import io.plano.client.ScheduledInput;
import io.plano.credential.Credential;
import io.plano.credential.CredentialSlot;
import io.plano.credential.InboundCredentials;
import io.plano.http.Headers;
import io.plano.http.RequestHead;
import io.plano.http.ResponseHead;
import io.plano.testing.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A client without a container: remembers what one would have seen. Its body is there from the start, unless it is sent later. */
final class TestClient implements ResponseOutput, ResponseEnding {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** How it sees the end of its answer. */
    enum End {
        OPEN,
        WHOLE,
        CUT
    }

    private final ScheduledInput input = new ScheduledInput(ScheduledInput.AtEnd.READY, () -> {});
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final Headers.Builder headers = Headers.builder();
    private InboundCredentials credentials = InboundCredentials.NONE;
    private RequestHead head;
    private volatile int status;
    private volatile End end = End.OPEN;
    private volatile int ends;
    private volatile boolean reads = true;
    private boolean inputOpened;
    private Predicate<Headers> canSend = fields -> true;
    private @Nullable Error openFailure;
    private @Nullable ContainerNotices notices;
    private @Nullable ResponseBridge bridge;

    private TestClient(RequestHead head) {
        this.head = head;
    }

    /** Asks with a JSON body. */
    static TestClient post(String path, String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        TestClient client = declaring("POST", path, bytes.length, "application/json");
        client.input.arrive(bytes);
        client.input.end();
        return client;
    }

    /** Asks for a chat. */
    static TestClient chat() {
        return post(
                "/v1/chat/completions", "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    }

    /** Asks for a chat in Anthropic's words, as a stream or not. */
    static TestClient messages(boolean stream) {
        return post(
                "/v1/messages",
                "{\"model\":\"gpt-4o\",\"max_tokens\":10,\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    }

    static TestClient get(String path) {
        return new TestClient(new RequestHead("GET", path, null, Headers.EMPTY, -1, RequestHead.Body.ABSENT));
    }

    /** Announces a body of that length, of which nothing has come yet; -1 for one of unknown length. */
    static TestClient declaring(String method, String path, long length, String contentType) {
        return new TestClient(new RequestHead(
                method, path, null, Headers.of("Content-Type", contentType), length, RequestHead.Body.PRESENT));
    }

    TestClient with(String name, String value) {
        head = new RequestHead(
                head.method(),
                head.path(),
                head.query(),
                head.headers().toBuilder().add(name, value).build(),
                head.contentLength(),
                head.body());
        return this;
    }

    TestClient withKey(String key) {
        credentials = InboundCredentials.of(
                Map.of(CredentialSlot.AUTHORIZATION, Objects.requireNonNull(Credential.bearer(key))));
        return this;
    }

    /** Its container fails in the middle of opening it. */
    TestClient failingToOpen(Error failure) {
        openFailure = failure;
        return this;
    }

    /** Its container says this of large heads. */
    TestClient taking(Predicate<Headers> heads) {
        canSend = heads;
        return this;
    }

    /** It reads nothing from the start. */
    TestClient stopped() {
        reads = false;
        return this;
    }

    RequestHead head() {
        return head;
    }

    ScheduledInput input() {
        return input;
    }

    /** Whether anybody asked for its body. */
    boolean isRead() {
        return inputOpened;
    }

    /** As a container does, with all that it calls back at once. */
    void open(Holding holding, Function<ClientSide, ? extends ResponseOwner> owner) throws IOException {
        ResponseBridge made = new ResponseBridge(this, this, null, holding);
        ClientSide.Request request = new ClientSide.Request(head, credentials, () -> {
            inputOpened = true;
            return input;
        });
        ResponseOwner told = owner.apply(new ClientSide(request, null, made, holding));
        if (openFailure != null) {
            throw openFailure;
        }
        bridge = made;
        notices = new ContainerNotices(made, this, told);
        notices.begin();
        notices.writable();
    }

    private ContainerNotices notices() {
        return Objects.requireNonNull(notices, "opened");
    }

    ResponseBridge response() {
        return Objects.requireNonNull(bridge, "opened");
    }

    /** Reads all that there is, from now on. */
    void readOn() {
        reads = true;
        notices().writable();
    }

    /** Its connection is gone. */
    void leave() {
        notices().lost();
    }

    int status() {
        return status;
    }

    @Nullable
    String header(String name) {
        return headers.first(name);
    }

    synchronized String body() {
        return body.toString(StandardCharsets.UTF_8);
    }

    End end() {
        return end;
    }

    /** How often its answer ended. */
    int ends() {
        return ends;
    }

    TestClient awaitEnd() {
        Await.until(SOON, () -> "the answer does not end: " + status + " " + body(), () -> end != End.OPEN);
        return this;
    }

    @Override
    public void addHeaders(Headers fields) {
        for (int i = 0; i < fields.size(); i++) {
            headers.add(fields.name(i), fields.value(i));
        }
    }

    @Override
    public boolean canSend(Headers fields) {
        return canSend.test(fields);
    }

    @Override
    public boolean isReady() {
        return reads;
    }

    @Override
    public void head(ResponseHead answered) {
        if (status != 0) {
            throw new AssertionError("a second head");
        }
        status = answered.status();
        addHeaders(answered.headers());
    }

    @Override
    public synchronized void write(byte[] bytes) {
        body.writeBytes(bytes);
    }

    @Override
    public void flush() {
        // What is written is seen at once.
    }

    @Override
    public void complete() {
        ended(End.WHOLE);
    }

    @Override
    public void abort() {
        ended(End.CUT);
    }

    /** Its container has done with the request. */
    private void ended(End how) {
        synchronized (this) {
            ends++;
            end = how;
        }
        notices().ended();
    }

    @Override
    public void cut() {
        end = End.CUT;
    }

    @Override
    public void release() {
        // Nobody else uses it.
    }

    @Override
    public boolean callsBackOnItsOwnThreads() {
        return true;
    }
}
