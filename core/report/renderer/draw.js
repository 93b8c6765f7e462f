// SPDX-License-Identifier: MIT
// The renderer's entry: rows of one query become an SVG. It knows no DOM and is ES5, so the same
// files draw in the page and, run by Duktape, on paper.
//
// picture: {title, mark, columns, rows, x: {label, log}, y: {label, log, domain}, names, refs,
// ...}; rows.js says what columns mean, each mark's file which other members it has.
// state: {hidden: {name: true}, logx, logy, character, legend, forPaper, font}; character: the mean
// width of a character in the page's 12 px font; legend: with the names of the series; forPaper:
// with title, legend and style sheet.

var MARKS = {
  line: drawLines,
  steps: drawLines,
  scatter: drawLines,
  rows: drawRows,
  stack: drawStack,
  heat: drawHeat,
  path: drawPaths
};

// A title in as many lines as it needs.
function titleLines(title, width) {
  var lines = [], line = '';
  title.split(' ').forEach(function(word) {
    var longer = line ? line + ' ' + word : word;
    if (line && textWidth(longer) * 1.08 > width) {  // bold is wider
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  });
  return lines.concat(line);
}

// {svg, width, height, hits, names, logx, logy, canLogX, canLogY}; hits: hits.js. Equal input gives
// equal text.
function draw(p, width, state) {
  state = state || {};
  state.hidden = state.hidden || {};
  state.legend = state.legend || state.forPaper;
  em = 12 * (state.character || 6) / 6;
  p.x = p.x || {};
  p.y = p.y || {};
  var d = MARKS[p.mark](p, width, state), head = '', top = 0;
  if (state.forPaper && p.title) {
    titleLines(p.title, width).forEach(function(line) {
      head += text(0, top + 14, line, 'hd');
      top += 16;
    });
    top += 8;
  }
  d.width = width;
  d.height += top;
  if (state.forPaper)
    head = element('style', {}, paperSheet(state.font)) +
        element('rect', {width: '100%', height: '100%', fill: '#fff'}) + head;
  var body = top ? element('g', {transform: 'translate(0,' + top + ')'}, d.svg) : d.svg;
  d.svg = element(
      'svg', {
        xmlns: 'http://www.w3.org/2000/svg',
        role: 'img',
        'aria-label': p.title || '',
        width: width,
        height: d.height,
        viewBox: '0 0 ' + coordinate(width) + ' ' + coordinate(d.height)
      },
      head + body);
  return d;
}

var Picture = {
  draw: draw,
  problem: problem,
  guessMark: guessMark,
  valuesOf: valuesOf,
  read: read,
  num: num,
  esc: esc,
  shown: shown,
  styleOf: styleOf,
  sample: sample,
  mark: mark
};
