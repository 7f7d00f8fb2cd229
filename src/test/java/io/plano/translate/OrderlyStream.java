package io.plano.translate;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.translate.neutral.ChatStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Holds whoever pushes an answer to the order that {@link ChatStream} promises. */
final class OrderlyStream implements InvocationHandler {
    private final ChatStream target;
    private final Set<Integer> openCalls = new HashSet<>();
    private int calls;
    private boolean started;
    private boolean over;

    private OrderlyStream(ChatStream target) {
        this.target = target;
    }

    static ChatStream before(ChatStream target) {
        return (ChatStream) Proxy.newProxyInstance(
                ChatStream.class.getClassLoader(), new Class<?>[] {ChatStream.class}, new OrderlyStream(target));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        Object[] given = arguments == null ? new Object[0] : arguments;
        String event = method.getName();
        assertThat(over).as("%s comes behind the end", event).isFalse();
        switch (event) {
            case "started" -> {
                assertThat(started).as("started twice").isFalse();
                started = true;
            }
            case "failed" -> over = true;
            case "ping" -> {}
            default ->
                assertThat(started).as("%s comes before the start", event).isTrue();
        }
        check(event, given);
        try {
            return method.invoke(target, given);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private void check(String event, Object[] given) {
        switch (event) {
            case "textDelta", "refusalDelta", "reasoningDelta" ->
                assertThat((String) given[0]).as(event).isNotEmpty();
            case "toolCallStarted" -> {
                assertThat(given[0]).as("the number of a call").isEqualTo(calls++);
                openCalls.add((Integer) given[0]);
            }
            case "toolArgumentsDelta" -> {
                assertThat(openCalls).as("calls that are open").contains((Integer) given[0]);
                assertThat((String) given[1]).as(event).isNotEmpty();
            }
            case "toolCallEnded" ->
                assertThat(openCalls.remove((Integer) given[0]))
                        .as("an open call ends")
                        .isTrue();
            case "ended" -> {
                assertThat(openCalls).as("calls that nobody ended").isEmpty();
                over = true;
            }
            default -> {}
        }
    }
}
