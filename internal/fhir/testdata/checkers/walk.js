// SPDX-License-Identifier: GPL-3.0-or-later

const {definitions} = require('./definitions.js');

// walk yields every element of a resource: its value, where it stands, its definition, its type, and
// the path by which fhirpath knows that. A member without a definition has a value only.
function* walk(resource, at = resource.resourceType) {
  const type = resource.resourceType;
  const definition = definitions.get(type);
  yield {value: resource, at, type, element: definition.byPath.get(type), base: undefined};
  yield* members(resource, definition, type, at);
}

function* members(value, definition, path, at) {
  for (const [key, member] of Object.entries(value)) {
    if (key === 'resourceType') {
      continue;
    }

    const {element, type} = find(definition, path, key);
    const place = at + '.' + key;
    if (!Array.isArray(member)) {
      yield* step(member, definition, element, type, place);
      continue;
    }
    for (const [i, one] of member.entries()) {
      yield* step(one, definition, element, type, `${place}[${i}]`);
    }
  }
}

function* step(value, definition, element, type, at) {
  if (element === undefined) {
    yield {value, at};
    return;
  }

  const inline = definition.byPath.has(element.path + '.id');
  yield {value, at, type, element, base: inline ? element.path : type};
  if (value === null || typeof value !== 'object') {
    return;
  }

  if (inline) {
    yield* members(value, definition, element.path, at);
  } else if (type === 'Resource') {
    yield* walk(value, at);
  } else {
    yield* members(value, definitions.get(type), type, at);
  }
}

// find gives the definition of a member, which may be one of a choice: valueQuantity is of value[x]. A
// member with a "_" has what is said of a plain value besides it.
function find(definition, path, key) {
  if (key.startsWith('_')) {
    return {element: find(definition, path, key.slice(1)).element, type: 'Element'};
  }
  const plain = definition.byPath.get(path + '.' + key);
  if (plain?.contentReference) {
    return {element: definition.byPath.get(plain.contentReference.slice(1)), type: 'BackboneElement'};
  }
  if (plain) {
    return {element: plain, type: typeCode(plain.type[0])};
  }

  for (const element of definition.byPath.values()) {
    const stem = choice(element, path);
    const type = stem && element.type.find(one => key === stem + one.code[0].toUpperCase() + one.code.slice(1));
    if (type) {
      return {element, type: typeCode(type)};
    }
  }
  return {};
}

// choice gives the name of an element without its [x]; undefined for others, and those elsewhere.
function choice(element, path) {
  const stem = element.path.slice(path.length + 1, -'[x]'.length);
  return element.path === path + '.' + stem + '[x]' ? stem : undefined;
}

// typeCode is a type's name. The ids of elements have a type of FHIRPath, which is a text.
function typeCode(type) {
  return type.code.startsWith('http://hl7.org/fhirpath/') ? 'string' : type.code;
}

module.exports = {walk};
