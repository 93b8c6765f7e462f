// SPDX-License-Identifier: MIT
#include "store/latex.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/error.h"
#include "base/suggestion.h"
#include "base/utf8.h"
#include "statistics/estimate.h"

namespace descent::store {
namespace {

// A column of the result: the columns that it combines, as indices into the rows; -1: none.
struct Source {
  int value = -1, lo = -1, hi = -1, se = -1, count = -1;
};

class Columns {
 public:
  Columns(const Table& table, const std::vector<std::string>& chosen)
      : table_(table), names_(table.columns) {
    if (chosen.empty()) choose_all();
    for (const auto& name : chosen) sources_.push_back(source(known(name)));
  }

  const std::vector<Source>& sources() const { return sources_; }

 private:
  void choose_all() {
    std::vector<int> used;
    for (int i = 0; i < static_cast<int>(names_.size()); ++i) {
      sources_.push_back(source(i));
      const auto& s = sources_.back();
      used.insert(used.end(), {s.lo, s.hi, s.se, repeated(i)});
      for (const auto& other : parts_of(names_[std::size_t(i)]))
        if (is_estimate(s)) used.push_back(place(other));
    }
    std::erase_if(sources_, [&](const Source& s) { return std::ranges::count(used, s.value) > 0; });
  }

  int known(const std::string& name) const {
    const int found = place(name);
    if (found < 0)
      throw Error(
          fmt::format("column '{}' is not in this table{}", name, did_you_mean(name, names_)));
    return found;
  }

  // Of mean and mean_done, the column that is left out; -1: this is not such a pair.
  int repeated(int i) const {
    const int done = place(names_[std::size_t(i)] + "_done");
    if (done < 0) return -1;
    const bool are_equal = std::ranges::all_of(table_.rows, [&](const auto& row) {
      return row[std::size_t(i)] == row[std::size_t(done)];
    });
    return are_equal ? done : i;
  }

  static bool is_estimate(const Source& s) { return s.lo >= 0 || s.se >= 0; }

  int place(const std::string& name) const {
    const auto found = std::ranges::find(names_, name);
    return found == names_.end() ? -1 : static_cast<int>(found - names_.begin());
  }

  // "mean_done" with "lo": "lo_done"; "test_loss_mean" with "se": "test_loss_se"; "bias2" with
  // "lo": "bias2_lo".
  static std::string part(std::string name, const std::string& what) {
    const std::string done = name.ends_with("_done") ? "_done" : "";
    name.erase(name.size() - done.size());
    if (name == "mean") return what + done;
    if (name.ends_with("_mean")) return name.substr(0, name.size() - 4) + what + done;
    return name + "_" + what + done;
  }

  // The columns that are redundant once they are part of the estimate.
  static std::vector<std::string> parts_of(const std::string& name) {
    return {part(name, "se"), part(name, "sd"), part(name, "lo"), part(name, "hi")};
  }

  Source source(int i) const {
    const auto& name = names_[std::size_t(i)];
    Source s{i, place(part(name, "lo")), place(part(name, "hi")), place(part(name, "se")),
             place(name.ends_with("_mean") ? "runs" : "done")};
    if (s.lo < 0 || s.hi < 0) s.lo = s.hi = -1;
    if (s.count < 0) s.se = -1;
    return s;
  }

  const Table& table_;
  const std::vector<std::string>& names_;
  std::vector<Source> sources_;
};

std::optional<double> number(const std::vector<Value>& row, int place) {
  if (place < 0) return {};
  const auto& value = row[std::size_t(place)];
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return {};
}

std::optional<double> half_width(const std::vector<Value>& row, const Source& s) {
  const auto lo = number(row, s.lo), hi = number(row, s.hi);
  if (lo && hi) return (*hi - *lo) / 2;
  const auto se = number(row, s.se), count = number(row, s.count);
  if (!se || !count) return {};
  const double half = statistics::t_quantile(*count - 1, 0.95) * *se;
  return std::isfinite(half) ? std::optional(half) : std::nullopt;
}

int exponent(double x) {
  return x == 0 ? 0 : static_cast<int>(std::floor(std::log10(std::abs(x))));
}

// A power of ten is taken out where plain digits would be hard to read.
int power(int exponent) { return exponent < -3 || exponent > 5 ? exponent : 0; }

std::string with_power(const std::string& digits, int e) {
  return e == 0 ? fmt::format("${}$", digits) : fmt::format("${} \\times 10^{{{}}}$", digits, e);
}

// In two steps, as 10^e may be too small for a double.
double over_power(double x, int e) { return x / std::pow(10.0, e / 2) / std::pow(10.0, e - e / 2); }

std::string real(double x) {
  if (std::isinf(x)) return x < 0 ? "$-\\infty$" : "$\\infty$";
  const auto rounded = fmt::format("{:.4e}", x);  // five digits, maybe of the next power of ten
  const int e = power(std::stoi(rounded.substr(rounded.find('e') + 1)));
  const double digits = over_power(x, e);
  return with_power(
      std::abs(digits) >= 1e4 ? fmt::format("{:.0f}", digits) : fmt::format("{:.5g}", digits), e);
}

std::string estimate(double value, double half) {
  if (!std::isfinite(value) || !std::isfinite(half)) return real(value);
  const int e = power(exponent(std::max(std::abs(value), half)));
  const double mantissa = over_power(value, e), reach = over_power(half, e);
  const int decimals = half > 0 ? std::clamp(1 - exponent(reach), 0, 15) : 4;
  const auto digits = fmt::format("{:.{}f} \\pm {:.{}f}", mantissa, decimals, reach, decimals);
  return with_power(e == 0 ? digits : "(" + digits + ")", e);
}

std::string cell(const std::vector<Value>& row, const Source& s) {
  const auto& value = row[std::size_t(s.value)];
  if (std::holds_alternative<std::monostate>(value)) return "--";
  if (const auto* text = std::get_if<std::string>(&value)) return latex_text(*text);
  if (const auto* blob = std::get_if<Blob>(&value))
    return fmt::format("({} bytes)", blob->bytes.size());
  if (const auto half = half_width(row, s)) return estimate(*number(row, s.value), *half);
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return fmt::format("${}$", *whole);
  return real(std::get<double>(value));
}

bool is_text(const Table& table, const Source& s) {
  return std::ranges::any_of(table.rows, [&](const auto& row) {
    return std::holds_alternative<std::string>(row[std::size_t(s.value)]);
  });
}

std::string tabular(const Table& table, const std::vector<Source>& sources) {
  std::string kinds, head;
  for (const auto& s : sources) {
    kinds += is_text(table, s) ? 'l' : 'r';
    head += (head.empty() ? "" : " & ") + latex_text(table.columns[std::size_t(s.value)]);
  }
  std::string all = "\\begin{tabular}{" + kinds + "}\n\\toprule\n" + head + " \\\\\n\\midrule\n";
  for (const auto& row : table.rows) {
    std::string line;
    for (std::size_t i = 0; i < sources.size(); ++i)
      line += (i ? " & " : "") + cell(row, sources[i]);
    all += line + " \\\\\n";
  }
  return all + "\\bottomrule\n\\end{tabular}\n";
}

}  // namespace

std::string latex_text(const std::string& text) {
  std::string all;
  for (const char c : printable_lines(text)) switch (c) {
      case '_':
      case '%':
      case '&':
      case '#':
      case '$':
      case '{':
      case '}':
        all += '\\';
        all += c;
        break;
      case '~':
        all += "\\textasciitilde{}";
        break;
      case '^':
        all += "\\textasciicircum{}";
        break;
      case '\\':
        all += "\\textbackslash{}";
        break;
      case '<':
        all += "$<$";
        break;
      case '>':
        all += "$>$";
        break;
      case '|':
        all += "$|$";
        break;
      case '[':  // would be read as an argument of the \\ before it
        all += "{[}";
        break;
      case '\n':
      case '\r':
      case '\t':
        all += ' ';
        break;
      default:
        all += c;
    }
  return all;
}

std::string latex(const Table& table, const LatexOptions& options) {
  const auto rows = tabular(table, Columns(table, options.columns).sources());
  const std::string needs = "% needs \\usepackage{booktabs}; \\pm is half the 95 % interval\n";
  if (options.caption.empty()) return needs + rows;
  const auto label =
      options.label.empty() ? std::string() : fmt::format("\\label{{tab:{}}}\n", options.label);
  return fmt::format("{}\\begin{{table}}\n\\centering\n\\caption{{{}}}\n{}{}\\end{{table}}\n",
                     needs, latex_text(options.caption), label, rows);
}

}  // namespace descent::store
