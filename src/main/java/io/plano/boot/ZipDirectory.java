package io.plano.boot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The table of contents of a zip archive in memory (PKWARE APPNOTE.TXT 6.3.3, sections 4.3.7, 4.3.12 and 4.3.16). Reads
 * what libraries are packed as: no encryption, no split archives, no ZIP64. The JDK's own reader wants a file.
 */
final class ZipDirectory {
    private static final int END = 0x06054b50;
    private static final int END_LENGTH = 22;
    private static final int MAX_COMMENT = 0xffff;
    private static final int ENTRY = 0x02014b50;
    private static final int ENTRY_LENGTH = 46;
    private static final int LOCAL_LENGTH = 30;

    private final ByteBuffer archive;
    private final ByteBuffer bytes;

    private ZipDirectory(ByteBuffer archive) {
        this.archive = archive;
        this.bytes = archive.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The files of the archive by their names, in its order.
     *
     * @throws IOException when it is none
     */
    static Map<String, ZipItem> read(ByteBuffer archive) throws IOException {
        try {
            return new ZipDirectory(archive).items();
        } catch (IndexOutOfBoundsException damaged) {
            throw new IOException("not a zip archive, or a damaged one", damaged);
        }
    }

    private Map<String, ZipItem> items() throws IOException {
        int end = end();
        int count = unsignedShort(end + 10);
        int position = bytes.getInt(end + 16);
        Map<String, ZipItem> items = new LinkedHashMap<>(count * 2);
        for (int index = 0; index < count; index++) {
            if (bytes.getInt(position) != ENTRY) {
                throw new IOException("a damaged zip archive");
            }
            int nameLength = unsignedShort(position + 28);
            byte[] name = new byte[nameLength];
            bytes.get(position + ENTRY_LENGTH, name);
            items.put(new String(name, StandardCharsets.UTF_8), item(position));
            position += ENTRY_LENGTH + nameLength + unsignedShort(position + 30) + unsignedShort(position + 32);
        }
        return items;
    }

    private int end() throws IOException {
        int last = archive.limit() - END_LENGTH;
        for (int position = last; position >= Math.max(0, last - MAX_COMMENT); position--) {
            if (bytes.getInt(position) == END) {
                return position;
            }
        }
        throw new IOException("not a zip archive");
    }

    private ZipItem item(int position) throws IOException {
        int method = unsignedShort(position + 10);
        int packed = bytes.getInt(position + 20);
        int size = bytes.getInt(position + 24);
        int local = bytes.getInt(position + 42);
        if ((method != ZipItem.STORED && method != ZipItem.DEFLATED) || packed < 0 || size < 0 || local < 0) {
            throw new IOException("a zip archive of a kind that is not read here");
        }
        // The local head may have another extra field than the directory.
        int offset = local + LOCAL_LENGTH + unsignedShort(local + 26) + unsignedShort(local + 28);
        if (packed > archive.limit() - offset) {
            throw new IOException("a zip archive that is cut off");
        }
        return new ZipItem(archive, offset, packed, size, method);
    }

    private int unsignedShort(int position) {
        return Short.toUnsignedInt(bytes.getShort(position));
    }
}
