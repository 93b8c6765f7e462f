// SPDX-License-Identifier: MIT
// The grammar of a picture: what a column is follows from its name. Columns without a role are the
// values that are drawn; NAME_lo and NAME_hi are the interval of NAME.

var ROLES = [
  'x', 'series', 'facet', 'label', 'z', 'note', 'n', 'runs', 'done', 'replicates', 'step', 'best',
  'part', 'lo', 'hi'
];
// The columns that a mark needs.
var MARK_COLUMNS = {
  line: ['x'],
  steps: ['x'],
  scatter: ['x'],
  rows: ['label'],
  stack: ['label'],
  heat: ['x', 'y', 'z'],
  path: ['x', 'y', 'series']
};

function isNumber(v) { return typeof v === 'number' && isFinite(v); }

// An end of an interval, which may be infinite.
function isBound(v) { return typeof v === 'number' && v === v; }

// To a stack of counts, done is one of them.
function valuesOf(mark, columns) {
  return columns.filter(function(name) {
    if (mark === 'stack' && name === 'done') return true;
    return ROLES.indexOf(name) < 0 && !/_(lo|hi)$/.test(name) &&
        MARK_COLUMNS[mark].indexOf(name) < 0;
  });
}

// The mark that fits the columns.
function guessMark(columns) {
  if (columns.indexOf('label') >= 0) return 'rows';
  return columns.indexOf('z') >= 0 ? 'heat' : 'line';
}

// Why the mark cannot draw these columns; '' if it can.
function problem(mark, columns) {
  var all = columns.join(', '), i;
  if (!member(MARK_COLUMNS, mark))
    return 'mark \'' + mark +
        '\' is not known; it is one of line, rows, heat, scatter, steps, stack';
  for (i = 0; i < columns.length; i++)
    if (columns.indexOf(columns[i]) < i)
      return 'two columns are named \'' + columns[i] + '\'; rename one with AS';
  var missing = MARK_COLUMNS[mark].filter(function(name) { return columns.indexOf(name) < 0; });
  var other = columns.filter(function(name) { return MARK_COLUMNS[mark].indexOf(name) < 0; });
  if (missing.length)
    return 'mark ' + mark + ' needs a column named ' + missing.join(' and one named ') +
        '; the query has ' + all + '. Rename one with AS, for example ' + (other[0] || '...') +
        ' AS ' + missing[0];
  if (mark === 'heat' || mark === 'path' || valuesOf(mark, columns).length) return '';
  return 'there is no value to draw: ' + all +
      ' all have another role. Add a column with any other ' +
      'name, for example test_loss_mean';
}

// {at: {name: index}, values: [name], has(name), cell(row, name)}; cell is undefined without the
// column.
function tableOf(picture) {
  var index = {};
  picture.columns.forEach(function(name, i) { index[name] = i; });
  function has(name) { return member(index, name) !== undefined; }
  return {
    values: picture.values || valuesOf(picture.mark, picture.columns),
    has: has,
    cell: function(row, name) { return has(name) ? row[index[name]] : undefined; }
  };
}

// A row's value with its interval. Where there is one value, lo and hi need no name before them.
function estimateOf(table, row, value) {
  var alone = table.values.length === 1 && !table.has(value + '_lo');
  return {
    y: table.cell(row, value),
    lo: table.cell(row, alone ? 'lo' : value + '_lo'),
    hi: table.cell(row, alone ? 'hi' : value + '_hi'),
    row: row
  };
}

function hasInterval(q) { return isBound(q.lo) && isBound(q.hi); }

// Not sure to be above 0: on a logarithmic axis only the upper bound has a place.
function reachesZero(q) { return q.y <= 0 || (isBound(q.lo) && q.lo <= 0); }

// Whether some runs of a row did not end well.
function isIncomplete(table, row) {
  return isNumber(table.cell(row, 'done')) && table.cell(row, 'done') < table.cell(row, 'runs');
}

// {panels: [{facet, series: [{name, value, index, points}]}], names}, in the order of the rows.
function groupsOf(picture) {
  var table = tableOf(picture), panels = [], names = [], found = {};
  function panelOf(row) {
    var facet = table.has('facet') ? read(picture, table.cell(row, 'facet')) : '',
        key = 'p' + facet;
    if (!found[key]) panels.push(found[key] = {facet: facet, series: [], of: {}});
    return found[key];
  }
  function nameOf(row, value) {
    if (!table.has('series')) return value;
    var name = read(picture, table.cell(row, 'series'));
    return table.values.length > 1 ? name + ' ' + value : name;
  }
  function seriesOf(panel, name, value) {
    var key = '$' + name;
    if (names.indexOf(name) < 0) names.push(name);
    if (!panel.of[key]) {
      panel.of[key] = {name: name, value: value, index: names.indexOf(name), points: []};
      panel.series.push(panel.of[key]);
    }
    return panel.of[key];
  }
  picture.rows.forEach(function(row, i) {
    var panel = panelOf(row);
    table.values.forEach(function(value) {
      var point = estimateOf(table, row, value);
      point.x = table.cell(row, 'x');
      point.part = table.cell(row, 'part');
      point.i = i;
      seriesOf(panel, nameOf(row, value), value).points.push(point);
    });
  });
  return {panels: panels, names: names};
}
