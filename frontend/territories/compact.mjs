// The official communes, departments and regions, reduced to what the territories room reads.
//
// The package's own field names are kept: they stop at that room's reader. The EPCI of a commune is
// not on the commune in the source but on the EPCI, as a list of members; it is joined here.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const SOURCE = "@etalab/decoupage-administratif/data";
const TARGET = new URL("../../citeslab/territories/data/decoupage/", import.meta.url);

const KEPT = {
  communes: ["code", "nom", "type", "departement", "region", "epci", "population", "codesPostaux", "anciensCodes", "commune", "chefLieu"],
  departements: ["code", "nom", "region", "zone"],
  regions: ["code", "nom", "zone"],
};

const { resolve } = createRequire(import.meta.url);
const read = (name) => JSON.parse(readFileSync(resolve(`${SOURCE}/${name}.json`), "utf8"));
const keep = (fields) => (row) => Object.fromEntries(fields.filter((field) => row[field] !== undefined).map((field) => [field, row[field]]));

const epciOf = new Map(read("epci").flatMap((epci) => epci.membres.map((member) => [member.code, epci.code])));

mkdirSync(TARGET, { recursive: true });
for (const [name, fields] of Object.entries(KEPT)) {
  let rows = read(name);
  if (name === "communes") {
    // A delegated commune shares its code with its chief town: only the commune of today is a member of an EPCI.
    rows = rows.map((row) => (row.type === "commune-actuelle" ? { ...row, epci: epciOf.get(row.code) } : row));
  }
  writeFileSync(new URL(`${name}.json`, TARGET), JSON.stringify(rows.map(keep(fields))));
  console.log(`${name}: ${rows.length}`);
}
