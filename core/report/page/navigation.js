// SPDX-License-Identifier: MIT
// Light or dark, and the list of experiments.

if (memory.get('theme')) root.dataset.theme = memory.get('theme');

document.getElementById('theme').onclick = function() {
  var isDark = root.dataset.theme ? root.dataset.theme === 'dark' :
                                    matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = isDark ? 'light' : 'dark';
  memory.set('theme', root.dataset.theme);
};

var jump = document.getElementById('jump');
jump.onchange = function() { location.hash = encodeURIComponent(jump.value); };

var links = list(document.querySelectorAll('nav li a'));
if (window.IntersectionObserver) {
  var spy = new IntersectionObserver(function(entries) {
    entries.forEach(function(entry) {
      if (!entry.isIntersecting) return;
      links.forEach(function(link) {
        if (decodeURIComponent(link.hash) === '#' + entry.target.id)
          link.setAttribute('aria-current', 'true');
        else
          link.removeAttribute('aria-current');
      });
    });
  }, {rootMargin: '-10% 0px -80% 0px'});
  list(document.querySelectorAll('main section[id]'))
      .forEach(function(section) { spy.observe(section); });
}
