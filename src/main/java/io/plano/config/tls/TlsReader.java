package io.plano.config.tls;

import io.plano.config.yaml.Problems;
import io.plano.config.yaml.Section;
import io.plano.provider.TlsSettings;
import io.plano.provider.TlsSettings.Identity;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code tls} of providers and {@code overrides.upstream_tls_ca_path}, and the PEM files that they name. Relative
 * paths are relative to the configuration file. Used for one file.
 */
public final class TlsReader {
    public static final String CA_PATH = "upstream_tls_ca_path";

    /** Where Plano's image has the public authorities; its own sample names that file. */
    private static final String PLANO_CA_PATH = "/etc/ssl/certs/ca-certificates.crt";

    private static final String CERTIFICATE = "client_certificate";
    private static final String KEY = "client_key";

    private final Path directory;
    private final List<X509Certificate> commonAuthorities;

    /** @param file the configuration file, as problems name it */
    public TlsReader(String file, Section overrides) {
        this.directory = directory(file);
        this.commonAuthorities = commonAuthorities(overrides);
    }

    private static Path directory(String file) {
        try {
            Path parent = Path.of(file).getParent();
            return parent == null ? Path.of("") : parent;
        } catch (InvalidPathException e) {
            return Path.of("");
        }
    }

    private List<X509Certificate> commonAuthorities(Section overrides) {
        String path = overrides.text(CA_PATH);
        if (PLANO_CA_PATH.equals(path) && !Path.of(path).toFile().exists()) {
            overrides.warning(CA_PATH, "there is no such file on this system; the JDK's own authorities are trusted");
            return List.of();
        }
        return certificates(overrides, CA_PATH);
    }

    public TlsSettings read(Section entry) {
        Section tls = entry.section("tls");
        List<X509Certificate> own = certificates(tls, "ca");
        return TlsSettings.of(own.isEmpty() ? commonAuthorities : own, identity(tls));
    }

    private @Nullable Identity identity(Section tls) {
        if (tls.has(CERTIFICATE) != tls.has(KEY)) {
            String present = tls.has(KEY) ? KEY : CERTIFICATE;
            tls.error(present, "needs " + (tls.has(KEY) ? CERTIFICATE : KEY) + " beside it");
            return null;
        }
        List<X509Certificate> chain = certificates(tls, CERTIFICATE);
        PemFile file = file(tls, KEY);
        if (chain.isEmpty() || file == null) {
            return null;
        }
        try {
            PrivateKey key = file.privateKeyOf(chain.get(0));
            return new Identity(chain, key);
        } catch (PemFile.Refusal e) {
            tls.error(KEY, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private List<X509Certificate> certificates(Section section, String key) {
        PemFile file = file(section, key);
        if (file == null) {
            return List.of();
        }
        try {
            return file.certificates();
        } catch (PemFile.Refusal e) {
            section.error(key, String.valueOf(e.getMessage()));
            return List.of();
        }
    }

    private @Nullable PemFile file(Section section, String key) {
        String path = section.text(key);
        if (path == null) {
            return null;
        }
        try {
            if (path.isBlank()) {
                throw new PemFile.Refusal("is empty; name a PEM file, or leave it out");
            }
            return PemFile.parse(bytes(section.problems(), directory.resolve(path)));
        } catch (PemFile.Refusal e) {
            section.error(key, String.valueOf(e.getMessage()));
        } catch (InvalidPathException e) {
            section.error(key, "is not a path");
        }
        return null;
    }

    private static byte[] bytes(Problems problems, Path file) throws PemFile.Refusal {
        problems.read(file, FileDigests.UNREADABLE);
        byte[] content = PemFile.bytes(file);
        problems.read(file, FileDigests.digest(content));
        return content;
    }
}
