package io.plano.translate;

import com.fasterxml.jackson.databind.JsonNode;
import io.plano.body.JsonNodes;

/**
 * What it takes to translate a JSON document, in bytes of memory. Measured with Jackson 2 on a heap with compressed
 * references (below 32 GB): a value of a tree takes 4 (an integer) to 128 bytes (an object of one member of its own name),
 * and so does its like in the tree that is written; a byte of text takes one or two as a string, and up to six while it is
 * read and written.
 */
public final class JsonWeight {
    private static final int PER_NODE = 256;
    private static final int PER_BYTE = 6;
    private static final int OF_ONE_TREE = 128;

    private JsonWeight() {}

    /** At the height of the work; when it is done, half of it is still held: one tree, its text, and the new document. */
    public static long of(long nodes, long bytes) {
        return nodes * PER_NODE + bytes * PER_BYTE;
    }

    /** A piece of text that may be read as JSON. */
    static long ofText(String json) {
        return json.length() + JsonNodes.countAtMost(json) * OF_ONE_TREE;
    }

    /** A tree that is there already. */
    static long ofTree(JsonNode tree) {
        long weight = OF_ONE_TREE;
        if (tree.isTextual()) {
            weight += tree.textValue().length();
        }
        for (JsonNode child : tree) {
            weight += ofTree(child);
        }
        return weight;
    }
}
