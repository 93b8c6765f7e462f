// SPDX-License-Identifier: MIT
// SVG elements as text. Every coordinate passes through `coordinate`, so that neither NaN nor an
// infinity reaches the output.

function esc(s) {
  return String(s)
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}

// A tenth of a pixel is enough. What lies far outside stays outside.
function coordinate(v) {
  if (typeof v !== 'number' || v !== v) throw new Error('a coordinate is not a number');
  return String(Math.round(Math.max(-1e5, Math.min(1e5, v)) * 10) / 10);
}

// Attributes in the order given; undefined and '' are left out.
function element(name, attributes, content) {
  var out = '<' + name;
  for (var key in attributes) {
    var value = attributes[key];
    if (value === undefined || value === '') continue;
    out += ' ' + key + '="' + (typeof value === 'number' ? coordinate(value) : esc(value)) + '"';
  }
  return content === undefined ? out + '/>' : out + '>' + content + '</' + name + '>';
}

function at(x, y) { return coordinate(x) + ',' + coordinate(y); }

function path(cls, d, dash) {
  return element('path', {'class': cls, 'stroke-dasharray': dash, d: d});
}

function segment(cls, x1, y1, x2, y2) { return path(cls, 'M' + at(x1, y1) + 'L' + at(x2, y2)); }

function rect(cls, x, y, width, height, fill) {
  return element('rect', {'class': cls, fill: fill, x: x, y: y, width: width, height: height});
}

function circle(cls, x, y, radius) {
  return element('circle', {'class': cls, cx: x, cy: y, r: radius});
}

// anchor: start (default), middle or end.
function text(x, y, s, cls, anchor) {
  return element('text', {x: x, y: y, 'class': cls, 'text-anchor': anchor}, esc(s));
}

// Written upwards, its middle at (x, y).
function uprightText(x, y, s, cls) {
  var turn = 'translate(' + at(x, y) + ') rotate(-90)';
  return element('text', {'class': cls, 'text-anchor': 'middle', transform: turn}, esc(s));
}

// Cuts off what lies outside the box and its margin. An <svg> in the <svg> needs no id, which would
// have to be unique in the page.
function clipped(box, margin, content) {
  var x = box.left - margin, y = box.top - margin;
  var width = Math.max(1, box.right - box.left + 2 * margin);
  var height = Math.max(1, box.bottom - box.top + margin);
  var view = [x, y, width, height].map(coordinate).join(' ');
  return element('svg', {x: x, y: y, width: width, height: height, viewBox: view}, content);
}
