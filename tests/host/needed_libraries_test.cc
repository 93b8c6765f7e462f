// SPDX-License-Identifier: MIT
// The libraries behind a plugin are read, trusted, hashed and kept as the plugin itself.
#include "host/needed_libraries.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/file.h"
#include "host/support.h"
#include "shell.h"

namespace descent::testing {
namespace {

namespace fs = std::filesystem;

// An optimizer in C with a step that sets the weight to what its library says.
const std::string plugin_text = R"(#include "sdk/abi.h"
int answer(void);
static const char* step(const double* hyperparameters, const struct descent_step_call* call) {
  (void)hyperparameters;
  *(double*)call->x.data = answer();
  return 0;
}
__attribute__((visibility("default"))) const struct descent_plugin descent_entry = {
    .abi = DESCENT_ABI, .kind = DESCENT_OPTIMIZER, .name = NAME, .doc = "d", .step = {step, step}};
)";

class NeededLibraries : public ::testing::Test {
 protected:
  NeededLibraries() {
    fs::create_directories(root_ / "libraries");
    fs::create_directories(root_ / "optimizers");
    for (const auto& folder : {root_, root_ / "libraries", root_ / "optimizers"})
      chmod(folder.c_str(), 0755);
    if (!is_there("cc")) throw std::runtime_error("no compiler");
  }

  void compile(const std::string& text, const fs::path& output, const std::string& flags) const {
    std::ofstream(root_ / "source.c") << text;
    const auto result =
        shell("cc -shared -fPIC -o " + quoted(output) + " " + quoted(root_ / "source.c") + " -I" +
              quoted(source_path("core")) + " " + flags);
    ASSERT_EQ(result.code, 0) << result.text;
    chmod(output.c_str(), 0644);
  }

  fs::path library() const { return root_ / "libraries" / "libanswer.so"; }
  fs::path plugin(const std::string& name = "mine") const {
    return root_ / "optimizers" / (name + ".so");
  }

  void make_library(int answer, const std::string& flags = "-Wl,-soname,libanswer.so") const {
    compile("int answer(void) { return " + std::to_string(answer) + "; }", library(), flags);
  }
  void make_plugin(const std::string& path, const std::string& name = "mine") const {
    compile(plugin_text, plugin(name),
            "-DNAME='\"" + name + "\"' -L" + quoted(root_ / "libraries") + " -lanswer -Wl,-rpath," +
                quoted(path));
  }
  void make_plugin() const { make_plugin(root_ / "libraries"); }

  static double weight_after_a_step(const host::Plugin& plugin) {
    double x = 0;
    descent_step_call call{};
    call.x = {&x, 1, 1};
    EXPECT_EQ(plugin->step[DESCENT_F64](nullptr, &call), nullptr);
    return x;
  }

  const Folder temporary_;
  const fs::path root_ = fs::canonical(temporary_.path());
};

TEST_F(NeededLibraries, OfPluginsThatComeWithTheProgramAreTheProgramsOwn) {
  const auto path = shipped_plugins() / "optimizers/adam.so";
  EXPECT_TRUE(host::LibraryFile(path).needed().empty());
  EXPECT_EQ(host::LibraryFile(path).hash(), host::Plugin(path.string()).hash());
}

TEST_F(NeededLibraries, AreTrustedNoMoreThanThePlugin) {
  make_library(1);
  make_plugin();
  EXPECT_EQ(weight_after_a_step(host::Catalog({root_}).get(DESCENT_OPTIMIZER, "mine")), 1);
  chmod((root_ / "libraries").c_str(), 0777);
  const auto refusal = [&](bool allow_writable) {
    return error_of([&] { host::Catalog({root_}, allow_writable).get(DESCENT_OPTIMIZER, "mine"); });
  };
  EXPECT_NE(refusal(false).find("is not loaded: it needs the library 'libanswer.so', and everybody "
                                "can write '" +
                                (root_ / "libraries").string() + "'"),
            std::string::npos)
      << refusal(false);
  EXPECT_EQ(refusal(true), "");
}

// A library without a SONAME, too, as `cc -shared` makes it.
TEST_F(NeededLibraries, EnterTheHashOfThePlugin) {
  for (const std::string flags : {"-Wl,-soname,libanswer.so", ""}) {
    make_library(1, flags);
    make_plugin();
    std::string hash;
    {
      const host::Plugin one(plugin());
      EXPECT_EQ(weight_after_a_step(one), 1);
      hash = one.hash();
      EXPECT_EQ(host::Plugin(plugin()).hash(), hash);
    }
    make_library(2, flags);
    const host::Plugin two(plugin());
    EXPECT_EQ(weight_after_a_step(two), 2);
    EXPECT_NE(two.hash(), hash);
  }
}

// One without a SONAME is loaded from its file, and its pages are then no longer those of the file.
TEST_F(NeededLibraries, StayWhatWasReadWhenTheirFilesAreWrittenOver) {
  for (const std::string flags : {"-Wl,-soname,libanswer.so", ""}) {
    make_library(1, flags);
    make_plugin();
    const host::Plugin plugin(this->plugin());
    std::ofstream(library(), std::ios::binary | std::ios::trunc) << "other";
    EXPECT_EQ(weight_after_a_step(plugin), 1);
    fs::remove(library());
  }
}

// As where it is given to the compiler as a file and has no SONAME.
TEST_F(NeededLibraries, AreCheckedAndHashedWhereTheyAreNeededByPath) {
  make_library(1, "");
  compile(plugin_text, plugin(), "-DNAME='\"mine\"' " + quoted(library()));
  const auto hash = host::LibraryFile(plugin()).hash();
  EXPECT_EQ(weight_after_a_step(host::Plugin(plugin())), 1);
  make_library(2, "");
  EXPECT_NE(host::LibraryFile(plugin()).hash(), hash);
  chmod((root_ / "libraries").c_str(), 0777);
  const auto refusal = error_of([&] { host::Catalog({root_}).get(DESCENT_OPTIMIZER, "mine"); });
  EXPECT_NE(refusal.find("it needs the library '" + library().string() + "', and everybody"),
            std::string::npos)
      << refusal;
}

// The dynamic linker takes the program's own library for a name alone, not for a path.
TEST_F(NeededLibraries, AreNotTheProgramsOwnForANameOfTheirFile) {
  make_library(1, "");
  const auto disguised = root_ / "libraries" / "libm.so.6";
  fs::copy_file(library(), disguised);
  compile(plugin_text, plugin(), "-DNAME='\"mine\"' " + quoted(disguised));
  const host::LibraryFile file(plugin());
  ASSERT_EQ(file.needed().size(), 1u);
  EXPECT_EQ(file.needed()[0].file.path(), disguised);
}

TEST_F(NeededLibraries, AreTheProgramsOwnByTheirPath) {
  make_library(1);
  const auto own = shell("ldd " + quoted(own_executable()) +
                         " | sed -n 's/.*=> \\(.*libm.so.6\\) .*/\\1/p' | tr -d '\\n'");
  ASSERT_TRUE(fs::exists(own.text)) << own.text;
  make_plugin();
  compile(plugin_text + "double floor(double); double f(double x) { return floor(x); }", plugin(),
          "-fno-builtin -DNAME='\"mine\"' -L" + quoted(root_ / "libraries") + " -lanswer " +
              quoted(own.text) + " -Wl,-rpath," + quoted(root_ / "libraries"));
  EXPECT_EQ(host::LibraryFile(plugin()).needed().size(), 1u);
}

// By a relative RUNPATH, or as a relative path: each working folder may have another library.
TEST_F(NeededLibraries, AreRefusedWhereTheWorkingFolderLeadsToThem) {
  const auto before = fs::current_path();
  fs::current_path(root_);
  make_library(1, "");
  for (const std::string flags :
       {"-Llibraries -lanswer -Wl,-rpath,libraries", "libraries/libanswer.so"}) {
    const auto line = "cc -shared -fPIC -o " + quoted(plugin()) + " source2.c -I" +
                      quoted(source_path("core")) + " -DNAME='\"mine\"' " + flags;
    std::ofstream("source2.c") << plugin_text;
    ASSERT_EQ(shell(line).code, 0);
    const auto text = error_of([&] { host::LibraryFile{plugin()}; });
    EXPECT_NE(text.find("needs the library '"), std::string::npos) << flags << text;
    EXPECT_NE(text.find("another working folder"), std::string::npos) << flags << text;
  }
  fs::current_path(before);
}

TEST_F(NeededLibraries, AreRefusedAsFilters) {
  make_library(1, "");
  for (const std::string flag : {"-f", "-F"}) {
    compile(plugin_text + "int answer(void) { return 0; }", plugin(),
            "-DNAME='\"mine\"' -Wl," + flag + ",libanswer.so -Wl,-rpath," +
                quoted(root_ / "libraries"));
    const auto text = error_of([&] { host::LibraryFile{plugin()}; });
    EXPECT_NE(text.find("loads the library 'libanswer.so' as a filter"), std::string::npos) << text;
  }
}

TEST_F(NeededLibraries, AreFoundRelativeToThePlugin) {
  make_library(3);
  make_plugin("$ORIGIN/../libraries");
  EXPECT_EQ(weight_after_a_step(host::Plugin(plugin())), 3);
}

// The copy of the plugin is in no folder, so the dynamic linker finds only what is loaded by name.
TEST_F(NeededLibraries, AreNotFoundRelativeToThePluginWithoutAName) {
  make_library(3, "");
  make_plugin("$ORIGIN/../libraries");
  const auto text = error_of([&] { host::Plugin{plugin().string()}; });
  EXPECT_NE(text.find("libanswer.so' with -Wl,-soname,libanswer.so"), std::string::npos) << text;
}

TEST_F(NeededLibraries, OfTheSameNameAreNotTakenForEachOther) {
  make_library(1);
  make_plugin();
  const host::Plugin one(plugin());
  make_library(2);
  make_plugin(root_ / "libraries", "other");
  const auto text = error_of([&] { host::Plugin{plugin("other").string()}; });
  EXPECT_NE(text.find("needs the library '" + library().string() +
                      "', but another one of the name "
                      "'libanswer.so' is loaded"),
            std::string::npos)
      << text;
  EXPECT_EQ(weight_after_a_step(one), 1);
}

TEST_F(NeededLibraries, ThatAreMissingAreNamed) {
  make_library(1);
  make_plugin();
  fs::remove(library());
  const auto text = error_of([&] { host::Plugin{plugin().string()}; });
  EXPECT_TRUE(text.starts_with(plugin().string() + ": error: cannot be loaded as a plugin: "))
      << text;
  EXPECT_NE(text.find("libanswer.so"), std::string::npos) << text;
}

}  // namespace
}  // namespace descent::testing
