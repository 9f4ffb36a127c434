'use strict';
// Sorting: each head of a table becomes a button.
for (const table of document.querySelectorAll('table')) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const direction = head.getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending';
      heads.forEach((other) => other.removeAttribute('aria-sort'));
      head.setAttribute('aria-sort', direction);
      const sign = direction === 'ascending' ? 1 : -1;
      const value = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent;
      const rows = [...body.rows];
      rows.sort((a, b) => sign * value(a).localeCompare(value(b), 'en', {numeric: true, sensitivity: 'base'}));
      body.append(...rows);
    });
  });
}

// Filtering: a row stays when it holds every word, and is of the state and the control plane that were chosen.
const filter = document.querySelector('.filter');
if (filter) {
  const rows = [...document.querySelector('#references table').tBodies[0].rows];
  const contents = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
  const [words, state, plane, shown] = ['words', 'state', 'plane', 'shown'].map((id) => document.getElementById(id));
  const apply = () => {
    const wanted = words.value.toLowerCase().split(/\s+/);
    let number = 0;
    for (const row of rows) {
      row.hidden = !wanted.every((word) => contents.get(row).includes(word))
        || (state.value !== '' && row.dataset.state !== state.value)
        || (plane !== null && plane.value !== '' && row.dataset.plane !== plane.value);
      number += row.hidden ? 0 : 1;
    }
    shown.textContent = `${number} of ${rows.length} shown`;
  };
  // What drives a page in place of a person may send only one of the two.
  ['input', 'change'].forEach((kind) => filter.addEventListener(kind, apply));
  filter.hidden = false;
  apply();
}

// Tracing: what shares a reference with the box under the pointer stands out.
for (const map of document.querySelectorAll('.map')) {
  const parts = [...map.querySelectorAll('[data-rows]')];
  const numbers = new Map(parts.map((part) => [part, part.dataset.rows.split(' ').filter(Boolean)]));
  map.addEventListener('pointerover', (event) => {
    const node = event.target.closest('.node');
    map.classList.toggle('tracing', node !== null);
    const wanted = new Set(node === null ? [] : numbers.get(node));
    parts.forEach((part) => {
      part.classList.toggle('traced', part === node || numbers.get(part).some((number) => wanted.has(number)));
    });
  });
  map.addEventListener('pointerleave', () => map.classList.remove('tracing'));
}
