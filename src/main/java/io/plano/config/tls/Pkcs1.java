package io.plano.config.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;

/** Wraps an RSA key of {@code BEGIN RSA PRIVATE KEY} (RFC 8017 A.1.2) into PKCS#8 (RFC 5208 §5), which the JDK reads. */
final class Pkcs1 {
    /** INTEGER 0, then SEQUENCE { OBJECT IDENTIFIER rsaEncryption, NULL }. */
    private static final byte[] VERSION_AND_ALGORITHM = {
        2, 1, 0, 0x30, 0x0d, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
    };

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 4;

    private Pkcs1() {}

    static byte[] toPkcs8(byte[] key) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(VERSION_AND_ALGORITHM);
        content.writeBytes(element(OCTET_STRING, key));
        return element(SEQUENCE, content.toByteArray());
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream element = new ByteArrayOutputStream(content.length + 6);
        element.write(tag);
        // The shortest form is the only one that the JDK takes.
        byte[] length = BigInteger.valueOf(content.length).toByteArray();
        int from = length.length > 1 && length[0] == 0 ? 1 : 0;
        if (content.length >= 0x80) {
            element.write(0x80 | (length.length - from));
        }
        element.write(length, from, length.length - from);
        element.writeBytes(content);
        return element.toByteArray();
    }
}
