// SPDX-License-Identifier: MIT
#include "report/grid.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

namespace descent::report {
namespace {

bool is_number(const store::Value& value) {
  return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

double as_number(const store::Value& value) {
  const auto* whole = std::get_if<std::int64_t>(&value);
  return whole ? double(*whole) : std::get<double>(value);
}

// Numbers by size, before texts.
struct Before {
  bool operator()(const store::Value& a, const store::Value& b) const {
    if (is_number(a) && is_number(b)) return as_number(a) < as_number(b);
    if (is_number(a) != is_number(b)) return is_number(a);
    const auto *x = std::get_if<std::string>(&a), *y = std::get_if<std::string>(&b);
    return x && y && *x < *y;
  }
};

std::vector<std::string> segments(const std::string& path) {
  std::vector<std::string> all;
  for (std::size_t from = 0; from <= path.size();) {
    const auto dot = std::min(path.find('.', from), path.size());
    all.push_back(path.substr(from, dot - from));
    from = dot + 1;
  }
  return all;
}

std::string short_name(const std::string& path, const std::vector<std::string>& paths) {
  const auto ends = segments(path);
  std::string end;
  for (auto segment = ends.rbegin(); segment != ends.rend(); ++segment) {
    end.insert(0, end.empty() ? *segment : *segment + ".");
    const auto shares = [&](const std::string& other) {
      return other != path && (other == end || other.ends_with("." + end));
    };
    const bool is_index = !end.empty() && std::isdigit(static_cast<unsigned char>(end[0]));
    if (!is_index && std::ranges::none_of(paths, shares)) return end;
  }
  return path;
}

SweptPath coded(const std::string& path, const std::string& name,
                const std::vector<store::Value>& values) {
  std::map<store::Value, int, Before> codes;
  for (const auto& value : values)
    if (!std::holds_alternative<std::monostate>(value)) codes.emplace(value, 0);
  SweptPath swept{path, name, {}, {}};
  for (auto& [value, code] : codes) {
    code = int(swept.values.size());
    swept.values.push_back(value);
  }
  for (const auto& value : values)
    swept.codes.push_back(std::holds_alternative<std::monostate>(value) ? -1 : codes.at(value));
  return swept;
}

}  // namespace

bool is_truth_value(const store::Value& value) {
  const auto* text = std::get_if<std::string>(&value);
  return text && (*text == "true" || *text == "false");
}

bool SweptPath::has_text() const {
  return std::ranges::any_of(values, [](const auto& value) { return !is_number(value); });
}

bool SweptPath::is_text() const { return std::ranges::none_of(values, is_number); }

std::size_t SweptPath::numbers() const {
  return std::size_t(std::ranges::count_if(values, is_number));
}

Grid::Grid(std::vector<std::int64_t> ids, const std::vector<std::string>& paths,
           const std::map<std::string, std::vector<store::Value>>& values)
    : ids_(std::move(ids)) {
  for (const auto& path : paths)
    paths_.push_back(coded(path, short_name(path, paths), values.at(path)));
}

std::size_t Grid::place(std::int64_t id) const {
  return std::size_t(std::ranges::lower_bound(ids_, id) - ids_.begin());
}

Paths Grid::varied() const {
  Paths all;
  for (std::size_t p = 0; p < paths_.size(); ++p) {
    const auto& codes = paths_[p].codes;
    if (std::ranges::any_of(codes, [&](int code) { return code != codes.front(); }))
      all.push_back(p);
  }
  return all;
}

std::vector<std::size_t> Grid::classes(const Paths& by) const {
  std::vector<std::size_t> of(size(), 0);
  for (const auto p : by) {
    std::map<std::pair<std::size_t, int>, std::size_t> made;
    for (std::size_t i = 0; i < of.size(); ++i)
      of[i] = made.try_emplace({of[i], paths_[p].codes[i]}, made.size()).first->second;
  }
  return of;
}

bool Grid::follows(std::size_t path, const Paths& by) const {
  const auto of = classes(by);
  constexpr int none = -2;
  std::vector<int> first(size(), none);
  for (std::size_t i = 0; i < of.size(); ++i) {
    auto& seen = first[of[i]];
    if (seen == none) seen = paths_[path].codes[i];
    if (seen != paths_[path].codes[i]) return false;
  }
  return true;
}

const store::Value* Grid::value(std::size_t path, std::size_t point) const {
  const int code = paths_[path].codes[point];
  return code < 0 ? nullptr : &paths_[path].values[std::size_t(code)];
}

}  // namespace descent::report
