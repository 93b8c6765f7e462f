// SPDX-License-Identifier: MIT
// When figures are drawn: those in sight first, the others while nothing else is to do; all of them
// before printing, and again when the width changes.

var waiting = list(document.querySelectorAll('figure[data-picture]'));

function showOnce(figure) {
  if (figure.dataset.shown) return;
  figure.dataset.shown = 'yes';
  showFigure(figure);
}

function showAll() {
  waiting.forEach(showOnce);
  waiting = [];
}

if (window.IntersectionObserver) {
  var sight = new IntersectionObserver(function(entries) {
    entries.forEach(function(entry) {
      if (!entry.isIntersecting) return;
      showOnce(entry.target);
      sight.unobserve(entry.target);
    });
  }, {rootMargin: '600px'});
  waiting.forEach(function(figure) { sight.observe(figure); });
}
window.addEventListener('beforeprint', showAll);

// Drawing above the place that an address points to moves it, so the page goes there at the end,
// unless the reader has moved.
var hasMoved = false;
['wheel', 'touchmove', 'keydown', 'pointerdown'].forEach(function(name) {
  window.addEventListener(name, function() { hasMoved = true; }, {passive: true, once: true});
});

function targetOfAddress() {
  return location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
}

var whenIdle = window.requestIdleCallback || function(action) { return setTimeout(action, 30); };
whenIdle(function next() {
  if (waiting.length) {
    showOnce(waiting.shift());
    return whenIdle(next);
  }
  if (targetOfAddress() && !hasMoved) targetOfAddress().scrollIntoView();
});

var frame = 0;
window.addEventListener('resize', function() {
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(function() {
    drawn.forEach(function(one) {
      if (one.plot.clientWidth === one.width) return;
      one.width = one.plot.clientWidth;
      one.draw();
    });
  });
});
