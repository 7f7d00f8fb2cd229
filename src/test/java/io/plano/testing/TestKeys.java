package io.plano.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A self-signed certificate and its key, made by the JDK's keytool in a directory of the test. Its own certificate is
 * also the authority that vouches for it.
 *
 * @param certificate a PEM file
 * @param key a PEM file, PKCS#8
 */
public record TestKeys(Path certificate, Path key, KeyStore store) {
    private static final char[] PASSWORD = "changeit".toCharArray();

    /**
     * @param name names the files
     * @param algorithm {@code RSA} or {@code EC}
     * @param subjectAlternativeName as keytool wants it: {@code ip:127.0.0.1,dns:localhost}; empty for none
     */
    public static TestKeys make(Path directory, String name, String algorithm, String subjectAlternativeName) {
        Path file = directory.resolve(name + ".p12");
        List<String> names =
                subjectAlternativeName.isEmpty() ? List.of() : List.of("-ext", "san=" + subjectAlternativeName);
        List<String> arguments = new ArrayList<>(List.of(
                "-genkeypair",
                "-alias",
                "k",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + name,
                "-validity",
                "30",
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD)));
        arguments.addAll(names);
        keytool(arguments.toArray(new String[0]));
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, PASSWORD);
            Certificate certificate = store.getCertificate("k");
            Key key = store.getKey("k", PASSWORD);
            return new TestKeys(
                    write(directory.resolve(name + ".crt"), "CERTIFICATE", certificate.getEncoded()),
                    write(directory.resolve(name + ".key"), "PRIVATE KEY", key.getEncoded()),
                    store);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void keytool(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            byte[] output = process.getInputStream().readAllBytes();
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(Arrays.toString(command) + ": " + new String(output, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Writes one PEM block. */
    public static Path write(Path file, String label, byte[] der) throws IOException {
        return Files.writeString(file, pem(label, der));
    }

    /** One PEM block. */
    public static String pem(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }

    /** A server's context with this key, which trusts only these clients. */
    public SSLContext serverTrusting(TestKeys... clients) {
        try {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (int i = 0; i < clients.length; i++) {
                trusted.setCertificateEntry("c" + i, clients[i].store.getCertificate("k"));
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, PASSWORD);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), clients.length == 0 ? null : trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
