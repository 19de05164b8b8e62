// SPDX-License-Identifier: GPL-3.0-or-later

const fs = require('fs');

// readResources reads the resources of the standard input, one on each line.
function readResources() {
  return fs.readFileSync(0, 'utf8').split('\n').filter(line => line !== '').map(line => JSON.parse(line));
}

module.exports = {readResources};
