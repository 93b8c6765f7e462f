// SPDX-License-Identifier: MIT
// Every shipped plugin against every check of the conformance kit; both are discovered, not listed.
#include "conformance/check.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>

#include "host/catalog.h"
#include "paths.h"

namespace descent::conformance {
namespace {

std::filesystem::path build_folder() {
  const char* build = std::getenv("DESCENT_BUILD_DIR");
  return build ? build : descent::build_path("");
}

struct Named {
  std::string plugin;  // "losses_mse"
  Check check;
};
void PrintTo(const Named& named, std::ostream* out) {
  *out << named.plugin << ": " << named.check.name;
}

std::vector<Named> all_checks() {
  std::vector<Named> all;
  const host::Catalog catalog({build_folder() / "plugins"});
  for (const auto kind : host::kinds)
    for (const auto& name : catalog.names(kind))
      for (auto& check : checks_of(catalog.get(kind, name)))
        all.push_back({host::kind_name(kind, true) + "_" + name, std::move(check)});
  return all;
}

std::string test_name(const ::testing::TestParamInfo<Named>& info) {
  auto name = info.param.plugin + "_" + info.param.check.name;
  std::ranges::replace_if(
      name, [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name;
}

class Shipped : public ::testing::TestWithParam<Named> {};

TEST_P(Shipped, Holds) {
  const auto finding = run(GetParam().check);
  EXPECT_TRUE(finding.holds()) << finding.figure << " > " << finding.limit << ": " << finding.text;
}

INSTANTIATE_TEST_SUITE_P(Plugins, Shipped, ::testing::ValuesIn(all_checks()), test_name);

}  // namespace
}  // namespace descent::conformance
