package io.plano.translate;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** JSON straight to UTF-8 bytes. */
public final class JsonText {
    private static final JsonFactory FACTORY =
            JsonFactory.builder().recyclerPool(Json.BUFFERS).build();

    private JsonText() {}

    /** What a document says, written to the generator. */
    public interface Document {
        void writeTo(JsonGenerator json) throws IOException;
    }

    /** An object of strings, from names and values in turn; a member whose value is empty is left out. */
    public static byte[] ofStrings(String... namesAndValues) {
        return of(json -> {
            json.writeStartObject();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                if (!namesAndValues[i + 1].isEmpty()) {
                    json.writeStringField(namesAndValues[i], namesAndValues[i + 1]);
                }
            }
            json.writeEndObject();
        });
    }

    /** An object of one number. */
    public static byte[] ofNumber(String name, long value) {
        return of(json -> {
            json.writeStartObject();
            json.writeNumberField(name, value);
            json.writeEndObject();
        });
    }

    public static byte[] of(Document document) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            document.writeTo(json);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }
}
