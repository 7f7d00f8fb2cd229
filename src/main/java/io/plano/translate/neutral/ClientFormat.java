package io.plano.translate.neutral;

import io.plano.provider.WireFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an encoder may know of the format in which a request was asked: what the client calls things, and what is true of
 * everything that is said in that format. The codec that reads the format states it, so that no encoder has to know which
 * other formats there are: the most that one can ask is whether the client speaks the encoder's own. One instance a format;
 * immutable.
 */
public abstract class ClientFormat {
    /** Something that is true in one format and not in every other. */
    public enum Trait {
        /** The texts of one system turn are the paragraphs of one text. */
        SYSTEM_IN_PARAGRAPHS,
        /** No model thinks unless it is asked to, so {@link Reasoning.Mode#OFF} asks for nothing. */
        THOUGHT_ONLY_IF_ASKED,
        /** An answer that is to follow a schema always keeps to it, whether or not the client says so. */
        SCHEMA_ALWAYS_STRICT,
        /** Who asks a model to think wants to see its thoughts: the format has no member with which to ask for them. */
        THOUGHTS_SHOWN_UNASKED,
        /** The place of a thought among the texts of a message says nothing: it may stand last. */
        THOUGHTS_IN_ANY_PLACE,
        /** The id of an end user may be of any length and any characters. */
        USER_ID_OF_ANY_FORM
    }

    private final WireFormat format;
    private final Set<Trait> traits;

    protected ClientFormat(WireFormat format, Trait... traits) {
        this.format = format;
        this.traits = Set.of(traits);
    }

    /** Whether it is that format, an encoder's own: what the client wrote can go out as it came. */
    public final boolean is(WireFormat own) {
        return format == own;
    }

    /** Whether the id of an uploaded file means the same in that format: both belong to one company. */
    public final boolean sharesUploadsWith(WireFormat own) {
        return format.dialect() == own.dialect();
    }

    public final boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /** What the client calls it: a path without indexes. */
    public abstract String name(MemberName member);

    /** What the paths of members inside it begin with. */
    public final String prefix(MemberName member) {
        return name(member) + ".";
    }

    /**
     * The neutral word, which is OpenAI's, for a service tier.
     *
     * @param asked the client's word
     * @return empty if the word asks for nothing in particular; null if no other format has one for it
     */
    public @Nullable String serviceTier(String asked) {
        return asked;
    }

    @Override
    public final String toString() {
        return format.configName();
    }
}
