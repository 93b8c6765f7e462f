// SPDX-License-Identifier: MIT
#include "report/own_pictures.h"

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "report/query_picture.h"

namespace descent::report {
namespace {

std::vector<QueryPicture> stored(store::Reader& reader, const std::string& experiment) {
  std::vector<QueryPicture> all;
  const auto read = [&](const Row& row) {
    for (const auto& one : nlohmann::json::parse(std::get<std::string>(row.at(0))))
      all.push_back({one.at("title"), one.at("sql"), one.at("mark"), one.at("note")});
  };
  store::for_each_row(reader, "SELECT report FROM experiments WHERE name = ?", read, {experiment});
  return all;
}

}  // namespace

std::vector<Figure> own_pictures(store::Reader& reader, const std::string& experiment,
                                 Renderer& renderer) {
  std::vector<Figure> all;
  for (const auto& query : stored(reader, experiment)) {
    try {
      all.push_back({picture_of(reader, query, renderer)});
    } catch (const Error& error) {
      Picture failed;
      failed.title = query.title;
      failed.sql = query.sql;
      failed.mark = "line";
      failed.columns = {"x", "value"};
      const auto& text = error.problems().front().text;
      failed.note = "The query fails. " + text.substr(0, text.find('\n'));
      all.push_back({failed});
    }
  }
  return all;
}

}  // namespace descent::report
