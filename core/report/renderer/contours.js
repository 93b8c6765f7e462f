// SPDX-License-Identifier: MIT
// Level lines of a field on a grid, by marching squares. A cell with a saddle is split by its mean.

// The sides that the lines of a cell connect, by which corners are above the level: 1 south-west,
// 2 south-east, 4 north-east, 8 north-west.
var CROSSINGS = {
  1: ['ws'],
  2: ['se'],
  3: ['we'],
  4: ['en'],
  6: ['sn'],
  7: ['nw'],
  8: ['nw'],
  9: ['sn'],
  11: ['en'],
  12: ['we'],
  13: ['se'],
  14: ['ws']
};

function crossings(code, isMeanAbove) {
  if (code !== 5 && code !== 10) return CROSSINGS[code] || [];
  return (code === 5) === isMeanAbove ? ['wn', 'se'] : ['ws', 'en'];
}

// field: {nx, ny, x0, x1, y0, y1, z}, z by lines from y0 upwards.
function contour(field, level, x, y) {
  var d = '', nx = field.nx, ny = field.ny;
  function z(i, j) { return field.z[j * nx + i]; }
  function px(i) { return x.at(field.x0 + (field.x1 - field.x0) * i / (nx - 1)); }
  function py(j) { return y.at(field.y0 + (field.y1 - field.y0) * j / (ny - 1)); }
  function cell(i, j) {
    var a = z(i, j), b = z(i + 1, j), c = z(i + 1, j + 1), e = z(i, j + 1);
    var code = (a > level) + 2 * (b > level) + 4 * (c > level) + 8 * (e > level);
    if (code === 0 || code === 15 || !isFinite(a + b + c + e)) return;
    var sides = {
      s: function() { return at(px(i + (level - a) / (b - a)), py(j)); },
      e: function() { return at(px(i + 1), py(j + (level - b) / (c - b))); },
      n: function() { return at(px(i + (level - e) / (c - e)), py(j + 1)); },
      w: function() { return at(px(i), py(j + (level - a) / (e - a))); }
    };
    crossings(code, (a + b + c + e) / 4 > level).forEach(function(pair) {
      d += 'M' + sides[pair.charAt(0)]() + 'L' + sides[pair.charAt(1)]();
    });
  }
  for (var j = 0; j + 1 < ny; j++)
    for (var i = 0; i + 1 < nx; i++) cell(i, j);
  return d;
}

// Level lines at quantiles of the field, so that they are even where a surface is steep.
function contours(field, x, y) {
  var levels = 14, out = '';
  var sorted = field.z.filter(isNumber).sort(function(a, b) { return a - b; });
  for (var i = 1; i < levels && sorted.length; i++) {
    var level = sorted[Math.floor(i / levels * (sorted.length - 1))];
    out += path('lv', contour(field, level, x, y));
  }
  return out;
}
