// SPDX-License-Identifier: GPL-3.0-or-later

// Rules of ours, for faults that no published checker finds.

const {walk} = require('./walk.js');

function rules(resource) {
  return [emptiness, undefinedMembers, choices, times, narratives, codes, panels, events].flatMap(rule => [...rule(resource)]);
}

// FHIR has no empty text, list or object, and no null.
function* emptiness(value, at = '') {
  if (value === null || value === '' || typeof value === 'object' && Object.keys(value).length === 0) {
    yield `${at} is empty`;
  } else if (typeof value === 'object') {
    for (const [key, member] of Object.entries(value)) {
      yield* emptiness(member, at + '.' + key);
    }
  }
}

function* undefinedMembers(resource) {
  for (const {at, element} of walk(resource)) {
    if (element === undefined) {
      yield `${at} is nothing that FHIR has`;
    }
  }
}

// Of value[x], effective[x] and the like there is one at most.
function* choices(resource) {
  const seen = new Map();
  for (const {at, element} of walk(resource)) {
    if (!element?.path.endsWith('[x]')) {
      continue;
    }
    const end = at.lastIndexOf('.') + 1;
    const place = at.slice(0, end) + element.path.split('.').pop();
    const member = at.slice(end).replace(/^_/, '');
    seen.set(place, (seen.get(place) ?? new Set()).add(member));
  }
  for (const [place, members] of seen) {
    if (members.size > 1) {
      yield `${place} is there as ${[...members].join(' and ')}`;
    }
  }
}

const dateForm = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(T.*)?)?)?$/;
const clockForm = /^T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)$/;

// A date is one of the calendar, and a time of day has its seconds and its zone.
function* times(resource) {
  for (const {value, at, type} of walk(resource)) {
    if (['date', 'dateTime', 'instant'].includes(type) && !isTime(value, type)) {
      yield `${at} is no ${type}: ${value}`;
    }
  }
}

function isTime(text, type) {
  const [whole, year, month, day, clock] = dateForm.exec(text) ?? [];
  if (whole === undefined || year === '0000') {
    return false;
  }
  if (clock === undefined ? type === 'instant' : type === 'date' || !clockForm.test(clock)) {
    return false;
  }
  const date = new Date(`${year}-${month ?? '01'}-${day ?? '01'}T00:00:00Z`);
  return date.getUTCMonth() + 1 === Number(month ?? 1) && date.getUTCDate() === Number(day ?? 1);
}

const narrativeTags = new Set(('a abbr b blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img li ol p ' +
  'pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var').split(' '));

// A narrative has the tags that FHIR allows, and no attribute that runs a script.
function* narratives(resource) {
  for (const {value, at, type} of walk(resource)) {
    if (type !== 'xhtml') {
      continue;
    }
    for (const [tag, name] of String(value).matchAll(/<\/?\s*([^\s\/>]*)[^>]*>?/g)) {
      if (!narrativeTags.has(name) || /\s(on\w+|style)\s*=|javascript:/i.test(tag)) {
        yield `${at} has ${tag}`;
      }
    }
  }
}

const loinc = 'http://loinc.org';
const ucum = 'http://unitsofmeasure.org';

// Each code of LOINC that the hub gives, with its unit and its category.
const meanings = new Map(Object.entries({
  '85354-9': {category: 'vital-signs'},
  '8480-6': {unit: 'mm[Hg]'},
  '8462-4': {unit: 'mm[Hg]'},
  '8867-4': {unit: '/min', category: 'vital-signs'},
  '9279-1': {unit: '/min', category: 'vital-signs'},
  '8310-5': {unit: 'Cel', category: 'vital-signs'},
  '29463-7': {unit: 'kg', category: 'vital-signs'},
  '8302-2': {unit: 'cm', category: 'vital-signs'},
  '39156-5': {unit: 'kg/m2', category: 'vital-signs'},
  '2708-6': {unit: '%', category: 'vital-signs'},
  '59408-5': {unit: '%', category: 'vital-signs'},
  '9843-4': {unit: 'cm', category: 'vital-signs'},
  '2339-0': {unit: 'mg/dL', category: 'laboratory'},
  '55411-3': {unit: 'min', category: 'activity'},
}));

// A code of LOINC is one of the table, in the unit and the category that the table says.
function* codes(resource) {
  const categories = (resource.category ?? []).flatMap?.(one => one.coding ?? []).map(one => one.code);
  for (const {code, valueQuantity} of [resource, ...resource.component ?? []]) {
    for (const one of (code?.coding ?? []).filter(one => one.system === loinc)) {
      const meaning = meanings.get(one.code);
      if (meaning === undefined) {
        yield `${one.code} is no code that the hub gives`;
        continue;
      }
      if (valueQuantity && (valueQuantity.code !== meaning.unit || valueQuantity.system !== ucum)) {
        yield `${one.code} is in ${valueQuantity.code}, not in ${meaning.unit}`;
      }
      if (meaning.category && !categories.includes(meaning.category)) {
        yield `${one.code} is not of the category ${meaning.category}`;
      }
    }
  }
}

// A blood pressure has both its numbers, or says why one is missing.
function* panels(resource) {
  if (!resource.code?.coding?.some(one => one.code === '85354-9')) {
    return;
  }
  for (const code of ['8480-6', '8462-4']) {
    const part = resource.component?.find(one => one.code?.coding?.some(coding => coding.code === code));
    if (!part?.valueQuantity && !part?.dataAbsentReason) {
      yield `${code} of the blood pressure is missing`;
    }
  }
}

const restful = new Set('read vread search-type history-instance create patch delete'.split(' '));

// An access is of an account, to something; its words are those of FHIR's value sets, which no published checker has.
function* events(resource) {
  if (resource.resourceType !== 'AuditEvent') {
    return;
  }
  const interaction = (resource.subtype ?? []).find(one => one.system === 'http://hl7.org/fhir/restful-interaction');
  if (resource.type?.code !== 'rest' || !restful.has(interaction?.code)) {
    yield `it is ${interaction?.code}, of ${resource.type?.code}`;
  }
  for (const agent of resource.agent ?? []) {
    if (!agent.who?.identifier?.value) {
      yield 'an agent has no account';
    }
    if (agent.network && !/^[1-5]$/.test(agent.network.type)) {
      yield `an address is of the kind ${agent.network.type}`;
    }
  }
  if (resource.entity?.some(one => !one.what?.identifier?.value)) {
    yield 'of an entity nothing is said';
  }
}

module.exports = {rules};
