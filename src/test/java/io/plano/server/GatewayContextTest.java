package io.plano.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.plano.snapshot.GatewaySnapshot;
import io.plano.snapshot.Limits;
import io.plano.snapshot.Listener;
import io.plano.snapshot.Source;
import io.plano.web.GatewayLifecycle;
import jakarta.servlet.DispatcherType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The two ways to deploy the application declare the same things. */
class GatewayContextTest {
    private static Element descriptor;

    private final GatewaySnapshot snapshot =
            new GatewaySnapshot(Source.labelled("test"), List.of(Listener.DEFAULT), List.of(), Limits.DEFAULT);
    private final GatewayContext context = GatewayContext.of(snapshot, DispatchMode.INLINE);
    private final ServletHandler handler = context.getServletHandler();

    @BeforeAll
    static void readDescriptor() throws Exception {
        descriptor = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("webapp/WEB-INF/web.xml").toFile())
                .getDocumentElement();
    }

    @Test
    void registersTheListenersOfTheDescriptor() {
        List<String> declared = elements(descriptor, "listener").stream()
                .map(listener -> text(listener, "listener-class"))
                .toList();
        assertThat(context.getEventListeners())
                .extracting(listener -> listener.getClass().getName())
                .containsAll(declared)
                .filteredOn(name -> name.startsWith("io.plano."))
                .hasSameSizeAs(declared);
    }

    @Test
    void registersTheFiltersOfTheDescriptor() {
        List<String> declared = elements(descriptor, "filter").stream()
                .map(filter -> text(filter, "filter-name") + " " + text(filter, "filter-class") + " async="
                        + text(filter, "async-supported"))
                .toList();
        assertThat(Arrays.stream(handler.getFilters())
                        .map(GatewayContextTest::describe)
                        .toList())
                .isEqualTo(declared);
    }

    @Test
    void mapsTheFiltersAsTheDescriptorDoes() {
        List<String> declared = new ArrayList<>();
        for (Element mapping : elements(descriptor, "filter-mapping")) {
            EnumSet<DispatcherType> types = EnumSet.noneOf(DispatcherType.class);
            texts(mapping, "dispatcher").forEach(type -> types.add(DispatcherType.valueOf(type)));
            declared.add(text(mapping, "filter-name") + " " + texts(mapping, "url-pattern") + " " + types);
        }
        List<String> registered = Arrays.stream(handler.getFilterMappings())
                .map(mapping -> mapping.getFilterName() + " " + List.of(mapping.getPathSpecs()) + " "
                        + mapping.getDispatcherTypes())
                .toList();
        assertThat(registered).isEqualTo(declared);
    }

    @Test
    void registersTheServletsOfTheDescriptor() {
        List<String> declared = elements(descriptor, "servlet").stream()
                .map(servlet -> text(servlet, "servlet-name") + " " + text(servlet, "servlet-class") + " async="
                        + text(servlet, "async-supported") + " order=" + text(servlet, "load-on-startup"))
                .toList();
        assertThat(Arrays.stream(handler.getServlets()).map(GatewayContextTest::describe))
                .containsExactlyInAnyOrderElementsOf(declared);
    }

    @Test
    void mapsTheServletsAsTheDescriptorDoes() {
        TreeSet<String> declared = new TreeSet<>();
        for (Element mapping : elements(descriptor, "servlet-mapping")) {
            texts(mapping, "url-pattern")
                    .forEach(pattern -> declared.add(text(mapping, "servlet-name") + " " + pattern));
        }
        TreeSet<String> registered = new TreeSet<>();
        Arrays.stream(handler.getServletMappings())
                .forEach(mapping -> Arrays.stream(mapping.getPathSpecs())
                        .forEach(pattern -> registered.add(mapping.getServletName() + " " + pattern)));
        assertThat(registered).isEqualTo(declared);
    }

    /** What it says is for containers, which start Logback's own initializer; standalone there is none. */
    @Test
    void descriptorHasNoParameterForTheGateway() {
        assertThat(elements(descriptor, "context-param"))
                .extracting(parameter -> text(parameter, "param-name"))
                .containsExactly("logbackDisableServletContainerInitializer");
    }

    @Test
    void descriptorDeclaresNothingThatTheContextDoesNotKnow() {
        NodeList children = descriptor.getChildNodes();
        for (int index = 0; index < children.getLength(); index++) {
            if (children.item(index) instanceof Element element) {
                assertThat(element.getTagName())
                        .isIn(
                                "display-name",
                                "context-param",
                                "listener",
                                "filter",
                                "filter-mapping",
                                "servlet",
                                "servlet-mapping");
            }
        }
    }

    @Test
    void handsTheSnapshotToTheApplication() {
        assertThat(context.getServletContext().getAttribute(GatewayLifecycle.SNAPSHOT_ATTRIBUTE))
                .isSameAs(snapshot);
    }

    @Test
    void isCalledByTheSelectorOnlyWhereThatIsWanted() {
        assertThat(context.getInvocationType()).isEqualTo(InvocationType.NON_BLOCKING);
        assertThat(GatewayContext.of(snapshot, DispatchMode.POOLED).getInvocationType())
                .isEqualTo(InvocationType.BLOCKING);
    }

    private static String describe(FilterHolder filter) {
        return filter.getName() + " " + filter.getClassName() + " async=" + filter.isAsyncSupported();
    }

    private static String describe(ServletHolder servlet) {
        String order = servlet.getInitOrder() < 0 ? "" : String.valueOf(servlet.getInitOrder());
        return servlet.getName() + " " + servlet.getClassName() + " async=" + servlet.isAsyncSupported() + " order="
                + order;
    }

    private static List<Element> elements(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int index = 0; index < found.getLength(); index++) {
            elements.add((Element) found.item(index));
        }
        return elements;
    }

    private static List<String> texts(Element parent, String name) {
        return elements(parent, name).stream().map(Element::getTextContent).toList();
    }

    private static String text(Element parent, String name) {
        return String.join("", texts(parent, name));
    }
}
