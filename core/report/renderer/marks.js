// SPDX-License-Identifier: MIT
// The marks of single values: seven shapes, filled or hollow.

var SHAPES = [
  function circleShape(x, y, r) {
    var arc = 'a' + at(r, r) + ' 0 1,0 ';
    return 'M' + at(x - r, y) + arc + at(2 * r, 0) + arc + at(-2 * r, 0) + 'z';
  },
  function square(x, y, r) {
    r *= 0.9;
    return 'M' + at(x - r, y - r) + 'h' + coordinate(2 * r) + 'v' + coordinate(2 * r) + 'h' +
        coordinate(-2 * r) + 'z';
  },
  function triangle(x, y, r) {
    r *= 1.2;
    return 'M' + at(x, y - r) + 'l' + at(r, 1.7 * r) + 'h' + coordinate(-2 * r) + 'z';
  },
  function diamond(x, y, r) {
    r *= 1.3;
    return 'M' + at(x, y - r) + 'l' + at(r, r) + 'l' + at(-r, r) + 'l' + at(-r, -r) + 'z';
  },
  function triangleDown(x, y, r) {
    r *= 1.2;
    return 'M' + at(x, y + r) + 'l' + at(r, -1.7 * r) + 'h' + coordinate(-2 * r) + 'z';
  },
  function diagonalCross(x, y, r) {
    return 'M' + at(x - r, y - r) + 'l' + at(2 * r, 2 * r) + 'm' + at(0, -2 * r) + 'l' +
        at(-2 * r, 2 * r);
  },
  function plus(x, y, r) {
    r *= 1.2;
    return 'M' + at(x - r, y) + 'h' + coordinate(2 * r) + 'M' + at(x, y - r) + 'v' +
        coordinate(2 * r);
  }
];

// Hollow: not sure to be above 0 on a logarithmic axis, or some runs are not done. The last two
// shapes are only strokes.
function mark(style, x, y, r, hollow) {
  var isOpen = hollow || style.shape > 4;
  return path(style.cls + (isOpen ? ' open' : ' solid'), SHAPES[style.shape](x, y, r));
}

// At the top of the frame: some runs there did not end well.
function lostMark(cls, x, y) { return path(cls + ' lost', 'M' + at(x - 4, y) + 'l8,8m0,-8l-8,8'); }

function ring(x, y, r) { return circle('ring', x, y, r); }
