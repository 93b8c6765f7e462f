// SPDX-License-Identifier: MIT
#include "report/picture.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace descent::report {
namespace {

// As `descent sql` shows it.
double rounded(double value) { return std::strtod(fmt::format("{:.7g}", value).c_str(), nullptr); }

std::string json_text(const std::string& text) {
  const auto plain =
      nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  std::string safe;
  for (const char c : plain) {
    if (c == '<')
      safe += "\\u003c";
    else
      safe += c;
  }
  return safe;
}

std::string json_number(double value) {
  if (std::isnan(value)) return "null";
  if (std::isinf(value)) return value < 0 ? "-1e999" : "1e999";
  return fmt::format("{:.7g}", value);
}

std::string json_value(const store::Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* real = std::get_if<double>(&value)) return json_number(*real);
  if (const auto* text = std::get_if<std::string>(&value)) return json_text(*text);
  return "null";
}

// "[a,b]" of what each item becomes.
template <class Items, class Text>
std::string json_list(const Items& items, const Text& text) {
  std::string all = "[";
  for (const auto& item : items) all += (all.size() > 1 ? "," : "") + text(item);
  return all + "]";
}

// The members of an object, one after the other; those that say nothing are left out.
class Object {
 public:
  void raw(const char* key, const std::string& json) {
    text_ += fmt::format("{}\"{}\":{}", text_.empty() ? "" : ",", key, json);
  }
  void text(const char* key, const std::string& value) {
    if (!value.empty()) raw(key, json_text(value));
  }
  void flag(const char* key, bool value) {
    if (value) raw(key, "true");
  }
  void number(const char* key, const std::optional<double>& value) {
    if (value) raw(key, json_number(*value));
  }
  std::string json() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

std::string json_scale(const Scale& scale) {
  Object object;
  object.text("label", scale.label);
  if (scale.log) object.raw("log", *scale.log ? "true" : "false");
  if (scale.domain)
    object.raw("domain", fmt::format("[{},{}]", json_number(scale.domain->first),
                                     json_number(scale.domain->second)));
  return object.json();
}

std::string json_reference(const Reference& reference) {
  Object object;
  object.number("x", reference.x);
  object.number("y", reference.y);
  object.text("label", reference.label);
  return object.json();
}

std::string json_field(const Field& field) {
  Object object;
  object.number("x0", field.x0);
  object.number("x1", field.x1);
  object.number("y0", field.y0);
  object.number("y1", field.y1);
  object.raw("nx", std::to_string(field.nx));
  object.raw("ny", std::to_string(field.ny));
  object.raw("z", json_list(field.z, [](double z) { return fmt::format("{:.4g}", z); }));
  return object.json();
}

std::string json_texts(const std::map<std::string, std::string>& names) {
  std::string all;
  for (const auto& [key, text] : names)
    all += (all.empty() ? "" : ",") + json_text(key) + ":" + json_text(text);
  return "{" + all + "}";
}

// JavaScript writes a number without an exponent from 1e-6 to below 1e21.
std::string javascript_text(double value) {
  value = rounded(value);
  const double size = std::abs(value);
  if (size == 0) return "0";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  if (size >= 1e-6 && size < 1e21) {
    const int decimals = std::max(0, 6 - int(std::floor(std::log10(size))));
    auto text = fmt::format("{:.{}f}", value, decimals);
    if (decimals > 0) text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text;
  }
  auto text = fmt::format("{:.7g}", value);  // 1.5e-07
  const auto digits = text.find('e') + 2;
  text.erase(digits, text.find_first_not_of('0', digits) - digits);
  return text;
}

}  // namespace

std::string name_key(const store::Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* real = std::get_if<double>(&value)) return javascript_text(*real);
  const auto* text = std::get_if<std::string>(&value);
  return text ? *text : "null";
}

std::string to_json(const Picture& picture) {
  Object object;
  object.text("title", picture.title);
  object.text("view", picture.view);
  object.text("mark", picture.mark);
  object.text("sql", picture.sql);
  object.raw("columns", json_list(picture.columns, json_text));
  object.raw("rows",
             json_list(picture.rows, [](const Row& row) { return json_list(row, json_value); }));
  object.raw("x", json_scale(picture.x));
  object.raw("y", json_scale(picture.y));
  object.text("note", picture.note);
  if (!picture.names.empty()) object.raw("names", json_texts(picture.names));
  if (!picture.values.empty()) object.raw("values", json_list(picture.values, json_text));
  if (!picture.modes.empty()) object.raw("modes", json_texts(picture.modes));
  if (!picture.references.empty())
    object.raw("refs", json_list(picture.references, json_reference));
  if (picture.ring) object.raw("best", picture.ring->empty() ? "true" : json_text(*picture.ring));
  object.flag("band", picture.band);
  object.flag("zero", picture.zero);
  object.flag("shared", picture.shared);
  object.text("z", picture.z);
  if (picture.field) object.raw("field", json_field(*picture.field));
  return object.json();
}

Picture with_rows(store::Reader& reader, Picture picture) {
  auto rows = reader.query(picture.sql);
  picture.columns = rows.columns();
  picture.rows.clear();
  for (Row row; rows.next(row);) picture.rows.push_back(row);
  return picture;
}

}  // namespace descent::report
