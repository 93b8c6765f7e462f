// SPDX-License-Identifier: MIT
// The paths of optimizers over a surface, and the surface's level lines: picture.field,
// contours.js.

function drawPaths(p, width, state) {
  var table = tableOf(p), paths = pathsOf(p, table), out = '', top = 6;
  var names = paths.map(function(each) { return each.name; });
  if (state.legend) {
    var key = legend(p, names, width, state.hidden);
    out += key.svg;
    top += key.height;
  }
  var field = p.field || fieldAround(paths), left = 44;
  var height = (width - left - 8) * (field.y1 - field.y0) / (field.x1 - field.x0);
  height = Math.max(240, Math.min(440, height));
  var box = {left: left, right: width - 8, top: top + 18, bottom: top + 18 + height}, slots = [];
  var x = linearScale(field.x0, field.x1, box.left, box.right, width / 80);
  var y = linearScale(field.y0, field.y1, box.bottom, box.top, height / 50);
  var inside = p.field ? contours(field, x, y) : '';
  paths.forEach(function(each, i) {
    if (!member(state.hidden, each.name))
      inside += drawPath(each, styleOf(each.name, i), x, y, slots);
  });
  var first = paths.length ? paths[0].points[0] : null;
  if (first)
    inside += ring(x.at(first.x), y.at(first.y), 6) +
        text(x.at(first.x) - 10, y.at(first.y) - 9, 'start', 'nt', 'end');
  out += text(0, top + 10, p.y.label || 'y', 'lb') + frame(box, x, y, true, width) +
      clipped(box, 1, inside) +
      text((box.left + box.right) / 2, box.bottom + 34, p.x.label || 'x', 'lb', 'middle');
  var hit = cellHit(box, '', slots);
  hit.nearest = true;
  return {svg: out, height: box.bottom + 42, hits: [hit], names: names};
}

// [{name, points: [{x, y, step, row}]}]; points without a place are left out.
function pathsOf(p, table) {
  var found = {}, all = [];
  p.rows.forEach(function(row) {
    var name = read(p, table.cell(row, 'series')), key = '$' + name;
    var point =
        {x: table.cell(row, 'x'), y: table.cell(row, 'y'), step: table.cell(row, 'step'), row: row};
    if (!isNumber(point.x) || !isNumber(point.y)) return;
    if (!found[key]) all.push(found[key] = {name: name, points: []});
    found[key].points.push(point);
  });
  return all;
}

// The range of the paths, for a picture without a field.
function fieldAround(paths) {
  var points = paths.reduce(function(all, each) { return all.concat(each.points); }, []);
  var x = linearRange(points.map(function(q) { return {y: q.x}; }), []);
  var y = linearRange(points, []);
  return {x0: x[0], x1: x[1], y0: y[0], y1: y[1]};
}

function drawPath(each, style, x, y, slots) {
  var d = '', last = each.points[each.points.length - 1];
  each.points.forEach(function(q, i) {
    var px = x.at(q.x), py = y.at(q.y), label = each.name;
    d += (i ? 'L' : 'M') + at(px, py);
    if (q.step !== undefined) label += ', epoch ' + q.step;
    slots.push(cellSlot(label, px, py, 8, 8, [
      {name: 'x', cls: style.cls, y: q.x, row: q.row},
      {name: 'y', cls: style.cls, y: q.y, row: q.row}
    ]));
  });
  return path(style.cls + ' ln', d, style.dash) + mark(style, x.at(last.x), y.at(last.y), 4.5);
}
