#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# usage: onnx_model.py MODEL.onnx SAMPLES: checks the model with ONNX's own checker and evaluates it
# in NumPy for the samples, a line each. Debian: python3-onnx.
import math
import sys

import numpy as np
import onnx
from onnx import numpy_helper


types = {onnx.TensorProto.FLOAT: np.float32, onnx.TensorProto.DOUBLE: np.float64}


def softmax(x, axis):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def run(node, x, a):
    erf = np.vectorize(math.erf, otypes=[x[0].dtype])
    operations = {
        "Identity": lambda: x[0], "Cast": lambda: x[0].astype(types[a["to"]]),
        "Less": lambda: x[0] < x[1], "LessOrEqual": lambda: x[0] <= x[1],
        "Where": lambda: np.where(x[0], x[1], x[2]),
        "ReduceSum": lambda: x[0].sum(axis=tuple(x[1]), keepdims=bool(a["keepdims"])),
        "ReduceMax": lambda: x[0].max(axis=tuple(a["axes"]), keepdims=bool(a["keepdims"])),
        "ReduceMin": lambda: x[0].min(axis=tuple(a["axes"]), keepdims=bool(a["keepdims"])),
        "Add": lambda: x[0] + x[1], "Sub": lambda: x[0] - x[1],
        "Mul": lambda: x[0] * x[1], "Div": lambda: x[0] / x[1], "Pow": lambda: x[0] ** x[1],
        "MatMul": lambda: x[0] @ x[1], "Exp": lambda: np.exp(x[0]), "Tanh": lambda: np.tanh(x[0]),
        "Erf": lambda: erf(x[0]), "Relu": lambda: np.maximum(x[0], 0),
        "Sigmoid": lambda: 1 / (1 + np.exp(-x[0])), "Softplus": lambda: np.logaddexp(0, x[0]),
        "Neg": lambda: -x[0], "Log": lambda: np.log(x[0]),
        "Gather": lambda: np.take(x[0], x[1], axis=a["axis"]),
        "Concat": lambda: np.concatenate(x, axis=a["axis"]),
        "Softmax": lambda: softmax(x[0], a["axis"]),
        "LogSoftmax": lambda: np.log(softmax(x[0], a["axis"])),
        "Unsqueeze": lambda: np.expand_dims(x[0], tuple(x[1])),
        "Reshape": lambda: x[0].reshape(x[1]),
        "Slice": lambda: x[0][:, x[1][0]:x[2][0]] if list(x[3]) == [1] else None,
    }
    result = operations[node.op_type]()
    keeps_type = node.op_type not in ("Cast", "Less", "LessOrEqual", "Where")
    return result.astype(x[0].dtype) if keeps_type else result


# Where takes neither infinite quotients nor those of two infinities.
np.seterr(divide="ignore", invalid="ignore")
model = onnx.load(sys.argv[1])
onnx.checker.check_model(model, full_check=True)
values = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
values["input"] = np.loadtxt(sys.argv[2], dtype=np.float64, ndmin=2)
for node in model.graph.node:
    attributes = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
    values[node.output[0]] = run(node, [values[name] for name in node.input], attributes)
for row in values["output"]:
    print(*(repr(float(value)) for value in row))
