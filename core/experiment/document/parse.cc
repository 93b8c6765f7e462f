// SPDX-License-Identifier: MIT
// yaml-cpp's events turned into nodes. Its own Node keeps duplicate keys silently and lets an alias
// contain itself; neither passes here.
#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <sstream>
#include <unordered_map>

#include "experiment/document/axis.h"
#include "experiment/document/characters.h"
#include "experiment/document/syntax_error.h"
#include "experiment/document/tree.h"

namespace descent::experiment {
namespace {

// There is a problem, among the others already, that leaves nothing to go on with.
struct Unrecoverable {};

class Builder : public YAML::EventHandler {
 public:
  Builder(const std::string& text, const Origin& origin, std::vector<Problem>& problems)
      : origin_(origin), problems_(problems), lines_(lines_without_comments(text)) {}

  Tree root() const { return root_; }
  const YAML::Mark& last_quote() const { return last_quote_; }  // where a quoted text begins
  int documents() const { return documents_; }
  Place place(const YAML::Mark& mark) const {
    if (!origin_.has_lines || mark.is_null()) return {origin_.name, 0, 0};
    return {origin_.name, mark.line + 1, mark.column + 1};
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 1)
      first_ = mark;
    else if (mark.pos == first_.pos)
      problem(place(mark), "this is not YAML: a file cannot start with this character");
    else
      problem(place(mark), "a second document starts here; a file contains only one");
  }
  void OnDocumentEnd() override {}

  // Where nothing is written the mark is that of what follows, perhaps lines below.
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node;
    node.place = place(mark);
    if (!open_.empty() && open_.back().has_key) {
      const auto& key = open_.back().node.entries.back().place;
      if (node.place.line != key.line) node.place = key;
    } else if (!open_.empty()) {
      node.place = end_of_line_above(node.place);
    }
    finish(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (const auto known = anchors_.find(anchor); known != anchors_.end())
      return add(known->second);
    problem(place(mark), "an alias is inside the node that it refers to");
    OnNull(mark, 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node;
    node.place = place(mark);
    node.kind = Node::Kind::scalar;
    node.text = value;
    node.quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
    if (tag == "!") last_quote_ = mark;
    finish(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(Node::Kind::list, mark, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(Node::Kind::map, mark, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor;
    bool has_key = false;
    std::unordered_map<std::string, int> keys{};  // of a map: the line of each
  };

  // Of an item of a list for which nothing is written: the end of the line with its hyphen.
  Place end_of_line_above(const Place& where) const {
    if (where.line == 0) return where;
    const auto line_at = [&](int line) -> std::string_view {
      if (std::size_t(line) > lines_.size()) return {};
      return lines_[std::size_t(line) - 1];
    };
    const auto column = std::size_t(where.column) - 1;
    const auto before = line_at(where.line).substr(0, std::min(column, line_at(where.line).size()));
    const auto rest = line_at(where.line).substr(before.size());
    if (before.find_first_not_of(' ') != before.npos || rest.starts_with("~") ||
        rest.starts_with("null") || rest.starts_with("Null") || rest.starts_with("NULL"))
      return where;
    for (int line = where.line - 1; line >= 1; --line)
      if (const auto end = line_at(line).find_last_not_of(' '); end != std::string_view::npos)
        return {where.file, line, int(end) + 1};
    return where;
  }

  void problem(Place where, std::string text) {
    report(problems_, std::move(where), std::move(text));
  }

  [[noreturn]] void give_up(const Place& where, std::string text) {
    problem(where, std::move(text));
    throw Unrecoverable();
  }

  void open(Node::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (open_.size() >= std::size_t(deepest_tree)) too_deep(place(mark));
    Open next{{}, anchor};
    next.node.kind = kind;
    next.node.place = place(mark);
    open_.push_back(std::move(next));
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    if (done.node.kind == Node::Kind::map) done.node = as_axis(std::move(done.node), problems_);
    finish(std::move(done.node), done.anchor);
  }

  [[noreturn]] void too_deep(const Place& where) {
    give_up(where, fmt::format("values are nested more than {} levels deep", deepest_tree));
  }

  // What is not too large here may be where an alias repeats it.
  void finish(Node node, YAML::anchor_t anchor) {
    const auto tree = make_tree(std::move(node));
    if (tree->depth > deepest_tree) too_deep(tree->place);
    if (tree->size > largest_tree)
      give_up(tree->place,
              fmt::format("has more than {} values after aliases are expanded", largest_tree));
    add(tree, anchor);
  }

  void add(const Tree& tree, YAML::anchor_t anchor = 0) {
    if (anchor) anchors_[anchor] = tree;
    if (open_.empty()) {
      if (documents_ == 1) root_ = tree;
      return;
    }
    auto& parent = open_.back();
    if (parent.node.kind == Node::Kind::list)
      parent.node.items.push_back(tree);
    else if (parent.has_key)
      add_value(parent, tree);
    else
      add_key(parent, tree);
  }

  void add_key(Open& parent, const Tree& key) {
    if (key->kind != Node::Kind::scalar) {
      problem(key->place, "a key is a plain word, found " + found(*key));
    } else {
      const auto [before, is_new] = parent.keys.emplace(key->text, key->place.line);
      if (!is_new) twice(*key, before->second);
    }
    parent.node.entries.push_back({key->text, key->place, nullptr});
    parent.has_key = true;
  }

  void twice(const Node& key, int first) {
    problem(key.place,
            fmt::format("the key '{}' is given twice{}{}", key.text,
                        first ? fmt::format(", first in line {}", first) : "",
                        key.text == "<<" ? "; merge several maps as `<<: [*a, *b]`" : ""));
  }

  void add_value(Open& parent, const Tree& value) {
    parent.node.entries.back().value = value;
    parent.has_key = false;
  }

  const Origin& origin_;
  std::vector<Problem>& problems_;
  std::vector<std::string> lines_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Tree> anchors_;
  Tree root_;
  int documents_ = 0;
  YAML::Mark first_;  // where the first document starts
  YAML::Mark last_quote_ = YAML::Mark::null_mark();
};

// yaml-cpp takes the end of the file for the end of a quoted text, and with it the keys between.
bool is_closed(const std::string& text, const YAML::Mark& begin) {
  std::size_t at = 0;
  for (int line = 0; line < begin.line; ++line) at = text.find('\n', at) + 1;
  at += std::size_t(begin.column);
  if (at >= text.size() || (text[at] != '"' && text[at] != '\'')) return true;
  const char quote = text[at];
  while (++at < text.size()) {
    if (text[at] == '\\' && quote == '"') {
      ++at;
    } else if (text[at] == quote) {
      if (quote == '"' || at + 1 == text.size() || text[at + 1] != quote) return true;
      ++at;
    }
  }
  return false;
}

}  // namespace

Tree parse(const std::string& text, const Origin& origin, std::vector<Problem>& problems) {
  if (!check_characters(text, origin, problems)) return nullptr;
  Builder builder(text, origin, problems);
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    // At a stray token yaml-cpp hands out empty documents without end: two are enough to tell.
    while (builder.documents() < 2 && parser.HandleNextDocument(builder)) {
    }
    if (const auto& quote = builder.last_quote(); !quote.is_null() && !is_closed(text, quote)) {
      report(problems, builder.place(quote), "the quote that begins here is not closed");
      return nullptr;
    }
  } catch (const YAML::Exception& error) {
    auto where = error.mark;
    const auto wrong = explained(text, error.msg, where.is_null() ? -1 : where.line, where.column);
    if (!where.is_null()) where.line = wrong.line, where.column = wrong.column;
    report(problems, builder.place(where), wrong.text);
    return nullptr;
  } catch (const Unrecoverable&) {
    return nullptr;
  }
  if (auto tree = builder.root()) return tree;
  Node nothing;
  nothing.place = {origin.name, 0, 0};
  return make_tree(std::move(nothing));
}

}  // namespace descent::experiment
