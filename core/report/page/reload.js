// SPDX-License-Identifier: MIT
// A live page: it reloads while a run goes on, keeps its place, and waits while the reader is busy
// with a picture or has paused it.

var seconds = 3;

// The section or figure at the top of the window, and how far above it begins.
function whereWeAre() {
  var places = list(document.querySelectorAll('main section[id], figure[data-picture]')),
      found = null;
  places.forEach(function(place, i) {
    var top = place.getBoundingClientRect().top;
    if (top <= 1) found = {at: i, count: places.length, offset: top};
  });
  return found;
}

// Sections get their heights when they are near the window, so the place is corrected once they
// have.
function goBackTo(place) {
  var places = list(document.querySelectorAll('main section[id], figure[data-picture]'));
  if (!place || !places[place.at]) return;
  function scroll() {
    root.style.scrollBehavior = 'auto';
    window.scrollBy(0, places[place.at].getBoundingClientRect().top - place.offset);
    root.style.scrollBehavior = '';
  }
  hasMoved = true;  // the address no longer counts
  showAll();
  scroll();
  requestAnimationFrame(function() { requestAnimationFrame(scroll); });
}

function isBusy() {
  var focus = document.activeElement;
  return document.hidden || document.querySelector('.tip:not([hidden])') ||
      (focus && focus.matches('.plot, .tools select, details *'));
}

function startReloading() {
  var pause = document.getElementById('pause');
  function isPaused() { return memory.get('paused') === true; }
  function show() { pause.setAttribute('aria-pressed', String(isPaused())); }
  pause.onclick = function() {
    memory.set('paused', !isPaused());
    show();
  };
  show();
  goBackTo(memory.get('place'));
  memory.set('place', null);
  setInterval(function() {
    if (isPaused() || isBusy()) return;
    memory.set('place', whereWeAre());
    location.reload();
  }, 1000 * seconds);
}

// The last page of a run is not live, but is reloaded to like the others.
if (root.dataset.live !== undefined)
  startReloading();
else if (memory.get('place')) {
  goBackTo(memory.get('place'));
  memory.set('place', null);
}
