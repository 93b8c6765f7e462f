// SPDX-License-Identifier: MIT
// Numbers and names as people read them, and how wide they are.

// A member of an object, or undefined: a series may have the name of what every object has.
function member(object, name) {
  return object && Object.prototype.hasOwnProperty.call(object, name) ? object[name] : undefined;
}

function raised(n) {
  var digits = '⁰¹²³⁴⁵⁶⁷⁸⁹', s = String(Math.abs(n)), out = n < 0 ? '⁻' : '';
  for (var i = 0; i < s.length; i++) out += digits.charAt(+s.charAt(i));
  return out;
}

// At most `digits` significant digits (4), a true minus, powers of ten from 1e6 and below 1e-4.
function num(v, digits) {
  if (v === null || v === undefined || v !== v) return '–';
  if (typeof v !== 'number') return String(v);
  if (v === 0) return '0';
  var sign = v < 0 ? '−' : '', size = Math.abs(v);
  if (size === Infinity) return sign + '∞';
  digits = digits || 4;
  var parts = size.toExponential(digits - 1).split('e'), exponent = +parts[1];
  if (exponent >= 6 || exponent < -4)
    return sign + (+parts[0] === 1 ? '' : +parts[0] + '×') + '10' + raised(exponent);
  if (exponent >= digits) return sign + Math.round(size);
  return sign + String(+size.toPrecision(digits));
}

// As few digits as tell the values apart.
function tickTexts(values, digits) {
  for (var n = digits || 4; n <= 12; n++) {
    var seen = {}, texts = values.map(function(v) { return num(v, n); });
    texts.forEach(function(s) { seen['$' + s] = true; });
    if (Object.keys(seen).length === values.length) break;
  }
  return texts;
}

// What is written for a value of x, series, facet or label: picture.names translates it, for
// example the number of a point into 'sgd, momentum 0.9'.
function read(picture, raw) {
  var name = member(picture.names, String(raw));
  return name === undefined ? num(raw) : String(name);
}

function shown(name) { return String(name).replace(/\bbias2\b/, 'bias²'); }

// Widths of Helvetica's characters in em; all others are as wide as a digit.
var WIDTHS = (function() {
  var classes = [
    [0.22, 'ijl\'|'], [0.28, ' .,:;/!ft[]I\\'], [0.33, 'r()-²⁰¹³⁴⁵⁶⁷⁸⁹⁻'], [0.5, 'sckvxyzJ'],
    [0.67, 'ABEKPSVXY&'], [0.72, 'wCDHNRU'], [0.78, 'GOQ'], [0.83, 'mM'], [0.95, '%W'], [1, '…@']
  ];
  var widths = {};
  classes.forEach(function(c) {
    for (var i = 0; i < c[1].length; i++) widths[c[1].charAt(i)] = c[0];
  });
  return widths;
})();

// Pixels per em; `draw` sets it for one picture, by what the page measured of its font.
var em = 12;

function textWidth(s) {
  s = String(s);
  var sum = 0;
  for (var i = 0; i < s.length; i++) {
    var code = s.charCodeAt(i);
    sum += WIDTHS[s.charAt(i)] || (code >= 0x2e80 ? 1 : 0.556);  // Chinese, Japanese, Korean: wide
  }
  return sum * em;
}

function widest(texts) {
  return texts.reduce(function(most, s) { return Math.max(most, textWidth(s)); }, 0);
}

// Cut to the room, with an ellipsis.
function shorten(s, room) {
  s = String(s);
  if (textWidth(s) <= room) return s;
  while (s.length > 1 && textWidth(s + '…') > room) s = s.slice(0, -1);
  return s.replace(/[\ud800-\udbff]$/, '') + '…';
}
