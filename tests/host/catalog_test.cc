// SPDX-License-Identifier: MIT
// Which plugins are found, in which folders, in which order.
#include "host/catalog.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "host/support.h"

namespace descent::testing {
namespace {

namespace fs = std::filesystem;

// Sets an environment variable for the time of a scope.
class Environment {
 public:
  Environment(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    setenv(name, value.c_str(), 1);
  }
  ~Environment() { old_.empty() ? unsetenv(name_) : setenv(name_, old_.c_str(), 1); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
  std::string old_;
};

class CurrentFolder {
 public:
  explicit CurrentFolder(const fs::path& path) : old_(fs::current_path()) {
    fs::current_path(path);
  }
  ~CurrentFolder() { fs::current_path(old_); }
  CurrentFolder(const CurrentFolder&) = delete;
  CurrentFolder& operator=(const CurrentFolder&) = delete;

 private:
  fs::path old_;
};

fs::path shipped(const std::string& name) { return shipped_plugins() / (name + ".so"); }

TEST(Catalog, ListsTheNamesOfAKindInOrder) {
  const host::Catalog catalog({shipped_plugins()});
  const auto names = catalog.names(DESCENT_OPTIMIZER);
  EXPECT_TRUE(std::ranges::is_sorted(names));
  EXPECT_TRUE(std::ranges::count(names, "adam") == 1 && std::ranges::count(names, "sgd") == 1);
  EXPECT_EQ(std::ranges::count(names, "mse"), 0);
}

TEST(Catalog, KeepsTheKindsApart) {
  const host::Catalog catalog({shipped_plugins()});
  EXPECT_TRUE(catalog.contains(DESCENT_LOSS, "l1"));
  EXPECT_TRUE(catalog.contains(DESCENT_REGULARIZER, "l1"));
  EXPECT_FALSE(catalog.contains(DESCENT_OPTIMIZER, "l1"));
  EXPECT_EQ(catalog.get(DESCENT_LOSS, "l1").label(), "loss 'l1'");
  EXPECT_EQ(catalog.get(DESCENT_REGULARIZER, "l1").label(), "regularizer 'l1'");
}

TEST(Catalog, NamesTheNearestOfAnUnknownName) {
  const host::Catalog catalog({shipped_plugins()});
  EXPECT_EQ(error_of([&] { catalog.get(DESCENT_OPTIMIZER, "adaam"); }),
            "error: optimizer 'adaam' is not known; did you mean 'adam'?");
}

TEST(Catalog, NamesAllValidNamesWhenNoneIsNear) {
  const host::Catalog catalog({shipped_plugins()});
  const auto text = error_of([&] { catalog.get(DESCENT_REGULARIZER, "zzzzzzzzzz"); });
  EXPECT_NE(text.find("regularizer 'zzzzzzzzzz' is not known; valid: "), text.npos) << text;
  EXPECT_NE(text.find("l1, l2"), text.npos) << text;
}

TEST(Catalog, LoadsAPluginOnce) {
  const host::Catalog catalog({shipped_plugins()});
  EXPECT_EQ(&catalog.get(DESCENT_LOSS, "mse"), &catalog.get(DESCENT_LOSS, "mse"));
}

TEST(Catalog, TakesTheFirstFolderThatHasTheName) {
  const Folder first, second;
  for (const auto* folder : {&first, &second}) fs::create_directories(folder->path() / "losses");
  fs::copy(shipped("losses/mse"), second.path() / "losses/mse.so");
  fs::copy(shipped("losses/mse"), first.path() / "losses/mse.so");
  fs::copy(shipped("losses/l1"), second.path() / "losses/l1.so");
  const host::Catalog catalog({first.path(), second.path()});
  EXPECT_EQ(catalog.get(DESCENT_LOSS, "mse").path(), first.path() / "losses/mse.so");
  EXPECT_EQ(catalog.get(DESCENT_LOSS, "l1").path(), second.path() / "losses/l1.so");
}

TEST(Catalog, FindsLooseFilesByTheirKind) {
  const Folder folder;
  fs::copy(shipped("losses/mse"), folder.path() / "mse.so");
  fs::copy(shipped("optimizers/sgd"), folder.path() / "sgd.so");
  const host::Catalog catalog({folder.path()});
  EXPECT_EQ(catalog.names(DESCENT_LOSS), std::vector<std::string>{"mse"});
  EXPECT_EQ(catalog.names(DESCENT_OPTIMIZER), std::vector<std::string>{"sgd"});
  EXPECT_TRUE(catalog.names(DESCENT_REGULARIZER).empty());
}

// Naming it reports why, whatever kind was meant.
TEST(Catalog, TakesALooseFileThatCannotBeLoadedForAnyKind) {
  const Folder folder;
  const auto path = folder.path() / "notes.so";
  std::ofstream(path) << "no library";
  const host::Catalog catalog({folder.path(), shipped_plugins()});
  for (const auto kind : host::kinds) {
    EXPECT_TRUE(catalog.contains(kind, "notes"));
    const auto message =
        path.string() + ": error: cannot be loaded as a plugin: it is not a shared library";
    EXPECT_EQ(catalog.objection(kind, "notes"), message);
    EXPECT_EQ(error_of([&] { catalog.get(kind, "notes"); }), message);
  }
  EXPECT_EQ(catalog.objection(DESCENT_LOSS, "mse"), "");
}

TEST(Catalog, SurvivesALooseFileThatCrashesWhenItIsLoaded) {
  const Folder folder;
  fs::copy(test_plugins() / "bad/crashes_on_load.so", folder.path());
  const host::Catalog catalog({folder.path(), shipped_plugins()});
  EXPECT_TRUE(catalog.contains(DESCENT_OPTIMIZER, "adam"));
  const auto message = error_of([&] { catalog.get(DESCENT_OPTIMIZER, "crashes_on_load"); });
  EXPECT_NE(message.find("crashes_on_load.so: error: cannot be loaded as a plugin: "), message.npos)
      << message;
}

TEST(Catalog, ReportsFilesThatAnotherOneHides) {
  const Folder first, second, third;
  fs::copy(test_plugins() / "optimizers/throwing.so", first.path() / "throwing.so");
  fs::copy(test_plugins() / "optimizers/throwing.so", second.path() / "throwing.so");
  fs::copy(test_plugins() / "optimizers/throwing.so", third.path() / "throwing.so");
  std::ofstream(third.path() / "throwing.so", std::ios::app) << "another build";
  const host::Catalog catalog({first.path(), first.path(), second.path(), third.path()});
  EXPECT_EQ(catalog.shadowed(DESCENT_OPTIMIZER, "throwing"),
            std::vector<fs::path>{third.path() / "throwing.so"})
      << "a copy is no other plugin";
}

TEST(Catalog, PassesOverFoldersThatAreNotThere) {
  const host::Catalog catalog({"/nowhere/at/all"});
  EXPECT_TRUE(catalog.names(DESCENT_LOSS).empty());
  EXPECT_EQ(error_of([&] { catalog.get(DESCENT_LOSS, "mse"); }), "error: loss 'mse' is not known");
}

TEST(CatalogFolders, AreThoseGivenThenThoseOfTheEnvironmentThenThoseOfTheProgram) {
  const Environment path("DESCENT_PLUGIN_PATH", "/from/environment::/second");
  const auto folders = host::Catalog::standard_folders({"/given"});
  const auto program = fs::read_symlink("/proc/self/exe").parent_path();
  const std::vector<fs::path> expected = {"/given", "/from/environment", "/second",
                                          program / "plugins",
                                          program.parent_path() / "lib/descent/plugins"};
  EXPECT_EQ(folders, expected);
}

TEST(CatalogFolders, OfTheEnvironmentAreSearched) {
  const Environment path("DESCENT_PLUGIN_PATH", shipped_plugins().string());
  const host::Catalog catalog(host::Catalog::standard_folders({}));
  EXPECT_TRUE(catalog.contains(DESCENT_LOSS, "mse"));
}

TEST(CatalogFolders, NeverIncludeTheCurrentFolder) {
  const Folder folder;
  fs::copy(shipped("losses/mse"), folder.path() / "local_loss.so");
  fs::create_directories(folder.path() / "losses");
  fs::copy(shipped("losses/mse"), folder.path() / "losses/other_loss.so");
  const CurrentFolder here(folder.path());
  for (const char* path : {".", "./losses", "plugins:/usr"}) {
    const Environment variable("DESCENT_PLUGIN_PATH", path);
    EXPECT_NE(
        error_of([] { host::Catalog::standard_folders({}); }).find("depends on the current folder"),
        std::string::npos);
  }
  for (const char* path : {"", ":", "::"}) {
    const Environment variable("DESCENT_PLUGIN_PATH", path);
    const host::Catalog catalog(host::Catalog::standard_folders({}));
    EXPECT_FALSE(catalog.contains(DESCENT_LOSS, "local_loss")) << path;
    EXPECT_FALSE(catalog.contains(DESCENT_LOSS, "other_loss")) << path;
  }
}

}  // namespace
}  // namespace descent::testing
