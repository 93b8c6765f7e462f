// SPDX-License-Identifier: MIT
#include "experiment/grid/filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <limits>

#include "data/foreign_syntax.h"

namespace descent::experiment {
namespace {

// A condition's text taken apart, as far as it is more than arithmetic.
struct Token {
  enum class Kind { name, word, sign };
  Kind kind;
  std::string text;  // of a word without its quotes; of a name a path or a function
  std::size_t begin, end;
};

bool starts_name(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool is_in_name(char c) {
  return starts_name(c) || std::isdigit(static_cast<unsigned char>(c)) || c == '.';
}
bool is_in_number(char c) { return is_in_name(c); }

Error refused_where(const std::string& text, std::size_t at, const std::string& why) {
  return Error(fmt::format("where '{}' at character {}: {}", text, at + 1, why));
}

std::size_t end_of(const std::string& text, std::size_t begin, bool (*is_in)(char)) {
  while (begin < text.size() && is_in(text[begin])) ++begin;
  return begin;
}

Token next_token(const std::string& text, std::size_t begin) {
  const char c = text[begin];
  if (c == '"' || c == '\'') {
    const auto end = text.find(c, begin + 1);
    if (end == text.npos) throw refused_where(text, begin, "a quote is not closed");
    return {Token::Kind::word, text.substr(begin + 1, end - begin - 1), begin, end + 1};
  }
  const bool is_name = starts_name(c);
  const auto end = is_name || is_in_number(c) ? end_of(text, begin, is_in_name)
                   : c == '=' || c == '!'     ? begin + (text.substr(begin + 1, 1) == "=" ? 2 : 1)
                                              : begin + 1;
  return {is_name ? Token::Kind::name : Token::Kind::sign, text.substr(begin, end - begin), begin,
          end};
}

std::vector<Token> tokens(const std::string& text) {
  std::vector<Token> all;
  for (std::size_t at = 0; at < text.size();) {
    if (std::isspace(static_cast<unsigned char>(text[at]))) {
      ++at;
      continue;
    }
    all.push_back(next_token(text, at));
    at = all.back().end;
  }
  return all;
}

// Reads a condition into arithmetic over what it asks, of the same length if it can, so that
// positions in messages are those of the text.
class Reader {
 public:
  explicit Reader(const std::string& text) : text_(text), plain_(text), tokens_(tokens(text)) {
    if (const auto foreign = data::foreign_syntax(text))
      throw refused_where(text, foreign->position, foreign->hint);
    refuse_chains();
    refuse_rounded_numbers();
    for (std::size_t i = 0; i < tokens_.size();) i += read(i);
  }

  const std::string& plain() const { return plain_; }
  const std::vector<std::string>& variables() const { return variables_; }
  const std::vector<Operand>& operands() const { return operands_; }

 private:
  // a < b < c would compare the truth of a < b, 0 or 1, with c.
  void refuse_chains() const {
    static const std::string comparisons = "<>=!", ends = "&|?:,";
    std::vector<bool> is_compared{false};  // by open parentheses
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const auto& [kind, text, begin, end] = tokens_[i];
      if (kind != Token::Kind::sign) continue;
      if (text == "(") is_compared.push_back(false);
      if (text == ")" && is_compared.size() > 1) is_compared.pop_back();
      if (ends.find(text[0]) != ends.npos) is_compared.back() = false;
      if (comparisons.find(text[0]) == comparisons.npos) continue;
      const bool goes_on = text == "=" && i > 0 && tokens_[i - 1].end == begin;  // of <= and >=
      if (is_compared.back() && !goes_on)
        throw refused_where(text_, begin,
                            "this compares the result of a comparison, 0 or 1; for an interval "
                            "write a < b && b < c, else put the first comparison in parentheses");
      is_compared.back() = true;
    }
  }

  // Values are compared as double: a smaller number equals only itself.
  void refuse_rounded_numbers() const {
    constexpr std::uint64_t limit = std::uint64_t{1} << 53;
    for (const auto& [kind, text, begin, end] : tokens_) {
      if (kind == Token::Kind::word || text.find_first_not_of("0123456789") != text.npos) continue;
      std::uint64_t value = 0;
      const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (error != std::errc() || value >= limit)
        throw refused_where(text_, begin,
                            fmt::format("{} is rounded: whole numbers below {} are compared "
                                        "exactly; name the values in a grid instead",
                                        text, limit));
    }
  }

  bool is(std::size_t i, Token::Kind kind, const std::string& text = "") const {
    return i < tokens_.size() && tokens_[i].kind == kind &&
           (text.empty() || tokens_[i].text == text);
  }
  bool is_equality(std::size_t i) const {
    return is(i, Token::Kind::sign, "==") || is(i, Token::Kind::sign, "!=");
  }

  std::size_t read(std::size_t i) {
    using Kind = Token::Kind;
    const bool name_first = is(i, Kind::name) && is_equality(i + 1) && is(i + 2, Kind::word);
    const bool word_first = is(i, Kind::word) && is_equality(i + 1) && is(i + 2, Kind::name);
    if (name_first || word_first) return compare(i, name_first ? i : i + 2, name_first ? i + 2 : i);
    if (is(i, Kind::word))
      throw refused_where(text_, tokens_[i].begin,
                          is(i - 2, Kind::name, "has")
                              ? fmt::format("a path has no quotes: has({})", tokens_[i].text)
                              : fmt::format("text is compared by == or != with a path, as in "
                                            "optimizer == \"{}\"",
                                            tokens_[i].text));
    if (is(i, Kind::name, "has") && is(i + 1, Kind::sign, "(") && is(i + 2, Kind::name) &&
        is(i + 3, Kind::sign, ")"))
      return replace(i, i + 3, {Operand::Kind::has, tokens_[i + 2].text, ""}, "");
    if (is(i, Kind::name, "true") || is(i, Kind::name, "false")) return constant(i);
    if (is(i, Kind::name) && !data::is_reserved(tokens_[i].text)) number(i);
    return 1;
  }

  std::size_t compare(std::size_t i, std::size_t name, std::size_t word) {
    const bool same = tokens_[i + 1].text == "==";
    return replace(i, i + 2, {Operand::Kind::word, tokens_[name].text, tokens_[word].text},
                   same ? "" : "==0");
  }

  std::size_t constant(std::size_t i) {
    const auto& [kind, text, begin, end] = tokens_[i];
    shift(begin, end - begin, std::string(end - begin - 1, ' ') + (text == "true" ? "1" : "0"));
    return 1;
  }

  void number(std::size_t i) {
    if (std::ranges::count(variables_, tokens_[i].text) > 0) return;
    variables_.push_back(tokens_[i].text);
    operands_.push_back({Operand::Kind::number, tokens_[i].text, ""});
  }

  // Tokens first to last become a variable, padded to their length.
  std::size_t replace(std::size_t first, std::size_t last, Operand operand,
                      const std::string& then) {
    const auto begin = tokens_[first].begin, length = tokens_[last].end - begin;
    variables_.push_back(fmt::format("_{}", variables_.size()));
    auto text = then.empty() ? variables_.back() : "(" + variables_.back() + then + ")";
    if (text.size() < length) text.resize(length, ' ');
    shift(begin, length, text);
    operands_.push_back(std::move(operand));
    return last - first + 1;
  }

  void shift(std::size_t begin, std::size_t length, const std::string& text) {
    plain_.replace(begin + moved_, length, text);
    moved_ += text.size() - length;
  }

  std::string text_, plain_;
  std::vector<Token> tokens_;
  std::vector<std::string> variables_;
  std::vector<Operand> operands_;
  std::size_t moved_ = 0;
};

}  // namespace

double Operand::of(const nlohmann::json* value) const {
  switch (kind) {
    case Kind::has:
      return value != nullptr;
    case Kind::word:
      return value && value->is_string() && *value == word;
    default:
      if (value && value->is_number()) return value->get<double>();
      if (value && value->is_boolean()) return value->get<bool>();
      return std::numeric_limits<double>::quiet_NaN();
  }
}

Condition::Condition(const std::string& text) {
  const Reader reader(text);
  operands_ = reader.operands();
  expression_.emplace(reader.plain(), data::Expression::Names{"where", reader.variables(),
                                                              "paths such as optimizer.lr", text});
}

bool Condition::holds(const std::vector<double>& answers, std::size_t first) {
  for (std::size_t i = 0; i < operands_.size(); ++i) expression_->variable(i) = answers[first + i];
  const double value = expression_->value();
  return value < 0 || value > 0;  // nan does not hold
}

Where::Where(const Node& where, std::vector<Problem>& problems) {
  const auto read = [&](const Node& one) {
    if (one.kind != Node::Kind::scalar)
      return report(problems, one.place,
                    "where: expected a condition such as \"optimizer.lr * train.epochs <= 10\", or "
                    "a list of them, found " +
                        found(one));
    try {
      conditions_.emplace_back(one.text);
      for (const auto& operand : conditions_.back().operands()) {
        operands_.push_back(operand);
        places_.push_back(one.place);
      }
    } catch (const Error& error) {
      for (const auto& problem : error.problems()) report(problems, one.place, problem.text);
    }
  };
  place_ = where.items.empty() ? where.place : where.items.front()->place;
  if (where.kind != Node::Kind::list) read(where);
  for (const auto& one : where.items) read(*one);
}

const Place& Where::place(std::size_t operand) const { return places_.at(operand); }

bool Where::holds(const std::vector<double>& answers) {
  std::size_t first = 0;
  for (auto& condition : conditions_) {
    if (!condition.holds(answers, first)) return false;
    first += condition.operands().size();
  }
  return true;
}

}  // namespace descent::experiment
