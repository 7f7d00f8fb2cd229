package io.plano.hostile;

import io.plano.testing.FakeUpstream;
import io.plano.testing.RawClient;
import io.plano.testing.RawRequest;
import io.plano.testing.RawResponse;
import io.plano.testing.Reply;
import io.plano.testing.ResponseEnd;
import io.plano.testing.UpstreamRequest;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An answer that is under way and goes on for ever, as far as its provider is concerned. One thread. */
final class OpenAnswer implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String CHUNK = """
            data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"gpt-4o","choices":[{"index":0,\
            "delta":{"role":"assistant","content":"Hi"},"finish_reason":null}]}

            """;
    /** What the client has asked for, and how far it has come. */
    enum Kind {
        /** Events that pass as they come. */
        STREAM {
            @Override
            Reply reply() {
                return Reply.stream().chunk(CHUNK).stall();
            }

            @Override
            RawRequest request(RawClient client) {
                return client.request("POST", "/v1/chat/completions").json(body());
            }
        },
        /** Events of another format. */
        TRANSLATED {
            @Override
            Reply reply() {
                return Reply.stream().chunk(CHUNK).stall();
            }

            @Override
            RawRequest request(RawClient client) {
                return client.request("POST", "/v1/messages")
                        .header("anthropic-version", "2023-06-01")
                        .json(body());
            }
        },
        /** Half of a body whose length is known. */
        SIZED {
            @Override
            Reply reply() {
                return Reply.script()
                        .head(200, "Content-Type: application/octet-stream", "Content-Length: 200000")
                        .bytes("x".repeat(100_000))
                        .stall();
            }

            @Override
            RawRequest request(RawClient client) {
                return client.request("GET", "/v1/files/" + mark() + "/content");
            }
        },
        /** A part of a body whose length nobody knows. */
        UNSIZED {
            @Override
            Reply reply() {
                return Reply.script()
                        .head(200, "Content-Type: application/octet-stream", "Transfer-Encoding: chunked")
                        .chunk("x".repeat(50_000))
                        .stall();
            }

            @Override
            RawRequest request(RawClient client) {
                return client.request("GET", "/v1/files/" + mark() + "/content");
            }
        },
        /** As fast as it goes, to a client that does not read. */
        UNREAD {
            @Override
            Reply reply() {
                return Reply.stream().endlessChunks(CHUNK.getBytes(StandardCharsets.UTF_8));
            }

            @Override
            RawRequest request(RawClient client) {
                return client.request("POST", "/v1/chat/completions").json(body());
            }
        },
        /** The provider is still thinking. */
        AWAITED {
            @Override
            Reply reply() {
                return Reply.script().stall();
            }

            @Override
            RawRequest request(RawClient client) {
                return client.request("POST", "/v1/chat/completions").json(body());
            }
        };

        abstract Reply reply();

        abstract RawRequest request(RawClient client);

        /** What the upstream knows it by: answers are opened faster than it takes its replies. */
        String mark() {
            return "-" + name() + "-";
        }

        String body() {
            return """
                    {"model":"gpt-4o","stream":true,"max_tokens":9,"messages":[{"role":"user","content":"%s"}]}""".formatted(mark());
        }

        private static Kind of(UpstreamRequest request) {
            String text = request.target() + request.bodyText();
            return Arrays.stream(values())
                    .filter(kind -> text.contains(kind.mark()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("whose request is " + text));
        }
    }

    private final Kind kind;
    private final RawClient client;
    private final @Nullable RawResponse response;

    private OpenAnswer(Kind kind, RawClient client, @Nullable RawResponse response) {
        this.kind = kind;
        this.client = client;
        this.response = response;
    }

    /** Returns when the first bytes have come, if there are any. */
    static OpenAnswer open(Kind kind, int port, FakeUpstream upstream) throws InterruptedException {
        upstream.onRequest(request -> Kind.of(request).reply());
        RawClient client =
                kind == Kind.UNREAD ? RawClient.connectWithReceiveBuffer(port, 8 << 10) : RawClient.connect(port);
        client.patience(SOON);
        kind.request(client).header("Authorization", "Bearer sk-mine").send();
        upstream.takeRequest(SOON);
        if (kind == Kind.AWAITED || kind == Kind.UNREAD) {
            return new OpenAnswer(kind, client, null);
        }
        RawResponse response = client.readResponse();
        response.awaitBytes(1);
        return new OpenAnswer(kind, client, response);
    }

    /** The client sends no more, and reads on. */
    void finishSending() {
        client.finish();
    }

    /** How it looks to its client in the end: {@code cut}, {@code refused} or {@code WHOLE}, which it never is. */
    String end() {
        try {
            RawResponse answer = response != null ? response : client.readResponse();
            if (answer.end() == ResponseEnd.TRUNCATED) {
                return "cut";
            }
            return answer.status() >= 500 ? "refused" : kind + " looks WHOLE: " + answer;
        } catch (UncheckedIOException | AssertionError ended) {
            return isOver() ? "cut" : kind + " is still open: " + ended;
        }
    }

    private boolean isOver() {
        try {
            client.awaitPeerClosed(SOON);
            return true;
        } catch (AssertionError open) {
            return false;
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
