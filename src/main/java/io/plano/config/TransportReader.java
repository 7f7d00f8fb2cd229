package io.plano.config;

import io.plano.config.tls.TlsReader;
import io.plano.config.yaml.Section;
import io.plano.provider.EgressProxy;
import io.plano.provider.Http2;
import io.plano.provider.TlsSettings;
import io.plano.provider.Transport;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads how a provider is reached: its {@code tls}, {@code proxy} and {@code http2}, and what is said for all. Used for
 * one file.
 */
final class TransportReader {
    private final TlsReader tls;
    private final EgressProxies proxies;

    TransportReader(Section overrides, Map<String, String> environment) {
        this.tls = new TlsReader(overrides.problems().file(), overrides);
        this.proxies = new EgressProxies(environment, overrides.problems());
    }

    /** @param url where the provider listens; null where that is wrong and the rest is to be checked all the same */
    Transport read(Section entry, @Nullable BaseUrl url) {
        TlsSettings settings = tls.read(entry);
        if (url == null) {
            return Transport.DIRECT;
        }
        EgressProxy proxy = proxies.read(entry, url);
        if (url.scheme().equals("https")) {
            return new Transport(settings, proxy, isAutomatic(entry) ? Http2.AUTO : Http2.OFF);
        }
        if (entry.has("tls")) {
            entry.warning("tls", "has no effect: base_url is http");
        }
        if (isAutomatic(entry)) {
            entry.warning("http2", "has no effect: base_url is http, and the version is agreed on by TLS");
        }
        return new Transport(TlsSettings.DEFAULT, proxy, Http2.OFF);
    }

    private static boolean isAutomatic(Section entry) {
        return "auto".equals(entry.raw("http2"));
    }
}
