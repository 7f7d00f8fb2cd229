package io.plano;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.plano.credential.Credential;
import io.plano.http.UpstreamHeaders;
import io.plano.provider.CredentialPlacement;
import io.plano.provider.EgressProxy;
import io.plano.provider.WireFormat;
import io.plano.upstream.RepeatableBody;
import io.plano.upstream.RequestBody;
import io.plano.upstream.RequestOutput;
import io.plano.upstream.UpstreamClient;
import io.plano.upstream.Window;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What uses what: the layers of DESIGN.md, one place for each library, one way out for a secret. */
class ArchitectureTest {
    /**
     * Package → packages that it may use, apart from what lies inside itself. What is not listed is forbidden, so that a new
     * arrow is a decision and not an accident.
     */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            entry("failure", Set.of()),
            entry("process", Set.of("failure")),
            entry("budget", Set.of("failure")),
            entry("http", Set.of("failure")),
            entry("body", Set.of("failure")),
            entry("credential", Set.of("failure", "http")),
            entry("provider", Set.of("failure", "http", "credential")),
            entry("snapshot", Set.of("failure", "budget", "credential", "http", "provider")),
            entry("config", Set.of("failure", "budget", "http", "credential", "provider", "snapshot")),
            entry("route", Set.of("failure", "credential", "provider", "snapshot")),
            entry("translate", Set.of("failure", "body", "provider")),
            entry("upstream", Set.of("failure", "process", "http", "credential", "provider")),
            entry("client", Set.of("failure", "budget", "http", "body", "credential", "upstream")),
            entry("client.servlet", Set.of("failure", "budget", "http", "credential", "client")),
            entry("usage", Set.of("failure", "body", "provider")),
            entry("observe", Set.of("failure", "http", "credential", "usage")),
            entry(
                    "models",
                    Set.of(
                            "failure",
                            "process",
                            "http",
                            "credential",
                            "provider",
                            "snapshot",
                            "route",
                            "translate",
                            "upstream")),
            entry(
                    "proxy",
                    Set.of(
                            "failure",
                            "budget",
                            "process",
                            "http",
                            "body",
                            "credential",
                            "provider",
                            "snapshot",
                            "route",
                            "translate",
                            "upstream",
                            "client",
                            "observe",
                            "usage",
                            "models")),
            entry(
                    "api",
                    Set.of(
                            "failure",
                            "budget",
                            "process",
                            "provider",
                            "snapshot",
                            "config",
                            "upstream",
                            "observe",
                            "proxy")),
            entry(
                    "web",
                    Set.of(
                            "failure",
                            "budget",
                            "http",
                            "credential",
                            "provider",
                            "snapshot",
                            "config",
                            "translate",
                            "client.servlet",
                            "proxy",
                            "api")),
            entry("server", Set.of("failure", "process", "provider", "snapshot", "client", "web")),
            entry("demo", Set.of("server")),
            entry("command", Set.of("failure", "provider", "snapshot", "config", "server", "demo")),
            entry("boot", Set.of()));

    private static final Set<String> SHARED_BY_CODECS =
            Set.of("io.plano.translate.neutral", "io.plano.translate.framing");

    private static final JavaClasses CLASSES = new ClassFileImporter().importPath(mainClasses());

    /** The folder of the main classes; those of the tests lie elsewhere. */
    private static Path mainClasses() {
        return Path.of(URI.create(Credential.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
    }

    private static String[] packages(List<String> layers) {
        return layers.stream().map(layer -> "io.plano." + layer + "..").toArray(String[]::new);
    }

    @Test
    void usesOnlyWhatIsListed() {
        Map<String, String> unlisted = new TreeMap<>();
        for (JavaClass type : CLASSES) {
            String room = room(type);
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String other = room(dependency.getTargetClass());
                if (!other.isEmpty()
                        && !other.equals(room)
                        && !MAY_USE.getOrDefault(room, Set.of()).contains(other)) {
                    unlisted.put(room + " uses " + other, dependency.getDescription());
                }
            }
        }
        assertThat(unlisted).isEmpty();
    }

    /**
     * The first part of the package's name below ours, or more of it if that is listed as a room of its own; empty for what
     * is not ours.
     */
    private static String room(JavaClass type) {
        String name = type.getPackageName();
        if (!name.startsWith("io.plano.")) {
            return "";
        }
        String below = name.substring("io.plano.".length());
        return MAY_USE.containsKey(below) ? below : below.split("\\.")[0];
    }

    @Test
    void hasNoOtherPackages() {
        Set<String> rooms = CLASSES.stream().map(ArchitectureTest::room).collect(Collectors.toSet());
        assertThat(rooms).isEqualTo(MAY_USE.keySet());
    }

    /** What answers become is told without a word of how they were come by. */
    @Test
    void keepsAnswersApartFromAttempts() {
        noClasses()
                .that()
                .resideInAPackage("io.plano.proxy.answer")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.plano.proxy")
                .check(CLASSES);
    }

    @Test
    void startsWithTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage("io.plano.boot..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.plano.boot..", "java..", "org.jspecify..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.plano.boot..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.plano.boot..")
                .check(CLASSES);
    }

    @Test
    void keepsEachLibraryInItsPlace() {
        confined("jakarta.servlet..", "web", "client.servlet", "server");
        confined("org.eclipse.jetty..", "server", "demo");
        confined("com.google.re2j..", "credential");
        confined("org.yaml.snakeyaml..", "config.yaml");
        confined("com.fasterxml.jackson..", "translate", "config");
        confined("io.airlift..", "body");
        confined("org.apache.hc..", "upstream");
        confined("javax.naming..", "web");
    }

    /** The client's side knows windows and bodies, and nothing of connections. */
    @Test
    void letsTheClientsSideUseOfUpstreamItsWordsAlone() {
        noClasses()
                .that()
                .resideInAPackage("io.plano.client..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.plano.upstream..")
                        .and(not(belongToAnyOf(
                                Window.class, RequestBody.class, RequestOutput.class, RepeatableBody.class))))
                .check(CLASSES);
    }

    private static void confined(String library, String... layers) {
        noClasses()
                .that()
                .resideOutsideOfPackages(packages(List.of(layers)))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(CLASSES);
    }

    @Test
    void keepsTheLowestLayersFreeOfLibraries() {
        ArchRule failure = classes()
                .that()
                .resideInAPackage("io.plano.failure..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.plano.failure..", "java..", "org.jspecify..");
        failure.check(CLASSES);
        classes()
                .that()
                .resideInAPackage("io.plano.budget..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.plano.budget..", "io.plano.failure..", "java..", "org.jspecify..")
                .check(CLASSES);
        classes()
                .that()
                .resideInAnyPackage(packages(List.of("credential", "provider", "route")))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(
                        "io.plano..", "java..", "javax.crypto..", "org.jspecify..", "com.google.re2j.."))
                .check(CLASSES);
    }

    @Test
    @DisplayName(
            "R48, R52: a provider's secret leaves through the placement alone, an egress proxy's through its record")
    void revealsCredentialsInOnePlace() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(CredentialPlacement.class.getName())
                .and()
                .doNotHaveFullyQualifiedName(EgressProxy.class.getName())
                .should()
                .callMethod(Credential.class, "reveal")
                .check(CLASSES);
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(CredentialPlacement.class.getName())
                .should()
                .callMethod(UpstreamHeaders.class, "withCredential", String.class, String.class)
                .check(CLASSES);
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(CredentialPlacement.class.getName())
                .should()
                .callMethod(UpstreamHeaders.class, "withoutCredential")
                .check(CLASSES);
    }

    @Test
    void asksTheEnvironmentAtTheEdgeOnly() {
        for (Class<?>[] signature : new Class<?>[][] {{}, {String.class}}) {
            noClasses()
                    .that()
                    .resideOutsideOfPackages(packages(List.of("config", "api", "web", "server", "command")))
                    .should()
                    .callMethod(System.class, "getenv", signature)
                    .check(CLASSES);
        }
    }

    /** Every codec knows the neutral form and what all share; nobody below the registry knows a codec. */
    @Test
    void keepsTheCodecsApart() {
        slices().matching("io.plano.translate.(*)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(
                        alwaysTrue(), resideInAnyPackage("io.plano.translate.neutral", "io.plano.translate.framing"))
                .ignoreDependency(
                        resideInAnyPackage("io.plano.translate.completions", "io.plano.translate.responses"),
                        resideInAPackage("io.plano.translate.openai"))
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.plano.translate")
                .should()
                .dependOnClassesThat(resideInAPackage("io.plano.translate.*..")
                        .and(not(resideInAnyPackage("io.plano.translate.neutral", "io.plano.translate.framing"))))
                .check(CLASSES);
        for (String lowest : SHARED_BY_CODECS) {
            noClasses()
                    .that()
                    .resideInAPackage(lowest)
                    .should()
                    .dependOnClassesThat(
                            resideInAPackage("io.plano.translate..").and(not(resideInAPackage(lowest))))
                    .check(CLASSES);
        }
    }

    /** A codec may ask whether something is of its own format, and never which other one it is. */
    @Test
    void letsNoCodecAskForTheFormatOfAnother() {
        List<String> questions = CLASSES.stream()
                .filter(type -> type.getPackageName().startsWith("io.plano.translate."))
                .filter(type -> !SHARED_BY_CODECS.contains(type.getPackageName()))
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(access -> access.getTargetOwner().isEquivalentTo(WireFormat.class))
                .filter(access -> !access.getTarget().getName().equals(ownFormat(access.getOriginOwner())))
                .map(Object::toString)
                .toList();
        assertThat(questions).isEmpty();
    }

    /** Who knows a format knows its events, and not the bytes around them. */
    @Test
    void keepsFramingOutOfTheCodecs() throws IOException {
        noClasses()
                .that()
                .resideInAPackage("io.plano.translate..")
                .and()
                .resideOutsideOfPackage("io.plano.translate.framing")
                .should()
                .dependOnClassesThat()
                .haveSimpleNameStartingWith("Sse")
                .check(CLASSES);
        List<String> framed = new ArrayList<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java/io/plano/translate"))) {
            for (Path source : sources.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> !path.getParent().endsWith("framing"))
                    .toList()) {
                String text = Files.readString(source);
                if (text.contains("\"data: ") || text.contains("\"event: ") || text.contains("\": ping")) {
                    framed.add(source.toString());
                }
            }
        }
        assertThat(framed).isEmpty();
    }

    /** The constant that is called as the codec's package is. */
    private static String ownFormat(JavaClass type) {
        String room = type.getPackageName();
        return room.substring(room.lastIndexOf('.') + 1).toUpperCase(Locale.ROOT);
    }

    /** Who carries an attempt knows no pool; who holds its state knows neither; nobody else sees any of them. */
    @Test
    void keepsTheRoomsOfUpstreamApart() {
        Map<String, Set<String>> mayUse = Map.of(
                "attempt", Set.of(),
                "http1", Set.of("attempt"),
                "http2", Set.of("attempt"),
                "connect", Set.of("attempt", "http1", "http2"));
        Map<String, String> unlisted = new TreeMap<>();
        for (JavaClass type : CLASSES) {
            String from = roomOfUpstream(type);
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String to = roomOfUpstream(dependency.getTargetClass());
                if (!to.isEmpty()
                        && !to.equals(from)
                        && !mayUse.getOrDefault(from, Set.of()).contains(to)) {
                    unlisted.put(type.getName() + " uses " + to, dependency.getDescription());
                }
            }
        }
        String client = UpstreamClient.class.getName();
        assertThat(unlisted).containsOnlyKeys(client + " uses attempt", client + " uses connect");
        noClasses()
                .that()
                .resideInAPackage("io.plano.upstream.*..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(UpstreamClient.class)
                .check(CLASSES);
    }

    /** The part of the package's name below that of upstream; empty for what is not below it. */
    private static String roomOfUpstream(JavaClass type) {
        String upstream = "io.plano.upstream.";
        return type.getPackageName().startsWith(upstream)
                ? type.getPackageName().substring(upstream.length())
                : "";
    }

    @Test
    void hasNoCircles() {
        slices().matching("io.plano.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void printsNothingOutsideTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.plano.command..", "io.plano.boot..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(CLASSES);
    }

    /** Read from the sources: an annotation of a package is in a class file that the importer does not show. */
    @Test
    void marksEveryPackageAsNullMarked() throws IOException {
        List<String> unmarked = new ArrayList<>();
        try (Stream<Path> folders = Files.walk(Path.of("src/main/java"))) {
            for (Path folder : folders.filter(Files::isDirectory).toList()) {
                try (Stream<Path> files = Files.list(folder)) {
                    boolean holdsClasses =
                            files.anyMatch(file -> file.toString().endsWith(".java"));
                    Path info = folder.resolve("package-info.java");
                    if (holdsClasses
                            && !(Files.exists(info) && Files.readString(info).contains("@NullMarked"))) {
                        unmarked.add(folder.toString());
                    }
                }
            }
        }
        assertThat(unmarked).isEmpty();
    }
}
