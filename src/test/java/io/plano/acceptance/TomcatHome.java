package io.plano.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Tomcat, with {@code CATALINA_BASE} apart from {@code CATALINA_HOME}. */
final class TomcatHome extends Container {

    TomcatHome(Path home, Path base, Path war, ConfigPlace place) throws IOException {
        super(home, base, war, place);
    }

    @Override
    void prepare(ConfigPlace place) throws IOException {
        for (String folder : List.of("conf", "logs", "temp", "webapps", "work")) {
            Files.createDirectory(base().resolve(folder));
        }
        try (Stream<Path> files = Files.list(home().resolve("conf"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, base().resolve("conf").resolve(file.getFileName()));
            }
        }
        edit("server.xml", "port=\"8005\"", "port=\"-1\"");
        edit("server.xml", "port=\"8080\"", "address=\"127.0.0.1\" port=\"" + port() + "\"");
        edit("server.xml", "<Engine ", "<Engine backgroundProcessorDelay=\"1\" "); // undeploys within a second
        if (place.is(ConfigPlace.Kind.NONE)) {
            return;
        }
        Path file = place.write(base());
        if (place.is(ConfigPlace.Kind.CONTEXT_PARAMETER)) {
            edit("context.xml", "</Context>", "<Parameter name=\"plano.config\" value=\"" + file + "\"/></Context>");
        } else if (place.is(ConfigPlace.Kind.JNDI)) {
            edit("context.xml", "</Context>", """
                    <Environment name="plano/config" type="java.lang.String" value="%s"/></Context>""".formatted(file));
        }
    }

    @Override
    List<String> command(ConfigPlace place) {
        return List.of("bash", home().resolve("bin/catalina.sh").toString(), "run");
    }

    @Override
    Map<String, String> environment(ConfigPlace place) {
        String file = base().resolve("elsewhere/plano.yaml").toString();
        Map<String, String> home = Map.of("CATALINA_HOME", home().toString(), "CATALINA_BASE", base().toString());
        return switch (place.kind()) {
            case SYSTEM_PROPERTY -> with(home, "CATALINA_OPTS", "-Dplano.config=" + file);
            case ENVIRONMENT -> with(home, "PLANO_CONFIG_FILE", file);
            default -> home;
        };
    }

    @Override
    String archiveName(String context) {
        return context.isEmpty() ? "ROOT.war" : context.substring(1) + ".war";
    }

    private static Map<String, String> with(Map<String, String> variables, String name, String value) {
        Map<String, String> all = new java.util.HashMap<>(variables);
        all.put(name, value);
        return all;
    }

    private void edit(String name, String from, String to) throws IOException {
        Path file = base().resolve("conf").resolve(name);
        String text = Files.readString(file);
        if (!text.contains(from)) {
            throw new IOException(name + " of " + home() + " has no " + from);
        }
        Files.writeString(file, text.replace(from, to));
    }
}
