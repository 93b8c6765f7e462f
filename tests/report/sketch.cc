// SPDX-License-Identifier: MIT
#include "sketch.h"

#include <algorithm>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <sstream>

#include "report/draw.h"

namespace descent::report {
namespace {

using boost::property_tree::ptree;

void collect(const std::string& name, const ptree& tree, std::vector<Element>& all) {
  Element element{name, tree.data(), {}};
  if (const auto attributes = tree.get_child_optional("<xmlattr>"))
    for (const auto& [key, value] : *attributes) element.attributes[key] = value.data();
  all.push_back(element);
  for (const auto& [key, child] : tree)
    if (key != "<xmlattr>") collect(key, child, all);
}

}  // namespace

Picture sketch(const std::string& mark, const std::vector<std::string>& columns,
               const std::vector<Row>& rows) {
  Picture picture;
  picture.title = "a sketch";
  picture.mark = mark;
  picture.columns = columns;
  picture.rows = rows;
  return picture;
}

double Element::number(const std::string& attribute) const {
  return std::stod(attributes.at(attribute));
}

bool Element::has_class(const std::string& wanted) const {
  const auto found = attributes.find("class");
  if (found == attributes.end()) return false;
  std::istringstream words(found->second);
  for (std::string word; words >> word;)
    if (word == wanted) return true;
  return false;
}

std::vector<Element> elements_of(const std::string& svg) {
  std::istringstream text(svg);
  ptree tree;
  boost::property_tree::read_xml(text, tree);
  std::vector<Element> all;
  for (const auto& [name, child] : tree) collect(name, child, all);
  return all;
}

std::vector<Element> with_class(const std::vector<Element>& all, const std::string& name) {
  std::vector<Element> found;
  std::ranges::copy_if(all, std::back_inserter(found),
                       [&](const Element& element) { return element.has_class(name); });
  return found;
}

std::string drawn(const Picture& picture, double width) {
  return Renderer().draw(picture, {width, ""});
}

std::vector<Element> elements_of(const Picture& picture, double width) {
  return elements_of(drawn(picture, width));
}

std::pair<double, double> start_of(const Element& path) {
  std::istringstream d(path.attributes.at("d"));
  char letter = 0;
  double x = 0, y = 0;
  d >> letter >> x >> letter >> y;
  return {x, y};
}

}  // namespace descent::report
