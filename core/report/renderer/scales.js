// SPDX-License-Identifier: MIT
// Scales: from values to pixels, with their ticks. A scale is {at(value), ticks, texts, log}.

// Beyond, arithmetic on ranges would overflow; below, a value on a logarithmic scale counts as 0.
var LARGEST = 1e300, SMALLEST = 1e-300;

function log10(v) { return Math.log(v) / Math.LN10; }

function bounded(v) { return Math.max(-LARGEST, Math.min(LARGEST, v)); }

function median(list) {
  var sorted = list.slice().sort(function(a, b) { return a - b; });
  return sorted.length ? sorted[sorted.length >> 1] : 0;
}

function least(list) {
  return list.reduce(function(a, b) { return Math.min(a, b); }, Infinity);
}

function greatest(list) {
  return list.reduce(function(a, b) { return Math.max(a, b); }, -Infinity);
}

// Whether the values are spread so far that a logarithmic axis shows more.
function wantsLog(values) {
  var positive = values.filter(function(v) { return v > SMALLEST; });
  if (!positive.length || least(values) < 0) return false;
  return greatest(positive) / least(positive) > 20;
}

// ---- ticks -----------------------------------------------------------------------------------

// About as many as there is room for; two where the range has them, as one tick is no scale.
function linearTicks(lo, hi, most) {
  for (var n = Math.max(1, most); n < most + 5; n++) {
    var ticks = evenTicks(lo, hi, n);
    if (ticks.length > 1) break;
  }
  return ticks;
}

function evenTicks(lo, hi, most) {
  var step = Math.pow(10, Math.floor(log10((hi - lo) / most))), excess = (hi - lo) / most / step;
  step *= excess > 5 ? 10 : excess > 2 ? 5 : excess > 1 ? 2 : 1;
  var first = Math.ceil(lo / step - 1e-9), last = Math.floor(hi / step + 1e-9), out = [];
  for (var i = 0; i <= last - first && i < 100; i++)
    out.push(+((first + i) * step).toPrecision(12) || 0);  // no -0
  return out;
}

// Within a decade, from close to sparse.
var LOG_STEPS = [[1, 1.5, 2, 3, 4, 5, 6, 8], [1, 2, 5], [1, 3], [1]];

function logTicks(lo, hi, most) {
  var room = Math.max(3, most), ticks;
  for (var i = 0; i < LOG_STEPS.length; i++) {
    ticks = stepsPerDecade(LOG_STEPS[i], lo, hi);
    if (ticks.length <= room) break;
  }
  if (ticks.length > room) {
    var every = Math.ceil(ticks.length / room);
    ticks = ticks.filter(function(tick, k) { return k % every === 0; });
  }
  return ticks.length > 1 ? ticks : linearTicks(lo, hi, most);
}

function stepsPerDecade(steps, lo, hi) {
  var out = [];
  for (var i = Math.floor(log10(lo)) - 1; i <= log10(hi) + 1; i++)
    steps.forEach(function(step) {
      var tick = +(step + 'e' + i);
      if (tick >= lo * (1 - 1e-9) && tick <= hi * (1 + 1e-9)) out.push(tick);
    });
  return out;
}

// ---- scales ----------------------------------------------------------------------------------

function withTicks(scale, ticks) {
  scale.ticks = ticks;
  scale.texts = tickTexts(ticks);
  return scale;
}

function linearScale(lo, hi, from, to, most) {
  function place(v) { return from + (v - lo) / (hi - lo) * (to - from); }
  return withTicks({at: place, lo: lo, hi: hi, log: false}, linearTicks(lo, hi, most));
}

// What is not positive stands at the lower end.
function logScale(lo, hi, from, to, most) {
  var a = log10(lo), b = log10(hi);
  if (b - a < 1e-9) return singleValueScale(hi, from, to);
  function place(v) { return v <= lo ? from : from + (log10(v) - a) / (b - a) * (to - from); }
  return withTicks({at: place, lo: lo, hi: hi, log: true}, logTicks(lo, hi, most));
}

function wordScale(words, from, to) {
  var step = (to - from) / Math.max(1, words.length);
  return {
    at: function(v) { return from + step * (words.indexOf(v) + 0.5); },
    ticks: words,
    texts: words.map(function(v) { return num(v); }),
    words: true,
    step: step
  };
}

// On a logarithmic axis, 0 has a place of its own at the left.
function logScaleWithZero(lo, hi, from, to, most) {
  var left = from + Math.max(26, (to - from) * 0.05), positive = logScale(lo, hi, left, to, most);
  function place(v) { return v < lo ? from : positive.at(v); }
  return withTicks({at: place, log: true}, [0].concat(positive.ticks));
}

function canPlace(v) {
  return v !== null && v !== undefined && (typeof v !== 'number' || isFinite(v));
}

// Values of x. If one is a word, all stand in their order, evenly.
function xScale(values, log, from, to, most) {
  var distinct = [], seen = {}, isAnyWord = false;
  values.forEach(function(v) {
    if (!canPlace(v) || seen[typeof v + v]) return;
    seen[typeof v + v] = true;
    distinct.push(v);
    isAnyWord = isAnyWord || typeof v !== 'number';
  });
  if (isAnyWord) return wordScale(distinct, from, to);
  var pad = Math.min(14, (to - from) * 0.03);
  from += pad;
  to -= pad;
  distinct = distinct.map(bounded);
  var lo = least(distinct), hi = greatest(distinct);
  var positive = distinct.filter(function(v) { return v > SMALLEST; });
  if (log && lo >= 0 && positive.length > 1) {
    var scale = least(positive) === lo ? logScale : logScaleWithZero;
    return scale(least(positive), hi, from, to, most);
  }
  if (!distinct.length) return withTicks(linearScale(0, 1, from, to, most), []);
  if (isFlat(lo, hi)) return singleValueScale(lo, from, to);
  return linearScale(lo, hi, from, to, most);
}

// Differences in the last digits of a double are no range.
function isFlat(lo, hi) {
  return hi - lo <= Math.max(Math.abs(lo), Math.abs(hi)) * 1e-9 || hi - lo < 1e-290;
}

function singleValueScale(value, from, to) {
  return withTicks({at: function() { return (from + to) / 2; }, log: false}, [value]);
}

// ---- the range of values with intervals ------------------------------------------------------

// Intervals far beyond the values leave the frame instead of flattening the values.
function linearRange(points, refs) {
  var values = points.concat(refs).filter(function(q) { return isNumber(q.y); });
  var halves = values.filter(function(q) { return isNumber(q.hi); })
                   .map(function(q) { return bounded(q.hi) - bounded(q.y); });
  values = values.map(function(q) { return bounded(q.y); });
  if (!values.length) values = [0, 1];
  var lo = least(values), hi = greatest(values);
  if (isFlat(lo, hi)) {
    var around = Math.abs(hi) > 1e-280 ? Math.abs(hi) * 0.1 : 1;
    lo -= around / 2;
    hi += around / 2;
  }
  var room = Math.max(hi - lo, 4 * median(halves)), top = hi + room, bottom = lo - room;
  points.forEach(function(q) {
    if (!isNumber(q.y)) return;
    if (isNumber(q.hi)) hi = Math.max(hi, Math.min(q.hi, top));
    if (isNumber(q.lo)) lo = Math.min(lo, Math.max(q.lo, bottom));
  });
  if (lo > 0 && lo < 0.25 * hi) lo = 0;
  var edge = (hi - lo) * 0.05;
  return [lo === 0 ? 0 : lo - edge, hi + edge];
}

// Of a value that is not sure to be above 0, only the upper bound counts. Null without a positive
// value.
function logRange(points, refs) {
  var sure = [];
  points.concat(refs).forEach(function(q) {
    if (!isNumber(q.y)) return;
    var v = reachesZero(q) ? q.hi : q.y;
    if (isNumber(v) && v > SMALLEST) sure.push(bounded(v));
  });
  if (!sure.length) return null;
  var lo = least(sure), hi = greatest(sure), usual = median(sure);
  if (hi / usual > 1e6) hi = usual * 1e4;  // what ran away leaves the frame
  return withIntervals(points, lo, hi);
}

// Makes room for intervals on a logarithmic axis.
function withIntervals(points, lo, hi) {
  var factors = points.filter(function(q) { return isNumber(q.hi) && q.y > 0 && q.hi > 0; })
                    .map(function(q) { return q.hi / q.y; });
  var reach = Math.min(1e6, Math.max(Math.min(hi / lo, 3), Math.pow(median(factors), 3), 1.2));
  var top = hi, bottom = lo;
  points.forEach(function(q) {
    if (isNumber(q.hi) && q.hi > 0) top = Math.max(top, Math.min(q.hi, hi * reach));
    if (isNumber(q.lo) && q.lo > 0 && q.y > 0)
      bottom = Math.min(bottom, Math.max(q.lo, lo / reach, SMALLEST));
  });
  var edge = (log10(top) - log10(bottom)) * 0.04 + 0.01;
  return [Math.pow(10, log10(bottom) - edge), Math.pow(10, Math.min(307, log10(top) + edge))];
}

// Values with intervals. domain: the range, if it is known.
function valueScale(points, options, from, to, most) {
  if (options.domain) return linearScale(options.domain[0], options.domain[1], from, to, most);
  var refs = (options.refs || []).filter(function(ref) { return isNumber(ref.y); });
  var range = options.log ? logRange(points, refs) : null;
  if (range) return logScale(range[0], range[1], from, to, most);
  range = linearRange(points, refs);
  return linearScale(range[0], range[1], from, to, most);
}
