// SPDX-License-Identifier: MIT
// The names of the series, for pictures that stand alone; in the page they are buttons.

// What a series is drawn with: {style, line, thin, marks}.
function partsOf(p, name, index) {
  var mode = member(p.modes, name), style = styleOf(name, index);
  var isPoints = mode === 'points' || p.mark === 'scatter';
  return {
    style: style,
    line: !isPoints,
    thin: mode === 'thin',
    marks: isPoints || (mode !== 'thin' && style.cls !== 'm-noise')
  };
}

// A line through these places, if the series has one.
function linePart(parts, d) {
  if (!parts.line) return '';
  if (!parts.thin) return path(parts.style.cls + ' ln', d, parts.style.dash);
  var thin = {'class': parts.style.cls + ' thin', 'stroke-width': 0.8, 'stroke-opacity': 0.5, d: d};
  return element('path', thin);
}

// 24 pixels of the series, from (x, y).
function sample(p, name, index, x, y) {
  var parts = partsOf(p, name, index);
  return linePart(parts, 'M' + at(x, y) + 'h24') +
      (parts.marks ? mark(parts.style, x + 12, y, 3.5) : '');
}

// {svg, height}.
function legend(p, names, width, hidden) {
  var x = 0, y = 12, out = '';
  names.forEach(function(name, i) {
    if (member(hidden, name)) return;
    var label = shorten(shown(name), width - 30), room = 30 + textWidth(label) + 14;
    if (x > 0 && x + room - 14 > width) {
      x = 0;
      y += 18;
    }
    out += sample(p, name, i, x, y - 4) + text(x + 30, y, label, 'tk');
    x += room;
  });
  return {svg: out, height: y + 10};
}
