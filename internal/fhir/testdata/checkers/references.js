// SPDX-License-Identifier: GPL-3.0-or-later

const {walk} = require('./walk.js');

// references looks for those of a resource that lead to none of the known ones, which are "Patient/1"
// and the like.
function references(resource, known) {
  return [...walk(resource)]
    .filter(({value, type}) => type === 'Reference' && value.reference !== undefined && !known.has(value.reference))
    .map(({value, at}) => `${at} leads nowhere: ${value.reference}`);
}

module.exports = {references};
