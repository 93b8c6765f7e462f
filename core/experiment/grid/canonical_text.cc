// SPDX-License-Identifier: MIT
#include "experiment/grid/canonical_text.h"

#include <algorithm>

#include "experiment/schema/path.h"

namespace descent::experiment {
namespace {

using nlohmann::json;

const json& at(const json& configuration, const std::string& path) {
  const json* value = &configuration;
  for (const auto& segment : segments(path))
    value = value->is_array() ? &value->at(std::stoul(segment)) : &value->at(segment);
  return *value;
}

}  // namespace

CanonicalText::CanonicalText(const json& configuration,
                             const std::vector<std::pair<std::size_t, std::string>>& free) {
  for (const auto& [axis, path] : free) open_.emplace_back(&at(configuration, path), axis);
  write(configuration);
  open_.clear();
}

// As json::dump() writes, which is what tells points apart.
void CanonicalText::write(const json& value) {
  const auto open = std::ranges::find(open_, &value, &std::pair<const json*, std::size_t>::first);
  if (open != open_.end()) {
    cuts_.emplace_back(text_.size(), open->second);
  } else if (value.is_object()) {
    text_ += '{';
    for (auto entry = value.begin(); entry != value.end(); ++entry) {
      text_ += (entry == value.begin() ? "" : ",") + json(entry.key()).dump() + ":";
      write(*entry);
    }
    text_ += '}';
  } else if (value.is_array()) {
    text_ += '[';
    for (auto item = value.begin(); item != value.end(); ++item) {
      if (item != value.begin()) text_ += ',';
      write(*item);
    }
    text_ += ']';
  } else {
    text_ += value.dump();
  }
}

std::string CanonicalText::with(const std::function<std::string(std::size_t)>& value) const {
  std::string whole;
  whole.reserve(text_.size() + 24 * cuts_.size());
  std::size_t done = 0;
  for (const auto& [offset, axis] : cuts_) {
    whole.append(text_, done, offset - done);
    whole += value(axis);
    done = offset;
  }
  return whole.append(text_, done);
}

}  // namespace descent::experiment
