package io.plano.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Jetty with its modules {@code http} and {@code ee10-deploy}, started out of {@code jetty.base}. */
final class JettyHome extends Container {
    JettyHome(Path home, Path base, Path war, ConfigPlace place) throws IOException {
        super(home, base, war, place);
    }

    @Override
    void prepare(ConfigPlace place) throws IOException {
        Files.createDirectories(base().resolve("webapps"));
        Files.createDirectories(base().resolve("tmp"));
        // Properties that follow the modules would be set for the environment ee10 only, and have no effect.
        Files.writeString(base().resolve("start.ini"), """
                jetty.http.host=127.0.0.1
                jetty.http.port=%d
                jetty.deploy.scanInterval=1
                --modules=http,ee10-deploy
                """.formatted(port())); // it undeploys within a second
        if (place.is(ConfigPlace.Kind.NONE)) {
            return;
        }
        Path file = place.write(base());
        if (place.is(ConfigPlace.Kind.CONTEXT_PARAMETER)) {
            for (String context : CONTEXTS) {
                String archive = archiveName(context);
                Files.writeString(base().resolve("webapps").resolve(archive.replace(".war", ".xml")), """
                        <!DOCTYPE Configure PUBLIC "-//Jetty//Configure//EN" "https://jetty.org/configure_10_0.dtd">
                        <Configure class="org.eclipse.jetty.ee10.webapp.WebAppContext">
                          <Set name="contextPath">%s</Set>
                          <Set name="war">%s</Set>
                          <Call name="setInitParameter"><Arg>plano.config</Arg><Arg>%s</Arg></Call>
                        </Configure>
                        """.formatted(
                                context.isEmpty() ? "/" : context, base().resolve("webapps/" + archive), file));
            }
        }
    }

    @Override
    List<String> command(ConfigPlace place) {
        List<String> command = new ArrayList<>(List.of(java(), "-Djava.io.tmpdir=" + base().resolve("tmp")));
        if (place.is(ConfigPlace.Kind.SYSTEM_PROPERTY)) {
            command.add("-Dplano.config=" + base().resolve("elsewhere/plano.yaml"));
        }
        command.addAll(List.of("-jar", home().resolve("start.jar").toString()));
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
