package io.plano.provider;

import io.plano.credential.Credential;
import io.plano.credential.CredentialSource;
import io.plano.credential.SecretMask;
import io.plano.credential.SecretSet;
import io.plano.http.Headers;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The secrets that a configuration gives the gateway: access keys, credentials among fixed headers, passwords of egress
 * proxies. Tells whether a client presents one of them, and hides those of a provider in what that provider answers. Safe
 * for every thread.
 */
public final class OwnSecrets {
    private final SecretSet all;
    private final IdentityHashMap<Provider, Integer> places = new IdentityHashMap<>();
    /** By place, made when they are first needed: a configuration may have thousands of providers. */
    private final Map<Integer, SecretMask> masks = new ConcurrentHashMap<>();

    private OwnSecrets(List<Provider> providers) {
        List<Credential> secrets = new ArrayList<>();
        for (Provider provider : providers) {
            places.put(provider, places.size());
            secrets.addAll(of(provider));
        }
        all = SecretSet.of(secrets);
    }

    public static OwnSecrets of(List<Provider> providers) {
        return new OwnSecrets(providers);
    }

    /** All of them. */
    public SecretSet all() {
        return all;
    }

    /** Hides what that provider gets of them. */
    public SecretMask maskOf(Provider provider) {
        Integer place = places.get(provider);
        if (place == null) {
            return SecretMask.of(of(provider));
        }
        SecretMask known = masks.get(place);
        return known != null ? known : masks.computeIfAbsent(place, any -> SecretMask.of(of(provider)));
    }

    private static List<Credential> of(Provider provider) {
        List<Credential> secrets = new ArrayList<>();
        CredentialSource own = provider.credentials().accessKey();
        add(secrets, own == null ? null : own.atHand());
        Headers headers = provider.headers();
        for (int i = 0; i < headers.size(); i++) {
            if (Headers.isCredential(headers.name(i))) {
                add(secrets, Credential.parseAuthorization(headers.value(i)));
            }
        }
        EgressProxy proxy = provider.transport().proxy();
        add(secrets, proxy == null ? null : proxy.credential());
        return secrets;
    }

    private static void add(List<Credential> secrets, @Nullable Credential secret) {
        if (secret != null) {
            secrets.add(secret);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof OwnSecrets that && all.equals(that.all);
    }

    @Override
    public int hashCode() {
        return all.hashCode();
    }

    /** Their number alone. */
    @Override
    public String toString() {
        return "OwnSecrets[" + all + "]";
    }
}
