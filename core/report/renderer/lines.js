// SPDX-License-Identifier: MIT
// Lines with intervals, steps and scattered points over x, one panel for each facet.
//
// picture.modes says of a series by name: 'points' (marks without a line), or 'thin' (thin lines
// without marks). A new value of the column `part` breaks a line. picture.band draws intervals as
// bands, whatever the number of points; picture.best (true, or a series) rings the least value.

var MOST_BARS = 20;  // points of a series; beyond, intervals are bands and marks are left out

function drawLines(p, width, state) {
  var groups = groupsOf(p), axes = chooseAxes(p, groups, state), out = '', top = 6;
  if (state.legend && groups.names.length > 1) {
    var key = legend(p, groups.names, width, state.hidden);
    out += key.svg;
    top += key.height;
  }
  if (p.y.label) {
    out += text(0, top + 10, axisLabel(p.y.label, {log: axes.logy}), 'lb');
    top += 24;
  }
  var layout = layOutPanels(p, groups.panels, axes, width, top), hits = [];
  groups.panels.forEach(function(panel, i) {
    var drawn = drawPanel(p, panel, axes, layout, i, state);
    out += drawn.svg;
    hits.push(drawn.hit);
  });
  return {
    svg: out,
    height: layout.height,
    hits: hits,
    names: groups.names,
    logx: axes.logx,
    logy: axes.logy,
    canLogX: axes.canLogX,
    canLogY: axes.canLogY
  };
}

// The points that are seen, and which axes are logarithmic.
function chooseAxes(p, groups, state) {
  var table = tableOf(p), all = [];
  var xs = p.rows.map(function(row) { return table.cell(row, 'x'); });
  groups.panels.forEach(function(panel) {
    panel.series.forEach(function(s) {
      if (!member(state.hidden, s.name)) all = all.concat(s.points);
    });
  });
  var ys =
      all.filter(function(q) { return isNumber(q.y); })
          .map(function(q) { return reachesZero(q) && isNumber(q.hi) && q.hi > 0 ? q.hi : q.y; });
  function choose(asked, axis, values) {
    if (asked !== undefined) return asked;
    return axis.log === undefined ? wantsLog(values) : axis.log;
  }
  return {
    all: all,
    xs: xs,
    logx: choose(state.logx, p.x, xs.filter(isNumber)),
    logy: choose(state.logy, p.y, ys),
    canLogX: p.x.log !== false && xs.every(function(v) { return v === null || v >= 0; }) &&
        !xs.some(function(v) { return typeof v === 'string'; }),
    canLogY: p.y.log !== false && ys.length > 0 && ys.every(function(v) { return v > 0; })
  };
}

function scaleOptions(p, axes) { return {log: axes.logy, refs: p.refs, domain: p.y.domain}; }

// Where the panels are: {columns, box(i), isLowest(i), named, height}.
function layOutPanels(p, panels, axes, width, top) {
  var named = panels.length > 1, gap = 16, between = named ? 62 : 0;
  var columns = Math.max(1, Math.min(panels.length, Math.floor(width / 250)));
  var height = p.height || (named ? 190 : width < 480 ? 240 : 300);
  var trial = valueScale(axes.all, scaleOptions(p, axes), 0, 1, height / 45);
  var left = Math.max(34, widest(trial.texts) + 12);
  var panelWidth = Math.max(40, (width - left - 8 - gap * (columns - 1)) / columns);
  var lines = Math.ceil(panels.length / columns);
  var lowest = top + (lines - 1) * (height + between) + (named ? 18 : 0) + height;
  return {
    columns: columns,
    named: named,
    width: panelWidth,
    right: width,
    box: function(i) {
      var x = left + i % columns * (panelWidth + gap);
      var y = top + Math.floor(i / columns) * (height + between) + (named ? 18 : 0);
      return {left: x, right: x + panelWidth, top: y, bottom: y + height};
    },
    isLowest: function(i) { return i + columns >= panels.length; },
    height: panels.length === 0 ? top + 30 : lowest + (p.x.label ? 42 : 24)
  };
}

function drawPanel(p, panel, axes, layout, i, state) {
  var box = layout.box(i), slots = slotsByX(), out = '', count = panel.series.length;
  var most = layout.width / 70;
  var x = xScale(axes.xs, axes.logx, box.left, box.right, most);
  var y =
      valueScale(axes.all, scaleOptions(p, axes), box.bottom, box.top, (box.bottom - box.top) / 45);
  if (layout.named) out += text(box.left, box.top - 6, shorten(panel.facet, layout.width), 'hd');
  var end = (i + 1) % layout.columns === 0 ? layout.right : box.right + 8;
  out += frame(box, x, y, i % layout.columns === 0, end);
  if (p.x.label && layout.isLowest(i))
    out +=
        text((box.left + box.right) / 2, box.bottom + 34, axisLabel(p.x.label, x), 'lb', 'middle');
  var inside = references(p.refs, panel.facet, box, x, y), visible = {x: x, y: y, box: box};
  panel.series.forEach(function(s, k) {
    if (!member(state.hidden, s.name)) inside += drawSeries(p, s, k, count, visible, slots);
  });
  out += clipped(box, 7, inside);
  return {svg: out, hit: slots.hit(box, layout.named ? String(panel.facet) : '')};
}

// How one series is drawn.
function manner(p, series, place, count, points) {
  var parts = partsOf(p, series.name, series.index);
  var dense = p.mark === 'line' && parts.line && (p.band || points.length > MOST_BARS);
  var shifts = p.mark === 'line' && !dense && count > 1 && points.some(hasInterval);
  var few = dense || p.mark === 'steps', every = few ? Math.ceil(points.length / 6) : 1;
  return {
    style: parts.style,
    parts: parts,
    bands: dense,
    many: count > 4,
    // every how many points have a mark, and from which: those of neighboring lines differ
    every: every,
    first: Math.floor((place + 0.5) / count * every) % every,
    // so that bars at the same x stand next to each other
    shift: shifts ? (place - (count - 1) / 2) * Math.min(4, 14 / count) : 0
  };
}

function isInfinite(v) { return v === Infinity || v === -Infinity; }

// By part, then x: points in the order in which a line meets them. A line starts again after a
// point at infinity, which is not among them.
function ordered(points, x) {
  var kept =
      points.filter(function(q) { return canPlace(q.x) && (isNumber(q.y) || isInfinite(q.y)); });
  if (!x.words) {
    var parts = {}, next = 0;
    kept.forEach(function(q) {
      if (parts['$' + q.part] === undefined) parts['$' + q.part] = next++;
    });
    kept.sort(function(a, b) {  // by i last: Duktape's sort is not stable
      return parts['$' + a.part] - parts['$' + b.part] || a.x - b.x || a.i - b.i;
    });
  }
  kept.forEach(function(
      q, i) { q.starts = i === 0 || kept[i - 1].part !== q.part || isInfinite(kept[i - 1].y); });
  return kept.filter(function(q) { return isNumber(q.y); });
}

function drawSeries(p, series, place, count, visible, slots) {
  var x = visible.x, y = visible.y, points = ordered(series.points, x);
  var how = manner(p, series, place, count, points),
      out = lostMarks(p, series, place, visible, slots);
  points.forEach(function(q) {
    q.px = x.at(q.x) + how.shift;
    q.py = y.at(q.y);
    slots.add(q.x, x.at(q.x), itemOf(series.name, how.style.cls, q, q.py));
  });
  var whole = points.filter(hasInterval);
  if (how.bands)
    out += bands(whole, y, how);
  else
    out += bars(whole, y, how);
  out += linePart(how.parts, linePath(points, p.mark === 'steps' ? visible.box.right : undefined));
  points.forEach(function(q, i) {
    if (how.parts.marks && i % how.every === how.first)
      out += mark(how.style, q.px, q.py, 3.2, y.log && reachesZero(q));
  });
  if (points.length && (p.best === true || p.best === series.name)) {
    var best = points.reduce(function(a, b) { return b.y < a.y ? b : a; });
    out += ring(best.px, best.py, 7);
  }
  return out;
}

// A line through the points; with `end`, in steps that last until there.
function linePath(points, end) {
  var d = '';
  points.forEach(function(q) {
    if (end !== undefined && !q.starts) d += 'H' + coordinate(q.px);
    d += (q.starts ? 'M' : 'L') + at(q.px, q.py);
  });
  return end !== undefined && points.length ? d + 'H' + coordinate(end) : d;
}

function bars(points, y, how) {
  var d = '';
  points.forEach(function(q) { d += 'M' + at(q.px, y.at(q.lo)) + 'V' + coordinate(y.at(q.hi)); });
  return d ? path(how.style.cls + ' eb', d) : '';
}

// One band for each part: its upper bounds to the right, its lower bounds back.
function bands(points, y, how) {
  var d = '', back = '';
  points.forEach(function(q, i) {
    var starts = i === 0 || points[i - 1].part !== q.part || q.starts;
    if (starts && i) d += back + 'z';
    if (starts) back = '';
    d += (starts ? 'M' : 'L') + at(q.px, y.at(q.hi));
    back = 'L' + at(q.px, y.at(q.lo)) + back;
  });
  return d ? path(how.style.cls + ' bd' + (how.many ? ' many' : ''), d + back + 'z') : '';
}

// Runs that did not end well are seen, whatever the mean of the others is: in the color of their
// series, or once for all values of a row. Crosses that would cover each other are one.
function lostMarks(p, series, place, visible, slots) {
  var table = tableOf(p), isFirst = table.has('series') || place === 0, out = '', drawn = [];
  if (p.mark !== 'line') return out;
  var cls = table.has('series') ? styleOf(series.name, series.index).cls : 'm-total';
  series.points.forEach(function(q) {
    if (!canPlace(q.x) || !isIncomplete(table, q.row)) return;
    var px = visible.x.at(q.x), py = visible.box.top + 3;
    if (!isNumber(q.y)) slots.add(q.x, px, itemOf(series.name, cls, {y: null, row: q.row}, py + 4));
    if (!isFirst || drawn.some(function(other) { return Math.abs(other - px) < 9; })) return;
    drawn.push(px);
    out += lostMark(cls, px, py);
  });
  return out;
}
