// SPDX-License-Identifier: MIT
// Heat maps: a cell for each x and y, its color says how far z is from the best. Hatched: some
// runs are not done; grey: none is. The column `best` frames a cell: 2 the best, 1 as good for all
// one knows. picture.more: the largest z is the best.

// Dark is good; lightness changes evenly, also in grey.
var RAMP =
    [[15, 42, 94], [23, 84, 130], [44, 126, 146], [96, 167, 150], [164, 204, 160], [232, 236, 186]];

function rampColor(t) {
  t = Math.max(0, Math.min(1, t)) * (RAMP.length - 1);
  var i = Math.min(RAMP.length - 2, Math.floor(t));
  return RAMP[i].map(function(
      low, k) { return Math.round(low + (RAMP[i + 1][k] - low) * (t - i)); });
}

function rgb(color) { return 'rgb(' + color.join(',') + ')'; }

function isLight(color) { return 0.3 * color[0] + 0.59 * color[1] + 0.11 * color[2] > 120; }

// From the best to what 4 of 5 cells reach, so that a few that went astray do not take all colors.
function shadesOf(zs, more) {
  var sorted = zs.map(bounded).sort(function(a, b) { return more ? b - a : a - b; });
  if (!sorted.length) return {at: function() { return 0; }, isFlat: true};
  var n = sorted.length, best = sorted[0], worst = sorted[n - 1],
      far = sorted[Math.ceil(0.8 * (n - 1))];
  var log = !more && best > SMALLEST && far / best > 3;
  if (log) far = Math.min(far, best * 30);
  if (far === best) far = worst;
  function share(z) {
    return log ? Math.log(z / best) / Math.log(far / best) : (z - best) / (far - best);
  }
  return {
    at: best === worst ? function() { return 0; } : function(z) { return share(bounded(z)); },
    best: best,
    far: far,
    isFlat: best === worst,
    isBeyond: worst !== far
  };
}

function distinctIn(rows, table, name) {
  var all = [], isAllNumbers = true;
  rows.forEach(function(row) {
    var v = table.cell(row, name);
    if (all.indexOf(v) < 0) all.push(v);
    isAllNumbers = isAllNumbers && isNumber(v);
  });
  return isAllNumbers ? all.sort(function(a, b) { return a - b; }) : all;
}

function drawHeat(p, width) {
  var table = tableOf(p),
      rows = p.rows.filter(function(
          row) { return canPlace(table.cell(row, 'x')) && canPlace(table.cell(row, 'y')); });
  var zs = rows.map(function(row) { return table.cell(row, 'z'); }).filter(isNumber);
  var map = layOutHeat(p, table, rows, width), shades = shadesOf(zs, p.more);
  var out = HATCHING + heatKey(shades, map, width), hits = [];
  map.facets.forEach(function(facet, i) {
    var box = map.box(i), slots = [];
    out += heatAxes(p, map, box, facet);
    rows.forEach(function(row) {
      if (facetOf(p, table, row) !== facet) return;
      var cell = cellOf(table, row, map, box);
      out += drawCell(table, row, cell, shades, map.small);
      slots.push(slotOf(p, table, row, cell));
    });
    hits.push(cellHit(box, map.named ? String(facet) : '', slots));
  });
  return {svg: out, height: map.bottom, hits: hits, names: []};
}

function facetOf(p, table, row) {
  return table.has('facet') ? read(p, table.cell(row, 'facet')) : '';
}

function layOutHeat(p, table, rows, width) {
  var facets = [], xs = distinctIn(rows, table, 'x'), ys = distinctIn(rows, table, 'y').reverse();
  rows.forEach(function(row) {
    var facet = facetOf(p, table, row);
    if (facets.indexOf(facet) < 0) facets.push(facet);
  });
  var yTexts = tickTexts(ys, 3).map(function(s) { return shorten(s, width * 0.3); });
  var left = widest(yTexts) + (p.y.label ? 30 : 12), gap = 20;
  var columns = Math.floor(width / Math.max(240, xs.length * 26 + 60));
  columns = Math.max(1, Math.min(facets.length, columns));
  var panelWidth = Math.min(560, (width - left * columns - gap * (columns - 1) - 4) / columns);
  var cell = Math.max(1, panelWidth / Math.max(1, xs.length));
  var cellHeight = Math.max(ys.length > 24 ? 10 : 18, Math.min(34, cell)),
      height = cellHeight * ys.length;
  var named = facets.length > 1, top = 44, between = named ? 70 : 60;
  return {
    facets: facets,
    named: named,
    xs: xs,
    ys: ys,
    xTexts: tickTexts(xs, 3),
    yTexts: yTexts,
    left: left,
    cell: cell,
    cellHeight: cellHeight,
    small: cellHeight < 16 || cell < 16,
    box: function(i) {
      var x = left + i % columns * (panelWidth + gap + left);
      var y = top + Math.floor(i / columns) * (height + between) + (named ? 14 : 0);
      return {left: x, right: x + panelWidth, top: y, bottom: y + height};
    },
    bottom: top + Math.ceil(facets.length / columns) * (height + between) - 18
  };
}

var HATCHING = element(
    'defs', {},
    element(
        'pattern', {
          id: 'hatching',
          width: 6,
          height: 6,
          patternUnits: 'userSpaceOnUse',
          patternTransform: 'rotate(45)'
        },
        path('hatchline', 'M0,0V6')));

// The colors with their ends, and what hatching and frames mean.
function heatKey(shades, map, width) {
  var room = Math.min(220, width * 0.5), steps = shades.isFlat ? 1 : 24, out = '', x = room + 16;
  for (var i = 0; i < steps; i++)
    out += rect(
        '', i * room / steps, 2, room / steps + (i + 1 < steps ? 0.5 : 0), 10,
        rgb(rampColor(i / Math.max(1, steps - 1))));
  if (shades.best === undefined)
    out += text(0, 26, 'no value', 'tk');
  else if (shades.isFlat)
    out += text(0, 26, 'all ' + num(shades.best, 3), 'tk');
  else
    out += text(0, 26, num(shades.best, 3) + ' best', 'tk') +
        text(room, 26, num(shades.far, 3) + (shades.isBeyond ? ' and worse' : ''), 'tk', 'end');
  out += rect('cell-bad', x, 1, 12, 12) + rect('hatch', x, 1, 12, 12) +
      text(x + 18, 11, width < 480 ? 'not all done' : 'some or all runs not done', 'tk');
  out += map.small ? circle('dotkey', x + 6, 22, 2) : rect('nearkey', x + 1, 17, 10, 10);
  return out +
      text(x + 18, 26, width < 480 ? 'may be the best' : 'interval reaches the best', 'tk');
}

function heatAxes(p, map, box, facet) {
  var out = '', last = -Infinity, middle = (box.left + box.right) / 2;
  if (map.named) out += text(box.left, box.top - 6, shorten(facet, box.right - box.left), 'hd');
  for (var i = 0; i < map.ys.length; i += Math.ceil(14 / map.cellHeight))
    out += text(box.left - 6, box.top + (i + 0.5) * map.cellHeight + 4, map.yTexts[i], 'tk', 'end');
  map.xTexts.forEach(function(s, k) {
    s = shorten(s, Math.max(40, map.cell - 6));
    var x = box.left + (k + 0.5) * map.cell, half = textWidth(s) / 2;
    if (x - half < last + 5) return;
    out += text(x, box.bottom + 15, s, 'tk', 'middle');
    last = x + half;
  });
  if (p.x.label) out += text(middle, box.bottom + 32, p.x.label, 'lb', 'middle');
  if (p.y.label)
    out += uprightText(box.left - map.left + 11, (box.top + box.bottom) / 2, p.y.label, 'lb');
  return out;
}

function cellOf(table, row, map, box) {
  var gap = map.small ? 0.4 : 1;
  return {
    x: box.left + map.xs.indexOf(table.cell(row, 'x')) * map.cell,
    y: box.top + map.ys.indexOf(table.cell(row, 'y')) * map.cellHeight,
    width: Math.max(0.5, map.cell - gap),
    height: Math.max(0.5, map.cellHeight - gap)
  };
}

// As many digits as a cell has room for.
function brief(z, room) {
  for (var digits = 3; digits > 1; digits--)
    if (textWidth(num(z, digits)) < room - 4) break;
  var s = num(z, digits);
  return textWidth(s) < room - 2 ? s : '';
}

// The fill is that of a tspan, as style sheets set that of a text; a page allows no style
// attribute.
function cellText(cell, words, fill) {
  var x = cell.x + cell.width / 2, y = cell.y + cell.height / 2 + 4;
  return element(
      'text', {x: x, y: y, 'text-anchor': 'middle', 'class': 'in'},
      element('tspan', {fill: fill}, esc(words)));
}

function drawCell(table, row, cell, shades, small) {
  var z = table.cell(row, 'z'), some = !table.has('done') || table.cell(row, 'done') > 0;
  var out = '', whole = !isIncomplete(table, row);
  if (isNumber(z) && some) {
    var color = rampColor(shades.at(z)), words = brief(z, cell.width);
    out += rect('', cell.x, cell.y, cell.width, cell.height, rgb(color));
    if (cell.width > 30 && words) out += cellText(cell, words, isLight(color) ? '#111' : '#fff');
  } else {
    out += rect('cell-bad', cell.x, cell.y, cell.width, cell.height);
  }
  if (!whole) return out + rect('hatch', cell.x, cell.y, cell.width, cell.height);
  return out + bestMark(table.cell(row, 'best'), cell, small);
}

function bestMark(best, cell, small) {
  if (best === 2) return rect('best', cell.x + 1, cell.y + 1, cell.width - 2, cell.height - 2);
  if (best !== 1) return '';
  if (small) return circle('dot', cell.x + cell.width / 2, cell.y + cell.height / 2, 1.3);
  return rect('near', cell.x + 1.5, cell.y + 1.5, cell.width - 3, cell.height - 3);
}

function slotOf(p, table, row, cell) {
  var label = (p.x.label || 'x') + ' ' + num(table.cell(row, 'x')) + ', ' + (p.y.label || 'y') +
      ' ' + num(table.cell(row, 'y'));
  var q = {y: table.cell(row, 'z'), lo: table.cell(row, 'lo'), hi: table.cell(row, 'hi'), row: row};
  return cellSlot(
      label, cell.x + cell.width / 2, cell.y + cell.height / 2, cell.width, cell.height,
      [itemOf(p.z || 'value', '', q)]);
}
