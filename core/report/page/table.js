// SPDX-License-Identifier: MIT
// Tables: the rows of a picture as HTML and CSV, and sorting by a click on a column's name.

function csvField(value) {
  if (value === null) return '';
  return /[",\r\n]/.test(value) ? '"' + String(value).replace(/"/g, '""') + '"' : value;
}

function csv(picture) {
  return [picture.columns]
             .concat(picture.rows)
             .map(function(row) { return row.map(csvField).join(','); })
             .join('\r\n') +
      '\r\n';
}

// Of the columns that name things the reader sees the names that the picture uses.
function dataTable(picture, most) {
  var named = picture.columns.map(function(name) { return /^(series|facet|label)$/.test(name); });
  var words = picture.columns.map(function(name, i) {
    return named[i] || picture.rows.some(function(row) { return typeof row[i] === 'string'; });
  });
  function kind(i) { return words[i] ? ' class="t"' : ''; }
  function cell(value, i) {
    var text = value === null ? 'NULL' : named[i] ? Picture.read(picture, value) : value;
    return '<td' + kind(i) + '>' + Picture.esc(text) + '</td>';
  }
  var head = picture.columns.map(function(name, i) {
    return '<th scope="col"' + kind(i) + '><button type="button">' + Picture.esc(name) +
        '</button></th>';
  });
  var body = picture.rows.slice(0, most).map(function(
      row) { return '<tr>' + row.map(cell).join('') + '</tr>'; });
  return '<table class="data"><thead><tr>' + head.join('') + '</tr></thead><tbody>' +
      body.join('') + '</tbody></table>';
}

// Numbers by size and before texts.
function compareCells(a, b) {
  var x = a.dataset.v || a.textContent, y = b.dataset.v || b.textContent;
  var u = parseFloat(x), v = parseFloat(y);
  if (isNaN(u) !== isNaN(v)) return isNaN(u) ? 1 : -1;
  if (!isNaN(u)) return u - v;
  return x < y ? -1 : x > y ? 1 : 0;
}

document.addEventListener('click', function(event) {
  var clicked = event.target.closest('.data th button');
  if (!clicked) return;
  var head = clicked.parentNode, body = head.closest('table').tBodies[0], i = head.cellIndex;
  var rises = head.getAttribute('aria-sort') !== 'ascending';
  list(head.parentNode.children).forEach(function(other) { other.removeAttribute('aria-sort'); });
  head.setAttribute('aria-sort', rises ? 'ascending' : 'descending');
  list(body.rows)
      .sort(function(a, b) { return (rises ? 1 : -1) * compareCells(a.cells[i], b.cells[i]); })
      .forEach(function(row) { body.appendChild(row); });
});
