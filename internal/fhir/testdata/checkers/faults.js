// SPDX-License-Identifier: GPL-3.0-or-later

// Plants faults, each into a copy of a right resource from the standard input, and prints a line of JSON for each:
// its name, and the checkers that found it.

const {findings, nameOf} = require('./findings.js');
const {readResources} = require('./lines.js');

const patient = resource => resource.resourceType === 'Patient' && resource.name;
const condition = resource => resource.resourceType === 'Condition';
const event = resource => resource.resourceType === 'AuditEvent' && resource.entity && resource.agent[0].network;
const consent = resource => resource.resourceType === 'Consent' && resource.provision.actor;
const labelled = resource => resource.resourceType === 'Observation' && resource.meta.security;
const observed = code => resource => resource.resourceType === 'Observation' && resource.code.coding?.[0].code === code;
const pressure = observed('85354-9');
const heartRate = observed('8867-4');

const summary = resource => resource.type === 'document' && resource.entry[0].resource.section.every(section => section.text) && resource.entry.length > 5;
const section = (bundle, code) => bundle.entry[0].resource.section.find(one => one.code.coding[0].code === code);
const problems = bundle => section(bundle, '11450-4');
const allergies = bundle => section(bundle, '48765-2');
const sections = bundle => bundle.entry[0].resource.section;
const remove = (list, one) => list.splice(list.indexOf(one), 1);

const clinicalStatus = code => ({coding: [{system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code}]});
const narrative = inner => ({status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${inner}</div>`});

// Each fault: its name, the resource that it is planted into, and how.
const faults = [
  ['a consent without a scope', consent, r => { delete r.scope; }],
  ['a consent without a rule', consent, r => { delete r.policyRule; }],
  ['a consent to what FHIR has not', consent, r => { r.provision.type = 'act'; }],
  ['an actor of no part', consent, r => { delete r.provision.actor[0].role; }],
  ['a label that is a text', labelled, r => { r.meta.security = 'ETREAT'; }],
  ['a gender of the federation', patient, r => { r.gender = 'f'; }],
  ['a birth date with strokes', patient, r => { r.birthDate = '04/10/1985'; }],
  ['a birth date that no calendar has', patient, r => { r.birthDate = '2023-02-30'; }],
  ['the 29th of February of a common year', patient, r => { r.birthDate = '2023-02-29'; }],
  ['a birth date with a month 13', patient, r => { r.birthDate = '1985-13'; }],
  ['a birth date with a time of day', patient, r => { r.birthDate = '1985-10-04T00:00:00Z'; }],
  ['an object where a list belongs', patient, r => { r.name = r.name[0]; }],
  ['an empty list', patient, r => { r.identifier = []; }],
  ['an empty object', patient, r => { r.maritalStatus = {}; }],
  ['an empty text', patient, r => { r.name[0].family = ''; }],
  ['null', patient, r => { r.active = null; }],
  ['null in a list', patient, r => { r.name[0].given = [null]; }],
  ['a member that FHIR has not', patient, r => { r.lastname = 'x'; }],
  ['a member that FHIR has not, within another', patient, r => { r.name[0].lastname = 'x'; }],
  ['an underscore in an id', patient, r => { r.id = 'A_B'; }],
  ['an id of 65 characters', patient, r => { r.id = 'A'.repeat(65); }],
  ['a death twice', patient, r => { r.deceasedBoolean = true; r.deceasedDateTime = '2021-02-17'; }],
  ['a period that ends before it begins', patient, r => { r.name[0].period = {start: '2020-01-01', end: '2019-01-01'}; }],
  ['a link to nobody', patient, r => { r.link = [{other: {reference: 'Patient/nobody'}, type: 'seealso'}]; }],
  ['a script in a narrative', patient, r => { r.text = narrative('<script>1</script>'); }],
  ['a script in an attribute of a narrative', patient, r => { r.text = narrative('<p onclick="1">x</p>'); }],
  ['an observation without a status', heartRate, r => { delete r.status; }],
  ['an observation without a code', heartRate, r => { delete r.code; }],
  ['a status that FHIR has not', heartRate, r => { r.status = 'done'; }],
  ['a time without a zone', heartRate, r => { r.effectiveDateTime = '2024-06-01T08:41:00'; }],
  ['a time without seconds', heartRate, r => { r.effectiveDateTime = '2024-06-01T08:41+02:00'; }],
  ['a time of a zone that is too far', heartRate, r => { r.effectiveDateTime = '2024-06-01T08:41:00+15:00'; }],
  ['the hour 25', heartRate, r => { r.effectiveDateTime = '2024-06-01T25:41:00Z'; }],
  ['a version of no known time', heartRate, r => { r.meta.lastUpdated = '2024-06-01'; }],
  ['two times', heartRate, r => { r.effectiveInstant = '2024-06-01T08:41:00Z'; }],
  ['two values', heartRate, r => { r.valueString = '80'; }],
  ['a text where a number belongs', heartRate, r => { r.valueQuantity.value = '80'; }],
  ['a code of a unit without its system', heartRate, r => { delete r.valueQuantity.system; }],
  ['another unit than the code has', heartRate, r => { r.valueQuantity.code = 'kg'; }],
  ['a unit of no system that is known', heartRate, r => { r.valueQuantity.system = 'urn:units'; }],
  ['no category', heartRate, r => { delete r.category; }],
  ['another category than the code has', heartRate, r => { r.category[0].coding[0].code = 'laboratory'; }],
  ['a code that LOINC has not', heartRate, r => { r.code.coding[0].code = '8867-5'; }],
  ['a value and why there is none', heartRate, r => { r.dataAbsentReason = {text: 'x'}; }],
  ['an observation of nobody', heartRate, r => { r.subject.reference = 'Patient/nobody'; }],
  ['a value besides a component of the same code', pressure, r => {
    r.valueQuantity = r.component[0].valueQuantity;
    r.component[0].code = r.code;
  }],
  ['a blood pressure without diastolic', pressure, r => { r.component.pop(); }],
  ['a blood pressure whose diastolic says nothing', pressure, r => { delete r.component[1].valueQuantity; }],
  ['a unit that is written as people do', pressure, r => { r.component[0].valueQuantity.code = 'mmHg'; }],
  ['a condition that is active and over', condition, r => { r.clinicalStatus = clinicalStatus('active'); r.abatementDateTime = '2020'; }],
  ['a clinical status that FHIR has not', condition, r => { r.clinicalStatus = clinicalStatus('open'); }],
  ['a condition of nobody', condition, r => { delete r.subject; }],
  ['an event without a time', event, r => { delete r.recorded; }],
  ['an event of a day', event, r => { r.recorded = '2024-06-01'; }],
  ['an event of no type', event, r => { delete r.type; }],
  ['an event of another type', event, r => { r.type.code = 'reading'; }],
  ['an interaction that FHIR has not', event, r => { r.subtype[0].code = 'get'; }],
  ['an action that FHIR has not', event, r => { r.action = 'read'; }],
  ['an outcome that FHIR has not', event, r => { r.outcome = '200'; }],
  ['an event of nobody', event, r => { r.agent = []; }],
  ['an agent of whom nothing is said', event, r => { delete r.agent[0].requestor; }],
  ['an agent without an account', event, r => { delete r.agent[0].who; }],
  ['an address of no kind', event, r => { r.agent[0].network.type = 'ip'; }],
  ['an event without a source', event, r => { delete r.source; }],
  ['a source without an observer', event, r => { delete r.source.observer; }],
  ['an entity with a name and a query', event, r => { r.entity[0].name = 'x'; r.entity[0].query = 'eA=='; }],
  ['an entity of which nothing is said', event, r => { delete r.entity[0].what; }],
  ['an entity that is no Patient of the hub', event, r => { r.entity[0].what.reference = 'Patient/nobody'; }],
  ['a detail without a value', event, r => { delete r.entity[0].detail[0].valueString; }],
  ['a document whose Composition is not the first', summary, r => { r.entry.push(r.entry.shift()); }],
  ['a document without a time', summary, r => { delete r.timestamp; }],
  ['a document without an identifier', summary, r => { delete r.identifier; }],
  ['an entry twice', summary, r => { r.entry.push(structuredClone(r.entry[3])); }],
  ['an entry without an address', summary, r => { delete r.entry[3].fullUrl; }],
  ['how an entry of a document was found', summary, r => { r.entry[0].search = {mode: 'match'}; }],
  ['a reference to what is not in the document', summary, r => { problems(r).entry[0].reference = 'Condition/none'; }],
  ['a link to a record that is not in the document', summary, r => { r.entry[1].resource.link = [{other: {reference: 'Patient/other'}, type: 'seealso'}]; }],
  ['a document without its patient', summary, r => { r.entry.splice(1, 1); }],
  ['a document without its author', summary, r => { r.entry.splice(2, 1); }],
  ['a section with nothing', summary, r => { delete allergies(r).text; delete allergies(r).emptyReason; }],
  ['a section without its text', summary, r => { delete problems(r).text; }],
  ['a section with entries and a reason that it has none', summary, r => { problems(r).emptyReason = {text: 'x'}; }],
  ['a required section without entries and without a reason', summary, r => { delete allergies(r).emptyReason; }],
  ['a section with something else than it is of', summary, r => { problems(r).entry[0].reference = r.entry.find(one => one.resource.resourceType === 'Observation').fullUrl; }],
  ['a summary without problems', summary, r => { remove(sections(r), problems(r)); }],
  ['a summary without allergies', summary, r => { remove(sections(r), allergies(r)); }],
  ['a summary without medications', summary, r => { remove(sections(r), section(r, '10160-0')); }],
  ['a summary with allergies twice', summary, r => { sections(r).push(structuredClone(allergies(r))); }],
  ['a summary of another type', summary, r => { r.entry[0].resource.type.coding[0].code = '11503-0'; }],
  ['a summary without an author', summary, r => { delete r.entry[0].resource.author; }],
  ['a summary that knows of no allergies', summary, r => { allergies(r).emptyReason.coding[0].code = 'nilknown'; }],
  ['a summary that takes a birth for a problem', summary, r => { r.entry.find(one => condition(one.resource)).resource.code.coding[0].code = 'O80'; }],
  ['a summary of somebody without a birth date', summary, r => { delete r.entry[1].resource.birthDate; }],
  ['a summary of somebody without a name', summary, r => { delete r.entry[1].resource.name; }],
  ['a script in the text of a section', summary, r => { problems(r).text = narrative('<script>1</script>'); }],
  ['an impossible date within a document', summary, r => { r.entry.find(one => condition(one.resource)).resource.recordedDate = '2023-02-30'; }],
  ['an empty list within a document', summary, r => { sections(r)[0].entry = []; }],
];

const resources = readResources();
const known = new Set(resources.map(nameOf));

for (const [fault, fits, plant] of faults) {
  const right = resources.find(resource => fits(resource) && Object.keys(findings(resource, known)).length === 0);
  const wrong = structuredClone(right);
  plant(wrong);
  console.log(JSON.stringify({fault, found: findings(wrong, known)}));
}
