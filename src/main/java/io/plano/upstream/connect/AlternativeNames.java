package io.plano.upstream.connect;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.apache.hc.client5.http.ssl.DefaultHostnameVerifier;
import org.apache.hc.client5.http.ssl.HttpClientHostnameVerifier;

/**
 * Knows a server by the alternative names in its certificate alone (RFC 9525 §2). The JDK and HttpClient still look at the
 * common name where there are none: a text that authorities have not been bound to check for years. Safe for every thread.
 */
final class AlternativeNames implements HttpClientHostnameVerifier {
    /** Of {@link X509Certificate#getSubjectAlternativeNames}. */
    private static final List<Integer> HOSTS_AND_ADDRESSES = List.of(2, 7);

    private final DefaultHostnameVerifier names = new DefaultHostnameVerifier();

    @Override
    public void verify(String host, X509Certificate certificate) throws SSLException {
        if (!namesAnyHost(certificate)) {
            throw new SSLPeerUnverifiedException("the certificate has no alternative name");
        }
        names.verify(host, certificate);
    }

    @Override
    public boolean verify(String host, SSLSession session) {
        try {
            verify(host, (X509Certificate) session.getPeerCertificates()[0]);
            return true;
        } catch (SSLException unverified) {
            return false;
        }
    }

    private static boolean namesAnyHost(X509Certificate certificate) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            return all != null && all.stream().anyMatch(name -> HOSTS_AND_ADDRESSES.contains(name.get(0)));
        } catch (CertificateParsingException e) {
            return false;
        }
    }
}
