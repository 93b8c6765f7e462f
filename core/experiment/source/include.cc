// SPDX-License-Identifier: MIT
#include "experiment/source/include.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "experiment/document/merge_keys.h"
#include "experiment/source/deep_merge.h"
#include "experiment/source/override.h"
#include "experiment/source/read_text.h"

namespace descent::experiment {
namespace {

namespace fs = std::filesystem;

bool is_anchor_key(const std::string& key) { return key.starts_with("x-"); }

// One file by whatever path it is named.
std::string identity_of_file(const std::string& file) {
  std::error_code failed;
  const auto whole = fs::weakly_canonical(file, failed);
  return failed ? file : whole.string();
}

std::string with_end_of_line(std::string text) {
  if (!text.empty() && text.back() != '\n') text += '\n';
  return text;
}

class Inclusion {
 public:
  Inclusion(const Schema& schema, const std::vector<std::string>& overrides,
            std::vector<Problem>& problems)
      : shape_(schema), problems_(problems) {
    for (const auto& one : overrides)
      if (is_of_document(one)) overrides_.push_back({one});
  }

  // Null when the file is not a map of keys.
  Tree read(const std::string& file, const std::string& text) {
    note(file, text);
    auto tree = parse(text, {file}, problems_);
    if (tree) tree = with_anchors_overridden(tree);
    if (tree) tree = with_merges(tree, problems_);
    if (!tree || !is_map(*tree, file)) return nullptr;
    if (chain_.empty()) tree = with_includes_overridden(tree);
    chain_.push_back(file);
    tree = over_included(tree);
    chain_.pop_back();
    return tree;
  }

  void tell_unused() {
    for (const auto& one : overrides_)
      if (!one.used)
        report(problems_, {"--set " + one.text, 0, 0},
               fmt::format("no file has a key '{}'", overridden_key(one.text)));
  }

  bool is_whole() const { return is_whole_; }
  std::vector<std::string> files() const {
    auto all = files_;
    all.insert(all.end(), missing_.begin(), missing_.end());
    return all;
  }

  std::string source(const std::vector<std::string>& overrides) const {
    std::string all;
    for (std::size_t i = 0; i < texts_.size(); ++i)
      all += (texts_.size() > 1 ? fmt::format("# {}:\n", files_[i]) : "") +
             (texts_.size() > 1 || !overrides.empty() ? with_end_of_line(texts_[i]) : texts_[i]);
    for (auto one : overrides) {
      std::ranges::replace(one, '\n', ' ');
      all += "# --set " + one + '\n';
    }
    return all;
  }

 private:
  struct Override {
    std::string text;
    bool used = false;
  };

  void note(const std::string& file, const std::string& text) {
    ++reads_;
    bytes_ += text.size();
    if (std::ranges::count(files_, file) > 0) return;
    files_.push_back(file);
    texts_.push_back(text);
  }

  bool is_map(const Node& tree, const std::string& file) {
    if (tree.kind == Node::Kind::map) return true;
    if (tree.kind != Node::Kind::nothing)
      report(problems_, tree.place,
             "expected a map of keys such as `experiment: NAME`, found " + found(tree));
    else if (problems_.empty())
      report(problems_, {file, 0, 0},
             chain_.empty() ? "is empty; an experiment starts with `experiment: NAME`"
                            : "is empty; there is nothing to include");
    return false;
  }

  Tree with_anchors_overridden(Tree tree) {
    for (auto& one : overrides_) {
      const auto key = overridden_key(one.text);
      if (!is_anchor_key(key) || !tree->find(key)) continue;
      one.used = true;
      tree = with_anchor_override(tree, one.text, problems_);
    }
    return tree;
  }

  Tree with_includes_overridden(Tree tree) {
    const auto schema = map("a file", {optional("include", one_or_list(text()), nullptr, "")});
    for (auto& one : overrides_) {
      if (is_anchor_key(overridden_key(one.text))) continue;
      one.used = true;
      tree = with_override(tree, schema, one.text, problems_);
    }
    return tree;
  }

  Tree over_included(const Tree& tree) {
    Node own = *tree;
    std::erase_if(own.entries, [](const Entry& entry) {
      return is_anchor_key(entry.key) || entry.key == "include";
    });
    Tree below;
    if (const auto* entry = tree->find("include"))
      for (const auto& name : names(*entry->value))
        if (const auto one = included(*name)) below = below ? deep_merge(shape_, below, one) : one;
    auto above = make_tree(std::move(own));
    if (!below) return above;
    Node whole = *deep_merge(shape_, below, above);
    whole.place = tree->place;
    return make_tree(std::move(whole));
  }

  std::vector<Tree> names(const Node& value) {
    std::vector<Tree> all;
    if (value.kind == Node::Kind::list)
      all = value.items;
    else
      all.push_back(std::make_shared<const Node>(value));
    std::erase_if(all, [&](const Tree& one) {
      const bool is_name = one->kind == Node::Kind::scalar && !one->text.empty();
      if (!is_name && one->kind != Node::Kind::broken)
        report(problems_, one->place,
               "include: expected the name of a file or a list of them, found " + found(*one));
      return !is_name;
    });
    return all;
  }

  // Null where it cannot be, with a problem at the name.
  Tree included(const Node& name) {
    const auto file = (fs::path(chain_.back()).parent_path() / name.text).lexically_normal();
    const auto refuse = [&](std::string text) {
      report(problems_, name.place, "include: " + std::move(text));
      is_whole_ = false;
      return nullptr;
    };
    if (const auto cycle = cycle_through(file.string()); !cycle.empty())
      return refuse(fmt::format("the files include each other: {}", cycle));
    if (reads_ > most_files)
      return refuse(fmt::format("more than {} files are included", most_files));
    std::string objection;
    const auto text = read_text(file.string(), objection);
    if (!text) {
      missing_.push_back(file.string());
      return refuse(fmt::format("'{}' {}", file.string(), objection));
    }
    if (bytes_ + text->size() > largest_text)
      return refuse(
          fmt::format("with '{}' the files have more than {} bytes", file.string(), largest_text));
    return read(file.string(), *text);
  }

  std::string cycle_through(const std::string& file) const {
    const auto same = [&](const std::string& other) {
      return identity_of_file(other) == identity_of_file(file);
    };
    const auto first = std::ranges::find_if(chain_, same);
    if (first == chain_.end()) return "";
    return fmt::format("{} -> {}", fmt::join(first, chain_.end(), " -> "), file);
  }

  const Schema& shape_;
  std::vector<Problem>& problems_;
  std::vector<Override> overrides_;
  std::vector<std::string> chain_;  // that lead to the file being read
  std::vector<std::string> files_, texts_;
  std::vector<std::string> missing_;
  std::size_t reads_ = 0;
  std::uint64_t bytes_ = 0;
  bool is_whole_ = true;
};

}  // namespace

bool is_of_document(const std::string& override_text) {
  const auto key = overridden_key(override_text);
  return key == "include" || is_anchor_key(key);
}

Document read_document(const std::string& file, const std::string& text, const Schema& schema,
                       const std::vector<std::string>& overrides, std::vector<Problem>& problems) {
  Inclusion inclusion(schema, overrides, problems);
  auto tree = inclusion.read(file, text);
  if (tree) inclusion.tell_unused();
  return {tree, inclusion.files(), inclusion.source(overrides), inclusion.is_whole()};
}

}  // namespace descent::experiment
