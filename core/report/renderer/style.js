// SPDX-License-Identifier: MIT
// How series look, and the style sheet of pictures that stand alone. The page has its own sheet for
// the same classes, light and dark.

// These look the same in every picture; all other series take the next color, shape and dash.
var MEANINGS = {
  bias2: {cls: 'm-bias', shape: 1, dash: ''},
  variance: {cls: 'm-variance', shape: 2, dash: ''},
  total: {cls: 'm-total', shape: 0, dash: ''},
  noise: {cls: 'm-noise', shape: 3, dash: '3 3'},
  truth: {cls: 'm-noise', shape: 3, dash: '3 3'}
};

function styleOf(name, index) {
  var dash = index < 5 ? '' : index < 10 ? '7 3' : '2 3';
  return member(MEANINGS, name) || {cls: 'c' + index % 8, shape: index % 7, dash: dash};
}

var COLORS = {
  c0: '#0072b2',
  c1: '#d55e00',
  c2: '#00805e',
  c3: '#b0508a',
  c4: '#8a6d00',
  c5: '#2a8fc4',
  c6: '#5b4ba8',
  c7: '#555555',
  'm-bias': '#0072b2',
  'm-variance': '#d55e00',
  'm-total': '#222222',
  'm-noise': '#777777',
  good: '#00805e',
  bad: '#b5410a',
  dim: '#777777'
};

// How runs ended; the second is the color of text on the first.
var STATUS_COLORS = {
  done: ['#c9d6df', '#111111'],
  diverged: ['#b3261e', '#ffffff'],
  failed: ['#b0508a', '#ffffff'],
  timeout: ['#8a6d00', '#ffffff'],
  crashed: ['#222222', '#ffffff'],
  pruned: ['#8fa3b0', '#111111']
};

// The first is TrueType, which publishers ask for in a PDF; all have Helvetica's widths (text.js).
var FONT = '"Liberation Sans",Helvetica,Arial,sans-serif';

var SHEET = [
  '.hd{font-weight:bold}',
  '.nt{fill:#555;font-size:11px}',
  '.lb{fill:#222}',
  '.in{font-size:11px}',
  'path{fill:none}',
  '.ax{stroke:#666}',
  '.gr{stroke:#e3e3e3}',
  '.ref{stroke:#777;stroke-dasharray:4 3}',
  '.zero{stroke:#333}',
  '.ring{fill:none;stroke:#222;stroke-width:1.5}',
  '.lv{stroke:#c4c4c4}',
  '.ln{stroke-width:1.8;stroke-linejoin:round}',
  '.eb{stroke-width:1.4}',
  '.bd{stroke:none;fill-opacity:.16}',
  '.many{fill-opacity:.09}',
  '.lost{stroke-width:1.8}',
  '.open{fill:#fff;stroke-width:1.5}',
  '.solid{stroke:#fff;stroke-width:.8}',
  '.cell-bad{fill:#d9d9d9}',
  '.hatch{fill:url(#hatching)}',
  '.hatchline{stroke:#555;stroke-width:1.6}',
  '.best{fill:none;stroke:#fff;stroke-width:2.5}',
  '.near{fill:none;stroke:#fff;stroke-width:1.2;stroke-dasharray:3 2}',
  '.nearkey{fill:none;stroke:#555;stroke-dasharray:3 2}',
  '.dot{fill:#fff}',
  '.dotkey{fill:#555}'
];

// font: a family for all text.
function paperSheet(font) {
  var family = font ? '"' + font.replace(/["\\<>{};&]/g, '') + '",' + FONT : FONT;
  var out = 'text{font:12px ' + family + ';fill:#333}' + SHEET.join(''), name, color;
  for (name in COLORS) {
    color = COLORS[name];
    out += '.' + name + '{stroke:' + color + '}.' + name + '.solid,.' + name + '.bd{fill:' + color +
        '}';
  }
  for (name in STATUS_COLORS)
    out += '.s-' + name + '{fill:' + STATUS_COLORS[name][0] + '}.in-' + name +
        '{fill:' + STATUS_COLORS[name][1] + '}';
  return out + '.solid{stroke:#fff}.bd{stroke:none}';
}
