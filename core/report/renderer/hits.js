// SPDX-License-Identifier: MIT
// What the page can say of a picture by pointer and keys. A hit is a panel: {kind, box, title,
// slots}. A slot is one place in it: an x, a row (y) or a cell; its items are the values there.

function itemOf(name, cls, q, py) {
  return {name: name, cls: cls, y: q.y, lo: q.lo, hi: q.hi, py: py, row: q.row};
}

// Slots of the values at each x.
function slotsByX() {
  var found = {};
  return {
    add: function(x, px, item) {
      var key = typeof x + x;
      (found[key] || (found[key] = {x: x, px: px, items: []})).items.push(item);
    },
    hit: function(box, title) {
      var slots = Object.keys(found).map(function(key) { return found[key]; });
      slots.sort(function(a, b) { return a.px - b.px; });
      return {kind: 'x', box: box, title: title, slots: slots};
    }
  };
}

function rowHit(box, rowHeight, slots) {
  return {kind: 'y', box: box, rowHeight: rowHeight, slots: slots};
}

function cellSlot(label, x, y, width, height, items) {
  return {px: x, py: y, w: width, h: height, label: label, items: items};
}

function cellHit(box, title, slots) { return {kind: 'cell', box: box, title: title, slots: slots}; }
