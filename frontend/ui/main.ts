// Each module gives one behaviour to the elements that carry one `data-` attribute. Every page works without them.
import "./main.css";

import { autosubmit } from "./autosubmit";
import { combobox } from "./combobox";
import { draft } from "./draft";
import { gesture } from "./gesture";
import { keep } from "./keep";
import { forgetOnSignOut } from "./kept";
import { menu } from "./menu";
import { outbox } from "./outbox";
import { passkey } from "./passkey";
import { pointed } from "./pointed";
import { print } from "./print";
import { unsent } from "./unsent";
import { upload } from "./upload";
import { sweep } from "../room/store";

autosubmit();
combobox();
keep();
pointed();
print();
menu();
passkey();
unsent();
upload();
gesture();
draft();
outbox();
forgetOnSignOut();
void sweep().catch(() => undefined);
