// SPDX-License-Identifier: MIT
#include "experiment/source/override.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "base/suggestion.h"
#include "experiment/document/characters.h"
#include "experiment/document/merge_keys.h"
#include "experiment/schema/path.h"
#include "experiment/schema/resolve.h"
#include "experiment/schema/schema_cursor.h"

namespace descent::experiment {
namespace {

bool is_position(const std::string& segment) {
  return segment.size() <= 9 &&
         std::ranges::all_of(segment, [](char c) { return '0' <= c && c <= '9'; });
}

bool is_name(const Schema* schema, const std::string& segment) {
  return schema && schema->kind == Schema::Kind::choice &&
         std::ranges::count(schema->alternatives.names(), segment) > 0;
}

bool names(const Node& node, const std::string& name) {
  if (node.kind == Node::Kind::grid || node.kind == Node::Kind::list)
    return std::ranges::any_of(node.items, [&](auto& item) { return names(*item, name); });
  return named(node).name == name;
}

// An override's text, taken apart.
struct Request {
  std::string origin;  // "--set path=value"
  std::vector<std::string> path;
  bool appends = false;
  std::string text;  // the value's
};

// Without a path: it is none.
Request request_of(const std::string& text) {
  Request request{"--set " + text, {}, false, ""};
  const auto equals = text.find('=');
  if (equals == text.npos) return request;
  request.appends = equals > 0 && text[equals - 1] == '+';
  const auto path = text.substr(0, equals - (request.appends ? 1 : 0));
  request.path = segments(path);
  if (path.ends_with('.') || std::ranges::count(request.path, "") > 0) request.path.clear();
  request.text = text.substr(equals + 1);
  return request;
}

bool is_bare_list(const Schema* schema) {
  return schema && schema->kind == Schema::Kind::list && schema->bare;
}

// What may stand there as it is written, whether it is YAML or not.
bool takes_text(const Schema* schema, const std::string& text) {
  if (is_bare_list(schema)) return !text.starts_with('[') && takes_text(&schema->items[0], text);
  if (!schema || schema->kind != Schema::Kind::text || text.empty()) return false;
  return schema->words.empty() || std::ranges::count(schema->words, text) > 0;
}

bool is_scalar(const Tree& tree) { return tree && tree->kind == Node::Kind::scalar; }

Tree list_of(std::vector<Tree> items, const Place& place) {
  Node list;
  list.kind = Node::Kind::list;
  list.place = place;
  list.items = std::move(items);
  return make_tree(std::move(list));
}

// A default that is a list of words, for paths that go into it.
Tree list_of_words(const nlohmann::json& words, const Place& place) {
  std::vector<Tree> items;
  for (const auto& word : words) {
    if (!word.is_string()) return nullptr;
    Node node;
    node.kind = Node::Kind::scalar;
    node.place = place;
    node.text = word;
    items.push_back(make_tree(std::move(node)));
  }
  return list_of(std::move(items), place);
}

// Walks one path down the tree together with its schema (null where the language knows none) and
// builds the changed nodes on the way back up. A null node: nothing stands there yet.
class Setter {
 public:
  Setter(Request request, std::vector<Problem>& problems)
      : place_{request.origin, 0, 0},
        path_(std::move(request.path)),
        appends_(request.appends),
        text_(std::move(request.text)),
        problems_(problems) {
    std::vector<Problem> ignored;
    is_text_ = check_characters(text_, {place_.file, false}, ignored);
    value_ = parse(text_, {place_.file, false}, value_problems_);
    if (value_) value_ = with_merges(value_, value_problems_);
  }
  Setter(Place place, std::vector<std::string> path, Tree value, std::vector<Problem>& problems)
      : place_(std::move(place)),
        path_(std::move(path)),
        value_(std::move(value)),
        problems_(problems) {}

  Tree set(const Schema* schema, const Tree& node, std::size_t at) {
    if (at == path_.size()) return appends_ ? appended(schema, node) : value(schema, node);
    if (node && node->kind == Node::Kind::grid) return in_grid(schema, node, at);
    const bool is_list = node && node->kind == Node::Kind::list;
    if (is_list) return in_list(schema, node, at);
    if (is_bare_list(schema))
      return set(&schema->items.front(), node, path_[at] == "0" ? at + 1 : at);
    if (schema && schema->kind == Schema::Kind::choice) return in_choice(*schema, node, at);
    return in_map(schema, node, at);
  }

 private:
  // As YAML, or where text is wanted as it stands: "a > b ? 1 : 0" would be a map, "," is no YAML.
  Tree value(const Schema* schema, const Tree& node) {
    const bool is_yaml = value_ && value_problems_.empty();
    if (is_text_ && takes_text(schema, text_) &&
        !(is_yaml && (is_scalar(value_) || value_->varies))) {
      Node text;
      text.kind = Node::Kind::scalar;
      text.place = place_;
      text.text = text_;
      text.quoted = true;
      return make_tree(std::move(text));
    }
    problems_.insert(problems_.end(), value_problems_.begin(), value_problems_.end());
    return value_ ? value_ : node;
  }

  // To every choice of a grid.
  Tree appended(const Schema* schema, const Tree& node) {
    const bool is_list_shape = schema && schema->kind == Schema::Kind::list;
    const Schema* item = is_list_shape ? &schema->items.front() : nullptr;
    if (!node || node->kind == Node::Kind::nothing) {
      if (schema && !is_list_shape)
        return refuse(node, fmt::format("{} is not a list to append to, but {}",
                                        before(path_.size()), expected(*schema)));
      return list_of({value(item, nullptr)}, place_);
    }
    if (node->kind == Node::Kind::grid)
      return transform(node, [&](const Tree& choice) { return appended(schema, choice); });
    if (node->kind != Node::Kind::list) {
      if (!is_list_shape || !schema->bare)
        return refuse(node, fmt::format("{} is not a list to append to, but {}",
                                        before(path_.size()), found(*node)));
      return list_of({node, value(item, nullptr)}, node->place);
    }
    Node changed = *node;
    changed.items.push_back(value(item, nullptr));
    return make_tree(std::move(changed));
  }

  Tree refuse(const Tree& node, std::string text) {
    report(problems_, place_, std::move(text));
    return node;
  }

  std::string before(std::size_t at) const {
    return fmt::format("{}", fmt::join(path_.begin(), path_.begin() + std::ptrdiff_t(at), "."));
  }

  Tree in_grid(const Schema* schema, const Tree& grid, std::size_t at) {
    const bool selects = is_name(as_choice(schema), path_[at]);
    if (!selects && path_[at] == "grid") return in_choices(schema, grid, at + 1);
    if (selects && !names(*grid, path_[at]))
      return refuse(grid, fmt::format("the grid of {} has no choice '{}'", before(at), path_[at]));
    return transform(grid, [&](const Tree& choice) {
      return selects && !names(*choice, path_[at]) ? choice : set(schema, choice, at);
    });
  }

  // optimizer.lr.grid.0=0.5, optimizer.lr.grid+=0.5: the axis itself.
  Tree in_choices(const Schema* schema, const Tree& grid, std::size_t at) {
    Node changed = *grid;
    if (at < path_.size()) {
      const auto i = position(*grid, at);
      if (!i) return grid;
      changed.items[*i] = set(schema, grid->items[*i], at + 1);
    } else if (appends_) {
      changed.items.push_back(value(schema, nullptr));
    } else if (value_ && value_->kind == Node::Kind::list && !value_->items.empty()) {
      changed.items = value_->items;
    } else {
      return refuse(grid, "grid: expected a list of values");
    }
    return make_tree(std::move(changed));
  }

  std::optional<std::size_t> position(const Node& list, std::size_t at, bool may_grow = true) {
    const auto last = list.items.size();
    if (is_position(path_[at]) && std::stoul(path_[at]) < last) return std::stoul(path_[at]);
    report(problems_, place_,
           fmt::format("{} is a list of {}; its positions are numbers from 0, found '{}'{}",
                       before(at), last, path_[at],
                       may_grow ? fmt::format("; {}+=value appends one", before(at)) : ""));
    return {};
  }

  Tree in_list(const Schema* schema, const Tree& list, std::size_t at) {
    const auto i = position(*list, at, !schema || schema->kind != Schema::Kind::tuple);
    if (!i) return list;
    const Schema* item = nullptr;
    if (schema && schema->kind == Schema::Kind::list) item = &schema->items.front();
    if (schema && schema->kind == Schema::Kind::tuple && *i < schema->items.size())
      item = &schema->items[*i];
    Node changed = *list;
    changed.items[*i] = set(item, changed.items[*i], at + 1);
    return make_tree(std::move(changed));
  }

  Tree in_choice(const Schema& choice, const Tree& node, std::size_t at) {
    const auto& segment = path_[at];
    const bool chooses = is_name(&choice, segment);
    const auto now = node ? named(*node) : Named();
    if (now.name == segment || (chooses && (now.name.empty() || at + 1 == path_.size())))
      return only_key(segment, now.name == segment ? now.place : place_,
                      set(argument_schema(choice, segment),
                          now.name == segment ? now.argument : nullptr, at + 1),
                      node);
    if (chooses)
      return refuse(node, fmt::format("{} is '{}', not '{}'", before(at), now.name, segment));
    if (now.name.empty())
      return refuse(node,
                    fmt::format("no {} is chosen, and '{}' is not one{}", choice.noun, segment,
                                did_you_mean(segment, choice.alternatives.names(), choice.noun)));
    return only_key(now.name, now.place, set(argument_schema(choice, now.name), now.argument, at),
                    node);
  }

  Tree only_key(const std::string& key, const Place& key_place, Tree value, const Tree& node) {
    if (!value) return node;
    auto map = map_at(node ? node->place : place_);
    map.entries.push_back({key, key_place, std::move(value)});
    return make_tree(std::move(map));
  }

  Tree in_map(const Schema* schema, const Tree& node, std::size_t at) {
    auto map = map_at(node ? node->place : place_);
    const bool empty = !node || node->kind == Node::Kind::nothing;
    const bool is_value = schema && schema->kind != Schema::Kind::map;
    if (!is_value && !empty && node->kind == Node::Kind::map)
      map.entries = node->entries;
    else if (!empty && schema && !schema->shorthand_key.empty())
      map.entries.push_back({schema->shorthand_key, node->place, node});
    else if (is_value || !empty)
      return refuse(node, fmt::format("{} is {}, which has no '{}' in it", before(at),
                                      schema ? expected(*schema) : found(*node), path_[at]));
    return with_entry(schema, std::move(map), at);
  }

  Tree with_entry(const Schema* schema, Node map, std::size_t at) {
    const auto* key = schema ? schema->find(path_[at]) : nullptr;
    const auto entry =
        std::ranges::find_if(map.entries, [&](auto& one) { return one.key == path_[at]; });
    const bool is_new = entry == map.entries.end();
    auto below = set(key ? &key->schema : nullptr, is_new ? unwritten(key) : entry->value, at + 1);
    if (below && is_new)
      map.entries.push_back({path_[at], place_, std::move(below)});
    else if (below)
      entry->value = std::move(below);
    return make_tree(std::move(map));
  }

  // What a path finds at a key that the file does not write.
  Tree unwritten(const Key* key) const {
    const bool is_list = key && key->fallback.is_array() && !key->fallback.empty();
    return is_list ? list_of_words(key->fallback, place_) : nullptr;
  }

  Place place_;
  std::vector<std::string> path_;
  bool appends_ = false;
  std::string text_;
  bool is_text_ = false;  // of characters that a file may hold
  Tree value_;            // null: the text is not YAML
  std::vector<Problem> value_problems_;
  std::vector<Problem>& problems_;
};

Tree overridden(const Tree& tree, const Schema* schema, const std::string& text,
                std::vector<Problem>& problems) {
  auto request = request_of(text);
  if (!request.path.empty()) return Setter(std::move(request), problems).set(schema, tree, 0);
  report(problems, {request.origin, 0, 0}, "expected path=value, as in optimizer.lr=0.1");
  return tree;
}

// Puts the nodes that differ between two states of a tree in the place of the former ones wherever
// an alias has these.
class Replacement {
 public:
  Replacement(const Node& before, const Node& after) { learn(before, after); }

  Tree replaced(const Tree& tree) {
    auto& known = done_[tree.get()];
    if (known) return known;
    const auto changed = transform(tree, [&](const Tree& child) { return replaced(child); });
    return done_[tree.get()] = changed;
  }

 private:
  void learn(const Node& before, const Node& after) {
    const auto pair = [&](const Tree& former, const Tree& now) {
      if (former == now) return;
      learn(*former, *now);
      done_[former.get()] = now;
    };
    for (std::size_t i = 0; i < std::min(before.items.size(), after.items.size()); ++i)
      pair(before.items[i], after.items[i]);
    for (const auto& entry : before.entries)
      if (const auto* now = after.find(entry.key)) pair(entry.value, now->value);
  }

  std::unordered_map<const Node*, Tree> done_;
};

}  // namespace

Tree with_override(const Tree& tree, const Schema& schema, const std::string& text,
                   std::vector<Problem>& problems) {
  return overridden(tree, &schema, text, problems);
}

Tree with_anchor_override(const Tree& tree, const std::string& text,
                          std::vector<Problem>& problems) {
  const auto changed = overridden(tree, nullptr, text, problems);
  return Replacement(*tree, *changed).replaced(changed);
}

std::string overridden_key(const std::string& text) {
  const auto request = request_of(text);
  return request.path.empty() ? "" : request.path.front();
}

Tree with_value(const Tree& tree, const Schema& schema, const std::string& path, const Tree& value,
                std::vector<Problem>& problems) {
  return Setter(value->place, segments(path), value, problems).set(&schema, tree, 0);
}

}  // namespace descent::experiment
