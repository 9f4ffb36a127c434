// Copyright (c) 2026, community.konnect contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// The page is complete without this script. It adds sorting, a filter and tracing in the maps.
'use strict';

// Turns each head of a table into a button that sorts the rows by its column.
function makeSortable(table) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];

  const sort = (column) => {
    const direction = heads[column].getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending';
    heads.forEach((head) => head.removeAttribute('aria-sort'));
    heads[column].setAttribute('aria-sort', direction);
    const sign = direction === 'ascending' ? 1 : -1;
    // What a cell shows may sort wrongly: states have an order of their own, and an age is exact to the second.
    const value = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent;
    const compare = new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare;
    body.append(...[...body.rows].sort((a, b) => sign * compare(value(a), value(b))));
  };

  heads.forEach((head, column) => {
    // A button, so that the keyboard and screen readers can sort too.
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    button.addEventListener('click', () => sort(column));
    head.append(button);
  });
}

// Shows the filter. A row stays if it contains every word and has the state and the control plane that are selected.
function enableFilter(filter) {
  const rows = [...document.querySelector('#references table').tBodies[0].rows];
  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const search = document.getElementById('search');
  const state = document.getElementById('state');
  // Missing if the report is on one control plane.
  const plane = document.getElementById('plane');

  const matches = (row, words) =>
    words.every((word) => texts.get(row).includes(word)) &&
    (state.value === '' || row.dataset.state === state.value) &&
    (!plane || plane.value === '' || row.dataset.plane === plane.value);

  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/);
    rows.forEach((row) => {
      row.hidden = !matches(row, words);
    });
    const shown = rows.filter((row) => !row.hidden).length;
    document.getElementById('shown').textContent = `${shown} of ${rows.length} shown`;
  };

  // Typing fires only `input`, and some browsers fire only `change` for a select.
  filter.addEventListener('input', apply);
  filter.addEventListener('change', apply);
  filter.hidden = false;
  apply();
}

// Fades all of a map but the references that pass through the box under the pointer.
function enableTracing(map) {
  const parts = [...map.querySelectorAll('[data-rows]')];
  const rows = new Map(parts.map((part) => [part, part.dataset.rows.split(' ').filter(Boolean)]));

  map.addEventListener('pointerover', (event) => {
    const box = event.target.closest('.node');
    const traced = new Set(box ? rows.get(box) : []);
    map.classList.toggle('tracing', box !== null);
    parts.forEach((part) => {
      // An unused box has no references, but stands out itself.
      part.classList.toggle('traced', part === box || rows.get(part).some((row) => traced.has(row)));
    });
  });
  map.addEventListener('pointerleave', () => map.classList.remove('tracing'));
}

document.querySelectorAll('table').forEach(makeSortable);
// Missing if there are no references.
document.querySelectorAll('.filter').forEach(enableFilter);
document.querySelectorAll('.map').forEach(enableTracing);
