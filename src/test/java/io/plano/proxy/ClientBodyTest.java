package io.plano.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.body.ByteSegments;
import io.plano.budget.BudgetLimits;
import io.plano.budget.Holding;
import io.plano.budget.MemoryBudget;
import io.plano.http.BodyChange;
import io.plano.http.Headers;
import io.plano.http.RequestHead;
import io.plano.provider.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClientBodyTest {
    private static final String MARKED = "{\"model\":\"m\",\"messages\":[{\"role\":\"assistant\",\"content\":["
            + "{\"type\":\"thinking\",\"thinking\":\"t\",\"signature\":\"plano-v1.responses.rs_1.gAAA\"},"
            + "{\"type\":\"text\",\"text\":\"Hi\"}]}]}";

    private static final Unwanted MARKS = new Unwanted(WireFormat.MESSAGES, Set.of());

    private final MemoryBudget budget = new MemoryBudget(BudgetLimits.ofTotal(64 << 20));
    private final Holding holding = budget.open("192.0.2.1", 0);

    private ClientBody body(String json) {
        ByteSegments bytes = ByteSegments.of(json.getBytes(StandardCharsets.UTF_8));
        ClientBody body = new ClientBody(
                new RequestHead("POST", "/v1/messages", null, Headers.EMPTY, bytes.length(), RequestHead.Body.PRESENT),
                holding);
        body.held(bytes, 0);
        body.scan();
        return body;
    }

    private static String text(ByteSegments bytes) {
        return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
    }

    @Test
    void whatItTakesToTakeMarksOutIsReservedAndGoesBackForEachAttempt() {
        ClientBody body = body(MARKED);
        ByteSegments held = body.withModel(null);
        assertThat(held).isNotNull();
        for (int attempt = 0; attempt < 2; attempt++) {
            long weight = body.weigh(MARKS);
            assertThat(weight).isEqualTo(MARKED.length());
            assertThat(holding.reserve(weight)).isTrue();
            ByteSegments left = body.without(MARKS, held);
            assertThat(text(left)).doesNotContain("plano-v1").contains("{\"type\":\"text\",\"text\":\"Hi\"}");
            assertThat(body.changeTo(left)).isEqualTo(BodyChange.REWRITTEN);
            assertThat(holding.held()).isZero();
        }
    }

    @Test
    void aBodyWithoutMarksTakesNothingAndStaysTheSame() {
        ClientBody body = body("{\"model\":\"m\",\"messages\":[]}");
        ByteSegments held = body.withModel(null);
        assertThat(held).isNotNull();
        assertThat(body.weigh(MARKS)).isZero();
        assertThat(body.without(MARKS, held)).isSameAs(held);
        assertThat(body.changeTo(held)).isEqualTo(BodyChange.NONE);
    }
}
