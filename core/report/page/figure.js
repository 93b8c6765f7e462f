// SPDX-License-Identifier: MIT
// Figures: each shows one of its pictures as wide as there is room, with a legend, its data and its
// SQL. Choices of the reader are remembered.

var figures = JSON.parse(document.getElementById('pictures').textContent), drawn = [];

// The mean width of a character in the font of the page, which the renderer needs to place text.
var character = (function() {
  var pen = document.createElement('canvas').getContext('2d'),
      text = 'sgd, momentum 0.95, lr 0.001234';
  pen.font = '12px ' + getComputedStyle(document.body).fontFamily;
  // a little more, as fonts differ in which characters are wide
  return Math.max(5.5, 1.05 * pen.measureText(text).width / text.length);
})();

function fileName(experiment, picture, ending) {
  var words = [experiment, picture.title, picture.view].join(' ').toLowerCase();
  return words.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') + '.' + ending;
}

function legendKey(picture, name, index) {
  return '<svg width="26" height="12" aria-hidden="true">' +
      Picture.sample(picture, name, index, 1, 6) + '</svg>' + Picture.esc(Picture.shown(name));
}

function showFigure(figure) {
  var views = figures[+figure.dataset.picture], experiment = figure.dataset.experiment,
      drawing = null;
  var key = experiment + ' ' + views[0].title, state = memory.get(key) || {at: 0, hidden: {}};
  state.at = Math.min(state.at, views.length - 1);
  figure.textContent = '';
  var caption = make('figcaption'), note = make('p', {'class': 'note'}),
      tools = make('div', {'class': 'tools'});
  var under = make('div', {'class': 'under'}),
      plot = make(
          'div',
          {'class': 'plot', tabindex: '0', role: 'application', 'aria-roledescription': 'picture'});
  [caption, note, tools, plot, under].forEach(function(part) { figure.appendChild(part); });
  var asked = explore(plot, picture, function() { return drawing; });

  function picture() { return views[state.at]; }
  function options(isPaper) {
    return {
      hidden: state.hidden,
      logx: state.logx,
      logy: state.logy,
      character: character,
      forPaper: isPaper
    };
  }
  function draw() {
    asked.clear();
    var width = Math.max(280, Math.min(plot.clientWidth || figure.clientWidth, 980));
    drawing = Picture.draw(picture(), width, options(false));
    plot.innerHTML = drawing.svg;
    plot.setAttribute(
        'aria-label',
        picture().title + '. ' + (picture().note || '') + ' Arrow keys read the values.');
  }
  // Draws again after a choice; the focus stays on the control that was used.
  function chosen() {
    var at = list(tools.children).indexOf(document.activeElement);
    memory.set(key, state);
    refresh();
    if (at >= 0 && tools.children[at]) tools.children[at].focus();
  }
  function toggle(label, isOn, cls, action) {
    tools.appendChild(button(label, function() {
      action();
      chosen();
    }, {'class': cls, 'aria-pressed': isOn}));
  }
  function addTools() {
    tools.textContent = '';
    if (views.length > 1) {
      var select = make(
          'select', {'aria-label': 'picture'},
          views
              .map(function(view, i) {
                return '<option value="' + i + '"' + (i === state.at ? ' selected' : '') + '>' +
                    Picture.esc(view.view) + '</option>';
              })
              .join(''));
      select.onchange = function() {
        state = {at: +select.value, hidden: state.hidden};
        chosen();
      };
      tools.appendChild(select);
    }
    var names = drawing.names || [];
    if (names.length > 1 && names.length <= 24)
      names.forEach(function(name, i) {
        toggle(
            legendKey(picture(), name, i), !state.hidden[name], 'key',
            function() { state.hidden[name] = !state.hidden[name]; });
      });
    if (drawing.canLogX)
      toggle('log x', !!drawing.logx, 'switch', function() { state.logx = !drawing.logx; });
    if (drawing.canLogY)
      toggle('log y', !!drawing.logy, 'switch', function() { state.logy = !drawing.logy; });
  }
  function details(label, fill) {
    var element = make('details', {}, '<summary>' + Picture.esc(label) + '</summary>');
    element.addEventListener('toggle', function() {
      if (element.open && element.children.length < 2) fill(element);
    });
    under.appendChild(element);
  }
  function addUnder() {
    under.textContent = '';
    var rows = picture().rows.length, most = 1000;
    details('data: ' + rows + ' row' + (rows === 1 ? '' : 's'), function(element) {
      element.appendChild(make(
          'div', {
            'class': 'scroll',
            tabindex: '0',
            role: 'region',
            'aria-label': 'data of ' + picture().title + ', ' + experiment
          },
          dataTable(picture(), most)));
      if (rows > most)
        element.appendChild(
            make('p', {'class': 'note'}, 'The first ' + most + ' rows; the CSV file has all.'));
    });
    details('SQL', function(element) {
      element.appendChild(make('pre', {tabindex: '0'}, Picture.esc(picture().sql)));
      if (navigator.clipboard)
        element.appendChild(
            button('copy', function() { navigator.clipboard.writeText(picture().sql); }));
    });
    under.appendChild(button('save SVG', function() {
      save(
          fileName(experiment, picture(), 'svg'), 'image/svg+xml',
          Picture.draw(picture(), 640, options(true)).svg);
    }));
    under.appendChild(button(
        'save CSV',
        function() { save(fileName(experiment, picture(), 'csv'), 'text/csv', csv(picture())); }));
  }
  function refresh() {
    caption.innerHTML = '<b>' + Picture.esc(picture().title) + '</b>';
    note.textContent = picture().note || '';
    note.hidden = !picture().note;
    draw();
    addTools();
    addUnder();
  }
  refresh();
  drawn.push({plot: plot, width: plot.clientWidth, draw: draw});
}
