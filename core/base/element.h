// SPDX-License-Identifier: MIT
// The element type of an experiment, known at run time, turned into a template argument once.
#pragma once

#include <concepts>

namespace descent {

enum class Element { float32, float64 };

template <std::floating_point T>
inline constexpr Element element_of = sizeof(T) == 4 ? Element::float32 : Element::float64;

// Calls f.template operator()<float>() or <double>().
template <class F>
decltype(auto) with_element(Element element, F&& f) {
  if (element == Element::float32) return f.template operator()<float>();
  return f.template operator()<double>();
}

}  // namespace descent
