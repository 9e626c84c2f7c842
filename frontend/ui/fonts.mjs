// The face of the product as the PDF compiler reads it: the style sheet has it as woff2, which that one does not read.
import { copyFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";

const SOURCE = "@expo-google-fonts/atkinson-hyperlegible";
const TARGET = new URL("../../citeslab/ui/fonts/", import.meta.url);

const { resolve } = createRequire(import.meta.url);

mkdirSync(TARGET, { recursive: true });
for (const [folder, weight] of [["400Regular", "Regular"], ["700Bold", "Bold"]]) {
  copyFileSync(resolve(`${SOURCE}/${folder}/AtkinsonHyperlegible_${folder}.ttf`), new URL(`AtkinsonHyperlegible-${weight}.ttf`, TARGET));
}
