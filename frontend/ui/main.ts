// Each module gives one behaviour to the elements that carry one `data-` attribute. Every page works without them.
import "./main.css";

import { autosubmit } from "./autosubmit";
import { keep } from "./keep";
import { menu } from "./menu";
import { passkey } from "./passkey";
import { print } from "./print";
import { upload } from "./upload";

autosubmit();
keep();
print();
menu();
passkey();
upload();
