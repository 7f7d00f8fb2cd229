package io.plano.config;

import io.plano.config.ProviderTypes.Row;
import io.plano.config.ProviderTypes.Trait;
import io.plano.config.yaml.Section;
import io.plano.config.yaml.Variables;
import io.plano.config.yaml.YamlNode.Scalar;
import io.plano.credential.AccountResource;
import io.plano.credential.Credential;
import io.plano.credential.CredentialPolicy;
import io.plano.credential.CredentialSource;
import io.plano.credential.MissingCredential;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what one provider entry says about credentials, and says where that is probably not what was meant. */
final class CredentialPolicyReader {
    private static final String PASSTHROUGH = "passthrough_auth";
    private static final String ACCESS_KEY = "access_key";
    private static final String ON_MISSING = "on_missing_credential";
    private static final String PATTERN = "client_credential_pattern";
    private static final String ALLOW = "allow";

    private final Section entry;
    private final PassthroughSwitches switches;
    private final CredentialPatterns patterns;
    private final Reach reach;

    /**
     * @param patterns those of the file
     * @param reach whoever could use what is not their own
     */
    CredentialPolicyReader(Section entry, PassthroughSwitches switches, CredentialPatterns patterns, Reach reach) {
        this.entry = entry;
        this.switches = switches;
        this.patterns = patterns;
        this.reach = reach;
    }

    /** The entry's policy; null where its key is an optional variable that is empty, and nothing else serves. */
    @Nullable
    CredentialPolicy read(Row row) {
        Credential accessKey = accessKey();
        boolean passthrough = isPassthrough(row, accessKey);
        if (!passthrough && accessKey == null && isOptionalKey()) {
            entry.warning(ACCESS_KEY, "is empty, so this provider is disabled");
            return null;
        }
        MissingCredential onMissing = passthrough ? onMissing(accessKey) : MissingCredential.REJECT;
        if (passthrough) {
            checkIgnoredKey(onMissing);
        } else {
            checkKeyOnly(row, accessKey);
        }
        CredentialPolicy policy = new CredentialPolicy(
                passthrough,
                accessKey == null ? null : CredentialSource.of(accessKey),
                onMissing,
                patterns.read(entry, PATTERN),
                allowed());
        if (entry.has(ALLOW) && !policy.servesWithoutClientCredential()) {
            entry.warning(ALLOW, "has no effect: only the client's own key is used here, and that may do what it may");
        }
        warnOfReach(row, policy);
        return policy;
    }

    /** Words that are none were reported with the shape of the file. */
    private Set<AccountResource> allowed() {
        Set<AccountResource> allowed = EnumSet.noneOf(AccountResource.class);
        for (Scalar word : entry.scalars(ALLOW)) {
            AccountResource resource = AccountResource.of(word.text());
            if (resource != null) {
                allowed.add(resource);
            }
        }
        return allowed;
    }

    private void warnOfReach(Row row, CredentialPolicy policy) {
        String place = reach.place();
        CredentialSource source = policy.accessKey();
        Credential key = source == null ? null : source.atHand();
        boolean isWorthALot = !row.is(Trait.KEYLESS) && (key == null || !key.isPlaceholder());
        if (place != null && isWorthALot && policy.spendsAccessKey()) {
            entry.warning(ACCESS_KEY, "anyone who reaches " + place + " spends this key");
        }
    }

    private boolean isPassthrough(Row row, @Nullable Credential accessKey) {
        Boolean own = entry.flag(PASSTHROUGH);
        if (own != null) {
            return own;
        }
        // An optional key that is empty still says that a key of ours was meant.
        boolean byType = row.is(Trait.PASSTHROUGH_BY_DEFAULT) && accessKey == null && !isOptionalKey();
        return switches.passthrough() || byType;
    }

    private boolean isOptionalKey() {
        String raw = entry.raw(ACCESS_KEY);
        return raw != null && Variables.isOptional(raw.strip());
    }

    private @Nullable Credential accessKey() {
        String text = entry.text(ACCESS_KEY);
        if (text == null || (text.isBlank() && isOptionalKey())) {
            return null;
        }
        String key = text.strip();
        if (key.chars().anyMatch(character -> character < 0x21 || character > 0x7e)) {
            entry.error(
                    ACCESS_KEY,
                    key.regionMatches(true, 0, "Bearer ", 0, 7)
                            ? "must be the key alone, without 'Bearer'"
                            : "holds a blank, a line break or another character that a key cannot have");
            return null;
        }
        Credential credential = Credential.key(key);
        if (credential == null) {
            entry.error(ACCESS_KEY, "is empty; leave it out, or write ${VAR:-} to disable the provider without a key");
        }
        return credential;
    }

    private MissingCredential onMissing(@Nullable Credential accessKey) {
        MissingCredential own = ownOnMissing();
        if (switches.required()) {
            if (own != null && own != MissingCredential.REJECT) {
                entry.warning(ON_MISSING, "has no effect: " + PassthroughSwitches.REQUIRE + "=true refuses instead");
            }
            return MissingCredential.REJECT;
        }
        if (own == MissingCredential.ACCESS_KEY && accessKey == null) {
            if (!isOptionalKey()) {
                entry.error(ON_MISSING, "access_key needs an access_key to fall back to");
            }
            return MissingCredential.REJECT;
        }
        if (own != null) {
            return own;
        }
        boolean bySwitch = !entry.has(PASSTHROUGH) && switches.passthrough();
        return bySwitch && accessKey != null ? MissingCredential.ACCESS_KEY : MissingCredential.REJECT;
    }

    private @Nullable MissingCredential ownOnMissing() {
        String text = entry.raw(ON_MISSING);
        for (MissingCredential value : MissingCredential.values()) {
            if (value.name().toLowerCase(Locale.ROOT).equals(text)) {
                return value;
            }
        }
        return null;
    }

    private void checkIgnoredKey(MissingCredential onMissing) {
        if (entry.has(PASSTHROUGH) && entry.has(ACCESS_KEY) && onMissing != MissingCredential.ACCESS_KEY) {
            entry.warning(
                    ACCESS_KEY,
                    "is ignored, because passthrough_auth sends the client's credential; add 'on_missing_credential:"
                            + " access_key' to use it for requests that bring none");
        }
    }

    private void checkKeyOnly(Row row, @Nullable Credential accessKey) {
        for (String key : new String[] {ON_MISSING, PATTERN}) {
            if (entry.has(key)) {
                entry.warning(key, "has no effect without passthrough_auth: true");
            }
        }
        if (accessKey == null && !entry.has(ACCESS_KEY) && !row.is(Trait.KEYLESS)) {
            entry.warning(
                    "model",
                    "has neither access_key nor passthrough_auth: requests go out without a credential, and the"
                            + " client's own stays here");
        }
    }
}
