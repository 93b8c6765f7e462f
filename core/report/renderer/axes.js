// SPDX-License-Identifier: MIT
// The frame of a panel: grid, ticks and their labels, lines of reference.

// The ticks of x that have room, so that none runs into the next. `end`: where the last may reach.
function xLabels(scale, y, end) {
  var out = '', last = -Infinity;
  scale.ticks.forEach(function(tick, i) {
    var s = scale.words ? shorten(scale.texts[i], Math.max(40, scale.step - 6)) : scale.texts[i];
    var x = scale.at(tick), half = textWidth(s) / 2;
    if (x - half < last + 6) return;
    if (end !== undefined && x + half > end) x = Math.max(x - half, end - half * 2) + half;
    if (x - half < last + 6) return;
    out += text(x, y, s, 'tk', 'middle');
    last = x + half;
  });
  return out;
}

// Horizontal lines, ticks below; the labels of y only where a panel is the first of its line.
function frame(box, x, y, withY, end) {
  var out = '';
  y.ticks.forEach(function(tick, i) {
    var py = y.at(tick);
    if (py > box.bottom + 0.5 || py < box.top - 0.5) return;
    out += segment('gr', box.left, py, box.right, py);
    if (withY) out += text(box.left - 6, py + 4, y.texts[i], 'tk', 'end');
  });
  out += segment('ax', box.left, box.bottom, box.right, box.bottom);
  x.ticks.forEach(function(tick) {
    var px = x.at(tick);
    if (px >= box.left - 0.5 && px <= box.right + 0.5)
      out += segment('ax', px, box.bottom, px, box.bottom + 4);
  });
  return out + xLabels(x, box.bottom + 17, end);
}

function axisLabel(label, scale) { return label + (scale.log ? ' (log)' : ''); }

// refs: [{x or y, label, facet}], for example the noise or the epoch at which training stopped.
function references(refs, facet, box, x, y) {
  var out = '';
  (refs || []).forEach(function(ref) {
    if (ref.facet !== undefined && ref.facet !== facet) return;
    if (isNumber(ref.y)) {
      var py = y.at(ref.y);
      out += segment('ref', box.left, py, box.right, py) +
          text(box.right - 2, py - 4, ref.label || '', 'nt', 'end');
    }
    if (canPlace(ref.x)) {
      var px = x.at(ref.x), isRight = px > (box.left + box.right) / 2;
      out += segment('ref', px, box.top, px, box.bottom) +
          text(px + (isRight ? -4 : 4), box.top + 10, ref.label || '', 'nt', isRight ? 'end' : '');
    }
  });
  return out;
}
