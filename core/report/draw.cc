// SPDX-License-Identifier: MIT
#include "report/draw.h"

#include <duktape.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "report/scripts.h"

namespace descent::report {
namespace {

using nlohmann::json;

// A call of a function of `Picture`. Duktape leaves a function by longjmp when the script fails, so
// what runs inside duk_safe_call has no objects to destroy.
struct Call {
  const char* function;
  const std::string* arguments;  // JSON
  duk_idx_t count;
};

duk_ret_t run_call(duk_context* context, void* data) {
  const auto& call = *static_cast<const Call*>(data);
  duk_get_global_string(context, "Picture");
  duk_get_prop_string(context, -1, call.function);
  for (duk_idx_t i = 0; i < call.count; ++i) {
    duk_push_lstring(context, call.arguments[i].data(), call.arguments[i].size());
    duk_json_decode(context, -1);
  }
  duk_call(context, call.count);
  if (duk_is_object(context, -1) && duk_has_prop_string(context, -1, "svg"))
    duk_get_prop_string(context, -1, "svg");
  if (!duk_is_string(context, -1)) duk_json_encode(context, -1);
  return 1;
}

// Text that is not UTF-8 gets replacement characters.
std::string dumped(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

duk_ret_t load(duk_context* context, void*) {
  duk_eval_string_noresult(context, renderer_script.text);
  return 0;
}

}  // namespace

// The renderer, loaded once.
class Renderer::Script {
 public:
  Script() : context_(duk_create_heap_default()) {
    if (!context_) throw std::bad_alloc();
    if (duk_safe_call(context_.get(), load, nullptr, 0, 1) != DUK_EXEC_SUCCESS)
      throw std::runtime_error("the renderer cannot be loaded: " + pop());
    duk_pop(context_.get());
  }

  // What the function returns: a text, the SVG of a drawing, or else JSON.
  std::string call(const char* function, const std::vector<std::string>& arguments) {
    Call request{function, arguments.data(), static_cast<duk_idx_t>(arguments.size())};
    const auto result = duk_safe_call(context_.get(), run_call, &request, 0, 1);
    auto text = pop();
    duk_gc(context_.get(), 0);
    if (result != DUK_EXEC_SUCCESS) throw std::runtime_error(text);
    return text;
  }

 private:
  std::string pop() {
    std::size_t size = 0;
    const char* bytes = duk_safe_to_lstring(context_.get(), -1, &size);
    std::string text(bytes, size);
    duk_pop(context_.get());
    return text;
  }

  struct Destroy {
    void operator()(duk_context* context) const { duk_destroy_heap(context); }
  };
  std::unique_ptr<duk_context, Destroy> context_;
};

Renderer::Renderer() : script_(std::make_unique<Script>()) {}
Renderer::Renderer(Renderer&&) noexcept = default;
Renderer& Renderer::operator=(Renderer&&) noexcept = default;
Renderer::~Renderer() = default;

std::string Renderer::drawn(const Picture& picture, double width, const std::string& state) {
  try {
    return script_->call("draw", {to_json(picture), dumped(width), state});
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(
        fmt::format("the picture '{}' cannot be drawn: {}", picture.title, error.what()));
  }
}

std::string Renderer::draw(const Picture& picture, const Paper& paper) {
  const json state{{"forPaper", true}, {"font", paper.font}};
  return drawn(picture, paper.width, dumped(state)) + "\n";
}

std::string Renderer::draw_in_page(const Picture& picture) {
  return drawn(picture, Paper().width, R"({"legend":true})");
}

std::string Renderer::mark_for(const std::vector<std::string>& columns) {
  return script_->call("guessMark", {dumped(columns)});
}

std::string Renderer::problem(const std::string& mark, const std::vector<std::string>& columns) {
  return script_->call("problem", {dumped(mark), dumped(columns)});
}

std::vector<std::string> Renderer::values(const std::string& mark,
                                          const std::vector<std::string>& columns) {
  return json::parse(script_->call("valuesOf", {dumped(mark), dumped(columns)}));
}

}  // namespace descent::report
