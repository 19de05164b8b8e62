// SPDX-License-Identifier: GPL-3.0-or-later

const {walk} = require('./walk.js');

// references looks for those of a resource that lead to none of the known ones, which are "Patient/1"
// and the like; those of a document lead to its own entries.
function references(resource, known) {
  const inside = resource.type === 'document' ? new Set(addresses(resource)) : known;
  return [...walk(resource)]
    .filter(({value, type}) => type === 'Reference' && value.reference !== undefined && !inside.has(value.reference))
    .map(({value, at}) => `${at} leads nowhere: ${value.reference}`);
}

// addresses are those of a document's entries: the whole one, and for the others of its server the end of that.
function* addresses(document) {
  for (const {fullUrl, resource} of document.entry ?? []) {
    yield fullUrl;
    if (!fullUrl?.startsWith('urn:')) {
      yield `${resource.resourceType}/${resource.id}`;
    }
  }
}

module.exports = {references};
