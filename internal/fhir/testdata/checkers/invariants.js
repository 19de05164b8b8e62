// SPDX-License-Identifier: GPL-3.0-or-later

const fhirpath = require('fhirpath');
const r4 = require('fhirpath/fhir-context/r4');
const {definitions} = require('./definitions.js');
const {walk} = require('./walk.js');

// What fhirpath has no functions for: own rules stand in for those about narratives.
const untried = new Set(['txt-1', 'txt-2']);

// invariants evaluates what FHIR demands of every element that has members, and of its type. Plain values
// have one demand only, to be there, which rules of ours have too.
function invariants(resource) {
  const broken = [];
  for (const {value, at, type, element, base} of walk(resource)) {
    if (element === undefined || value === null || typeof value !== 'object') {
      continue;
    }
    for (const one of constraints(element, type)) {
      if (!holds(one, value, base, resource)) {
        broken.push(`${at} ${one.key}: ${one.human}`);
      }
    }
  }
  return broken;
}

const known = new Map();

// constraints are those of an element and those of its type, each once.
function constraints(element, type) {
  const key = element.path + ' ' + type;
  if (!known.has(key)) {
    const all = [...element.constraint ?? [], ...definitions.get(type)?.snapshot.element[0].constraint ?? []];
    const demanded = all.filter(one => one.severity === 'error' && one.expression && !untried.has(one.key));
    known.set(key, [...new Map(demanded.map(one => [one.key, one])).values()]);
  }
  return known.get(key);
}

const compiled = new Map();

function holds({expression}, value, base, resource) {
  const key = base + ' ' + expression;
  if (!compiled.has(key)) {
    compiled.set(key, fhirpath.compile(base === undefined ? expression : {base, expression}, r4, {traceFn: () => {}}));
  }
  const result = compiled.get(key)(value, {resource, rootResource: resource, context: value, ucum: 'http://unitsofmeasure.org'});
  return result.length === 0 || result[0] !== false;
}

module.exports = {invariants};
