// SPDX-License-Identifier: MIT
// Reverse-mode differentiation over Armadillo matrices of fixed shapes: operations are recorded
// once, then forward() and backward() replay them without allocating. forward_tangent() and
// backward_tangent() differentiate both along a direction, which gives products with the Hessian
// (Pearlmutter 1994).
#pragma once

#include <armadillo>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace descent {

// The derivatives of a node's value and gradient along the direction in which the leaves move.
template <class T>
struct Tangents {
  arma::Mat<T> value, gradient;
};

// A matrix of the graph. Constants and what follows from constants alone have no gradient.
template <class T>
struct Node {
  arma::Mat<T> value;
  arma::Mat<T> gradient;  // of the scalar backward() started from; empty in a constant
  bool differentiable;
  bool written = false;             // some edge already claimed to write the gradient first
  Tangents<T>* tangents = nullptr;  // of a differentiable node, after add_tangents()
};

// The use of a node by an operation. In each backward pass the first edge to reach a node writes
// its gradient and the others add, so that gradients need no clearing.
template <class T>
struct Edge {
  Node<T>* node = nullptr;
  bool first = false;

  const arma::Mat<T>& value() const { return node->value; }
  arma::Mat<T>& gradient() const { return node->gradient; }
  bool wanted() const { return node->differentiable; }

  // REQUIRES: wanted(), and the graph has tangents.
  const arma::Mat<T>& tangent() const { return node->tangents->value; }
  arma::Mat<T>& gradient_tangent() const { return node->tangents->gradient; }
};

template <class T>
class Operation {
 public:
  virtual ~Operation() = default;
  virtual void forward() = 0;              // inputs' values -> output's value
  virtual void backward() = 0;             // output's gradient -> wanted inputs' gradients
  virtual std::span<Edge<T>> edges() = 0;  // in the order in which backward() writes them

  // The derivatives of forward() and of backward() along the tangents: wanted inputs' tangents ->
  // output's tangent; output's gradient and its tangent -> tangents of wanted inputs' gradients.
  virtual void forward_tangent() { refuse(); }
  virtual void backward_tangent() { refuse(); }

 private:
  [[noreturn]] static void refuse() {
    throw std::runtime_error("an operation of the graph has no second derivative");
  }
};

template <class T>
class Graph;

// A handle on a node: copied freely, valid as long as its graph.
template <class T>
class Var {
 public:
  Var(Graph<T>& graph, Node<T>& node) : graph_(&graph), node_(&node) {}

  const arma::Mat<T>& value() const { return node_->value; }
  arma::Mat<T>& value() { return node_->value; }
  const arma::Mat<T>& gradient() const { return node_->gradient; }
  arma::uword rows() const { return node_->value.n_rows; }
  arma::uword cols() const { return node_->value.n_cols; }

  Graph<T>& graph() const { return *graph_; }
  Node<T>* node() const { return node_; }

 private:
  Graph<T>* graph_;
  Node<T>* node_;
};

template <class T>
class Graph {
 public:
  // The graph allocates everything from `memory`, which must outlive it.
  explicit Graph(std::pmr::memory_resource* memory = std::pmr::new_delete_resource())
      : memory_(memory), nodes_(memory), operations_(memory) {}
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  ~Graph() {
    for (const auto& recorded : operations_) release(recorded);
    for (const auto& held : nodes_) release(held);
  }

  // Leaves. The caller's memory must stay where it is while the graph lives; its content may change
  // between passes. A parameter's gradient is written by backward().
  Var<T> constant(const T* value, arma::uword rows, arma::uword cols) {
    return leaf(const_cast<T*>(value), nullptr, rows, cols);
  }
  Var<T> parameter(const T* value, T* gradient, arma::uword rows, arma::uword cols) {
    return leaf(const_cast<T*>(value), gradient, rows, cols);
  }
  // A constant of the graph's own, to be filled through value().
  Var<T> constant(arma::uword rows, arma::uword cols) {
    return {*this, *hold(allocate(rows * cols), nullptr, rows, cols, true)};
  }

  // Records an operation: Op is built over the output node and whatever follows. The output is
  // differentiable if any input is.
  template <class Op, class... Arguments>
  Var<T> record(arma::uword rows, arma::uword cols, bool differentiable, Arguments&&... arguments) {
    T* const value = allocate(rows * cols);
    T* const gradient = differentiable ? allocate(rows * cols) : nullptr;
    Node<T>* const output = hold(value, gradient, rows, cols, true);
    void* const place = memory_->allocate(sizeof(Op), alignof(Op));
    auto* const operation = new (place) Op(output, std::forward<Arguments>(arguments)...);
    operations_.push_back({operation, output, place, sizeof(Op), alignof(Op)});
    settled_ = false;
    return {*this, *output};
  }

  void forward() {
    for (const auto& recorded : operations_) recorded.operation->forward();
  }

  // Gradients of a 1 x 1 scalar; forward() must have run. A graph is differentiated from one and
  // the same node always.
  void backward(const Var<T>& scalar) {
    scalar.node()->gradient.fill(T(1));
    backward();
  }

  // Gradients when the caller has itself written the gradient of some node (a fused loss does).
  void backward() {
    if (!settled_) settle();
    for (auto recorded = operations_.rbegin(); recorded != operations_.rend(); ++recorded)
      if (recorded->output->differentiable) recorded->operation->backward();
  }

  // Makes room for tangents. The caller then fills those of the leaves' values.
  void add_tangents() {
    for (const auto& held : nodes_)
      if (held.node->differentiable && !held.node->tangents) hold_tangents(*held.node);
  }

  // forward() must have run.
  void forward_tangent() {
    for (const auto& recorded : operations_)
      if (recorded.output->differentiable) recorded.operation->forward_tangent();
  }

  // backward() must have run with the same scalar, forward_tangent() before or after it.
  void backward_tangent(const Var<T>& scalar) {
    scalar.node()->tangents->gradient.zeros();
    backward_tangent();
  }

  // The same when the caller has itself written the gradient of some node and its tangent.
  void backward_tangent() {
    for (auto recorded = operations_.rbegin(); recorded != operations_.rend(); ++recorded)
      if (recorded->output->differentiable) recorded->operation->backward_tangent();
  }

  // Calls visit(node) for every leaf that has a gradient.
  template <class Visit>
  void each_parameter(Visit&& visit) {
    for (const auto& held : nodes_)
      if (!held.owned && held.node->differentiable) visit(*held.node);
  }

 private:
  struct Recorded {
    Operation<T>* operation;
    Node<T>* output;
    void* place;  // where the operation lies, and how large it is
    std::size_t bytes, align;
  };
  struct Held {
    Node<T>* node;
    bool owned;  // value and gradient are the graph's memory, not the caller's
  };

  static constexpr std::size_t alignment = 64;

  T* allocate(arma::uword n) {
    T* const memory = static_cast<T*>(memory_->allocate(n * sizeof(T), alignment));
    std::fill_n(memory, n, T(0));
    return memory;
  }

  Var<T> leaf(T* value, T* gradient, arma::uword rows, arma::uword cols) {
    return {*this, *hold(value, gradient, rows, cols, false)};
  }

  Node<T>* hold(T* value, T* gradient, arma::uword rows, arma::uword cols, bool owned) {
    void* const place = memory_->allocate(sizeof(Node<T>), alignof(Node<T>));
    const bool differentiable = gradient != nullptr;
    auto* const node = new (place)
        Node<T>{arma::Mat<T>(value, rows, cols, /*copy=*/false, /*strict=*/true),
                differentiable ? arma::Mat<T>(gradient, rows, cols, false, true) : arma::Mat<T>(),
                differentiable};
    nodes_.push_back({node, owned});
    return node;
  }

  void hold_tangents(Node<T>& node) {
    const auto rows = node.value.n_rows, cols = node.value.n_cols;
    T* const value = allocate(rows * cols);
    T* const gradient = allocate(rows * cols);
    void* const place = memory_->allocate(sizeof(Tangents<T>), alignof(Tangents<T>));
    node.tangents = new (place) Tangents<T>{arma::Mat<T>(value, rows, cols, false, true),
                                            arma::Mat<T>(gradient, rows, cols, false, true)};
  }

  void release(Tangents<T>* tangents) {
    const auto bytes = tangents->value.n_elem * sizeof(T);
    T* const value = tangents->value.memptr();
    T* const gradient = tangents->gradient.memptr();
    tangents->~Tangents<T>();
    memory_->deallocate(tangents, sizeof(Tangents<T>), alignof(Tangents<T>));
    memory_->deallocate(value, bytes, alignment);
    memory_->deallocate(gradient, bytes, alignment);
  }

  void release(const Recorded& recorded) {
    recorded.operation->~Operation<T>();
    memory_->deallocate(recorded.place, recorded.bytes, recorded.align);
  }

  void release(const Held& held) {
    const auto bytes = held.node->value.n_elem * sizeof(T);
    T* const value = held.node->value.memptr();
    T* const gradient = held.node->differentiable ? held.node->gradient.memptr() : nullptr;
    if (held.node->tangents) release(held.node->tangents);
    held.node->~Node<T>();
    memory_->deallocate(held.node, sizeof(Node<T>), alignof(Node<T>));
    if (!held.owned) return;
    memory_->deallocate(value, bytes, alignment);
    if (gradient) memory_->deallocate(gradient, bytes, alignment);
  }

  // Walks the operations as backward() will, and lets the first edge to reach each node write.
  void settle() {
    for (const auto& held : nodes_) held.node->written = false;
    for (auto recorded = operations_.rbegin(); recorded != operations_.rend(); ++recorded)
      for (auto& edge : recorded->operation->edges())
        if (edge.wanted()) edge.first = !std::exchange(edge.node->written, true);
    settled_ = true;
  }

  std::pmr::memory_resource* memory_;
  std::pmr::vector<Held> nodes_;
  std::pmr::vector<Recorded> operations_;
  bool settled_ = false;
};

}  // namespace descent
