// SPDX-License-Identifier: MIT
// jest's --filter: writes the files it would run to TPSCHED_LIST, and keeps those that are named in
// TPSCHED_SELECT, one JSON object per line. A file is named relative to the current directory.
// With several projects it is called once for each.
'use strict';

const fs = require('fs');
const path = require('path');

const listing = process.env.TPSCHED_LIST;
const selection = process.env.TPSCHED_SELECT;
const listed = new Set();
let selected;

function nameOf(file) {
  return path.relative(process.cwd(), file);
}

function list(files) {
  for (const id of files.map(nameOf))
    listed.add(id);
  const lines = [...listed].sort().map((id) => JSON.stringify({ id, file: id }) + '\n');
  fs.writeFileSync(listing, lines.join(''));
}

function isSelected(file) {
  if (!selection)
    return true;
  if (!selected) {
    const lines = fs.readFileSync(selection, 'utf8').split('\n').filter(Boolean);
    selected = new Set(lines.map((line) => JSON.parse(line).id));
  }
  return selected.has(nameOf(file));
}

module.exports = async (files) => {
  if (listing)
    list(files);
  const kept = files.filter(isSelected);
  // jest 29 reads the member `test`, jest 30 takes the string.
  return { filtered: [...kept.map((test) => ({ test })), ...kept] };
};
