// SPDX-License-Identifier: MIT
// What the tests of the renderer share: pictures written shortly, and the SVG as a tree of
// elements.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "report/picture.h"

namespace descent::report {

Picture sketch(const std::string& mark, const std::vector<std::string>& columns,
               const std::vector<Row>& rows);

struct Element {
  std::string name, text;  // text: of an element without elements in it
  std::map<std::string, std::string> attributes;

  double number(const std::string& attribute) const;
  bool has_class(const std::string& name) const;
};

// Every element in the order of the document. Throws std::runtime_error when the text is no XML.
std::vector<Element> elements_of(const std::string& svg);

// Of the elements, those with this class.
std::vector<Element> with_class(const std::vector<Element>& all, const std::string& name);

// Draws at 688 pixels, or as wide as it says.
std::string drawn(const Picture& picture, double width = 688);
std::vector<Element> elements_of(const Picture& picture, double width = 688);

// Where a path starts: the first two numbers of its d.
std::pair<double, double> start_of(const Element& path);

}  // namespace descent::report
