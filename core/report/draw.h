// SPDX-License-Identifier: MIT
// Pictures without a browser: Duktape runs the renderer of the page.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "report/picture.h"

namespace descent::report {

// How a picture is drawn that stands alone.
struct Paper {
  double width = 688;  // pixels, of 1/96 inch
  std::string font;    // a family, before Liberation Sans and Helvetica
};

// Equal pictures give equal bytes. Every function throws std::runtime_error when the script fails;
// where a picture is drawn, it names the picture. Not for several threads at once.
class Renderer {
 public:
  Renderer();
  Renderer(Renderer&&) noexcept;
  Renderer& operator=(Renderer&&) noexcept;
  ~Renderer();

  // SVG with title, legend and style sheet.
  std::string draw(const Picture& picture, const Paper& paper);

  // The same for a page: its title and its colors are those of the page.
  std::string draw_in_page(const Picture& picture);

  // The mark that fits the columns of a query, and why another does not: "" if it does.
  std::string mark_for(const std::vector<std::string>& columns);
  std::string problem(const std::string& mark, const std::vector<std::string>& columns);
  // The columns that hold values to draw. The mark has to fit.
  std::vector<std::string> values(const std::string& mark, const std::vector<std::string>& columns);

 private:
  std::string drawn(const Picture& picture, double width, const std::string& state);

  class Script;
  std::unique_ptr<Script> script_;
};

}  // namespace descent::report
