// SPDX-License-Identifier: GPL-3.0-or-later

// Checks resources from the standard input, and prints a line of JSON for each that something was found in.

const {findings, nameOf} = require('./findings.js');
const {readResources} = require('./lines.js');

const resources = readResources();
const known = new Set(resources.map(nameOf));

for (const resource of resources) {
  const found = findings(resource, known);
  if (Object.keys(found).length > 0) {
    console.log(JSON.stringify({resource: nameOf(resource), found}));
  }
}
