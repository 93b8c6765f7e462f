// SPDX-License-Identifier: MIT
// The queries of docs/pictures.md, asked of a store that has the experiment they name.
#include "report/report_page.h"
#include "store/query.h"

namespace descent::report {
namespace {

// The blocks between ```sql and ```.
std::vector<std::string> queries(const std::string& page) {
  const std::string start = "```sql\n";
  std::vector<std::string> all;
  for (auto at = page.find(start); at != page.npos; at = page.find(start, at)) {
    at += start.size();
    all.push_back(page.substr(at, page.find("```", at) - at));
  }
  return all;
}

class PicturesPage : public PageTest {};

TEST_F(PicturesPage, HasQueriesThatStoresAnswer) {
  const auto spoken = here("run " + quoted(source_path("experiments/batch_sizes.yaml")) +
                           " --db a.db --quiet --set train.epochs=2 --set record.every=1 "
                           "--set replicates.count=2");
  ASSERT_EQ(spoken.code, 0) << spoken.text;
  const auto all = queries(text_of_file(source_path("docs/pictures.md")));
  EXPECT_GT(all.size(), 8u);
  for (const auto& sql : all)
    EXPECT_NO_THROW(store::query(path("a.db"), sql, store::Format::csv)) << sql;
}

}  // namespace
}  // namespace descent::report
