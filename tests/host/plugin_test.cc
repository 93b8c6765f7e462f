// SPDX-License-Identifier: MIT
// Loading, checking, configuring and unloading a plugin file.
#include "host/plugin.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <limits>
#include <sstream>

#include "base/floating_point.h"
#include "base/hash.h"
#include "host/elf.h"
#include "host/support.h"
#include "shell.h"

namespace descent::testing {
namespace {

namespace fs = std::filesystem;

std::string path_of(const fs::path& folder, const std::string& name) {
  return (folder / (name + ".so")).string();
}
std::string bad(const std::string& name) { return path_of(test_plugins() / "bad", name); }
std::string adam_path() { return path_of(shipped_plugins(), "optimizers/adam"); }
host::Plugin adam() { return {adam_path(), DESCENT_OPTIMIZER}; }

TEST(Plugin, KnowsWhatItIs) {
  const host::Plugin plugin = adam();
  EXPECT_EQ(plugin.label(), "optimizer 'adam'");
  EXPECT_EQ(plugin.path(), adam_path());
  EXPECT_EQ(plugin.hash(), hash128_of_file(adam_path()));
  EXPECT_EQ(plugin->abi, DESCENT_ABI);
  EXPECT_EQ(plugin.hyperparameter_names(),
            (std::vector<std::string>{"lr", "beta1", "beta2", "eps", "weight_decay", "amsgrad"}));
}

TEST(Plugin, CountsTheSlotsThatStepTakes) {
  const auto slots = [](const fs::path& folder, const std::string& name) {
    return host::Plugin(path_of(folder / "optimizers", name), DESCENT_OPTIMIZER)->slot_count;
  };
  EXPECT_EQ(slots(test_plugins(), "throwing"), 0u);
  EXPECT_EQ(slots(shipped_plugins(), "sgd"), 1u);
  EXPECT_EQ(slots(test_plugins(), "witness"), 3u);
}

TEST(Plugin, OffersAnAverageOnlyWhereTheAuthorWroteOne) {
  const host::Plugin averaging(path_of(test_plugins(), "optimizers/averaging"), DESCENT_OPTIMIZER);
  EXPECT_TRUE(averaging->average[DESCENT_F32] && averaging->average[DESCENT_F64]);
  EXPECT_FALSE(adam()->average[DESCENT_F32] || adam()->average[DESCENT_F64]);
}

// One step of gradient descent at lr = 1 from 1 along 0.25.
double after_a_step(const host::Plugin& plugin) {
  const auto hyperparameters = plugin.settle({{"lr", 1}}).hyperparameters;
  double x = 1, gradient = 0.25, memory = 0;
  void* slot = &memory;
  descent_step_call call{};
  call.x = {&x, 1, 1};
  call.gradient = {&gradient, 1, 1};
  call.slots = &slot;
  call.t = 1;
  EXPECT_EQ(plugin->step[DESCENT_F64](hyperparameters.data(), &call), nullptr);
  return x;
}

// As cp does it; the linker and a package manager make a new file. Pages that are mapped from the
// file would change or, beyond its end, end the program.
TEST(Plugin, StaysWhatWasReadWhenItsFileIsWrittenOver) {
  const Folder folder;
  const auto path = path_of(folder.path(), "sgd");
  fs::copy(path_of(shipped_plugins(), "optimizers/sgd"), path);
  const auto hash = hash128_of_file(path);
  const host::Plugin plugin(path, DESCENT_OPTIMIZER);
  std::ofstream(path, std::ios::binary | std::ios::trunc) << "other";
  EXPECT_EQ(plugin.hash(), hash);
  EXPECT_EQ(after_a_step(plugin), 0.75);
  EXPECT_EQ(plugin.hyperparameter_names().front(), "lr");
}

TEST(Plugin, MeetsItsFileAgainAfterAChange) {
  const Folder folder;
  const auto path = path_of(folder.path(), "sgd");
  fs::copy(path_of(shipped_plugins(), "optimizers/sgd"), path);
  const host::Plugin before(path, DESCENT_OPTIMIZER);
  std::ofstream(path, std::ios::binary | std::ios::app) << "more";  // after the last section
  const host::Plugin after(path, DESCENT_OPTIMIZER);
  EXPECT_NE(before.hash(), after.hash());
  EXPECT_NE(before.operator->(), after.operator->()) << "two libraries";
}

TEST(Plugin, CannotBeChangedInMemoryByItsFile) {
  const host::Plugin plugin = adam();
  Dl_info where{};
  ASSERT_NE(dladdr(plugin.operator->(), &where), 0);
  std::fstream copy(where.dli_fname, std::ios::in | std::ios::out | std::ios::binary);
  copy.put('x').flush();
  EXPECT_FALSE(copy.good()) << where.dli_fname;
}

TEST(Plugin, ChangesNoArithmeticButItsOwn) {
  const KeepFloatingPoint keep;
  set_standard_floating_point();
  {
    const host::Plugin plugin(path_of(test_plugins(), "optimizers/changes_floating_point"));
    EXPECT_EQ(floating_point_deviation(), "") << "after loading";
#if defined(__x86_64__)
    EXPECT_EQ(plugin.floating_point(), "denormal numbers become zero");
#endif
  }
  EXPECT_EQ(floating_point_deviation(), "") << "after unloading";
  EXPECT_EQ(adam().floating_point(), "");
}

TEST(PluginError, SaysWhenTheFileIsANamedPipe) {
  const Folder folder;
  const auto path = path_of(folder.path(), "pipe");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(error_of([&] { host::Plugin(path, DESCENT_LOSS); }),
            path + ": error: is not a regular file");
}

TEST(PluginError, SaysWhenTheFileIsNotThere) {
  const auto text = error_of([] { host::Plugin("/nowhere/x.so", DESCENT_LOSS); });
  EXPECT_TRUE(text.starts_with("/nowhere/x.so: error: ")) << text;
}

TEST(PluginError, SaysWhenTheFileIsNoLibrary) {
  const Folder folder;
  const auto path = path_of(folder.path(), "text");
  std::ofstream(path) << "only words, and enough of them that a header would fit in here twice";
  const auto text = error_of([&] { host::Plugin(path, DESCENT_LOSS); });
  EXPECT_TRUE(text.starts_with(path + ": error: cannot be loaded as a plugin: ")) << text;
  EXPECT_EQ(text.find(path, 1), text.npos) << "the path once is enough: " << text;
}

// A copy of a plugin with the header of another machine.
TEST(PluginError, NamesTheMachineALibraryIsFor) {
  const Folder folder;
  const auto path = path_of(folder.path(), "adam");
  fs::copy(adam_path(), path);
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  constexpr int machine_at = 18, aarch64 = 183;
  file.seekp(machine_at).put(char(aarch64)).put(0);
  file.close();
  EXPECT_TRUE(error_of([&] { host::Plugin(path, DESCENT_OPTIMIZER); })
                  .starts_with(path + ": error: cannot be loaded as a plugin: it was built for "
                                      "AArch64, this machine is "));
}

TEST(PluginError, SaysWhenTheFileHasAnotherName) {
  const Folder folder;
  const auto path = path_of(folder.path(), "adam2");
  fs::copy(adam_path(), path);
  EXPECT_EQ(error_of([&] { host::Plugin(path, DESCENT_OPTIMIZER); }),
            path +
                ": error: contains the plugin 'adam', not 'adam2'; the file must have the plugin's "
                "name");
}

TEST(PluginError, SaysWhenTheLibraryIsNoPlugin) {
  EXPECT_EQ(error_of([] { host::Plugin(bad("no_symbol"), DESCENT_LOSS); }),
            bad("no_symbol") + ": error: is not a descent plugin: it has no symbol descent_entry");
}

TEST(PluginError, NamesBothInterfacesWhenTheyDiffer) {
  const auto text = error_of([] { host::Plugin(bad("wrong_abi"), DESCENT_LOSS); });
  EXPECT_TRUE(text.starts_with(bad("wrong_abi") + ": error: ")) << text;
  EXPECT_NE(text.find("interface 4711,"), text.npos) << text;
  EXPECT_NE(text.find("interface " + std::to_string(DESCENT_ABI) + ";"), text.npos) << text;
  EXPECT_NE(text.find("rebuild the plugin"), text.npos) << text;
}

TEST(PluginError, SaysWhenTheKindIsAnother) {
  EXPECT_EQ(error_of([] { host::Plugin(adam_path(), DESCENT_REGULARIZER); }),
            adam_path() + ": error: is not a plugin of kind regularizer");
}

TEST(Hyperparameters, ResolveToTheirDefaultsInTheOrderOfTheTable) {
  const host::PluginConfig choice = adam().settle({});
  EXPECT_EQ(choice.name, "adam");
  EXPECT_EQ(choice.hyperparameters, (std::vector<double>{1e-3, 0.9, 0.999, 1e-8, 0, 0}));
}

TEST(Hyperparameters, ResolveToTheGivenValues) {
  const host::PluginConfig choice = adam().settle({{"amsgrad", 1}, {"beta1", 0.5}, {"lr", 0}});
  EXPECT_EQ(choice.hyperparameters, (std::vector<double>{0, 0.5, 0.999, 1e-8, 0, 1}));
}

TEST(Hyperparameters, NameTheNearestOfAnUnknownName) {
  EXPECT_EQ(
      error_of([] {
        adam().settle({{"weight_decy", 0.1}});
      }),
      "error: optimizer 'adam' has no hyperparameter 'weight_decy'; did you mean 'weight_decay'?");
}

TEST(Hyperparameters, StayInsideTheirRange) {
  EXPECT_EQ(error_of([] {
              adam().settle({{"beta1", 1.5}});
            }),
            "error: optimizer 'adam': beta1 = 1.5 is outside [0, 0.9999999]");
  EXPECT_EQ(adam().objection(1, 0), "");
  EXPECT_EQ(adam().objection(1, 1), "beta1 = 1 is outside [0, 0.9999999]");
  EXPECT_EQ(adam().objection(1, -0.1), "beta1 = -0.1 is outside [0, 0.9999999]");
}

TEST(Hyperparameters, AreNeverNotANumber) {
  for (const double value :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
    EXPECT_NE(adam().objection(0, value), "");
}

TEST(Hyperparameters, ThatAreFlagsOrCountsTakeWholeNumbers) {
  EXPECT_EQ(adam().objection(5, 0.5), "amsgrad = 0.5 is outside true or false");
  const host::Plugin throwing(path_of(test_plugins(), "optimizers/throwing"), DESCENT_OPTIMIZER);
  EXPECT_EQ(throwing.objection(0, 2.5), "at = 2.5 is outside the whole numbers in [1, 1000]");
  EXPECT_EQ(throwing.objection(0, 3), "");
}

bool is_mapped(const std::string& path) {
  std::ifstream maps("/proc/self/maps");
  std::stringstream text;
  text << maps.rdbuf();
  return text.str().find(path) != std::string::npos;
}

TEST(Unloading, FollowsTheLastCopy) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "a sanitizer may keep libraries mapped";
#endif
  const Folder folder;
  const auto path = path_of(folder.path(), "adam");
  fs::copy(adam_path(), path);
  {
    const host::Plugin first(path, DESCENT_OPTIMIZER);
    host::Plugin second = first;
    EXPECT_TRUE(is_mapped(path));
    { const host::Plugin third = second; }
    second = adam();
    EXPECT_TRUE(is_mapped(path)) << "first still lives";
  }
  EXPECT_FALSE(is_mapped(path));
}

TEST(Unloading, FollowsAPluginThatHasWorkedAndThrown) {
#if defined(__SANITIZE_ADDRESS__)
  GTEST_SKIP() << "a sanitizer may keep libraries mapped";
#endif
  const auto path = path_of(test_plugins(), "optimizers/throwing");
  {
    const host::Plugin plugin(path, DESCENT_OPTIMIZER);
    const auto hyperparameters = plugin.settle({{"at", 1}}).hyperparameters;
    double x = 1, gradient = 1;
    descent_step_call call{};
    call.x = {&x, 1, 1};
    call.gradient = {&gradient, 1, 1};
    call.t = 1;
    EXPECT_STREQ(plugin->step[DESCENT_F64](hyperparameters.data(), &call), "cannot go on");
  }
  EXPECT_FALSE(is_mapped(path));
}

// The dynamic symbols a library defines, as nm lists them.
std::vector<std::string> exported(const fs::path& library) {
  std::istringstream lines(
      shell("nm --dynamic --defined-only --format=posix " + quoted(library)).text);
  std::vector<std::string> names;
  for (std::string line; std::getline(lines, line);)
    names.push_back(line.substr(0, line.find(' ')));
  return names;
}

std::vector<std::string> read_exported(const std::string& path) {
  return host::exported_symbols(host::LibraryFile(path).bytes());
}

// The host reads them as nm does, which takes a process for each.
TEST(Symbols, AreReadFromTheFile) {
  EXPECT_EQ(read_exported(adam_path()), exported(adam_path()));
  EXPECT_EQ(read_exported(bad("wrong_abi")), exported(bad("wrong_abi")));
}

TEST(Symbols, OneLeavesAPlugin) {
  int count = 0;
  for (const char* kind : {"losses", "optimizers", "regularizers"})
    for (const auto& folder : {shipped_plugins(), test_plugins()})
      for (const auto& entry : fs::directory_iterator(folder / kind)) {
        if (entry.path().extension() != ".so") continue;
        EXPECT_EQ(read_exported(entry.path()), std::vector<std::string>{"descent_entry"})
            << entry.path();
        ++count;
      }
  EXPECT_GE(count, 10);
}

TEST(Symbols, OfOnePluginAreNotSeenByAnother) {
  const host::Plugin plugin = adam();
  EXPECT_EQ(dlsym(RTLD_DEFAULT, "descent_entry"), nullptr);
}

}  // namespace
}  // namespace descent::testing
