// SPDX-License-Identifier: MIT
// A plugin written, built and run in a folder outside the project, against an installed tree.
#include <map>
#include <optional>

#include "cli/desk.h"
#include "paths.h"

namespace descent {
namespace {

namespace fs = std::filesystem;

// One installed tree for all tests here, removed at the end. It is moved once it is made: nothing
// in it may know where it was.
class SlowOutside : public Desk {
 protected:
  static void SetUpTestSuite() {
    root_.emplace();
    const auto install = shell("cmake --install " + quoted(descent::build_path("")) + " --prefix " +
                               quoted(root_->path("first")));
    ASSERT_EQ(install.code, 0) << install.text;
    fs::rename(root_->path("first"), root_->path("tree"));
  }
  static void TearDownTestSuite() { root_.reset(); }

  // With `descent` on the path and as the current folder one that is new.
  Spoken here(const std::string& line) const {
    return Desk::here("PATH=" + quoted(root_->path("tree/bin")) + ":$PATH && " + line);
  }

  // A line that has $(descent plugins flags) in it.
  void expect_compiles(const std::string& line) const {
    const bool needs_quotes = contains(here("descent plugins flags").text, "'");
    expect(needs_quotes ? "eval \"" + line + '"' : line);
  }

  void expect(const std::string& line, const std::string& part = "") const {
    const auto spoken = here(line);
    EXPECT_EQ(spoken.code, 0) << line << '\n' << spoken.text;
    EXPECT_TRUE(contains(spoken.text, part)) << line << '\n' << spoken.text;
  }

  static inline std::optional<Folder> root_;
};

using SlowWalk = SlowOutside;

TEST_F(SlowWalk, GoesFromNothingToAResult) {
  write("small.yaml", small_experiment);
  expect("descent plugins new optimizer my_lion", "my_lion/my_lion.cc");
  expect("cmake -S my_lion -B my_lion/build && cmake --build my_lion/build");
  expect("descent plugins check my_lion/build/my_lion.so", "holds");
  expect("DESCENT_PLUGIN_PATH=$PWD/my_lion/build descent plugins show my_lion",
         "optimizer 'my_lion': ");
  expect(
      "DESCENT_PLUGIN_PATH=$PWD/my_lion/build descent run small.yaml "
      "--set 'optimizer={grid: [adam, my_lion]}'",
      "my_lion");
}

TEST_F(SlowWalk, WorksFromABuildFolderToo) {
  expect(program() + " plugins new loss mine");
  expect("cmake -S mine -B mine/build -DCMAKE_BUILD_TYPE=Debug && cmake --build mine/build");
  expect(program() + " plugins check mine/build/mine.so");
}

// Where a shell splits words, quotes keep them together.
TEST_F(SlowWalk, TakesAFolderWithABlank) {
  fs::copy(root_->path("tree"), path("the tree"),
           fs::copy_options::recursive | fs::copy_options::create_hard_links);
  const auto with = [](const std::string& line) {
    return "PATH=$PWD/the\\ tree/bin:$PATH && " + line;
  };
  expect(with("descent plugins flags"), "/the tree/include/descent'");
  expect(with("descent plugins flags"),
         "note: the path of descent needs quotes; a shell reads them");
  expect(with("descent plugins new loss mine --dir 'my own'"),
         "cmake -S 'my own/mine' -B 'my own/mine'/build");
  expect("cmake -S 'my own/mine' -B 'my own/mine'/build && cmake --build 'my own/mine'/build");
  expect(with("descent plugins check 'my own/mine'/build/mine.so"));
  expect(
      with("eval \"c++ -shared -fPIC $(descent plugins flags) 'my own/mine/mine.cc' -o mine.so\""));
  expect(with("descent plugins check ./mine.so"));
}

TEST_F(SlowWalk, NamesTheKindsThereAre) {
  write("lion/CMakeLists.txt", "");
  fs::create_directories(path("lion"));
  write("lion/lion.cc", "");
  write("lion/CMakeLists.txt",
        "cmake_minimum_required(VERSION 3.20)\nproject(lion LANGUAGES CXX)\n"
        "find_package(descent REQUIRED)\ndescent_add_plugin(optimiser lion.cc)\n");
  const auto spoken = here("cmake -S lion -B lion/build");
  EXPECT_NE(spoken.code, 0);
  EXPECT_TRUE(contains(spoken.text, "'optimiser' is not known")) << spoken.text;
}

// As on a machine where descent was installed without the packages for plugin authors.
TEST_F(SlowWalk, NamesThePackagesWhenALibraryIsMissing) {
  std::ifstream file(root_->path("tree/lib/cmake/descent/descentConfig.cmake"));
  std::string config{std::istreambuf_iterator<char>(file), {}};
  const std::string library = "libsleefgnuabi.so";
  const auto at = config.find(library);
  ASSERT_NE(at, config.npos) << config;
  fs::copy(root_->path("tree"), path("tree"), fs::copy_options::recursive);
  write("tree/lib/cmake/descent/descentConfig.cmake",
        config.replace(at, library.size(), "not_there.so"));
  expect("tree/bin/descent plugins new loss mine");
  const auto spoken = here("cmake -S mine -B mine/build");
  EXPECT_NE(spoken.code, 0);
  EXPECT_TRUE(contains(spoken.text, "not_there.so")) << spoken.text;
  EXPECT_TRUE(contains(spoken.text, "libsleef-dev")) << spoken.text;
}

// The complete examples of docs/plugins.md, by the name their first line gives.
std::map<std::string, std::string> examples() {
  std::ifstream file(descent::source_path("docs/plugins.md"));
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const std::string open = "```cpp\n// ";
  std::map<std::string, std::string> found;
  for (auto at = page.find(open); at != page.npos; at = page.find(open, at + 1)) {
    const auto start = at + open.size();
    const auto name = page.substr(start, page.find(':', start) - start);
    const auto code = page.find("// ", at);
    found[name] = page.substr(code, page.find("\n```", code) + 1 - code);
  }
  return found;
}

TEST_F(SlowWalk, CompilesAndChecksTheExamplesOfTheDocuments) {
  EXPECT_EQ(examples().size(), 4u);
  for (const auto& [name, code] : examples()) {
    write(name, code);
    const auto library = std::filesystem::path(name).stem().string() + ".so";
    expect_compiles(
        "g++ -Wall -Wextra -Wpedantic -Wshadow -Werror -shared -fPIC $(descent plugins flags) " +
        name + " -o " + library);
    expect("descent plugins check ./" + library);
  }
}

struct Compiler {
  std::string name, options;
};
void PrintTo(const Compiler& compiler, std::ostream* out) {
  *out << compiler.name << ' ' << compiler.options;
}

class OneLine : public SlowOutside, public testing::WithParamInterface<Compiler> {
 protected:
  void expect_every_kind() const;
};

void OneLine::expect_every_kind() const {
  const auto& [compiler, options] = GetParam();
  if (!is_there(compiler)) GTEST_SKIP() << compiler << " is not installed";
  for (const std::string kind : {"loss", "optimizer", "regularizer"}) {
    const auto name = "my_" + kind;
    expect("descent plugins new " + kind + " " + name);
    expect_compiles(compiler + " -Wall -Wextra -Wpedantic -Wshadow -Werror -shared -fPIC " +
                    options + " $(descent plugins flags) " + name + "/" + name + ".cc -o " + name +
                    ".so");
    expect("descent plugins check ./" + name + ".so");
  }
}

TEST_F(SlowWalk, CompilesAndChecksWhatUsesMoreThanTheGradient) {
  for (const std::string like : {"wrapper", "hessian", "samples"}) {
    expect("descent plugins new optimizer my_" + like + " --like " + like);
    expect_compiles(
        "g++ -Wall -Wextra -Wpedantic -Wshadow -Werror -shared -fPIC $(descent plugins flags) my_" +
        like + "/my_" + like + ".cc -o my_" + like + ".so");
    expect("descent plugins check ./my_" + like + ".so");
  }
}

using SlowOneLine = OneLine;
TEST_P(SlowOneLine, CompilesEveryKind) { expect_every_kind(); }
INSTANTIATE_TEST_SUITE_P(Compilers, SlowOneLine,
                         testing::Values(Compiler{"g++", ""}, Compiler{"clang++", ""}));

using ExhaustiveOneLine = OneLine;
TEST_P(ExhaustiveOneLine, CompilesEveryKindWithOptions) { expect_every_kind(); }
INSTANTIATE_TEST_SUITE_P(Compilers, ExhaustiveOneLine,
                         testing::Values(Compiler{"g++", "-march=native -DARMA_32BIT_WORD"},
                                         Compiler{"clang++", "-march=native -DARMA_32BIT_WORD"}));

using NewPlugin = Desk;

TEST_F(NewPlugin, IsWrittenOnceAndNeverOver) {
  const auto first = descent({"plugins", "new", "regularizer", "mine", "--dir", "a/b"});
  EXPECT_EQ(first.code, 0) << first.err;
  for (const std::string file : {"mine.cc", "CMakeLists.txt", "README.md"})
    EXPECT_TRUE(contains(first.out, "a/b/mine/" + file + "\n")) << first.out;
  const auto second = descent({"plugins", "new", "regularizer", "mine", "--dir", "a/b"});
  EXPECT_EQ(second.code, 2);
  EXPECT_TRUE(contains(second.err, "already exists; choose another name")) << second.err;
}

TEST_F(NewPlugin, LeavesNoPlaceOpenInItsFiles) {
  const std::vector<std::pair<std::string, std::string>> all = {{"loss", ""},
                                                                {"optimizer", ""},
                                                                {"regularizer", ""},
                                                                {"optimizer", "wrapper"},
                                                                {"optimizer", "hessian"},
                                                                {"optimizer", "samples"}};
  for (const auto& [kind, like] : all) {
    const auto folder = kind + like;
    ASSERT_EQ(descent({"plugins", "new", kind, "mine", "--dir", folder, "--like", like}).code, 0);
    for (const auto& entry : fs::directory_iterator(path(folder + "/mine"))) {
      std::ifstream file(entry.path());
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      EXPECT_FALSE(contains(text, "{{") || contains(text, "}}")) << text;
      EXPECT_TRUE(contains(text, "mine")) << text;
    }
  }
}

// Only this folder is on the path: first it has no tools, then it has some that are none.
TEST_F(NewPlugin, NamesTheMissingPackages) {
  const auto created = [&](const std::string& name) {
    auto call = invocation({"plugins", "new", "optimizer", name});
    call.environment["PATH"] = path("");
    const auto result = run(call);
    EXPECT_EQ(result.code, 0) << result.err;
    return result.out;
  };
  const std::string line = "apt-get install --no-install-recommends ";
  const auto nothing = created("first");
  EXPECT_TRUE(contains(nothing, line + "g++ make cmake\n")) << nothing;
  for (const std::string tool : {"c++", "make", "cmake"})
    fs::permissions(write(tool, ""), fs::perms::owner_all);
  const auto everything = created("second");
  EXPECT_FALSE(contains(everything, "apt-get")) << everything;
  fs::permissions(path("cmake"), fs::perms::owner_read);
  const auto unusable = created("third");
  EXPECT_TRUE(contains(unusable, line + "cmake\n")) << unusable;
}

TEST_F(NewPlugin, ListsItsPackagesInItsReadme) {
  ASSERT_EQ(descent({"plugins", "new", "loss", "mine"}).code, 0);
  std::ifstream file(path("mine/README.md"));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_TRUE(contains(text,
                       "apt-get install --no-install-recommends g++ make cmake libarmadillo-dev "
                       "libopenblas-serial-dev libsleef-dev\n"))
      << text;
}

// Who names a plugin's folder means the plugin in it.
TEST_F(NewPlugin, MayTakeThePlaceOfAShippedOne) {
  const auto made = descent({"plugins", "new", "optimizer", "adam"});
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_TRUE(contains(made.out, "there is optimizer 'adam' already")) << made.out;
}

TEST_F(NewPlugin, HasAKindAndANameOfItsOwn) {
  const auto error = [&](Words words) {
    words.insert(words.begin(), {"plugins", "new"});
    const auto result = descent(words);
    EXPECT_EQ(result.code, 2) << result.out;
    return result.err;
  };
  EXPECT_EQ(error({"optimiser", "mine"}),
            "error: kind 'optimiser' is not known; did you mean 'optimizer'?\n");
  EXPECT_TRUE(contains(error({"optimizer", "my-lion"}), "letters, digits and _"));
  EXPECT_EQ(error({"loss", "mine", "--like", "wrapper"}),
            "error: there is no loss like 'wrapper'; --like is for optimizers: wrapper (of another "
            "one), hessian, samples (their gradients)\n");
  EXPECT_EQ(error({"optimizer"}),
            "error: usage: descent plugins new KIND NAME; see descent plugins --help\n");
}

}  // namespace
}  // namespace descent
