// SPDX-License-Identifier: MIT
// A row for each label: estimates with their intervals, each value in a column of its own.
//
// picture.shared gives all values the same scale. picture.zero makes differences of them: a line at
// 0, hollow marks, and green or vermilion where the note says better or worse. picture.bold is the
// index of a row.

function drawRows(p, width, state) {
  var table = tableOf(p), layout = layOutRows(p, table, width), hits = [], out = '', last = null;
  table.values.forEach(function(value, k) {
    var column = drawColumn(p, table, layout, value, k, state);
    out += column.svg;
    hits.push(column.hit);
    last = column;
  });
  p.rows.forEach(function(row, i) { out += rowTexts(p, table, layout, row, i, width); });
  return {
    svg: out,
    height: layout.bottom + (p.x.label ? 42 : 24),
    hits: hits,
    names: [],
    logx: !!last && last.log,
    canLogX: !p.zero && p.x.log !== false && table.values.length === 1 &&
        last.values.every(function(v) { return v > 0; })
  };
}

function noteOf(table, row) {
  var note = table.cell(row, 'note');
  return note === undefined || note === null ? '' : num(note);
}

// Labels stand left of the values, or above them where the width is small.
function layOutRows(p, table, width) {
  var longest = widest(p.rows.map(function(row) { return read(p, table.cell(row, 'label')); }));
  var longestNote = widest(p.rows.map(function(row) { return noteOf(table, row); }));
  var narrow = width < 520 && longest > width * 0.34, count = table.values.length;
  var layout = {
    narrow: narrow,
    labels: narrow ? 0 : Math.min(longest + 10, width * 0.42),
    notes: 0,
    rowHeight: narrow ? 36 : 22,
    top: count > 1 ? 22 : 6,
    gap: 18
  };
  layout.notes = Math.min(longestNote ? longestNote + 12 : 0, (width - layout.labels) * 0.45);
  layout.room =
      Math.max(20, (width - layout.labels - layout.notes - 12 - layout.gap * (count - 1)) / count);
  layout.bottom = layout.top + p.rows.length * layout.rowHeight;
  return layout;
}

// The values that set the scale of a column.
function scaledBy(p, table, value) {
  var of = p.shared ? table.values : [value], points = [];
  p.rows.forEach(function(
      row) { of.forEach(function(name) { points.push(estimateOf(table, row, name)); }); });
  return points;
}

function drawColumn(p, table, layout, value, k, state) {
  var left = layout.labels + k * (layout.room + layout.gap), several = table.values.length > 1;
  var box = {left: left, right: left + layout.room, top: layout.top - 2, bottom: layout.bottom};
  var scaled = scaledBy(p, table, value),
      values = scaled
                   .map(function(
                       q) { return reachesZero(q) && isNumber(q.hi) && q.hi > 0 ? q.hi : q.y; })
                   .filter(isNumber);
  var asked = state.logx === undefined ? p.x.log : state.logx;
  var log = !p.zero && (asked === undefined ? wantsLog(values) : asked);
  var options = {log: log, refs: p.zero ? [{y: 0}] : []};
  var x = valueScale(scaled, options, box.left + 6, box.right - 6, Math.max(2, layout.room / 70));
  var out = rowsFrame(p, x, box, layout);
  if (several) out += text(box.left + 2, 14, shorten(shown(value), layout.room), 'hd');
  var style = several ? styleOf(value, k) : {cls: 'c0', shape: 0, dash: ''}, slots = [],
      inside = '';
  p.rows.forEach(function(row, i) {
    var y = layout.top + (i + 1) * layout.rowHeight - 11, q = estimateOf(table, row, value);
    var own = p.zero ? verdictStyle(table.cell(row, 'note')) : style;
    inside += estimate(q, x, y, own, isHollow(p, table, q, x), box);
    slots.push(
        {py: y, label: read(p, table.cell(row, 'label')), items: [itemOf(value, own.cls, q, y)]});
  });
  out += clipped(box, 5, inside);
  return {svg: out, hit: rowHit(box, layout.rowHeight, slots), log: x.log, values: values};
}

function rowsFrame(p, x, box, layout) {
  var out = '';
  x.ticks.forEach(function(tick) {
    var px = x.at(tick);
    if (px >= box.left - 1 && px <= box.right + 1)
      out += segment('gr', px, box.top, px, box.bottom);
  });
  out += segment('ax', box.left, box.bottom, box.right, box.bottom) +
      xLabels(x, box.bottom + 16, box.right + layout.gap / 2);
  if (p.zero) out += segment('zero', x.at(0), box.top, x.at(0), box.bottom);
  if (p.x.label)
    out +=
        text((box.left + box.right) / 2, box.bottom + 33, axisLabel(p.x.label, x), 'lb', 'middle');
  return out;
}

var VERDICTS = {better: 'good', worse: 'bad', higher: 'c0', lower: 'c0'};

function verdictStyle(note) { return {cls: member(VERDICTS, note) || 'dim', shape: 0}; }

function isHollow(p, table, q, x) {
  return isIncomplete(table, q.row) || (x.log && reachesZero(q)) ||
      (p.zero && !member(VERDICTS, table.cell(q.row, 'note')));
}

function estimate(q, x, y, style, hollow, box) {
  if (!isNumber(q.y)) return text(box.left + 8, y + 4, isBound(q.y) ? num(q.y) : 'no value', 'nt');
  var bar = !hasInterval(q) ?
      '' :
      path(style.cls + ' eb', 'M' + at(x.at(q.lo), y) + 'H' + coordinate(x.at(q.hi)));
  return bar + mark(style, x.at(q.y), y, 4, hollow);
}

function rowTexts(p, table, layout, row, i, width) {
  var y = layout.top + (i + 1) * layout.rowHeight - 7, narrow = layout.narrow;
  var label = shorten(read(p, table.cell(row, 'label')), narrow ? width - 4 : layout.labels - 8);
  var labelY = narrow ? layout.top + i * layout.rowHeight + 13 : y, note = noteOf(table, row);
  var out = text(
      narrow ? 2 : layout.labels - 8, labelY, label, 'tk' + (p.bold === i ? ' hd' : ''),
      narrow ? '' : 'end');
  if (note) out += text(width - layout.notes + 8, y, shorten(note, layout.notes - 8), 'nt');
  return out;
}
