// SPDX-License-Identifier: GPL-3.0-or-later

// Drives a hub with a client of FHIR that others have written, and prints what it got. Arguments: the address of the
// face, an account, its password, and the id of a Patient.

const path = require('path');
const {pathToFileURL} = require('url');

// The package has modules of the newer kind only, which are not looked for in NODE_PATH.
const clientModule = pathToFileURL(path.join(process.env.NODE_PATH, 'fhir-kit-client/dist/index.js'));

const resources = bundle => (bundle.entry ?? []).map(entry => entry.resource);

async function main(baseUrl, account, password, id) {
  const {Client} = await import(clientModule);
  const Authorization = 'Basic ' + Buffer.from(`${account}:${password}`).toString('base64');
  const client = new Client({baseUrl, customHeaders: {Authorization}});
  const {rest: [{resource: types}]} = await new Client({baseUrl}).capabilityStatement();

  const patient = await client.read({resourceType: 'Patient', id});
  const versions = resources(await client.history({resourceType: 'Patient', id}));
  const first = await client.vread({resourceType: 'Patient', id, version: '1'});
  const posted = await client.search({resourceType: 'Observation', searchParams: {patient: id, code: '8867-4'}, options: {postSearch: true}});

  console.log(JSON.stringify({
    types: types.map(type => type.type),
    patient: patient.id,
    versions: versions.map(version => version.meta.versionId),
    first: first.meta.versionId,
    pages: await pages(client, id),
    posted: resources(posted).map(observation => observation.id),
    refused: await refusal(client),
  }));
}

// pages gives the ids of a search for each page of its result.
async function pages(client, patient) {
  const all = [];
  let bundle = await client.search({resourceType: 'Observation', searchParams: {patient, _count: 2}});
  while (bundle !== undefined) {
    all.push(resources(bundle).map(observation => observation.id));
    bundle = await client.nextPage({bundle});
  }
  return all;
}

// refusal gives what the client understands of a request that is refused.
async function refusal(client) {
  try {
    await client.search({resourceType: 'Observation'});
  } catch (error) {
    return {status: error.response.status, resourceType: error.response.data.resourceType};
  }
}

main(...process.argv.slice(2));
