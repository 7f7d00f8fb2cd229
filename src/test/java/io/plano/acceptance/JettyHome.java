package io.plano.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Jetty with its modules {@code http} and {@code ee10-deploy}, started out of {@code jetty.base}. */
final class JettyHome extends Container {
    private static final List<String> MODULES = List.of("http", "ee10-deploy");

    JettyHome(Path home, Path base, Path war, ConfigPlace place) throws IOException {
        super(home, base, war, place);
    }

    @Override
    void prepare(ConfigPlace place) throws IOException {
        Files.createDirectories(base().resolve("webapps"));
        Files.createDirectories(base().resolve("tmp"));
        if (place.is(ConfigPlace.Kind.NONE)) {
            return;
        }
        Path file = place.write(base());
        if (place.is(ConfigPlace.Kind.CONTEXT_PARAMETER)) {
            for (String context : CONTEXTS) {
                String archive = archiveName(context);
                Files.writeString(base().resolve("webapps").resolve(archive.replace(".war", ".xml")), """
                        <Configure class="org.eclipse.jetty.ee10.webapp.WebAppContext">
                          <Set name="contextPath">%s</Set>
                          <Set name="war">%s</Set>
                          <Call name="setInitParameter"><Arg>plano.config</Arg><Arg>%s</Arg></Call>
                        </Configure>
                        """.formatted(context.isEmpty() ? "/" : context, base().resolve("webapps/" + archive), file));
            }
        }
    }

    @Override
    List<String> command(ConfigPlace place) {
        List<String> command = new ArrayList<>(List.of(java(), "-Djava.io.tmpdir=" + base().resolve("tmp")));
        if (place.is(ConfigPlace.Kind.SYSTEM_PROPERTY)) {
            command.add("-Dplano.config=" + base().resolve("elsewhere/plano.yaml"));
        }
        command.addAll(List.of(
                "-jar",
                home().resolve("start.jar").toString(),
                "--module=" + String.join(",", MODULES),
                "jetty.http.host=127.0.0.1",
                "jetty.http.port=" + port(),
                "jetty.deploy.scanInterval=1"));
        return command;
    }

    @Override
    Map<String, String> environment(ConfigPlace place) {
        return place.is(ConfigPlace.Kind.ENVIRONMENT)
                ? Map.of(
                        "PLANO_CONFIG_FILE",
                        base().resolve("elsewhere/plano.yaml").toString())
                : Map.of();
    }

    @Override
    String archiveName(String context) {
        return context.isEmpty() ? "root.war" : context.substring(1) + ".war";
    }
}
