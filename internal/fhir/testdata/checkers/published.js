// SPDX-License-Identifier: GPL-3.0-or-later

// Three checkers that others have published. Each gives sentences about the faults that it finds.

const Schema = require('@asymmetrik/fhir-json-schema-validator');
const {Fhir} = require('fhir');
const {indexStructureDefinitionBundle, validateResource} = require('@medplum/core');
const {bundles, profile} = require('./definitions.js');

bundles.forEach(bundle => indexStructureDefinitionBundle(bundle));
const schemas = new Schema();
const fhirJS = new Fhir();

// The schema is of FHIR 4.0.0, and refuses a server that says 4.0.1, which is R4 as it is now.
function schema(resource) {
  const checked = resource.fhirVersion === '4.0.1' ? {...resource, fhirVersion: '4.0.0'} : resource;
  return (schemas.validate(checked) ?? []).map(fault => `${fault.dataPath} ${fault.message}`);
}

function fhir(resource) {
  return fhirJS.validate(resource, {errorOnUnexpected: true}).messages
    .filter(message => message.severity === 'error' || message.severity === 'fatal')
    .map(message => `${message.location} ${message.message}`);
}

function medplum(resource) {
  return [undefined, ...profilesOf(resource)].flatMap(profile => validate(resource, profile));
}

function validate(resource, profile) {
  try {
    validateResource(resource, {profile});
    return [];
  } catch (error) {
    const issues = error.outcome?.issue ?? [{details: {text: error.message}}];
    return issues.filter(issue => issue.severity !== 'warning').map(issue => `${issue.expression} ${issue.details?.text}`);
  }
}

// The profiles of R4 for vital signs by their LOINC code. Medplum's reading of the one for blood pressure
// refuses readings that are right; a rule of ours stands in for it.
const vitalSigns = new Map(Object.entries({
  '8867-4': 'heartrate', '9279-1': 'resprate', '8310-5': 'bodytemp', '29463-7': 'bodyweight', '8302-2': 'bodyheight',
  '39156-5': 'bmi', '2708-6': 'oxygensat', '9843-4': 'headcircum',
}).map(([code, name]) => [code, profile(name)]));

function profilesOf(resource) {
  const codes = (resource.resourceType === 'Observation' && resource.code?.coding) || [];
  return codes.map(coding => vitalSigns.get(coding.code)).filter(found => found !== undefined);
}

module.exports = {schema, fhir, medplum};
