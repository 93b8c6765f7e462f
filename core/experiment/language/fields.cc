// SPDX-License-Identifier: MIT
#include "experiment/language/fields.h"

namespace descent::experiment {

using nlohmann::json;

void needed(Key& key, const char* example, Unless unless) {
  key = required_unless(required(key.name, key.schema, key.doc, example), std::move(unless));
}

void section(Key& key) {
  key.fallback = nlohmann::json::object();
  for (const auto& one : key.schema.keys)
    if (!one.fallback.is_null()) key.fallback[one.name] = one.fallback;
}

Key& Fields::list(const std::string& key, Schema schema, const std::string& doc) {
  auto& place = listed_ ? listed_->emplace_back() : not_listed_;
  return place = alternative(key, std::move(schema), doc);
}

const json* Fields::find(const std::string& key) const {
  return given_ && given_->contains(key) ? &(*given_)[key] : nullptr;
}

void Fields::read(const json& value, std::string& field, bool is_path) {
  value.get_to(field);
  if (is_path) field = (*folder_ / field).lexically_normal().string();
}

// The keys of a nested value; of a list, all its items are read.
std::vector<Key> Fields::inside(const std::string& key, const Describe& describe) {
  std::vector<Key> keys;
  const auto walk = [&](Fields inner) { describe(inner); };
  if (listed_) walk(Fields(keys));
  const auto* given = find(key);
  if (given && given->is_array())
    for (const auto& one : *given) walk(Fields(one, *folder_));
  else if (given)
    walk(Fields(*given, *folder_));
  return keys;
}

Key& Fields::map(const std::string& path, const char* shorthand, const char* doc,
                 const Describe& describe) {
  const auto key = path.substr(path.rfind('.') + 1);
  return list(key, experiment::map(path, inside(key, describe), shorthand), doc);
}

Key& Fields::choice(const char* key, const char* noun, const std::string& doc,
                    const Describe& kinds) {
  return list(key, experiment::choice(noun, inside(key, kinds)), doc);
}

Key& Fields::choices(const char* key, const char* noun, const char* doc, const Describe& kinds) {
  return list(key, experiment::list(experiment::choice(noun, inside(key, kinds))), doc);
}

Key& Fields::maps(const char* key, const char* doc, const Describe& describe) {
  return list(key, experiment::list(experiment::map(key, inside(key, describe))), doc);
}

void Fields::other(Key key, const std::function<void(const json&)>& read) {
  if (const auto* value = find(key.name)) read(*value);
  if (listed_) listed_->push_back(std::move(key));
}

void Fields::value(double& field, Schema schema) {
  if (given_) given_->get_to(field);
  list("", std::move(schema), "");
}

void Fields::pair(double& a, double& b, Schema schema) {
  if (given_) given_->at(0).get_to(a), given_->at(1).get_to(b);
  list("", std::move(schema), "");
}

void Fields::follow(const char* name, const char* doc, const Describe& argument,
                    const char* shorthand) {
  std::vector<Key> keys;
  json followed;
  if (given_ && *shorthand) followed = *given_, followed[shorthand] = given_->at(name);
  if (given_ && !*shorthand) followed = given_->value(name, json());
  Fields inner = listed_ ? Fields(keys) : Fields(followed, *folder_);
  if (argument) argument(inner);
  const bool has_keys = keys.empty() || !keys.front().name.empty();
  list(name, has_keys ? experiment::map("", std::move(keys), shorthand) : keys.front().schema, doc);
}

}  // namespace descent::experiment
