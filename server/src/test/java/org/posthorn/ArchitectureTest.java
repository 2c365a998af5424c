package org.posthorn;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.posthorn.testing.Checkout;

/** Holds the code to the direction of its packages ({@link Layer}) and to the rules of its form. */
class ArchitectureTest {
    private static final int LONGEST_FILE = 450;
    private static final String FORBIDDEN_NAME = "Abstract.*|.*(Impl|Manager|Helper|Utils?)";
    private static final Set<String> AMBIENT_CLOCK = Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.time.Instant.now",
            "java.time.LocalDate.now",
            "java.time.LocalDateTime.now",
            "java.time.ZonedDateTime.now",
            "java.time.OffsetDateTime.now",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone",
            "java.time.InstantSource.system");

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("org.posthorn");
    }

    static Stream<Layer> layers() {
        return Layer.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("layers")
    void importsOnlyWhatTheLayerMay(Layer layer) {
        List<JavaClass> members =
                classes.stream().filter(type -> isOf(type, layer)).toList();

        assertThat(members).as("classes found in " + layer).hasSizeGreaterThanOrEqualTo(layer.minimum());
        assertThat(members.stream()
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .filter(dependency -> isForeign(dependency, layer))
                        .map(Dependency::getDescription))
                .as("what " + layer + " may not import")
                .isEmpty();
    }

    @Test
    void everyPackageBelongsToALayer() {
        assertThat(classes.stream()
                        .map(JavaClass::getPackageName)
                        .filter(name -> !name.equals("org.posthorn"))
                        .filter(name -> Layer.holding(name).isEmpty() || isUnknownProtocol(name)))
                .as("packages that class Layer does not know")
                .isEmpty();
    }

    /** The layer of what all protocols share must not pass for that of a new one. */
    private static boolean isUnknownProtocol(String packageName) {
        return packageName.startsWith("org.posthorn.server.")
                && Layer.holding(packageName).orElseThrow().folder().equals("server");
    }

    @Test
    void theRootIsTheMainClassAlone() {
        List<JavaClass> root = classes.stream()
                .filter(type -> type.getPackageName().equals("org.posthorn"))
                .toList();

        assertThat(root).extracting(JavaClass::getSimpleName).containsExactlyInAnyOrder("Posthorn", "package-info");
        assertThat(root.stream()
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .map(dependency -> dependency.getTargetClass().getPackageName())
                        .filter(name -> name.startsWith("org.posthorn.")))
                .containsOnly("org.posthorn.app", "org.posthorn.cli", "org.posthorn.storage");
    }

    @Test
    void onlyTheMainClassKnowsTheWiring() {
        List<String> known = classes.stream()
                .filter(type -> !(type.getPackageName() + ".").startsWith("org.posthorn.app."))
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(dependency ->
                        (dependency.getTargetClass().getPackageName() + ".").startsWith("org.posthorn.app."))
                .map(dependency -> dependency.getOriginClass().getName())
                .distinct()
                .toList();

        assertThat(known).containsExactly("org.posthorn.Posthorn");
    }

    @Test
    void aProtocolIsKnownByItsListOnly() {
        List<JavaClass> plugs = classes.stream()
                .filter(type -> type.getAllRawInterfaces().stream()
                        .anyMatch(above -> above.getName().equals("org.posthorn.server.Protocol")))
                .toList();

        assertThat(plugs).hasSizeGreaterThanOrEqualTo(4);
        assertThat(plugs.stream()
                        .flatMap(plug -> classes.stream()
                                .filter(type -> type.getPackageName().startsWith("org.posthorn.app"))
                                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                                .filter(dependency -> dependency
                                        .getTargetClass()
                                        .getPackageName()
                                        .equals(plug.getPackageName())))
                        .map(dependency -> dependency.getOriginClass().getSimpleName()
                                + " "
                                + dependency.getTargetClass().getSimpleName())
                        .distinct())
                .as("what the wiring knows of their packages")
                .containsExactlyInAnyOrder(
                        "Protocols SmtpProtocol",
                        "Protocols ImapProtocol",
                        "Protocols Pop3Protocol",
                        "Protocols MilterProtocol",
                        // Mail that leaves must not come back to port 25.
                        "Configuration SmtpProtocol");
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("org.posthorn.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void grammarsHaveNoSocketsNoFilesAndNoClock() {
        noClasses()
                .that()
                .resideInAPackage("org.posthorn.protocol..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "javax.net..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.net\\..*Socket.*|java\\.io\\.(File|RandomAccessFile).*")
                .orShould()
                .accessTargetWhere(describe("is the machine's clock", ArchitectureTest::readsTheClock))
                .check(classes);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> marked = classes.stream()
                .filter(type -> type.getSimpleName().equals("package-info"))
                .filter(type -> type.isAnnotatedWith(NullMarked.class))
                .map(JavaClass::getPackageName)
                .collect(Collectors.toSet());
        Set<String> all =
                classes.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));

        assertThat(all).hasSizeGreaterThan(12);
        assertThat(marked).containsAll(all);
    }

    @Test
    void noClassIsNamedForNothing() {
        assertThat(classes.stream().map(JavaClass::getSimpleName).filter(name -> name.matches(FORBIDDEN_NAME)))
                .isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        List<Path> pages = sources("package-info.java")
                .filter(page -> page.toString().contains("/src/main/"))
                .toList();

        assertThat(pages).hasSizeGreaterThan(12);
        assertThat(pages).allSatisfy(page -> assertThat(Files.readString(page)).startsWith("/**"));
    }

    @Test
    void noFileIsLongerThanItsReaderCanHold() {
        List<Path> files = sources(".java").toList();

        assertThat(files).hasSizeGreaterThan(100);
        assertThat(files.stream().filter(file -> lines(file) > LONGEST_FILE))
                .as("files of more than " + LONGEST_FILE + " lines")
                .isEmpty();
    }

    private static boolean isOf(JavaClass type, Layer layer) {
        return Layer.holding(type.getPackageName()).equals(Optional.of(layer));
    }

    /** Does the dependency lead out of what the layer may import? To {@code org.posthorn} itself it never may. */
    private static boolean isForeign(Dependency dependency, Layer layer) {
        String target = dependency.getTargetClass().getBaseComponentType().getPackageName();
        if (!(target + ".").startsWith("org.posthorn.")) {
            return false;
        }
        return Layer.holding(target).map(other -> !layer.mayImport(other)).orElse(true);
    }

    private static boolean readsTheClock(JavaAccess<?> access) {
        String target = access.getTarget().getOwner().getName() + "."
                + access.getTarget().getName();
        return AMBIENT_CLOCK.contains(target);
    }

    private static Stream<Path> sources(String ending) {
        return Stream.of("server", "interop", "bench")
                .map(module -> Checkout.root().resolve(module).resolve("src"))
                .filter(Files::isDirectory)
                .flatMap(folder -> walk(folder).stream())
                .filter(file -> file.toString().endsWith(ending));
    }

    private static List<Path> walk(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
