package io.plano.upstream.connect;

import io.plano.provider.TlsSettings;
import io.plano.provider.TlsSettings.Identity;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.WeakHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http.ssl.TLS;
import org.jspecify.annotations.Nullable;

/**
 * TLS contexts, one for each setting that a snapshot still holds: a context has a cache of sessions, which must not be
 * resumed under other settings. TLS is 1.2 or 1.3, and host names are always verified: by the JDK, by HttpClient, and only
 * against what a certificate names for that purpose ({@link AlternativeNames}).
 * Safe for every thread.
 */
final class TlsStrategies {
    private static final char[] NO_PASSWORD = {};

    /** Weak, so that a setting goes with the last snapshot that has it. Guarded by this. */
    private final Map<TlsSettings, TlsStrategy> strategies = new WeakHashMap<>();

    synchronized TlsStrategy forSettings(TlsSettings settings) {
        return strategies.computeIfAbsent(settings, TlsStrategies::strategy);
    }

    /** Reads the certificates of the system. */
    void prepare() {
        TlsStrategy unused = forSettings(TlsSettings.DEFAULT);
    }

    private static TlsStrategy strategy(TlsSettings settings) {
        return ClientTlsStrategyBuilder.create()
                .setSslContext(context(settings))
                .setTlsVersions(TLS.V_1_2, TLS.V_1_3)
                .setHostVerificationPolicy(HostnameVerificationPolicy.BOTH)
                .setHostnameVerifier(new AlternativeNames())
                .buildAsync();
    }

    private static SSLContext context(TlsSettings settings) {
        try {
            if (settings.equals(TlsSettings.DEFAULT)) {
                return SSLContext.getDefault();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(settings.identity()), trust(settings), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("certificates and keys were checked when they were read", e);
        }
    }

    private static KeyManager @Nullable [] keys(@Nullable Identity identity)
            throws GeneralSecurityException, IOException {
        if (identity == null) {
            return null;
        }
        KeyStore store = emptyStore();
        store.setKeyEntry(
                "client", identity.key(), NO_PASSWORD, identity.chain().toArray(new Certificate[0]));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static TrustManager @Nullable [] trust(TlsSettings settings) throws GeneralSecurityException, IOException {
        if (settings.authorities().isEmpty()) {
            return null; // the JDK's own
        }
        KeyStore store = emptyStore();
        for (X509Certificate authority : settings.authorities()) {
            store.setCertificateEntry("ca" + store.size(), authority);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
