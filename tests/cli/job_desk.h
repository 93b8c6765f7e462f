// SPDX-License-Identifier: MIT
// A folder in which a test runs a job by hand, as a loop in a shell would.
#pragma once

#include <algorithm>

#include "base/file.h"
#include "cli/desk.h"
#include "store/dump.h"

namespace descent {

class JobDesk : public Desk {
 protected:
  static constexpr int round_waits = 4;

  // submit --by-hand; goes on with the job out.db.job if it is there.
  Result submit(Words files, Words more = {}) const {
    Words words{"submit"};
    words.insert(words.end(), files.begin(), files.end());
    for (const auto* word : {"--db", "out.db", "--by-hand"}) words.push_back(word);
    words.insert(words.end(), more.begin(), more.end());
    return descent(words);
  }
  Result collect() const { return descent({"submit", "--job", "out.db.job"}); }
  Result share(std::uint64_t number, std::map<std::string, std::string> environment = {}) const {
    auto request = invocation({"share", "out.db.job", std::to_string(number), "--workers", "2"});
    request.environment = std::move(environment);
    return run(request);
  }

  nlohmann::json job() const {
    return nlohmann::json::parse(read_file(path("out.db.job/job.json")).value_or("{}"));
  }
  std::uint64_t shares() const { return job()["round"]["shares"]; }
  unsigned round() const { return job()["round"]["number"]; }
  std::string part(std::uint64_t number) const {
    return path("out.db.job/round-" + std::to_string(round()) + "/" + std::to_string(number) +
                ".db");
  }

  // All shares of all rounds, the last one first; what the last submit said.
  Result train_all(Result last) const {
    for (int rounds = 0; last.code == round_waits && rounds < 20; ++rounds) {
      for (auto i = shares(); i-- > 0;) {
        const auto result = share(i);
        EXPECT_EQ(result.code, 0) << result.err;
      }
      last = collect();
    }
    return last;
  }

  void expect_as_by(const Words& files, int code = 0) const {
    Words words{"run"};
    words.insert(words.end(), files.begin(), files.end());
    for (const auto* word : {"--db", "whole.db", "-q"}) words.push_back(word);
    const auto result = descent(words);
    EXPECT_EQ(result.code, code) << result.err;
    expect_same(store::dump(path("out.db")), store::dump(path("whole.db")));
  }

  // Of texts of megabytes, tells the first line that differs.
  static void expect_same(const std::string& found, const std::string& expected) {
    if (found == expected) return;
    const auto at = std::size_t(std::ranges::mismatch(found, expected).in1 - found.begin());
    const auto line = [&](const std::string& text) {
      const auto begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
      return text.substr(begin, std::min<std::size_t>(300, text.find('\n', at) - begin));
    };
    ADD_FAILURE() << "stores differ, first in\n" << line(found) << "\nand\n" << line(expected);
  }
};

}  // namespace descent
