package io.deployments.exporter;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** The arrows of the architecture: settings → database → snapshot → metrics │ api → http. */
@AnalyzeClasses(
    packages = "io.deployments.exporter",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String ROOT = "io.deployments.exporter";

  @ArchTest
  static final ArchRule arrows =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
          .layer("main")
          .definedBy(ROOT)
          .layer("http")
          .definedBy(ROOT + ".http..")
          .layer("backfill")
          .definedBy(ROOT + ".backfill..")
          .layer("api")
          .definedBy(ROOT + ".api..")
          .layer("check")
          .definedBy(ROOT + ".check..")
          .layer("metrics")
          .definedBy(ROOT + ".metrics..")
          .layer("refresh")
          .definedBy(ROOT + ".refresh..")
          .layer("database")
          .definedBy(ROOT + ".database..")
          .layer("settings")
          .definedBy(ROOT + ".settings..")
          .layer("snapshot")
          .definedBy(ROOT + ".snapshot..")
          .whereLayer("main")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("http")
          .mayOnlyBeAccessedByLayers("main")
          .whereLayer("check")
          .mayOnlyBeAccessedByLayers("main")
          .whereLayer("backfill")
          .mayOnlyBeAccessedByLayers("main")
          .whereLayer("api")
          .mayOnlyBeAccessedByLayers("main", "http")
          .whereLayer("metrics")
          .mayOnlyBeAccessedByLayers("main", "http", "backfill")
          .whereLayer("refresh")
          .mayOnlyBeAccessedByLayers("main", "http", "metrics", "api")
          .whereLayer("settings")
          .mayOnlyAccessLayers("snapshot")
          .whereLayer("database")
          .mayOnlyAccessLayers("settings", "snapshot")
          .whereLayer("http")
          .mayOnlyAccessLayers("settings", "snapshot", "refresh", "metrics", "api")
          .whereLayer("check")
          .mayOnlyAccessLayers("settings", "database", "snapshot")
          .whereLayer("database")
          .mayOnlyBeAccessedByLayers("main", "refresh", "metrics", "api", "backfill", "check")
          .whereLayer("snapshot")
          .mayNotAccessAnyLayer();

  @ArchTest
  static final ArchRule onlyHttpKnowsTheWebFramework =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".http..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..");

  @ArchTest
  static final ArchRule onlyDatabaseKnowsJdbc =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".database..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "com.zaxxer..");

  @ArchTest
  static final ArchRule onlyTheCommandLineKnowsItsLibrary =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT, ROOT + ".settings..", ROOT + ".backfill..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");

  @ArchTest
  static final ArchRule onlyTheWebConfigurationKnowsItsFormats =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".settings.web..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.snakeyaml..", "org.bouncycastle..", "at.favre..");

  @ArchTest
  static final ArchRule noCycles =
      SlicesRuleDefinition.slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule namesSaySomething =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Impl");

  @ArchTest
  static void everyPackageIsNullMarked(JavaClasses exporter) {
    classes()
        .that()
        .haveSimpleName("package-info")
        .should()
        .beAnnotatedWith("org.jspecify.annotations.NullMarked")
        .check(exporter);
  }

  @ArchTest
  static final ArchRule nothingPrintsToStandardOutput =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT)
          .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);
}
