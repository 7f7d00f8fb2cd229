package io.plano.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.plano.config.yaml.Problems;
import io.plano.config.yaml.Schema;
import io.plano.config.yaml.YamlNode;
import io.plano.config.yaml.YamlNode.Mapping;
import io.plano.config.yaml.YamlNode.Scalar;
import io.plano.config.yaml.YamlNode.Sequence;
import io.plano.config.yaml.YamlReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Our reading of {@code plano.schema.json} and that of a JSON Schema library give the same verdicts. */
class SchemaTest {
    private static final String TEXT = Configs.resource("/io/plano/config/yaml/plano.schema.json");
    private static final JsonSchema LIBRARY =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(TEXT);

    private static Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        for (String directory : new String[] {
            "conf",
            "conf/examples",
            "src/test/resources/plano-configs",
            "src/test/resources/config-examples",
            "src/test/resources/config-invalid"
        }) {
            try (Stream<Path> paths = Files.list(Path.of(directory))) {
                for (Path path :
                        paths.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                    files.put(path.toString(), Files.readString(path));
                }
            }
        }
        files.putAll(PlanoRulesTest.accepted());
        files.putAll(PlanoRulesTest.refused());
        return files;
    }

    @TestFactory
    Stream<DynamicTest> agreesWithALibrary() throws IOException {
        return files().entrySet().stream()
                .map(file -> DynamicTest.dynamicTest(file.getKey(), () -> assertAgreement(file.getValue())));
    }

    private static void assertAgreement(String yaml) {
        Problems problems = new Problems("f");
        Mapping root = YamlReader.read(yaml, new Problems("f"));
        assertThat(root).isNotNull();

        Schema.plano().check(root, problems);

        assertThat(LIBRARY.validate(json(root)).isEmpty())
                .as("library: %s, ours: %s", LIBRARY.validate(json(root)), problems.list())
                .isEqualTo(!problems.hasErrors());
    }

    private static JsonNode json(YamlNode node) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (node instanceof Mapping mapping) {
            ObjectNode object = nodes.objectNode();
            mapping.entries().forEach(entry -> object.set(entry.key(), json(entry.value())));
            return object;
        }
        if (node instanceof Sequence sequence) {
            ArrayNode array = nodes.arrayNode();
            sequence.items().forEach(item -> array.add(json(item)));
            return array;
        }
        Scalar scalar = (Scalar) node;
        return switch (scalar.kind()) {
            case NULL -> nodes.nullNode();
            case BOOLEAN -> nodes.booleanNode(scalar.text().matches("(?i)true|yes|on"));
            case INTEGER -> nodes.numberNode(new BigInteger(scalar.text()));
            case FLOAT -> nodes.numberNode(new BigDecimal(scalar.text()));
            case STRING -> nodes.textNode(scalar.text());
        };
    }

    @Test
    void isASchemaOfItsVersion() throws JsonProcessingException {
        JsonSchema meta = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(com.networknt.schema.SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

        assertThat(meta.validate(new ObjectMapper().readTree(TEXT))).isEmpty();
    }
}
