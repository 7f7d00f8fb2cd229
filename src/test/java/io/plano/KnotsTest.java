package io.plano;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.plano.credential.Credential;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Files that know each other in a circle can only be read together. Three at the most may; more only if they are one sealed
 * family with those that make its members, and that is named here.
 */
class KnotsTest {
    private static final int MOST = 3;

    private static final Set<String> ANSWERS = Set.of(
            "io.plano.proxy.answer.AnswerBody",
            "io.plano.proxy.answer.IdentityAnswer",
            "io.plano.proxy.answer.TranslatedAnswer",
            "io.plano.proxy.answer.TranslatedRelay");

    private final Map<String, Set<String>> uses = new TreeMap<>();
    private final Map<String, Integer> order = new HashMap<>();
    private final Map<String, Integer> lowest = new HashMap<>();
    private final Deque<String> open = new ArrayDeque<>();
    private final Set<String> isOpen = new HashSet<>();
    private final List<Set<String>> knots = new ArrayList<>();

    @Test
    void noMoreThanThreeFilesKnowEachOtherInACircle() {
        for (JavaClass type : new ClassFileImporter().importPath(mainClasses())) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String from = file(type);
                String to = file(dependency.getTargetClass());
                if (to.startsWith("io.plano.") && !to.equals(from)) {
                    uses.computeIfAbsent(from, any -> new TreeSet<>()).add(to);
                }
            }
        }
        for (String file : uses.keySet()) {
            if (!order.containsKey(file)) {
                visit(file);
            }
        }
        assertThat(knots).filteredOn(knot -> knot.size() > MOST).containsExactly(ANSWERS);
    }

    private static String file(JavaClass type) {
        String name = type.getBaseComponentType().getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    private static Path mainClasses() {
        return Path.of(URI.create(Credential.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
    }

    /** Tarjan's: strongly connected components in one walk. */
    private void visit(String file) {
        order.put(file, order.size());
        lowest.put(file, order.get(file));
        open.push(file);
        isOpen.add(file);
        for (String used : uses.getOrDefault(file, Set.of())) {
            if (!order.containsKey(used)) {
                visit(used);
                lowest.merge(file, lowest.get(used), Math::min);
            } else if (isOpen.contains(used)) {
                lowest.merge(file, order.get(used), Math::min);
            }
        }
        if (lowest.get(file).equals(order.get(file))) {
            Set<String> knot = new TreeSet<>();
            String last;
            do {
                last = open.pop();
                isOpen.remove(last);
                knot.add(last);
            } while (!last.equals(file));
            knots.add(knot);
        }
    }
}
