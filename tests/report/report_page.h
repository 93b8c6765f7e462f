// SPDX-License-Identifier: MIT
// A page that `descent report` wrote, and what is in it.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "folder.h"
#include "paths.h"
#include "shell.h"

namespace descent::report {

using nlohmann::json;

inline std::string text_of_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

inline std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

// All pictures of a page, of all its figures.
inline std::vector<json> pictures_of(const std::string& html) {
  const std::string start = "<script type=\"application/json\" id=\"pictures\">";
  const auto from = html.find(start) + start.size();
  auto text = html.substr(from, html.find("</script>", from) - from);
  // an infinity, which this reader refuses
  for (auto at = text.find("1e999"); at != text.npos; at = text.find("1e999", at))
    text.replace(at, 5, "1e308");
  std::vector<json> all;
  for (const auto& figure : json::parse(text))
    for (const auto& picture : figure) all.push_back(picture);
  return all;
}

class PageTest : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.path(name); }
  Spoken here(const std::string& arguments) const {
    return shell("cd " + quoted(path("")) + " && " + quoted(build_path("descent")) + " " +
                 arguments);
  }
  // report.html of a store, as it is written now.
  std::string page_of(const std::string& store, const std::string& options = "") const {
    const auto spoken = here("report " + quoted(store) + " --output report.html " + options);
    EXPECT_EQ(spoken.code, 0) << spoken.text;
    return text_of_file(path("report.html"));
  }

  Folder folder_;
};

}  // namespace descent::report
