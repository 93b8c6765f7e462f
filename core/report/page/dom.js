// SPDX-License-Identifier: MIT
// Small helpers of the page's other files; the page runs them in one function, in this order.

var root = document.documentElement;

function list(nodes) { return [].slice.call(nodes); }

function make(tag, attributes, html) {
  var element = document.createElement(tag);
  for (var name in attributes || {}) element.setAttribute(name, attributes[name]);
  if (html !== undefined) element.innerHTML = html;
  return element;
}

function button(label, action, attributes) {
  var element = make('button', attributes || {}, label);
  element.type = 'button';
  element.onclick = action;
  return element;
}

// Lets the reader keep a text as a file.
function save(name, type, text) {
  var link = make('a', {href: URL.createObjectURL(new Blob([text], {type: type})), download: name});
  link.click();
  setTimeout(function() { URL.revokeObjectURL(link.href); }, 1000);
}

// What the page remembers while it is reloaded; nothing where a browser does not allow it.
var memory = (function() {
  var key = 'descent ' + location.pathname, kept = {};
  try {
    kept = JSON.parse(sessionStorage.getItem(key)) || {};
  } catch (ignored) {
  }
  return {
    get: function(name) { return kept[name]; },
    set: function(name, value) {
      kept[name] = value;
      try {
        sessionStorage.setItem(key, JSON.stringify(kept));
      } catch (ignored) {
      }
    }
  };
})();
