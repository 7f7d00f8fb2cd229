package io.plano.config.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Certificates and private keys in PEM (RFC 7468). What is between the blocks is a comment; blocks of other kinds are
 * passed over, so one file may hold a certificate and its key. Keys are PKCS#8, or PKCS#1 for RSA; none is encrypted.
 */
final class PemFile {
    /** What is wrong with a file, in words that quote nothing of it. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        Refusal(String message) {
            super(message);
        }
    }

    private record Block(String label, byte[] content) {}

    /** A bundle of all public authorities is a quarter of that. */
    private static final int MAX_BYTES = 1 << 20;

    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----");

    private final List<Block> blocks;

    private PemFile(List<Block> blocks) {
        this.blocks = blocks;
    }

    /** The content of a file, for {@link #parse}. */
    static byte[] bytes(Path file) throws Refusal {
        if (!Files.exists(file)) {
            throw new Refusal("there is no such file");
        }
        // Anything else, a pipe or a device, could keep the reader waiting for ever.
        if (!Files.isRegularFile(file)) {
            throw new Refusal("is not a file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                throw new Refusal("the file is larger than " + MAX_BYTES + " bytes");
            }
            return content;
        } catch (IOException e) {
            throw new Refusal("the file cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    static PemFile parse(byte[] content) throws Refusal {
        return parse(new String(content, StandardCharsets.ISO_8859_1));
    }

    private static PemFile parse(String text) throws Refusal {
        List<Block> blocks = new ArrayList<>();
        Matcher begin = BEGIN.matcher(text);
        int from = 0;
        while (begin.find(from)) {
            int end = text.indexOf("-----END " + begin.group(1) + "-----", begin.end());
            if (end < 0) {
                throw new Refusal("the file is cut off: a block has no END line");
            }
            blocks.add(new Block(begin.group(1), decode(text.substring(begin.end(), end))));
            from = end;
        }
        if (blocks.isEmpty()) {
            throw new Refusal("the file is not PEM: it has no BEGIN line");
        }
        return new PemFile(blocks);
    }

    private static byte[] decode(String base64) throws Refusal {
        if (base64.contains("Proc-Type:")) {
            throw new Refusal("the private key is encrypted; give it without a pass phrase");
        }
        try {
            return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new Refusal("the file is damaged: a block is not Base64");
        }
    }

    /** All certificates in file order, at least one. */
    List<X509Certificate> certificates() throws Refusal {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks) {
            if (block.label().equals("CERTIFICATE")) {
                certificates.add(certificate(block.content()));
            }
        }
        if (certificates.isEmpty()) {
            throw new Refusal("the file has no certificate");
        }
        return certificates;
    }

    private static X509Certificate certificate(byte[] der) throws Refusal {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new Refusal("the file has a certificate that cannot be read");
        }
    }

    /** The first private key, which must belong to this certificate. */
    PrivateKey privateKeyOf(X509Certificate certificate) throws Refusal {
        PublicKey publicKey = certificate.getPublicKey();
        PrivateKey key = privateKey(publicKey.getAlgorithm());
        if (!belong(key, publicKey)) {
            throw new Refusal("the private key does not belong to client_certificate");
        }
        return key;
    }

    private PrivateKey privateKey(String algorithm) throws Refusal {
        for (Block block : blocks) {
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    return privateKey(algorithm, block.content());
                }
                case "RSA PRIVATE KEY" -> {
                    return privateKey(algorithm, Pkcs1.toPkcs8(block.content()));
                }
                case "ENCRYPTED PRIVATE KEY" ->
                    throw new Refusal("the private key is encrypted; give it without a pass phrase");
                case "EC PRIVATE KEY", "DSA PRIVATE KEY" ->
                    throw new Refusal("the private key is not PKCS#8; convert it with: openssl pkcs8 -topk8 -nocrypt");
                default -> {
                    // a certificate, or parameters of a curve
                }
            }
        }
        throw new Refusal("the file has no private key");
    }

    private static PrivateKey privateKey(String algorithm, byte[] pkcs8) throws Refusal {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new Refusal("the private key is damaged, or of another kind than client_certificate");
        }
    }

    /** Whether what the one signs the other verifies. */
    private static boolean belong(PrivateKey key, PublicKey publicKey) {
        String algorithm = publicKey.getAlgorithm().toUpperCase(Locale.ROOT);
        String signing = switch (algorithm) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        try {
            byte[] probe = {1, 2, 3};
            Signature signature = Signature.getInstance(signing);
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
