package io.plano.provider;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom the gateway trusts as a provider, and who it says it is itself. Two settings are equal where their certificates
 * and keys are, byte for byte, whichever files those came from: that is what decides whether a connection may be used
 * again. Immutable; {@link #toString()} shows a digest and no key.
 */
public final class TlsSettings {
    /** The JDK's own trust, and no client certificate. */
    public static final TlsSettings DEFAULT = new TlsSettings(List.of(), null);

    /**
     * A client certificate.
     *
     * @param chain the certificate, then those that issued it; at least one
     * @param key the certificate's own
     */
    public record Identity(List<X509Certificate> chain, PrivateKey key) {
        public Identity {
            chain = List.copyOf(chain);
        }

        /** Without the key. */
        @Override
        public String toString() {
            return "Identity[" + chain.get(0).getSubjectX500Principal() + "]";
        }
    }

    private final List<X509Certificate> authorities;
    private final @Nullable Identity identity;
    private final String digest;

    private TlsSettings(List<X509Certificate> authorities, @Nullable Identity identity) {
        this.authorities = List.copyOf(authorities);
        this.identity = identity;
        this.digest = digest(authorities, identity);
    }

    /**
     * @param authorities the only ones that are trusted; empty for the JDK's
     * @param identity what is shown to a provider that asks for a certificate, or null for none
     */
    public static TlsSettings of(List<X509Certificate> authorities, @Nullable Identity identity) {
        return authorities.isEmpty() && identity == null ? DEFAULT : new TlsSettings(authorities, identity);
    }

    /** The only authorities that are trusted; empty where it is the JDK's own. */
    public List<X509Certificate> authorities() {
        return authorities;
    }

    public @Nullable Identity identity() {
        return identity;
    }

    private static String digest(List<X509Certificate> authorities, @Nullable Identity identity) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (X509Certificate authority : authorities) {
                sha256.update(authority.getEncoded());
            }
            if (identity != null) {
                sha256.update((byte) 0); // an authority is not a client certificate
                for (X509Certificate certificate : identity.chain()) {
                    sha256.update(certificate.getEncoded());
                }
                sha256.update(identity.key().getEncoded());
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException("every JDK has SHA-256, and what was parsed can be encoded", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TlsSettings that && digest.equals(that.digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    @Override
    public String toString() {
        return this.equals(DEFAULT) ? "TlsSettings[default]" : "TlsSettings[" + digest.substring(0, 12) + "]";
    }
}
