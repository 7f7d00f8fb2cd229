package io.plano.proxy;

import io.plano.provider.WireFormat;
import io.plano.translate.ApiCodec;
import io.plano.translate.completions.CompletionsCodec;
import io.plano.translate.messages.MessagesCodec;
import io.plano.translate.responses.ResponsesCodec;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The codecs of all wire formats: the one place that knows them. */
final class Codecs {
    private static final Map<WireFormat, ApiCodec> ALL = all();

    private Codecs() {}

    private static Map<WireFormat, ApiCodec> all() {
        Map<WireFormat, ApiCodec> codecs = new EnumMap<>(WireFormat.class);
        for (ApiCodec codec : List.of(new CompletionsCodec(), new ResponsesCodec(), new MessagesCodec())) {
            codecs.put(codec.format(), codec);
        }
        return codecs;
    }

    static ApiCodec of(WireFormat format) {
        ApiCodec codec = ALL.get(format);
        if (codec == null) {
            throw new IllegalStateException("no codec for " + format);
        }
        return codec;
    }
}
