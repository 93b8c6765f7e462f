// SPDX-License-Identifier: MIT
// Counts of several kinds, one bar for each label; for example how the runs of a point ended.

var BAR_HEIGHT = 22;

function drawStack(p, width) {
  var table = tableOf(p),
      labels = p.rows.map(function(row) { return read(p, table.cell(row, 'label')); });
  var left = Math.min(Math.max(48, widest(labels) + 12), width * 0.45),
      key = stackKey(table.values, width);
  var most = greatest([1].concat(p.rows.map(function(row) { return sumOf(table, row); })));
  var scale = (width - left - 4) / most, out = key.svg, slots = [], top = key.height;
  p.rows.forEach(function(row, i) {
    var y = top + i * BAR_HEIGHT, bar = stackedBar(table, row, left, y, scale);
    out += text(left - 8, y + 14, shorten(labels[i], left - 8), 'tk', 'end') + bar.svg;
    slots.push({py: y + BAR_HEIGHT / 2, label: labels[i], items: bar.items});
  });
  var bottom = top + p.rows.length * BAR_HEIGHT,
      box = {left: left, right: width, top: top, bottom: bottom};
  return {svg: out, height: bottom + 6, hits: [rowHit(box, BAR_HEIGHT, slots)], names: []};
}

// A count; what is no number or negative has no length.
function countOf(table, row, kind) {
  var n = table.cell(row, kind);
  return isNumber(n) && n > 0 ? bounded(n) : 0;
}

function sumOf(table, row) {
  return table.values.reduce(function(sum, kind) { return sum + countOf(table, row, kind); }, 0);
}

// A status has its own color, any other kind the next one.
function kindClass(kind, k) {
  return member(STATUS_COLORS, kind) ? {fill: 's-' + kind, text: 'in-' + kind} :
                                       {fill: 'c' + k % 8 + ' solid', text: 'in-failed'};
}

function stackKey(kinds, width) {
  var x = 0, y = 3, out = '';
  kinds.forEach(function(kind, k) {
    var room = 16 + textWidth(shown(kind)) + 14;
    if (x > 0 && x + room - 14 > width) {
      x = 0;
      y += 18;
    }
    out += rect(kindClass(kind, k).fill, x, y, 11, 11) + text(x + 16, y + 10, shown(kind), 'tk');
    x += room;
  });
  return {svg: out, height: y + 21};
}

function stackedBar(table, row, left, y, scale) {
  var x = left, out = '', items = [];
  table.values.forEach(function(kind, k) {
    var n = countOf(table, row, kind), width = n * scale, cls = kindClass(kind, k);
    if (!n) return;
    out += rect(cls.fill, x, y + 2, Math.max(1, width - 1), BAR_HEIGHT - 6);
    if (width > textWidth(num(n)) + 6)
      out += text(x + width / 2, y + 14, num(n), cls.text, 'middle');
    items.push({name: kind, cls: cls.fill, y: n, row: row});
    x += width;
  });
  return {svg: out, items: items};
}
