// SPDX-License-Identifier: MIT
// Asking a picture for its values: by pointer, and by keys with speech. A hit is a panel, a slot
// one place in it (renderer/hits.js).

// The values at a place, from top to bottom.
function valuesAt(picture, slot) {
  var done = picture.columns.indexOf('done'), runs = picture.columns.indexOf('runs');
  function counted(row) {
    if (!row || done < 0 || row[done] === null) return '';
    return row[done] + (runs >= 0 ? ' of ' + row[runs] : '') + ' runs';
  }
  function isNumber(value) { return typeof value === 'number'; }
  return slot.items.slice()
      .sort(function(a, b) { return (a.py || 0) - (b.py || 0); })
      .map(function(item) {
        var hasRange = isNumber(item.lo) && isNumber(item.hi);
        return {
          name: Picture.shown(item.name),
          value: Picture.num(item.y, 5),
          range: hasRange ? '[' + Picture.num(item.lo, 4) + ', ' + Picture.num(item.hi, 4) + ']' :
                            '',
          runs: counted(item.row),
          cls: item.cls
        };
      });
}

function titleAt(picture, hit, slot) {
  var place =
      hit.kind === 'x' ? (picture.x.label || 'x') + ' ' + Picture.num(slot.x, 6) : slot.label;
  return place + (hit.title ? ' · ' + hit.title : '');
}

function noteAt(picture, slot) {
  var note = picture.columns.indexOf('note'), row = slot.items.length && slot.items[0].row;
  return note >= 0 && row && row[note] ? String(row[note]) : '';
}

function tipHtml(title, values, note, isNamed) {
  function name(value) {
    if (!isNamed) return Picture.esc(value.name);
    return '<svg width="10" height="10" aria-hidden="true"><path class="' + value.cls +
        '" stroke-width="4" d="M0,5H10"/></svg> ' + Picture.esc(value.name);
  }
  return '<b>' + Picture.esc(title) + '</b><table>' +
      values
          .map(function(value) {
            return '<tr><td>' + name(value) + '</td><td><b>' + value.value +
                '</b></td><td class="soft">' + value.range + '</td><td class="soft">' + value.runs +
                '</td></tr>';
          })
          .join('') +
      '</table>' + (note ? '<div class="soft">' + Picture.esc(note) + '</div>' : '');
}

function spokenText(title, values, note) {
  return title + ': ' +
      values
          .map(function(value) {
            return value.name + ' ' + value.value +
                (value.range ? ', 95 % interval ' + value.range : '') +
                (value.runs ? ', ' + value.runs : '');
          })
          .join('; ') +
      (note ? '; ' + note : '');
}

// The line or frame at a place.
function crossing(hit, slot) {
  var box = hit.box;
  if (hit.kind === 'x') return 'M' + slot.px + ',' + box.top + 'V' + box.bottom;
  if (hit.kind === 'y') return 'M' + box.left + ',' + slot.py + 'H' + box.right;
  return 'M' + (slot.px - slot.w / 2) + ',' + (slot.py - slot.h / 2) + 'h' + slot.w + 'v' + slot.h +
      'h' + -slot.w + 'z';
}

// The place nearest to a point of a drawing, [hit, slot]; null outside all panels.
function nearest(hits, x, y) {
  var found = null, least = Infinity;
  hits.forEach(function(hit, h) {
    var box = hit.box;
    if (x < box.left - 12 || x > box.right + 12 || y < box.top - 12 || y > box.bottom + 24) return;
    hit.slots.forEach(function(slot, s) {
      var dx = Math.abs(slot.px - x), dy = Math.abs(slot.py - y);
      var away = hit.kind === 'x' ? dx : hit.kind === 'y' ? dy : dx + dy;
      if (away < least) {
        least = away;
        found = [h, s];
      }
    });
  });
  return found;
}

// The place that a key leads to from another; null for other keys.
function stepped(hits, place, key) {
  var step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[key];
  if (!hits.length || (step === undefined && key !== 'Home' && key !== 'End')) return null;
  var h = place ? place[0] : 0, last = hits[h].slots.length - 1;
  if (key === 'Home') return [h, 0];
  if (key === 'End') return [h, last];
  if (!place) return [0, 0];
  var upOrDown = key === 'ArrowUp' || key === 'ArrowDown',
      other = (h + step + hits.length) % hits.length;
  if (hits[h].kind === 'x' && upOrDown)
    return [other, Math.min(place[1], hits[other].slots.length - 1)];
  var s = place[1] + step;
  if (s < 0) return [other, hits[other].slots.length - 1];
  return s > last ? [other, 0] : [h, s];
}

// Makes the drawing in `plot` answer. drawing() and picture() give what is drawn at the moment.
function explore(plot, picture, drawing) {
  var tip = make('div', {'class': 'tip', hidden: ''}), place = null;
  var live = make('div', {'class': 'visually-hidden', 'aria-live': 'polite'});
  plot.parentNode.insertBefore(live, plot.nextSibling);

  function clear() {
    tip.hidden = true;
    place = null;
    list(plot.querySelectorAll('.crossing')).forEach(function(old) { old.remove(); });
  }
  function mark(hit, slot) {
    var path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    path.setAttribute('class', 'cross crossing');
    path.setAttribute('d', crossing(hit, slot));
    plot.querySelector('svg').appendChild(path);
  }
  function put(hit, slot) {
    var x = slot.px === undefined ? (hit.box.left + hit.box.right) / 2 : slot.px;
    var y = slot.py === undefined ? hit.box.top + 8 : slot.py + 14;
    var width = tip.offsetWidth, left = x + 14 + width > plot.clientWidth ? x - width - 14 : x + 14;
    tip.style.left = Math.max(0, Math.min(plot.clientWidth - width, left)) + 'px';
    tip.style.top = y + 'px';
  }
  function tell(found, isSpoken) {
    clear();
    var hit = found && drawing().hits[found[0]], slot = hit && hit.slots[found[1]];
    if (!slot) return;
    place = found;
    var title = titleAt(picture(), hit, slot), note = noteAt(picture(), slot);
    var values = valuesAt(picture(), slot);
    tip.innerHTML = tipHtml(title, values, note, values.length > 1 || hit.kind === 'x');
    plot.appendChild(tip);
    tip.hidden = false;
    put(hit, slot);
    mark(hit, slot);
    if (isSpoken) live.textContent = spokenText(title, values, note);
  }

  plot.addEventListener('pointermove', function(event) {
    var frame = plot.getBoundingClientRect();
    tell(nearest(drawing().hits, event.clientX - frame.left, event.clientY - frame.top), false);
  });
  plot.addEventListener('pointerleave', clear);
  plot.addEventListener('blur', clear);
  plot.addEventListener('keydown', function(event) {
    if (event.key === 'Escape') return clear();
    var next = stepped(drawing().hits, place, event.key);
    if (!next) return;
    event.preventDefault();
    tell(next, true);
  });
  return {clear: clear};
}
