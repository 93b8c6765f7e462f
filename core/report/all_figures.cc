// SPDX-License-Identifier: MIT
#include "report/all_figures.h"

#include <set>

#include "report/figures.h"
#include "report/own_pictures.h"

namespace descent::report {
namespace {

// Letters and digits, with one - between what else separates them; bias² is bias2.
std::string slug(const std::string& text) {
  std::string word;
  bool separates = false;
  const auto add = [&](char c) {
    if (separates && !word.empty()) word += '-';
    separates = false;
    word += c;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (text.compare(i, 2, "²") == 0) {
      add('2');
      ++i;
    } else if (c >= 'A' && c <= 'Z') {
      add(static_cast<char>(c - 'A' + 'a'));
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      add(c);
    } else {
      separates = true;
    }
  }
  return word.empty() ? "picture" : word;
}

}  // namespace

std::vector<Figure> all_figures(store::Reader& reader, const Experiment& experiment,
                                const Sources& sources, Renderer& renderer) {
  auto all = figures_of(reader, experiment, sources);
  if (auto figure = failures(reader, experiment); !figure.empty()) all.push_back(std::move(figure));
  for (auto& figure : own_pictures(reader, experiment.name, renderer))
    all.push_back(std::move(figure));
  return all;
}

std::vector<NamedPicture> named_pictures(const std::vector<Figure>& figures) {
  std::vector<NamedPicture> all;
  std::set<std::string> taken;
  for (const auto& figure : figures)
    for (std::size_t i = 0; i < figure.size(); ++i) {
      auto wanted = slug(figure[i].title);
      if (i > 0) wanted += "/" + slug(figure[i].view);
      auto name = wanted;
      for (int k = 2; !taken.insert(name).second; ++k) name = wanted + "-" + std::to_string(k);
      all.emplace_back(name, figure[i]);
    }
  return all;
}

}  // namespace descent::report
