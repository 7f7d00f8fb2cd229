package io.plano.acceptance;

import io.plano.acceptance.ConfigPlace.Kind;
import io.plano.testing.Await;
import io.plano.testing.FakeUpstream;
import io.plano.testing.ResponseEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Deploys the archive in containers and checks what users of it rely on.
 *
 * <p>Arguments: the archive; a folder to work in, which must be empty; then {@code HOME=PLACE,…} for each distribution,
 * with the places where the configuration is found ({@link Kind}). The first place gets all checks, the others are only
 * found. Exits with 1 where a check failed.
 */
public final class ContainerAcceptance {
    /** What Tomcat says of an application that leaves something behind, and Jetty of one that it cannot stop. */
    private static final List<String> COMPLAINTS = List.of(
            "appears to have started a thread",
            "but has failed to stop it",
            "but failed to remove it",
            "is still processing a request",
            "ThreadLocal",
            "NoClassDefFoundError",
            "ClassNotFoundException");

    private final Report report = new Report();
    private final Path war;
    private final Path work;

    private ContainerAcceptance(Path war, Path work) {
        this.war = war;
        this.work = work;
    }

    /** See above. */
    public static void main(String[] arguments) throws IOException {
        Path war = Path.of(arguments[0]).toAbsolutePath();
        Path work = Path.of(arguments[1]).toAbsolutePath();
        ContainerAcceptance acceptance = new ContainerAcceptance(war, work);
        for (String distribution : Arrays.asList(arguments).subList(2, arguments.length)) {
            String[] parts = distribution.split("=", 2);
            acceptance.run(
                    Path.of(parts[0]).toAbsolutePath(),
                    Arrays.stream(parts[1].split(",")).map(ConfigPlace::kind).toList());
        }
        System.exit(acceptance.report.hasFailures() ? 1 : 0);
    }

    private void run(Path home, List<Kind> places) throws IOException {
        String name = home.getFileName().toString();
        report.about(name);
        report.check("without a configuration", () -> withoutConfiguration(home));
        for (Kind place : places.subList(1, places.size())) {
            report.check("configuration found: " + place, () -> findsConfiguration(home, place));
        }
        report.check("deployed, undeployed and stopped", () -> all(home, places.get(0)));
    }

    private void withoutConfiguration(Path home) throws Exception {
        try (Container container = start(home, new ConfigPlace(Kind.NONE, ""))) {
            for (String context : Container.CONTEXTS) {
                Checks.contains(container.body(context + "/healthz", 200), "ok", "healthz");
                String answer = container.body(context + "/readyz", 503);
                Checks.contains(answer, "PLANO_CONFIG_FILE", "readyz");
                Checks.contains(
                        answer, container.base().resolve("conf/plano.yaml").toString(), "readyz");
            }
            Checks.contains(container.logText(), Kind.NONE.logged(), "log");
            stop(container);
        }
    }

    private void findsConfiguration(Path home, Kind place) throws Exception {
        String configuration = CredentialRow.configuration("http://127.0.0.1:9");
        try (Container container = start(home, new ConfigPlace(place, configuration))) {
            assertReady(container, place);
            stop(container);
        }
    }

    private void all(Path home, Kind place) throws Exception {
        String name = home.getFileName().toString();
        try (FakeUpstream upstream = FakeUpstream.start()) {
            String configuration = CredentialRow.configuration(upstream.baseUrl());
            try (Container container = start(home, new ConfigPlace(place, configuration))) {
                report.check("configuration found: " + place, () -> assertReady(container, place));
                for (String context : Container.CONTEXTS) {
                    report.about(name + " " + context + "/");
                    new CredentialChecks(report, upstream, container.port(), context).run();
                    new StreamChecks(report, upstream, container.port(), context).run();
                }
                report.about(name);
                report.check("undeployed: open streams are cut, no thread stays", () -> undeploy(container, upstream));
                report.check("stopped: open streams are cut", () -> stopUnderStreams(container, upstream));
                report.check("stopped: no complaint, no credential in the log", () -> stop(container));
            }
        }
    }

    private void undeploy(Container container, FakeUpstream upstream) throws Exception {
        cut(container, upstream, "/plano", () -> container.undeploy("/plano"));
        Checks.equal(200, container.status("/readyz"), "status of the other application");
        container.undeploy("");
        // Containers answer 404 as soon as they begin to stop an application.
        Await.holds(Duration.ofSeconds(10), () -> container.applicationThreads().isEmpty());
        Checks.equal(List.of(), container.applicationThreads(), "threads of the application");
    }

    private void stopUnderStreams(Container container, FakeUpstream upstream) throws Exception {
        container.deploy("");
        cut(container, upstream, "", () -> container.stop());
    }

    /** What takes an application away. */
    @FunctionalInterface
    private interface Ending {
        void end() throws Exception;
    }

    /** One open stream of each surface, and then that. */
    private void cut(Container container, FakeUpstream upstream, String context, Ending ending) throws Exception {
        StreamChecks streams = new StreamChecks(report, upstream, container.port(), context);
        List<StreamChecks.OpenStream> open = new ArrayList<>();
        try {
            for (CheckedApi surface : CheckedApi.values()) {
                open.add(streams.open(surface, reply -> reply.stall()));
            }
            ending.end();
            for (StreamChecks.OpenStream stream : open) {
                Checks.equal(ResponseEnd.TRUNCATED, stream.response().end(), "end of an open stream");
                upstream.awaitConnectionClosed(stream.connection(), Duration.ofSeconds(10));
            }
        } finally {
            open.forEach(StreamChecks.OpenStream::close);
        }
    }

    private Container start(Path home, ConfigPlace place) throws IOException {
        String folder = home.getFileName() + "-" + place.kind();
        Container container = Container.start(home, work.resolve(folder), war, place);
        try {
            container.awaitStarted();
            return container;
        } catch (AssertionError notStarted) {
            container.close();
            throw notStarted;
        }
    }

    private static void assertReady(Container container, Kind place) {
        for (String context : Container.CONTEXTS) {
            Checks.contains(container.body(context + "/healthz", 200), "ok", "healthz");
            Checks.contains(container.body(context + "/readyz", 200), "ready", "readyz");
        }
        Checks.contains(container.logText(), "Reading the configuration ", "log");
        Checks.contains(container.logText(), place.logged(), "log");
    }

    private static void stop(Container container) throws InterruptedException {
        container.stop();
        String log = container.logText();
        COMPLAINTS.forEach(complaint -> Checks.lacks(log, complaint, "log"));
        CredentialRow.CANARIES.forEach(canary -> Checks.lacks(log, canary, "log"));
    }
}
