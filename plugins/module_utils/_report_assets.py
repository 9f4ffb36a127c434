# Copyright (c) 2026, community.konnect contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection community.konnect: it may change at any time without notice.
"""The style sheet and the script of the report's page. Ansible ships only Python files to where they are needed."""

from __future__ import annotations

STYLE = """
:root {
  color-scheme: light dark;
  --ground: #f5f6f8; --sheet: #ffffff; --ink: #1b2330; --soft: #5a6575; --line: #dfe3e9; --stripe: #f8f9fb;
  --accent: #1c5dbb; --problem: #b3261e; --problem-ground: #fcebea; --ok: #1a7442; --ok-ground: #e5f4ea;
  --other: #6b4fa0; --other-ground: #f0ebf9; --unused: #6a7482; --unused-ground: #eceff2;
  --edge: #9db2cf; --box: #c9d1dc;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #11151b; --sheet: #191f27; --ink: #e4e8ee; --soft: #9ba6b5; --line: #2c3440; --stripe: #1d242d;
    --accent: #84b4f8; --problem: #ff8a80; --problem-ground: #3a1f1f; --ok: #74d19a; --ok-ground: #17311f;
    --other: #bfa6f2; --other-ground: #2a2340; --unused: #98a3b1; --unused-ground: #262e38;
    --edge: #56719c; --box: #3d4959;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
.page { max-width: 1240px; margin: 0 auto; padding: 40px 24px 56px; }
h1 { margin: 0; font-size: 28px; line-height: 1.2; font-weight: 650; letter-spacing: -0.015em; }
h2 { margin: 0 0 14px; font-size: 19px; line-height: 1.3; font-weight: 620; letter-spacing: -0.005em; }
h3 { margin: 26px 0 10px; font-size: 15px; font-weight: 620; }
p { margin: 0; }
a { color: var(--accent); }
a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible, .scroll:focus-visible {
  outline: 2px solid var(--accent); outline-offset: 2px;
}
code { font: 13px/1.45 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.lead { margin-top: 8px; color: var(--soft); }
nav { margin-top: 18px; display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 14px; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
section { margin-top: 36px; scroll-margin-top: 16px; }
.verdict {
  padding: 14px 18px; border-radius: 10px; border-left: 4px solid; font-size: 16px; font-weight: 600;
}
.verdict span { display: block; color: var(--ink); font-size: 14px; font-weight: 400; }
.verdict.ok { color: var(--ok); background: var(--ok-ground); }
.verdict.problem { color: var(--problem); background: var(--problem-ground); }
.counters { margin: 14px 0 0; display: grid; grid-template-columns: repeat(7, 1fr); gap: 12px; }
.counter {
  display: flex; flex-direction: column-reverse; justify-content: flex-end; padding: 12px 14px;
  background: var(--sheet); border: 1px solid var(--line); border-radius: 10px;
}
.counter dt { color: var(--soft); font-size: 13px; line-height: 1.35; }
.counter dd { margin: 0; font-size: 26px; line-height: 1.25; font-weight: 620; font-variant-numeric: tabular-nums; }
.counter.zero dd { color: var(--soft); font-weight: 400; }
.counter.problem dd { color: var(--problem); }
.counter.ok dd { color: var(--ok); }
.counter.other dd { color: var(--other); }
.planes { margin-top: 14px; }
.problems { margin: 0; padding: 0; list-style: none; }
.problems li {
  padding: 14px 18px; background: var(--sheet); border: 1px solid var(--line); border-left: 4px solid var(--problem);
}
.problems li + li { border-top: 0; }
.problems li:first-child { border-top-right-radius: 10px; border-top-left-radius: 10px; }
.problems li:last-child { border-bottom-right-radius: 10px; border-bottom-left-radius: 10px; }
.problems .what { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 10px; }
.problems .what code { font-weight: 600; }
.problems .message { margin-top: 6px; max-width: 92ch; overflow-wrap: anywhere; }
.problems dl { margin: 8px 0 0; display: flex; flex-wrap: wrap; gap: 2px 22px; font-size: 13.5px; }
.problems dl div { display: flex; gap: 6px; min-width: 0; }
.problems dt { color: var(--soft); white-space: nowrap; }
.problems dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
.badge {
  display: inline-block; padding: 1px 8px; border-radius: 20px; font-size: 12px; line-height: 1.5; font-weight: 600;
  white-space: nowrap; color: var(--unused); background: var(--unused-ground);
}
.badge.problem { color: var(--problem); background: var(--problem-ground); }
.badge.ok { color: var(--ok); background: var(--ok-ground); }
.badge.other { color: var(--other); background: var(--other-ground); }
.soft { color: var(--soft); }
.none { padding: 14px 18px; color: var(--soft); border: 1px dashed var(--line); border-radius: 10px; }
.scroll { overflow-x: auto; background: var(--sheet); border: 1px solid var(--line); border-radius: 10px; }
table { width: 100%; border-collapse: collapse; font-size: 13.5px; }
th, td { padding: 8px 12px; text-align: left; vertical-align: top; }
th {
  color: var(--soft); font-size: 12.5px; font-weight: 600; white-space: nowrap; border-bottom: 1px solid var(--line);
}
td { min-width: 112px; overflow-wrap: anywhere; }
td code { font-size: 12.5px; }
td:has(code) { min-width: 228px; }
tbody tr + tr td { border-top: 1px solid var(--line); }
tbody tr:hover td { background: var(--stripe); }
td small { display: block; color: var(--soft); font-size: 12.5px; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
th button {
  all: unset; display: inline-flex; gap: 5px; align-items: baseline; cursor: pointer; border-radius: 3px;
}
th button:hover { color: var(--ink); }
th button::after { content: "\\2195"; opacity: 0.45; }
th[aria-sort] button { color: var(--ink); }
th[aria-sort="ascending"] button::after { content: "\\2191"; opacity: 1; }
th[aria-sort="descending"] button::after { content: "\\2193"; opacity: 1; }
.filter { margin-bottom: 12px; display: flex; flex-wrap: wrap; gap: 10px 14px; align-items: end; }
.filter[hidden] { display: none; }
.filter label { display: grid; gap: 3px; color: var(--soft); font-size: 12.5px; font-weight: 600; }
.filter input, .filter select {
  height: 34px; padding: 0 10px; color: var(--ink); background: var(--sheet); border: 1px solid var(--line);
  border-radius: 7px; font: inherit; font-size: 14px; font-weight: 400; max-width: 100%;
}
.filter input { width: 300px; }
.filter select { max-width: 240px; }
.filter output { padding-bottom: 6px; color: var(--soft); font-size: 13.5px; font-variant-numeric: tabular-nums; }
.drawing { padding: 18px; }
.map { display: block; min-width: 860px; width: 100%; max-width: 1142px; height: auto; }
.map text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.map .column { fill: var(--soft); font-size: 12.5px; font-weight: 600; }
.map .label { fill: var(--ink); font-size: 13px; font-weight: 560; }
.map .detail { fill: var(--soft); font-size: 11px; }
.map .box { fill: var(--sheet); stroke: var(--box); }
.map .mark { fill: var(--edge); }
.map .edge { fill: none; stroke: var(--edge); stroke-width: 1.5; }
.map .ok .mark { fill: var(--ok); }
.map .problem .box { fill: var(--problem-ground); stroke: var(--problem); }
.map .problem .mark { fill: var(--problem); }
.map .problem .detail { fill: var(--problem); }
.map .edge.problem { stroke: var(--problem); stroke-width: 1.75; }
.map .other .mark { fill: var(--other); }
.map .edge.other { stroke: var(--other); opacity: 0.7; }
.map .unused .box { stroke-dasharray: 4 3; }
.map .unused .label { fill: var(--unused); }
.map .unused .mark { fill: var(--unused); }
.map .edge.unused { stroke: var(--unused); stroke-dasharray: 3 4; opacity: 0.6; }
.map .node, .map .edge { transition: opacity 0.12s; }
.map.tracing .node:not(.traced), .map.tracing .edge:not(.traced) { opacity: 0.14; }
.legend { margin: 0 0 12px; display: flex; flex-wrap: wrap; gap: 4px 20px; color: var(--soft); font-size: 13.5px; }
.legend span::before {
  content: ""; display: inline-block; width: 18px; margin-right: 7px; vertical-align: middle;
  border-top: 2px solid var(--edge);
}
.legend .problem::before { border-color: var(--problem); }
.legend .other::before { border-color: var(--other); }
.legend .unused::before { border-color: var(--unused); border-top-style: dashed; }
.states { margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: 8px 16px; font-size: 14px; }
.states dd { margin: 0; }
footer {
  margin-top: 32px; padding-top: 16px; border-top: 1px solid var(--line); color: var(--soft); font-size: 13.5px;
}
@media (max-width: 1000px) { .counters { grid-template-columns: repeat(4, 1fr); } }
@media (max-width: 620px) {
  .page { padding: 24px 16px 40px; }
  h1 { font-size: 23px; }
  .counters { grid-template-columns: repeat(2, 1fr); gap: 8px; }
  .filter label, .filter input, .filter select { width: 100%; max-width: none; }
  .states { grid-template-columns: 1fr; gap: 4px; }
  .states dd { margin-bottom: 8px; }
}
@media (prefers-reduced-motion: reduce) { .map * { transition: none; } }
@media print {
  :root {
    color-scheme: light;
    --ground: #ffffff; --sheet: #ffffff; --ink: #000000; --soft: #444444; --line: #c4c4c4; --stripe: #ffffff;
    --accent: #000000; --problem: #a01810; --problem-ground: #ffffff; --ok: #14592f; --ok-ground: #ffffff;
    --other: #533a85; --other-ground: #ffffff; --unused: #555555; --unused-ground: #ffffff;
    --edge: #7a8ca6; --box: #999999;
  }
  @page { size: A4 landscape; margin: 12mm; }
  .page { max-width: none; padding: 0; zoom: 0.75; }
  nav, .filter { display: none; }
  .scroll { overflow: visible; border: 0; }
  .map { min-width: 0; }
  td, td:has(code) { min-width: 0; }
  .badge { padding: 0; }
  thead { display: table-header-group; }
  tr, li, .counter { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  th button::after { content: none; }
}
"""

SCRIPT = """
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
    const wanted = words.value.toLowerCase().split(/\\s+/);
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
"""
