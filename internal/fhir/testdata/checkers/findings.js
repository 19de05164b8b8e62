// SPDX-License-Identifier: GPL-3.0-or-later

const published = require('./published.js');
const {invariants} = require('./invariants.js');
const {rules} = require('./rules.js');
const {references} = require('./references.js');
const {summaries} = require('./ips.js');

const checkers = {...published, invariants, rules, references, summaries};

// findings is what each checker says about a resource: {checker: sentences}, of those that say something.
function findings(resource, known) {
  const all = Object.entries(checkers).map(([name, check]) => [name, attempt(() => check(resource, known))]);
  return Object.fromEntries(all.filter(([, said]) => said.length > 0));
}

// attempt takes an exception of a checker for a finding.
function attempt(check) {
  try {
    return check();
  } catch (error) {
    return [`could not go on: ${error.message}`];
  }
}

const nameOf = resource => resource.resourceType + '/' + resource.id;

module.exports = {findings, nameOf};
